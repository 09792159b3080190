import Testing

@testable import Booking

@Suite("Two books of one reference")
struct BookFindingTests {
  private func entry(_ reserved: Int64 = 0, _ charged: Int64 = 0, _ returned: Int64 = 0) -> BookEntry {
    BookEntry("r", currency: "EUR", reserved: reserved, charged: charged, returned: returned)
  }

  @Test(
    "what one has and the other has not, and other amounts, are found; what comes to nothing on both sides is not",
    arguments: [
      ((0, 0, 0), (0, 0, 0), nil), ((0, 100, 0), (0, 100, 0), nil), ((0, 100, 0), (0, 0, 0), .missingThere),
      ((0, 0, 0), (0, 100, 0), .missingHere), ((0, 0, 0), (100, 0, 0), .missingHere),
      ((100, 0, 0), (0, 0, 0), .missingThere), ((0, 100, 0), (0, 200, 0), .amount),
      ((0, 100, 10), (0, 100, 0), .amount), ((100, 0, 0), (0, 100, 0), .amount),
      ((0, 100, 100), (0, 0, 0), nil), ((0, 0, 0), (0, 100, 100), nil), ((0, 100, 100), (0, 100, 0), .amount),
    ] as [((Int64, Int64, Int64), (Int64, Int64, Int64), BookFinding.Kind?)])
  func between(
    _ ours: (Int64, Int64, Int64), _ theirs: (Int64, Int64, Int64), _ kind: BookFinding.Kind?
  ) {
    let (here, there) = (entry(ours.0, ours.1, ours.2), entry(theirs.0, theirs.1, theirs.2))
    #expect(BookFinding.between(here, there)?.kind == kind)
  }

  @Test("nothing known is nothing there; two entries of one reference add up, so that a second charge shows")
  func added() {
    #expect(BookFinding.between(nil, nil) == nil)
    #expect(BookFinding.between(nil, entry(0, 5))?.kind == .missingHere)
    #expect(BookFinding.between(entry(0, 5), nil)?.kind == .missingThere)
    let twice = entry(0, 100).adding(entry(0, 100))
    #expect(BookFinding.between(entry(0, 100), twice)?.kind == .amount)
    #expect(twice.words == "200 charged (EUR, minor units)")
  }
}
