import Kernel
import Testing

@testable import Budget

@Suite("Scenarios")
struct ScenarioTests {
  @Test("a scenario without a change equals the base, line by line")
  func unchanged() throws {
    let estimator = try SmallWorld.estimator(taxes: "n,aa,night tax,person-night,1.99,EUR,,,,,,,,")
    let estimate = try estimator.estimate(SmallWorld.plan(estimator.catalogue))
    let comparison = try Comparison(estimate, estimator.estimate(SmallWorld.plan(estimator.catalogue)))
    #expect(comparison.change.isZero)
    #expect(comparison.lines.allSatisfy { $0.differences.isEmpty && $0.before == $0.after })
    #expect(comparison.lines.count == estimate.lines.count)
  }

  @Test("each difference has its reasons")
  func reasons() throws {
    let estimator = try SmallWorld.estimator()
    let base = try SmallWorld.plan(estimator.catalogue)
    var other = base
    other.start = try LocalDate("2026-03-10")
    other.stays[0].nights = 2
    other.style = "luxury"
    other.excluded = [.activities]
    other.prices = [KnownPrice(what: "train", category: .transport, price: try euros("99.00"))]
    let before = try estimator.estimate(base)
    let after = try estimator.estimate(other)
    let comparison = try Comparison(before, after)
    func differences(_ category: CostCategory) -> [Difference] {
      comparison.lines.first { $0.category == category }?.differences ?? []
    }
    #expect(
      differences(.lodging) == [
        .periods(3, 2), .unitPrice(try Money("150.00", .dollar), try Money("300.00", .dollar)),
        .season(1_000_000, 1_500_000),
      ])
    #expect(differences(.activities) == [.removed])
    #expect(differences(.transport) == [.added])
    #expect(comparison.change == (try after.total.subtracting(before.total)))
  }

  @Test("a scan of dates gives what an estimate of each gives, and prices each night once", arguments: [1, 2026])
  func scans(_ seed: UInt64) throws {
    print("seed \(seed)")
    let estimator = try SmallWorld.estimator(taxes: "c,aa,city tax,percent,7.5,,lodging,3,,,,,,")
    var plan = try SmallWorld.plan(estimator.catalogue, nights: 4, start: "2026-03-05", party: [.adult, .child])
    plan.stays.append(Stay(place: try #require(estimator.catalogue.findPlace("hill-town")), nights: 3))
    let scan = try DateScan(plan, window: 30, styles: ["budget", "luxury"], estimator)
    #expect(scan.candidates.count == 122)
    var random = SeededRandom(seed: seed)
    for _ in 0..<20 {
      let candidate = try #require(scan.candidates.randomElement(using: &random))
      var other = plan
      other.start = candidate.start
      other.style = candidate.style
      #expect(try estimator.estimate(other).total == candidate.total)
    }
    // Two places × two styles × 68 dates, and what the tax's three nights ask for beside.
    #expect(scan.nightsPriced <= 2 * 2 * 68)
    let cheapest = scan.cheapest(near: plan.start)
    #expect(cheapest.map(\.style) == ["budget", "luxury"])
    for best in cheapest {
      let least = scan.candidates.filter { $0.style == best.style }.map(\.total.minorUnits).min()
      #expect(best.total.minorUnits == least)
    }
  }

  @Test("a percentage tells what it is of, another one both, and other people who they are")
  func derived() throws {
    let estimator = try SmallWorld.estimator(taxes: "c,aa,city tax,percent,10,,lodging,,,,,,,")
    let base = try SmallWorld.plan(estimator.catalogue, party: [.adult, .adult])
    var other = base
    other.styles = [.lodging: "luxury"]
    func fee(_ one: TripPlan, _ two: TripPlan) throws -> [Difference] {
      let comparison = try Comparison(estimator.estimate(one), estimator.estimate(two))
      return comparison.lines.first { $0.category == .fees }?.differences ?? []
    }
    #expect(try fee(base, other) == [.base])
    other = base
    other.rules = [
      TaxRule(id: "c", scope: 0, name: "city tax", amount: .percent(DecimalFraction(12)), category: .lodging)
    ]
    #expect(try fee(base, other).contains(.percentage("city tax 10 %", "city tax 12 %")))
    other = base
    other.party[1] = Traveller(name: "child", type: .child)
    let comparison = try Comparison(estimator.estimate(base), estimator.estimate(other))
    #expect(comparison.lines.first { $0.category == .food }?.differences == [.people])
  }
}
