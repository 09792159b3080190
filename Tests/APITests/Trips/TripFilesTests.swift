import HTTP
import JSON
import Kernel
import Testing

@testable import API
@testable import Trips

/// What is paid and what is attached.
@Suite("Expenses and attachments of trips")
struct TripFilesTests {
  @Test("who owes whom follows from the expenses, to the cent, also for those who have left")
  func expenses() async throws {
    try await TripFixture.run { fixture in
      let trip = try await fixture.makeTrip(#"{"title":"Rome","currency":"EUR"}"#)
      let (owner, editor) = (TripFixture.owner.description, TripFixture.editor.description)
      // 90.00 for two: the editor owes the owner 45.00.
      let dinner = #"""
        {"expense":{"what":"Dinner","paidBy":"\#(owner)","amount":"90.00","split":{"equal":["\#(owner)","\#(editor)"]}}}
        """#
      let path = "/trips/\(trip)/expenses"
      let made = try await fixture.ask(TripFixture.editor, .post, path, dinner)
      #expect(made.status == 201, "\(made.text)")
      let settled = try await fixture.ask(TripFixture.viewer, .get, "/trips/\(trip)/settlement")
      #expect(try settled.string("/transfers/0/from") == editor && settled.string("/transfers/0/amount") == "45.00")
      _ = try await fixture.ask(TripFixture.owner, .delete, "/trips/\(trip)/collaborators/\(editor)")
      let later = try await fixture.ask(TripFixture.viewer, .get, "/trips/\(trip)/settlement")
      #expect(try later.string("/transfers/0/from") == editor)
      let bad = #"{"expense":{"what":"Taxi","paidBy":"nobody","amount":"1","split":{"equal":["\#(owner)"]}}}"#
      #expect(try await fixture.ask(TripFixture.owner, .post, path, bad).status == 422)
      let id = try #require(try made.string("/id"))
      #expect(try await fixture.ask(TripFixture.owner, .delete, "\(path)/\(id)").status == 204)
      #expect(try await fixture.ask(TripFixture.viewer, .get, path).count("/expenses") == 0)
    }
  }

  @Test("a file is what it says it is, comes back as it was, and never as a page")
  func attachments() async throws {
    try await TripFixture.run { fixture in
      let trip = try await fixture.makeTrip()
      let path = "/trips/\(trip)/attachments"
      let type: HTTPFields = ["Content-Type": "application/pdf"]
      let made = try await fixture.ask(TripFixture.editor, .post, "\(path)?name=ticket.pdf", "%PDF-1.7 ticket", type)
      #expect(made.status == 201, "\(made.text)")
      let id = try #require(try made.string("/id"))
      let found = try await fixture.ask(TripFixture.viewer, .get, "\(path)/\(id)")
      #expect(found.text == "%PDF-1.7 ticket")
      #expect(found.fields.all.contains { $0.name == "Content-Disposition" && $0.value.hasPrefix("attachment") })
      let page = try await fixture.ask(TripFixture.editor, .post, "\(path)?name=a.pdf", "<html></html>", type)
      #expect(page.status == 422)
      let html: HTTPFields = ["Content-Type": "text/html"]
      #expect(try await fixture.ask(TripFixture.editor, .post, "\(path)?name=a", "<html>", html).status == 415)
      let large = "%PDF-" + String(repeating: "x", count: TripLimits.attachmentBytesMax)
      #expect(try await fixture.ask(TripFixture.editor, .post, "\(path)?name=b.pdf", large, type).status == 413)
      #expect(try await fixture.ask(TripFixture.editor, .delete, "\(path)/\(id)").status == 204)
      #expect(try await fixture.ask(TripFixture.viewer, .get, path).count("/attachments") == 0)
    }
  }

  @Test("a file sent twice with one key is attached once; another file with that key is refused")
  func attachedOnce() async throws {
    try await TripFixture.run { fixture in
      let trip = try await fixture.makeTrip()
      let path = "/trips/\(trip)/attachments"
      let fields: HTTPFields = ["Content-Type": "application/pdf", "Idempotency-Key": "k1"]
      let first = try await fixture.ask(TripFixture.editor, .post, "\(path)?name=a.pdf", "%PDF-1.7 one", fields)
      let again = try await fixture.ask(TripFixture.editor, .post, "\(path)?name=a.pdf", "%PDF-1.7 one", fields)
      #expect(first.status == 201 && again.status == 201, "\(again.text)")
      #expect(try first.string("/id") == again.string("/id"))
      #expect(try await fixture.ask(TripFixture.viewer, .get, path).count("/attachments") == 1)
      let other = try await fixture.ask(TripFixture.editor, .post, "\(path)?name=a.pdf", "%PDF-1.7 two", fields)
      #expect(other.status == 422)
      let named = try await fixture.ask(TripFixture.editor, .post, "\(path)?name=b.pdf", "%PDF-1.7 one", fields)
      #expect(named.status == 422)
      let item = try await fixture.addItem(trip)
      let elsewhere = try await fixture.ask(
        TripFixture.editor, .post, "\(path)?name=a.pdf&entry=\(item)", "%PDF-1.7 one", fields)
      #expect(elsewhere.status == 422)
    }
  }
}
