import Kernel
import Testing

@testable import Budget

@Suite("Estimates")
struct EstimateTests {
  private func amounts(_ estimate: Estimate) -> [String] {
    estimate.lines.map { "\($0.category) \($0.what) \($0.amount.amountText)" }
  }

  @Test("a trip is priced as worked out by hand, and every line says where its price is from")
  func byHand() throws {
    let estimator = try SmallWorld.estimator()
    let estimate = try estimator.estimate(SmallWorld.plan(estimator.catalogue))
    // February: factor 1. Room 300 USD × 0.5 × 3 nights = 450 USD = 360 EUR; meals 80 × 0.5 × 2 people × 4 days
    // = 320 USD = 256 EUR; the ferry card 9 × 2; sights 10 × 2 × 4.
    #expect(
      amounts(estimate) == [
        "local-transport ferry card 18.00", "lodging room 360.00", "food meals 256.00", "activities sights 80.00",
      ])
    #expect(estimate.lines.map(\.source) == [.place("Port"), .place("Port"), .place("Port"), .world])
    #expect(estimate.total.amountText == "714.00")
    #expect(estimate.perPerson.map(\.amountText) == ["357.00", "357.00"])
    #expect(estimate.missing == [.transport, .insurance, .shopping])
    #expect(estimate.rates.map(\.from) == [.dollar])
  }

  @Test("prices come from the place, else its country, else the world; a quote or prices seen go before them")
  func hierarchy() throws {
    let estimator = try SmallWorld.estimator()
    let catalogue = estimator.catalogue
    var plan = try SmallWorld.plan(catalogue, "hill-town")
    func lodging(_ plan: TripPlan) throws -> CostLine {
      try #require(try estimator.estimate(plan).lines.first { $0.category == .lodging })
    }
    #expect(try lodging(plan).source == .country("Aland"))
    #expect(try lodging(SmallWorld.plan(catalogue, "bb")).source == .world)
    var seen = KnownPrice(
      what: "rooms seen", category: .lodging, price: try euros("80.00"), unit: .room, period: .night, stay: 0)
    seen.seen = 7
    plan.prices = [seen]
    #expect(try lodging(plan).source == .history(7))
    // An offer goes before prices seen of the same thing, wherever it stands; what is called otherwise is paid as well.
    var offer = seen
    (offer.seen, offer.price) = (nil, try euros("75.00"))
    func sources() throws -> [CostSource] {
      try estimator.estimate(plan).lines.filter { $0.category == .lodging }.map(\.source)
    }
    plan.prices = [seen, offer]
    #expect(try sources() == [.quoted])
    offer.what = "another room"
    plan.prices = [seen, offer]
    #expect(try sources() == [.history(7), .quoted])
    plan.prices = [seen]
    #expect(try lodging(plan).amount.amountText == "240.00")
    plan.prices = [KnownPrice(what: "Hotel Sea", category: .lodging, price: try euros("500.00"), stay: 0)]
    #expect(try lodging(plan).source == .quoted)
    #expect(try estimator.estimate(plan).lines.count { $0.category == .lodging } == 1)
    plan.prices[0].isExtra = true
    #expect(try estimator.estimate(plan).lines.count { $0.category == .lodging } == 2)
    plan.prices[0].stay = 4
    #expect(throws: BudgetError.badPrice(0)) { try estimator.estimate(plan) }
    plan.prices = []
    plan.style = "grand"
    #expect(throws: BudgetError.unknownStyle("grand", category: nil)) { try estimator.estimate(plan) }
    plan.party = []
    #expect(throws: BudgetError.nobody) { try estimator.estimate(plan) }
  }

  @Test("a stay over a season's boundary and an event is priced night by night")
  func nightByNight() throws {
    let estimator = try SmallWorld.estimator()
    // 9 March (1), 10, 11 and 12 March (the fair, 1.5): (1 + 3 × 1.5) × 150 USD = 825 USD = 660 EUR.
    let plan = try SmallWorld.plan(estimator.catalogue, nights: 4, start: "2026-03-09")
    let line = try #require(try estimator.estimate(plan).lines.first { $0.category == .lodging })
    #expect(line.amount.amountText == "660.00")
    // Without it 600 USD = 480 EUR.
    #expect(line.seasonEffect.amountText == "180.00")
    #expect(line.seasonFactor == 1_375_000)
    // The line from 15 May (1) to 15 June (2) has 31 days: on 25 May 10/31 of the way.
    let profile = try #require(estimator.catalogue.profile(at: plan.stays[0].place, .lodging))
    #expect(try profile.factor(on: LocalDate("2026-05-15")) == 1_000_000)
    #expect(try profile.factor(on: LocalDate("2026-05-25")) == 1_322_581)
    #expect(try profile.factor(on: LocalDate("2026-06-15")) == 2_000_000)
  }

  @Test("season profiles are smooth between anchors, also over the new year and by weeks")
  func smooth() throws {
    var months = SeasonProfile()
    try months.setMonths((1...12).map { Int64($0) * 100_000 })
    var weeks = SeasonProfile()
    try weeks.setWeeks((0..<52).map { 1_000_000 + Int64($0 % 26) * 10_000 })
    var weekdays = SeasonProfile()
    try weekdays.setWeekdays([1, 2, 3, 4, 5, 6, 7].map { $0 * 100_000 })
    var last = try months.factor(on: LocalDate("2026-01-01"))
    for offset in 1..<730 {
      let date = try LocalDate("2026-01-01").adding(days: offset)
      let factor = months.factor(on: date)
      // From December's 1.2 to January's 0.1 in 31 days is the steepest.
      #expect(abs(factor - last) <= 1_100_000 / 31 + 1, "\(date)")
      last = factor
      #expect((1_000_000...1_250_000).contains(weeks.factor(on: date)))
      #expect(weekdays.factor(on: date) == Int64(date.weekday) * 100_000)
    }
    #expect(throws: SeasonProfile.Fault.count("months", wanted: 12, found: 3)) { try months.setMonths([1, 1, 1]) }
    let christmas = SeasonEvent(
      name: "christmas", days: .yearly(from: try #require(MonthDay("12-20")), to: try #require(MonthDay("01-06"))),
      factor: 2_000_000)
    try weekdays.add(christmas)
    #expect(try weekdays.event(on: LocalDate("2027-01-02"))?.name == "christmas")
    let kings = SeasonEvent(
      name: "kings", days: .yearly(from: try #require(MonthDay("01-06")), to: try #require(MonthDay("01-07"))),
      factor: 1)
    #expect(throws: SeasonProfile.Fault.overlap("christmas", "kings")) { try weekdays.add(kings) }
  }

  @Test("rooms follow the party, children pay less, infants need no bed")
  func parties() throws {
    let rules = RoomRules()
    func rooms(_ types: TravellerType...) -> Int { rules.rooms(for: types.map { Traveller(name: "x", type: $0) }) }
    #expect(rooms(.adult) == 1)
    #expect(rooms(.adult, .adult, .child) == 1)
    #expect(rooms(.adult, .adult, .child, .child) == 2)
    #expect(rooms(.adult, .adult, .adult, .infant) == 2)
    let estimator = try SmallWorld.estimator()
    var plan = try SmallWorld.plan(estimator.catalogue, party: [.adult, .child, .infant])
    let estimate = try estimator.estimate(plan)
    // Meals: 40 + 20 + 0 USD × 4 days = 240 USD = 192 EUR; sights 10 + 4 + 10 (no discount is known for an infant).
    #expect(
      amounts(estimate).suffix(2) == ["food meals 192.00", "activities sights 96.00"])
    let meals = try #require(estimate.lines.first { $0.category == .food })
    #expect(meals.perPerson.map(\.amountText) == ["128.00", "64.00", "0.00"])
    plan.rooms.rooms = 2
    #expect(try estimator.estimate(plan).lines.first { $0.category == .lodging }?.units == 2)
  }

  @Test("taxes follow their rules: nights, ages, seasons, percentages on top and contained, fees on fees")
  func taxes() throws {
    let estimator = try SmallWorld.estimator(
      taxes: """
        night,aa/port,night tax,person-night,2.00,EUR,,2,12,,,,,
        room,aa,room levy,room-night,3.00,EUR,,,,,02-04,03-31,,
        city,aa/port,city tax,percent,10,,lodging,2,,,,,,
        vat,aa,VAT,percent-included,20,,lodging,,,,,,,
        fee,world,booking fee,percent,5,,lodging,,,,,,,city
        gate,aa,gate,person-trip,1.00,EUR,,,,60,,,,
        card,world,card fee,percent,1,,,,,,,,foreign,
        """)
    var plan = try SmallWorld.plan(estimator.catalogue, party: [.adult, .senior, .child])
    plan.excluded = [.food, .activities, .localTransport]
    func fees(_ plan: TripPlan) throws -> [String] {
      try estimator.estimate(plan).lines.filter { $0.category == .fees }.map { "\($0.what) \($0.amount.amountText)" }
    }
    // Two rooms (three people, one of them a child: one room): 450 USD = 360 EUR for three nights from 2 February.
    // Night tax: two of 12 and more × 2 nights × 2. Room levy: 4 February only. City tax: two nights, 300 USD → 30 USD
    // = 24 EUR. VAT in 450 at 20 %: 75 USD = 60 EUR. Booking fee: 5 % of 450 + 30 = 24 USD = 19.20. Gate: up to 60.
    #expect(
      try fees(plan) == [
        "night tax 8.00", "room levy 3.00", "city tax 10 % 24.00", "VAT 20 % 60.00", "booking fee 5 % 19.20",
        "gate 2.00",
      ])
    #expect(try estimator.estimate(plan).total.amountText == "416.20")
    plan.isPaidByCard = true
    #expect(try fees(plan).count == 6, "Port has the trip's currency")
    plan.currency = .dollar
    #expect(try fees(plan).last == "card fee 1 % 4.50")
    plan.rules = [
      TaxRule(id: "a", scope: 0, name: "A", amount: .percent(.one), onTopOf: ["b"]),
      TaxRule(id: "b", scope: 0, name: "B", amount: .percent(.one), onTopOf: ["a"]),
    ]
    #expect(throws: BudgetError.rule(.loop(["a", "b", "a"], rule: 0))) { try estimator.estimate(plan) }
  }

  @Test("the parts of every line and the total sum up, whoever travels", arguments: [8, 2026])
  func sums(_ seed: UInt64) throws {
    print("seed \(seed)")
    var random = SeededRandom(seed: seed)
    let estimator = try SmallWorld.estimator(taxes: "n,aa,night tax,person-night,1.99,EUR,,,,,,,,")
    for _ in 0..<100 {
      let party = (0..<Int.random(in: 1...7, using: &random)).map { _ in
        TravellerType.allCases.randomElement(using: &random) ?? .adult
      }
      var plan = try SmallWorld.plan(
        estimator.catalogue, nights: .random(in: 0...20, using: &random), start: "2026-05-28", party: party,
        style: "luxury")
      plan.contingency = .percent(DecimalFraction(75, scale: 1))
      let estimate = try estimator.estimate(plan)
      for line in estimate.lines {
        #expect(line.perPerson.reduce(0) { $0 + $1.minorUnits } == line.amount.minorUnits)
      }
      #expect(estimate.perPerson.reduce(0) { $0 + $1.minorUnits } == estimate.total.minorUnits)
      #expect(estimate.categories.reduce(0) { $0 + estimate.subtotal($1).minorUnits } == estimate.total.minorUnits)
    }
  }

  @Test("an amount that does not fit and a currency without a rate are told, not computed")
  func failures() throws {
    let estimator = try SmallWorld.estimator()
    var plan = try SmallWorld.plan(estimator.catalogue)
    plan.prices = [KnownPrice(what: "yacht", category: .transport, price: Money(minorUnits: .max, .euro))]
    #expect(throws: BudgetError.self) { try estimator.estimate(plan) }
    plan.prices = [KnownPrice(what: "camel", category: .transport, price: try Money("1", Currency("KWD")))]
    #expect(throws: BudgetError.exchange(.noRate(try Currency("KWD")), category: .transport, price: 0)) {
      try estimator.estimate(plan)
    }
  }

  @Test("a percentage due on some days is of what falls on them, nights and days alike")
  func seasonalPercent() throws {
    let estimator = try SmallWorld.estimator(taxes: "m,aa,meal tax,percent,10,,food,,,,02-04,02-05,,")
    var plan = try SmallWorld.plan(estimator.catalogue)
    plan.excluded = [.lodging, .activities, .localTransport]
    // Four days of meals from 2 February at 64.00 a day: two of them are taxed.
    let estimate = try estimator.estimate(plan)
    #expect(estimate.subtotal(.food).amountText == "256.00")
    #expect(estimate.subtotal(.fees).amountText == "12.80")
  }

  @Test("some of the travellers take the rooms they need, and no more than all")
  func roomsOfSome() throws {
    let estimator = try SmallWorld.estimator()
    var plan = try SmallWorld.plan(estimator.catalogue, party: [.adult, .adult, .adult, .adult])
    var price = KnownPrice(what: "inn", category: .lodging, price: try euros("50.00"), unit: .room, period: .night)
    price.people = [0, 1]
    plan.prices = [price]
    func inn() throws -> CostLine? { try estimator.estimate(plan).lines.first { $0.what == "inn" } }
    #expect(try inn()?.units == 1)
    #expect(try inn()?.perPerson.map(\.amountText) == ["75.00", "75.00", "0.00", "0.00"])
    plan.rooms.rooms = 1
    plan.prices[0].people = [0, 1, 2]
    #expect(try inn()?.units == 1)
  }

  @Test("a country's name is the country's, whatever places are called like it")
  func names() throws {
    let places = """
      id,name,currency,lodging,meals
      world,World,USD,100.00,50.00
      aa,Aland,EUR,200.00,
      aa/bland,Bland,EUR,,
      aa/twin,Twin,EUR,,
      aa/port,Port,EUR,,
      aa/hill,Hill Town,EUR,,
      bb,Bland,JPY,,
      bb/twin,Twin,JPY,,
      """
    let catalogue = try CostCatalogue(SmallWorld.tables(places: places))
    #expect(catalogue.findPlace("Bland").map { catalogue.places[$0].id } == "bb")
    #expect(catalogue.findPlace("Hill Town").map { catalogue.places[$0].id } == "aa/hill")
    #expect(catalogue.findPlace("Twin") == nil)
  }
}

@Suite("Outlooks")
struct OutlookTests {
  @Test("the small functions are exact where their values are known")
  func functions() {
    #expect(abs(Functions.exponential(1) - 2.718_281_828_459_045) < 1e-12)
    #expect(abs(Functions.exponential(-10) - 4.539_992_976_248_485e-5) < 1e-16)
    #expect(abs(Elementary.logarithm(10) - 2.302_585_092_994_046) < 1e-13)
    #expect(abs(Elementary.logarithm(1e-9) + 20.723_265_836_946_41) < 1e-11)
    #expect(abs(Functions.normalChance(1.96) - 0.975_002_104_851_780) < 1e-12)
    #expect(abs(Functions.normalQuantile(0.95) - 1.644_853_626_951_472) < 1e-9)
  }

  @Test("the ziggurat's numbers have the moments and tails of the normal distribution", arguments: [1, 2026])
  func normalNumbers(_ seed: UInt64) {
    print("seed \(seed)")
    var numbers = NormalNumbers(seed: seed)
    let count = 400_000
    var (sum, squares, fourths, beyondTwo, beyondTail) = (0.0, 0.0, 0.0, 0, 0)
    for _ in 0..<count {
      let value = numbers.next()
      sum += value
      squares += value * value
      fourths += value * value * value * value
      if abs(value) > 2 { beyondTwo += 1 }
      if abs(value) > 3.7 { beyondTail += 1 }
    }
    #expect(abs(sum / Double(count)) < 0.01)
    #expect(abs(squares / Double(count) - 1) < 0.01)
    #expect(abs(fourths / Double(count) - 3) < 0.1)
    #expect(abs(Double(beyondTwo) / Double(count) - 0.0455) < 0.002)
    // 0.0002156 of them: 86 of 400,000.
    #expect((50...130).contains(beyondTail))
  }

  @Test("simulation and approximation agree, and a seed gives the same simulation", arguments: [1, 7, 2026])
  func agree(_ seed: UInt64) {
    print("seed \(seed)")
    var random = SeededRandom(seed: seed)
    let costs = (0..<60).map { _ in
      UncertainCost(
        mean: .random(in: 1_000...50_000, using: &random), spread: .random(in: 0.05...0.5, using: &random),
        group: .random(in: 0..<4, using: &random))
    }
    let correlations = [0.3, 0.5, 0, 0.8]
    let mean = costs.reduce(0) { $0 + $1.mean } + 10_000
    let budget = Money(minorUnits: Int64(mean * 1.05), .euro)
    func simulation() -> Outlook {
      Outlook(
        simulating: costs, certain: 10_000, correlations: correlations, currency: .euro, budget: budget, draws: 40_000,
        seed: seed)
    }
    let drawn = simulation()
    let approximate = Outlook(
      approximating: costs, certain: 10_000, correlations: correlations, currency: .euro, budget: budget)
    let pairs = [
      (drawn.mean, approximate.mean), (drawn.median, approximate.median), (drawn.p80, approximate.p80),
      (drawn.p95, approximate.p95),
    ]
    for (one, other) in pairs {
      #expect(abs(Double(one.minorUnits) / Double(other.minorUnits) - 1) < 0.01, "\(one) \(other)")
    }
    #expect(abs((drawn.chanceWithin ?? 0) - (approximate.chanceWithin ?? 1)) < 0.02)
    #expect(simulation().p95 == drawn.p95)
  }

  @Test("what is certain has no spread, and a budget is kept or not")
  func certain() {
    for budget in [99, 100] {
      let money = Money(minorUnits: Int64(budget), .euro)
      let one = Outlook(approximating: [], certain: 100, correlations: [], currency: .euro, budget: money)
      let other = Outlook(
        simulating: [], certain: 100, correlations: [], currency: .euro, budget: money, draws: 10, seed: 1)
      #expect(one.p95.minorUnits == 100 && other.p95.minorUnits == 100)
      #expect(one.chanceWithin == (budget == 100 ? 1 : 0) && other.chanceWithin == one.chanceWithin)
    }
  }

  @Test("a tax is as uncertain as what it is a percentage of, taxes on taxes too")
  func taxes() throws {
    let taxes = """
      c,aa,city tax,percent,10,,lodging,,,,,,,
      f,world,fee,percent,50,,lodging,,,,,,,c
      """
    func outlook(_ taxes: String) throws -> Outlook {
      let estimator = try SmallWorld.estimator(taxes: taxes)
      var plan = try SmallWorld.plan(estimator.catalogue)
      plan.excluded = [.food, .activities, .localTransport]
      return try estimator.estimate(plan).outlook(estimator.catalogue, budget: nil, draws: nil, seed: 0)
    }
    // 360 for the room; with 36 on it, and 198 on both, everything is 1.65 times as much, also what it may come to.
    let (plain, taxed) = (try outlook(""), try outlook(taxes))
    #expect(plain.mean.amountText == "360.00")
    #expect(taxed.mean.amountText == "594.00")
    #expect(abs(Double(taxed.p95.minorUnits) - 1.65 * Double(plain.p95.minorUnits)) < 1)
  }
}

@Suite("Spending")
struct SpendingTests {
  @Test("burn-down, forecast and alerts are as worked out by hand")
  func byHand() throws {
    let estimator = try SmallWorld.estimator()
    let estimate = try estimator.estimate(SmallWorld.plan(estimator.catalogue))
    func day(_ text: String) throws -> LocalDate { try LocalDate("2026-02-\(text)") }
    let record = try SpendingRecord(
      estimate,
      [
        Spending(date: day("02"), category: .food, amount: euros("80.00")),
        Spending(date: day("03"), category: .food, amount: Money("80.00", .dollar)),
        Spending(date: day("03"), category: .lodging, amount: euros("200.00")),
      ],
      today: day("03"), budget: euros("700.00"), thresholds: [80, 25, 50], SmallWorld.rates(), daysMax: 7)
    let food = try #require(record.categories.first { $0.category == .food }).state
    // Planned 256 over four days; 128 by the second; spent 80 + 64 = 144: at that pace 144 more.
    #expect(food.plannedSoFar.amountText == "128.00")
    #expect(food.spent.amountText == "144.00")
    #expect(food.forecast.amountText == "288.00")
    // Lodging is no pace: 120 for each of three nights is planned, less was spent.
    #expect(record.categories.first { $0.category == .lodging }?.state.forecast.amountText == "360.00")
    #expect(record.total.spent.amountText == "344.00")
    // 80 of 700 on the first day, 344 on the second: 25 % is passed then, 50 % is not.
    #expect(record.alerts.map(\.percent) == [25])
    #expect(record.days.map(\.remaining.amountText) == ["620.00", "356.00", "356.00", "356.00"])
    // The ferry card is due on the first day.
    #expect(record.days[0].planned.amountText == "222.00")
    #expect(record.days.reduce(0) { $0 + $1.planned.minorUnits } == estimate.total.minorUnits)
  }

  @Test("what is spent after today is not known yet")
  func today() throws {
    let estimator = try SmallWorld.estimator()
    let estimate = try estimator.estimate(SmallWorld.plan(estimator.catalogue))
    let record = try SpendingRecord(
      estimate,
      [
        Spending(date: LocalDate("2026-02-02"), category: .food, amount: euros("60.00")),
        Spending(date: LocalDate("2026-02-04"), category: .food, amount: euros("600.00")),
      ],
      today: LocalDate("2026-02-03"), budget: euros("100.00"), thresholds: [50, 100], SmallWorld.rates(), daysMax: 7)
    #expect(record.total.spent.amountText == "60.00")
    #expect(record.alerts.map(\.percent) == [50])
    #expect(record.days.last?.remaining.amountText == "40.00")
  }
}
