import Kernel
import Testing

@testable import Budget

@Suite("Splitting")
struct SplittingTests {
  private func books(_ people: Int, couples: [[Int]] = [], _ expenses: [Expense]) throws -> SharedCosts {
    var books = try SharedCosts(people: people, currency: .euro, couples: couples, rates: SmallWorld.rates())
    for (number, expense) in expenses.enumerated() { try books.enter(expense, number: number) }
    return books
  }

  private func expense(_ amount: String, by person: Int = 0, _ split: Split) throws -> Expense {
    let amount = try euros(amount)
    return Expense(what: "x", amount: amount, paidBy: [person: amount], split: split)
  }

  private func owed(_ books: SharedCosts) -> [Int64] { books.balances.map(\.owed) }

  @Test("every way to split divides as worked out by hand")
  func ways() throws {
    // 90 by A for three: A is owed 60.
    #expect(owed(try books(3, [expense("90.00", .equal([0, 1, 2]))])) == [6000, -3000, -3000])
    // 15 by shares 2 to 1.
    #expect(
      owed(try books(3, [expense("15.00", by: 2, .shares([0: DecimalFraction(2), 1: .one]))])) == [-1000, -500, 1500])
    // 10.00 by 33.3333 % and 66.6667 %: 3.33 and 6.67.
    let percent = Split.percent([1: try DecimalFraction("33.3333"), 2: try DecimalFraction("66.6667")])
    #expect(owed(try books(3, [expense("10.00", percent)])) == [1000, -333, -667])
    #expect(owed(try books(2, [expense("10.00", .exact([0: euros("2.50"), 1: euros("7.50")]))])) == [750, -750])
    // A's steak 20, B's and C's wine 30, 10 % tip: 22, 16.50, 16.50.
    let items = Split.items([
      SplitItem(amount: try euros("20.00"), people: [0]), SplitItem(amount: try euros("30.00"), people: [1, 2]),
    ])
    #expect(owed(try books(3, [expense("55.00", items)])) == [3300, -1650, -1650])
    // A 5 nights, B 3: 62.50 and 37.50.
    #expect(owed(try books(2, [expense("100.00", .nights([0: 5, 1: 3]))])) == [3750, -3750])
    // A and B are a couple beside C: 45 for the two, 45 for C.
    let coupled = try books(3, couples: [[0, 1]], [expense("90.00", by: 2, .equalByCouple([0, 1, 2]))])
    #expect(owed(coupled) == [-2250, -2250, 4500])
    #expect(try coupled.settlement().transfers == [Transfer(from: 0, to: 2, amount: euros("45.00"))])
  }

  @Test("two who paid together, a refund and a payment already made count")
  func payments() throws {
    let taxi = Expense(
      what: "taxi", amount: try euros("15.00"), paidBy: [0: try euros("10.00"), 1: try euros("5.00")],
      split: .equal([0, 1, 2]))
    let refund = Expense(
      what: "refund", amount: try euros("-3.00"), paidBy: [2: try euros("-3.00")], split: .equal([0, 1, 2]))
    var books = try books(3, [taxi, refund])
    #expect(owed(books) == [600, 100, -700])
    try books.enter(Payment(from: 2, to: 0, amount: euros("6.00")), number: 0)
    #expect(owed(books) == [0, 100, -100])
  }

  @Test("an expense in another currency is converted once, and the parts sum to what it became")
  func currencies() throws {
    let yen = try Money("1000", Currency("JPY"))
    let books = try books(3, [Expense(what: "ramen", amount: yen, paidBy: [0: yen], split: .equal([0, 1, 2]))])
    // 1000 / 160 = 6.25; parts 2.09, 2.08, 2.08.
    #expect(books.conversions[0].converted.amountText == "6.25")
    #expect(books.parts[0].map(\.amountText) == ["2.09", "2.08", "2.08"])
  }

  @Test("the leftover cent goes round over many expenses")
  func rotates() throws {
    // 100 times 10.00 by three: 100 leftover cents, 34, 33 and 33 of them.
    let books = try books(3, (0..<100).map { _ in try expense("10.00", by: 0, .equal([0, 1, 2])) })
    #expect(books.balances.map(\.borne) == [33_334, 33_333, 33_333])
  }

  @Test("what cannot be split is named")
  func faults() throws {
    func fault(_ expenses: Expense...) -> SplitError? {
      do {
        _ = try books(3, expenses)
        return nil
      } catch {
        return error as? SplitError
      }
    }
    let ten = try euros("10.00")
    #expect(
      fault(try expense("10.00", .percent([0: DecimalFraction(60), 1: DecimalFraction(30)])))
        == .percentSum(expense: 0, DecimalFraction(90)))
    #expect(
      fault(try expense("10.00", .exact([0: ten, 1: ten]))) == .exactSum(expense: 0, sum: try euros("20.00"), cost: ten)
    )
    #expect(fault(try expense("10.00", .equal([]))) == .nobody(expense: 0))
    #expect(fault(try expense("10.00", .shares([0: .zero]))) == .nobody(expense: 0))
    #expect(fault(try expense("10.00", .nights([1: -2]))) == .badShare(expense: 0, person: 1))
    #expect(
      fault(Expense(what: "x", amount: ten, paidBy: [0: try euros("9.00")], split: .equal([0])))
        == .paidDiffers(expense: 0, paid: try euros("9.00"), cost: ten))
    let dinar = try Money("1.000", Currency("KWD"))
    #expect(
      fault(Expense(what: "x", amount: dinar, paidBy: [0: dinar], split: .equal([0])))
        == .exchange(expense: 0, .noRate(dinar.currency)))
    let most = Money(minorUnits: .max, .euro)
    let huge = Expense(what: "x", amount: most, paidBy: [0: most], split: .equal([1]))
    #expect(fault(huge, huge) == .exchange(expense: 1, .money(.overflow(.euro))))
    #expect(throws: SplitError.twoCouples(person: 1)) {
      try SharedCosts(people: 3, currency: .euro, couples: [[0, 1], [1, 2]])
    }
  }

  @Test("balances sum to zero whatever is entered", arguments: [5, 99, 2026])
  func sumsToZero(_ seed: UInt64) throws {
    print("seed \(seed)")
    var random = SeededRandom(seed: seed)
    let currencies = try ["EUR", "USD", "JPY"].map { try Currency($0) }
    for _ in 0..<200 {
      let count = Int.random(in: 2...8, using: &random)
      var books = try SharedCosts(people: count, currency: .euro, couples: [[0, 1]], rates: SmallWorld.rates())
      for number in 0..<10 {
        let currency = try #require(currencies.randomElement(using: &random))
        let amount = Money(minorUnits: .random(in: 1...100_000, using: &random), currency)
        let people = Array(0..<count).shuffled(using: &random).prefix(.random(in: 1...count, using: &random))
        let shares = Dictionary(
          uniqueKeysWithValues: people.map { ($0, DecimalFraction(.random(in: 1...9, using: &random), scale: 1)) })
        let splits: [Split] = [
          .equal(Array(people)), .equalByCouple(Array(people)), .shares(shares),
          .nights(Dictionary(uniqueKeysWithValues: people.map { ($0, Int.random(in: 1...9, using: &random)) })),
        ]
        let split = try #require(splits.randomElement(using: &random))
        let payer = Int.random(in: 0..<count, using: &random)
        try books.enter(
          Expense(what: "x", amount: amount, paidBy: [payer: amount], split: split), number: number)
        #expect(books.parts[number].reduce(0) { $0 + $1.minorUnits } == books.conversions[number].converted.minorUnits)
      }
      #expect(books.balances.reduce(0) { $0 + $1.owed } == 0)
    }
  }
}

@Suite("Settlement")
struct SettlementTests {
  private func check(_ balances: [Int64], _ settlement: Settlement) {
    var after = balances
    for transfer in settlement.transfers {
      #expect(transfer.amount.minorUnits > 0)
      after[transfer.from] += transfer.amount.minorUnits
      after[transfer.to] -= transfer.amount.minorUnits
    }
    #expect(after.allSatisfy { $0 == 0 }, "\(balances) \(settlement.transfers)")
  }

  /// The most groups that sum to zero, by trying every group that has the first person in it.
  private func groupsByBruteForce(_ balances: [Int64]) -> Int {
    let open = balances.filter { $0 != 0 }
    guard let first = open.first else { return 0 }
    let rest = Array(open.dropFirst())
    var best = 1
    for set in 0..<(1 << rest.count) {
      var sum = first
      var left: [Int64] = []
      for (index, balance) in rest.enumerated() {
        if set >> index & 1 == 1 { sum += balance } else { left.append(balance) }
      }
      if sum == 0 { best = max(best, 1 + groupsByBruteForce(left)) }
    }
    return best
  }

  @Test("up to ten people it has as few payments as brute force", arguments: [11, 12, 2026])
  func matchesBruteForce(_ seed: UInt64) throws {
    print("seed \(seed)")
    var random = SeededRandom(seed: seed)
    for round in 0..<150 {
      // Small numbers make many groups that sum to zero.
      var balances = (0..<Int.random(in: 1...9, using: &random)).map { _ in
        Int64.random(in: -6...6, using: &random)
      }
      balances.append(-balances.reduce(0, +))
      let settlement = try Settlement(balances, .euro)
      check(balances, settlement)
      let fewest = balances.count { $0 != 0 } - groupsByBruteForce(balances)
      #expect(settlement.transfers.count == fewest, "round \(round): \(balances)")
      #expect(settlement.isOptimal)
    }
  }

  @Test("greedy payments would be more than needed here")
  func beatsGreed() throws {
    // 10 and 9 against 10 as 5+5 and 9 as 6+3: the largest to the largest would mix the two groups.
    let balances: [Int64] = [10, -5, -5, 9, -6, -3]
    let settlement = try Settlement(balances, .euro)
    check(balances, settlement)
    #expect(settlement.transfers.count == 4)
  }

  @Test("sixteen are proven, more are settled and not claimed to be")
  func manyPeople() throws {
    var random = SeededRandom(seed: 16)
    for count in [16, 40] {
      // Powers of two and one: no part of them sums to zero but the whole.
      var balances = (0..<count - 1).map { _ in Int64.random(in: 1_000_000...2_000_000, using: &random) * 2 + 1 }
      balances.append(-balances.reduce(0, +))
      let settlement = try Settlement(balances, .euro)
      check(balances, settlement)
      #expect(settlement.transfers.count <= count - 1)
      #expect(settlement.isOptimal == (count <= 16))
    }
    // Forty that owe in pairs: pairs are taken out, and the rest is none.
    let pairs = (1...20).flatMap { [Int64($0), -Int64($0)] }
    let settlement = try Settlement(pairs, .euro)
    #expect(settlement.transfers.count == 20 && settlement.isOptimal)
    #expect(try Settlement([], .euro).transfers.isEmpty)
    #expect(throws: MoneyError.overflow(.euro)) { try Settlement([.max, 1, .min], .euro) }
  }
}
