import HTTP
import JSON
import TestSupport
import Testing

@testable import API

/// What fills a trip from an option reads its body to the letter.
@Suite("What fills a trip from an option")
struct GenerateBodyTests {
  private static let id = "0b7cf2de-93cd-4f0e-8a3c-4d3a2f1b6c55"

  /// A body, and where it is wrong, with a word of the mend.
  private static let bodies: [(String, String, String)] = [
    (#"{"itinerary":"\#(id)"}"#, "/option", "missing"),
    (#"{"option":1}"#, "/itinerary", "missing"),
    (#"{"itinerary":"\#(id)","option":1,"optoin":2}"#, "/optoin", "option"),
    (#"{"itinerary":"\#(id)","option":1,"trip":"\#(id)"}"#, "/trip", "known are itinerary, option"),
    (#"{"itinerary":7,"option":1}"#, "/itinerary", "must be"),
    (#"{"itinerary":null,"option":1}"#, "/itinerary", "must be"),
    (#"{"itinerary":["\#(id)"],"option":1}"#, "/itinerary", "must be"),
    (#"{"itinerary":"summer","option":1}"#, "/itinerary", "32 hexadecimal digits"),
    (#"{"itinerary":"\#(id)","option":"1"}"#, "/option", "must be"),
    (#"{"itinerary":"\#(id)","option":true}"#, "/option", "must be"),
    (#"{"itinerary":"\#(id)","option":1.5}"#, "/option", "must be"),
    (#"{"itinerary":"\#(id)","option":null}"#, "/option", "must be"),
    (#"{"itinerary":"\#(id)","option":0}"#, "/option", "1000"),
    (#"{"itinerary":"\#(id)","option":1001}"#, "/option", "1000"),
    (#"["\#(id)",1]"#, "", "an object"),
  ]

  @Test("a body that is not what it must be is refused with the place and the mend, and the trip stays as it is")
  func refused() async throws {
    try await TripFixture.run { fixture in
      let trip = try await fixture.makeTrip()
      let before = try await fixture.ask(TripFixture.owner, .get, "/trips/\(trip)")
      for (body, pointer, mend) in Self.bodies {
        let answer = try await fixture.ask(TripFixture.owner, .post, "/trips/\(trip)/generate", body)
        #expect((400...422).contains(answer.status) && answer.status != 404, "\(body): \(answer.text)")
        let found = try answer.string("/errors/0/pointer") ?? ""
        #expect(found == pointer && answer.text.contains(mend), "\(body): \(answer.text)")
      }
      let both = try await fixture.ask(
        TripFixture.owner, .post, "/trips/\(trip)/generate", #"{"itinerary":7,"option":"one"}"#)
      #expect(try both.count("/errors") == 2, "\(both.text)")
      let after = try await fixture.ask(TripFixture.owner, .get, "/trips/\(trip)")
      #expect(after.text == before.text)
    }
  }
}
