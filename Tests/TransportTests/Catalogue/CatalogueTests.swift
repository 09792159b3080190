import Kernel
import TestPace
import Testing

@testable import Transport

@Suite("The catalogue of cases, from simple to complex", .heavy)
struct CatalogueTests {
  @Test("each question has its answer", arguments: catalogue + catalogueOfWishes)
  func answers(example: CatalogueCase) throws {
    let world = try RealtimeWorld(TinyFeed(example.feed).text)
    let router = try example.realtime.map { try world.router($0) } ?? Router(world.transit)
    var request = try request(example.question)
    example.change(&request)
    #expect(try router.told(request) == example.answer, "\(example.number). \(example.title)")
  }

  @Test("the numbers go on without gaps")
  func numbers() {
    #expect((catalogue + catalogueOfWishes).map(\.number) == Array(1...50))
  }

  private func request(_ question: String) throws -> RouteRequest {
    let words = question.split(separator: " ").map(String.init)
    let date = words.firstIndex(of: "on").map { words[$0 + 1] } ?? "2026-06-01"
    // Berlin has summer time on all days of the catalogue, from 3:00 of the first on.
    func moment(_ clock: String) throws -> Instant {
      try Instant("\(date)T\(clock.count == 4 ? "0" : "")\(clock):00+02:00")
    }
    let time: RouteRequest.Time =
      switch words[3] {
      case "at": .departAt(try moment(words[4]))
      case "by": .arriveBy(try moment(words[4]))
      default: .between(try moment(words[4]), try moment(words[6]))
      }
    return RouteRequest(from: "stop:f:\(words[0])", to: "stop:f:\(words[2])", time: time)
  }
}
