import Kernel
import Testing

@testable import Notification

@Suite("What somebody hears, and when")
struct ReadingTests {
  private let berlin: ZoneRules
  private var habits = ReadingHabits()

  init() throws { berlin = try ZoneFiles.system.rules(named: "Europe/Berlin") }

  private func handling(
    _ kind: MessageKind, _ channel: Channel, _ moment: String, _ change: (inout ReadingHabits) -> Void = { _ in }
  ) throws -> ReadingHabits.Handling {
    var habits = ReadingHabits()
    change(&habits)
    return habits.handling(of: kind, on: channel, at: try Instant(moment), berlin)
  }

  @Test("who has said nothing hears by mail and push, and not by SMS")
  func defaults() throws {
    #expect(try handling(.tripMentioned, .email, "2026-06-01T10:00:00Z") == .now)
    #expect(try handling(.tripMentioned, .push, "2026-06-01T10:00:00Z") == .now)
    #expect(try handling(.tripMentioned, .sms, "2026-06-01T10:00:00Z") == .none)
  }

  @Test("what guards an account goes by mail, whatever is preferred, and nowhere else")
  func security() throws {
    #expect(
      try handling(.accountPasswordChanged, .email, "2026-06-01T22:00:00Z") {
        $0.channels = []
        $0.quiet = QuietHours(from: 0, to: 1439)
        $0.digest = .daily
      } == .now)
    #expect(try handling(.accountPasswordChanged, .push, "2026-06-01T22:00:00Z") == .none)
  }

  @Test("what is said of a kind goes before what is said of all")
  func exceptions() throws {
    #expect(
      try handling(.tripMentioned, .email, "2026-06-01T10:00:00Z") { $0.exceptions = [.tripMentioned: [.email: false]] }
        == .none)
    #expect(
      try handling(.tripMentioned, .email, "2026-06-01T10:00:00Z") {
        $0.channels = []
        $0.exceptions = [.tripMentioned: [.email: true]]
      } == .now)
  }

  @Test("in quiet hours messages wait for their end by the reader's clock; urgent ones do not")
  func quiet() throws {
    // 22:00–07:00 in Berlin, which is two hours ahead in June: 23:30 there is 21:30Z, the end 05:00Z.
    let quiet: (inout ReadingHabits) -> Void = { $0.quiet = QuietHours(from: 22 * 60, to: 7 * 60) }
    #expect(
      try handling(.itinerarySelected, .email, "2026-06-01T21:30:00Z", quiet)
        == .later(try Instant("2026-06-02T05:00:00Z")))
    #expect(
      try handling(.itinerarySelected, .email, "2026-06-02T03:00:00Z", quiet)
        == .later(try Instant("2026-06-02T05:00:00Z")))
    #expect(try handling(.itinerarySelected, .email, "2026-06-02T05:00:00Z", quiet) == .now)
    #expect(try handling(.itinerarySelected, .email, "2026-06-01T19:59:00Z", quiet) == .now)
    #expect(try handling(.webhookDisabled, .email, "2026-06-01T21:30:00Z", quiet) == .now)
    // Clocks go back on 2026-10-25: the end at 07:00 is 06:00Z then.
    #expect(
      try handling(.itinerarySelected, .email, "2026-10-24T21:30:00Z", quiet)
        == .later(try Instant("2026-10-25T06:00:00Z")))
    #expect(QuietHours(from: 60, to: 60) == nil && QuietHours(from: 0, to: 1440) == nil)
  }

  @Test("quiet hours that end in the hour that is left out, or comes twice, end once it is over")
  func changes() throws {
    // Berlin, 2026-03-29: 02:00 is followed by 03:00, at 01:00Z.
    let spring = try #require(QuietHours(from: 23 * 60, to: 2 * 60 + 30))
    #expect(
      spring.end(at: try Instant("2026-03-29T00:30:00Z"), berlin) ?? .first > (try Instant("2026-03-29T00:59:59Z")))
    // 2026-10-25: 02:30 comes at 00:30Z and at 01:30Z.
    #expect(spring.end(at: try Instant("2026-10-24T23:00:00Z"), berlin) == (try Instant("2026-10-25T01:30:00Z")))
  }

  @Test("mails that may wait are joined every hour or at eight in the morning; others are not")
  func digests() throws {
    #expect(
      try handling(.tripMentioned, .email, "2026-06-01T10:20:00Z") { $0.digest = .hourly }
        == .digest(try Instant("2026-06-01T11:00:00Z")))
    #expect(
      try handling(.tripMentioned, .email, "2026-06-01T10:20:00Z") { $0.digest = .daily }
        == .digest(try Instant("2026-06-02T06:00:00Z")))
    #expect(
      try handling(.tripMentioned, .email, "2026-06-01T05:20:00Z") { $0.digest = .daily }
        == .digest(try Instant("2026-06-01T06:00:00Z")))
    #expect(try handling(.itinerarySelected, .email, "2026-06-01T10:20:00Z") { $0.digest = .daily } == .now)
    #expect(try handling(.tripMentioned, .push, "2026-06-01T10:20:00Z") { $0.digest = .daily } == .now)
    // A digest that would fall into quiet hours goes at their end: 20:00Z is 22:00 in Berlin.
    #expect(
      try handling(.tripMentioned, .email, "2026-06-01T19:20:00Z") {
        $0.digest = .hourly
        $0.quiet = QuietHours(from: 22 * 60, to: 7 * 60)
      } == .digest(try Instant("2026-06-02T05:00:00Z")))
  }

  @Test("an endpoint is switched off after three days of nothing but failures, or when it says that it is gone")
  func endpoints() throws {
    let start = try Instant("2026-06-01T00:00:00Z")
    var health = EndpointHealth()
    #expect(health.hear(status: 500, at: start) == nil)
    #expect(health.hear(status: nil, at: start.adding(seconds: 3 * 86_400)) == nil, "two failures are too few")
    #expect(health.hear(status: 503, at: start.adding(seconds: 3 * 86_400)) != nil)
    #expect(health.hear(status: 204, at: start) == nil && health == EndpointHealth(), "what arrives makes good")
    #expect(health.hear(status: 410, at: start) != nil)
  }
}
