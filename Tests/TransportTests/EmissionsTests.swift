import Testing

@testable import Transport

/// What rides emit.
@Suite("Emissions")
struct EmissionsTests {
  @Test("every mode that a feed can have is in the table, and a flight emits more than any other")
  func modes() {
    let modes = [
      "bus", "coach", "trolleybus", "tram", "metro", "rail", "monorail", "cable_tram", "funicular", "gondola", "ferry",
      "taxi", "other",
    ]
    let flight = Emissions.table.amount(mode: "flight", metres: 1_000_000)
    #expect(flight == 193_500)
    for mode in modes {
      let grams = Emissions.table.amount(mode: mode, metres: 1_000_000)
      #expect(grams > 0 && grams < flight, "\(mode)")
    }
    #expect(Emissions.table.amount(mode: "rail", metres: 100_000) == 3500)
    #expect(Emissions.table.amount(mode: "broom", metres: 1000) == Emissions.table.amount(mode: "other", metres: 1000))
  }
}
