package import Kernel

/// The tables a catalogue is made of.
package struct CostTables: Sendable {
  /// Scopes: `id,name,currency,lodging,meals`.
  package var places: TableFile
  /// Prices: `scope,category,what,style,traveller,amount,currency,unit,period,spread`.
  package var defaults: TableFile
  /// Seasons: `scope,category,kind,name,from,to,factors`.
  package var seasons: TableFile
  /// Factors that people may edit: `kind,category,word,factor`.
  package var factors: TableFile
  /// Taxes and fees: `id,scope,name,kind,value,currency,category,nights_max,age_from,age_to,from,to,condition,on_top_of`.
  package var taxes: TableFile

  /// All five tables.
  package init(places: TableFile, defaults: TableFile, seasons: TableFile, factors: TableFile, taxes: TableFile) {
    self.places = places
    self.defaults = defaults
    self.seasons = seasons
    self.factors = factors
    self.taxes = taxes
  }
}

extension CostCatalogue {
  /// Loads and checks tables.
  ///
  /// - Throws: ``TableError`` with file, line and mend.
  package init(_ tables: CostTables) throws(TableError) {
    try readPlaces(tables.places)
    try readFactors(tables.factors)
    try addDefaults(tables.defaults)
    try readSeasons(tables.seasons)
    try readTaxes(tables.taxes)
    var all = Set(CostCategory.usual.filter { $0 != .contingency })
    for key in defaults.keys { all.insert(key.category) }
    categories = all.sorted()
    reindex()
  }

  private mutating func readPlaces(_ file: TableFile) throws(TableError) {
    for row in try TableReader.rows(file, columns: ["id", "name", "currency", "lodging", "meals"]) {
      let id = try row.required("id")
      guard placeNumbers[id] == nil else { throw row.error("\"\(id)\" stands twice: keep one of them") }
      var parent: Int?
      if places.isEmpty {
        guard id == "world" else { throw row.error("the first scope must be the world, found \"\(id)\"") }
      } else {
        let outer = id.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(id[..<$0]) } ?? "world"
        guard let number = placeNumbers[outer] else {
          throw row.error("\"\(id)\" needs \"\(outer)\" on a line before it: add that or mend the id")
        }
        parent = number
      }
      placeNumbers[id] = places.count
      places.append(
        CostPlace(
          id: id, name: try row.required("name"), currency: try row.currency("currency"), parent: parent,
          lodgingCeiling: try row.amount("lodging", .dollar), mealsCeiling: try row.amount("meals", .dollar)))
    }
    nameplaces()
  }

  /// Lets places be found by their last or their own name, where only one has it; countries go first.
  private mutating func nameplaces() {
    let ids = placeNumbers
    for isCountry in [true, false] {
      var found: [String: [Int]] = [:]
      for (number, place) in places.enumerated() where (place.parent ?? 0 == 0) == isCountry {
        let last = place.id.split(separator: "/").last.map(String.init) ?? place.id
        for name in Set([CostCatalogue.key(place.name), last]) { found[name, default: []].append(number) }
      }
      // What several are called means none of them.
      for (name, numbers) in found where numbers.count == 1 && ids[name] == nil && placeNumbers[name] == nil {
        placeNumbers[name] = numbers[0]
      }
    }
  }

  private func scope(_ row: TableRow) throws(TableError) -> Int {
    let id = try row.required("scope")
    guard let number = placeNumbers[id], places[number].id == id else {
      throw row.error("there is no place \"\(id)\" in the table of places: add it or mend the scope")
    }
    return number
  }

  private func category(_ row: TableRow) throws(TableError) -> CostCategory {
    let name = try row.required("category")
    guard let category = CostCategory(name) else {
      throw row.error("a category has small letters, digits and hyphens, found \"\(name)\"")
    }
    return category
  }

  private mutating func readFactors(_ file: TableFile) throws(TableError) {
    for row in try TableReader.rows(file, columns: ["kind", "category", "word", "factor"]) {
      let category = try category(row)
      guard let factor = try row.decimal("factor"), let units = factor.units(scale: 6),
        (0...SeasonProfile.factorMax).contains(units)
      else { throw row.error("factor must be from 0 to 100 with at most six decimals") }
      let key = StyleKey(category: category, word: row["word"])
      switch row["kind"] {
      case "ceiling":
        ceilingFactors[key] = units
        if !styles.contains(key.word) { styles.append(try row.required("word")) }
      case "traveller":
        guard TravellerType(rawValue: key.word) != nil else {
          throw row.error("there are no travellers called \"\(key.word)\": \(words(TravellerType.self))")
        }
        travellerFactors[key] = units
      case "spread": spreads[category] = factor.approximate
      case "correlation":
        guard units <= SeasonProfile.one else { throw row.error("a correlation lies between 0 and 1, found \(factor)") }
        correlations[category] = factor.approximate
      default: throw row.error("kind must be ceiling, traveller, spread or correlation, found \"\(row["kind"])\"")
      }
    }
  }

  private mutating func addDefaults(_ file: TableFile) throws(TableError) {
    var read: [Key: [CostDefault]] = [:]
    let columns = [
      "scope", "category", "what", "style", "traveller", "amount", "currency", "unit", "period", "spread",
    ]
    for row in try TableReader.rows(file, columns: columns) {
      let key = Key(scope: try scope(row), category: try category(row), style: row["style"])
      guard key.style.isEmpty || styles.contains(key.style) else {
        throw row.error("there is no style \"\(key.style)\": it must be one of \(styles.joined(separator: ", "))")
      }
      try CostCatalogue.add(row, to: &read[key, default: []])
    }
    defaults.merge(read) { $1 }
  }

  private static func add(_ row: TableRow, to list: inout [CostDefault]) throws(TableError) {
    guard let price = try row.amount("amount", try row.currency("currency")), !price.isNegative else {
      throw row.error("amount must be given and not below zero")
    }
    let what = try row.required("what")
    if !row["traveller"].isEmpty {
      guard let type = TravellerType(rawValue: row["traveller"]) else {
        throw row.error("there are no travellers called \"\(row["traveller"])\": \(words(TravellerType.self))")
      }
      guard let index = list.firstIndex(where: { $0.what == what }) else {
        throw row.error("the line for everyone must come before that for a \(type.rawValue)")
      }
      guard list[index].price.currency == price.currency else {
        throw row.error("currency must be that of the line for everyone, \(list[index].price.currency)")
      }
      let old = list[index]
      list[index] = CostDefault(
        what: what, unit: old.unit, period: old.period, price: old.price, own: old.own.merging([type: price]) { $1 },
        spread: old.spread)
      return
    }
    guard let unit = CostUnit(rawValue: row["unit"]) else { throw row.error("unit \(words(CostUnit.self))") }
    guard let period = CostPeriod(rawValue: row["period"]) else { throw row.error("period \(words(CostPeriod.self))") }
    let spread = try row.decimal("spread")?.approximate
    guard !list.contains(where: { $0.what == what }) else { throw row.error("\"\(what)\" stands twice: keep one") }
    list.append(CostDefault(what: what, unit: unit, period: period, price: price, spread: spread))
  }

  private mutating func readSeasons(_ file: TableFile) throws(TableError) {
    let columns = ["scope", "category", "kind", "name", "from", "to", "factors"]
    for row in try TableReader.rows(file, columns: columns) {
      let category = try category(row)
      try CostCatalogue.add(row, to: &profiles[try scope(row), default: [:]][category, default: SeasonProfile()])
    }
  }

  private static func add(_ row: TableRow, to profile: inout SeasonProfile) throws(TableError) {
    var factors: [Int64] = []
    for text in row["factors"].split(separator: " ") {
      guard let factor = try? DecimalFraction(text), let units = factor.units(scale: 6) else {
        // What kind of fault it is does not matter: the form is told.
        throw row.error("factors are decimals with at most six places, parted by blanks, found \"\(text)\"")
      }
      factors.append(units)
    }
    let days = row["kind"] == "event" ? try seasonDays(row) : nil
    do throws(SeasonProfile.Fault) {
      switch row["kind"] {
      case "months": try profile.setMonths(factors)
      case "weeks": try profile.setWeeks(factors)
      case "weekdays": try profile.setWeekdays(factors)
      case "event":
        guard let days, let factor = factors.first, factors.count == 1 else {
          throw SeasonProfile.Fault.count("event", wanted: 1, found: -1)
        }
        try profile.add(SeasonEvent(name: row["name"], days: days, factor: factor))
      default: throw SeasonProfile.Fault.count(row["kind"], wanted: 0, found: 0)
      }
    } catch {
      throw row.error(complaint(error))
    }
  }

  private static func complaint(_ fault: SeasonProfile.Fault) -> String {
    switch fault {
    case .overlap(let one, let other): "\"\(other)\" shares days with \"\(one)\": end one before the other begins"
    case .factor: "a factor lies between 0 and 100"
    case .count("event", _, -1): "an event needs from and to, like 12-24 or 2026-12-24, and one factor"
    case .count(let kind, 0, _): "kind must be months, weeks, weekdays or event, found \"\(kind)\""
    case .count(let kind, let wanted, let found): "\(kind) wants \(wanted) factors, found \(found)"
    }
  }

  private static func seasonDays(_ row: TableRow) throws(TableError) -> SeasonDays? {
    if row["from"].isEmpty, row["to"].isEmpty { return nil }
    if let from = MonthDay(row["from"]), let to = MonthDay(row["to"]) { return .yearly(from: from, to: to) }
    // Which of the two is no date does not matter: the form is told.
    guard let from = try? LocalDate(row["from"]), let to = try? LocalDate(row["to"]), from <= to else {
      throw row.error("from and to must be days like 12-24, or dates like 2026-12-24, the first not after the last")
    }
    return .dated(from: from, to: to)
  }

  private mutating func readTaxes(_ file: TableFile) throws(TableError) {
    let columns = [
      "id", "scope", "name", "kind", "value", "currency", "category", "nights_max", "age_from", "age_to", "from", "to",
      "condition", "on_top_of",
    ]
    let rows = try TableReader.rows(file, columns: columns)
    var read: [TaxRule] = []
    for row in rows {
      let (from, to) = (try row.whole("age_from", in: 0...150), try row.whole("age_to", in: 0...150))
      if let from, let to, from > to { throw row.error("age_from must not be above age_to, found \(from) and \(to)") }
      guard let condition = TaxRule.Condition(rawValue: row["condition"]) else {
        throw row.error("condition must be empty, card or foreign, found \"\(row["condition"])\"")
      }
      read.append(
        TaxRule(
          id: try row.required("id"), scope: try scope(row), name: try row.required("name"),
          amount: try CostCatalogue.taxAmount(row), category: row["category"].isEmpty ? nil : try category(row),
          nightsMax: try row.whole("nights_max", in: 1...365), ageFrom: from, ageTo: to,
          days: try CostCatalogue.seasonDays(row), condition: condition,
          onTopOf: row["on_top_of"].split(separator: " ").map(String.init)))
    }
    do throws(TaxRuleFault) {
      rules = try TaxRule.ordered(read)
    } catch {
      throw rows[error.rule].error("the rule \"\(read[error.rule].id)\" \(error.complaint)")
    }
  }

  private static func taxAmount(_ row: TableRow) throws(TableError) -> TaxRule.Amount {
    let kind = row["kind"]
    if kind == "percent" || kind == "percent-included" {
      guard let percent = try row.decimal("value"), (DecimalFraction.zero...DecimalFraction(100)).contains(percent),
        percent.scale <= 6
      else {
        throw row.error("value must be a percentage from 0 to 100 with at most six decimals, found \"\(row["value"])\"")
      }
      return kind == "percent" ? .percent(percent) : .percentIncluded(percent)
    }
    let kinds: [String: (Money) -> TaxRule.Amount] = [
      "person-night": { .personNight($0) }, "room-night": { .roomNight($0) }, "person-stay": { .personStay($0) },
      "person-trip": { .personTrip($0) }, "group-trip": { .groupTrip($0) },
    ]
    guard let make = kinds[kind] else {
      let known = kinds.keys.sorted() + ["percent", "percent-included"]
      throw row.error("kind must be one of \(known.joined(separator: ", ")), found \"\(kind)\"")
    }
    guard let amount = try row.amount("value", try row.currency("currency")), !amount.isNegative else {
      throw row.error("value must be an amount that is not below zero")
    }
    return make(amount)
  }
}

/// "must be one of a, b, c".
private func words<Word: RawRepresentable<String> & CaseIterable>(_ type: Word.Type) -> String {
  "must be one of \(Word.allCases.map(\.rawValue).joined(separator: ", "))"
}
