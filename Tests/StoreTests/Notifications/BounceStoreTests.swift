import Kernel
import Postgres
import TestSupport
import Testing

@testable import Notification
@testable import Store

/// Reports of mails that came back, and what is known of the mail that they name.
@Suite("Mails that came back")
struct BounceStoreTests {
  private static let user = UserID(high: 7, low: 1)
  private static let mail = DeliveryID(high: 9, low: 1)

  private func receiver(
    _ address: String = "Ada@example.org", isFailed: Bool = true, isGone: Bool = true
  ) -> BounceReport.Receiver {
    BounceReport.Receiver(address: address, isFailed: isFailed, isAddressGone: isGone, reason: "5.1.1 nobody")
  }

  private func withStore(_ body: (NotificationStore, PostgresClient) async throws -> Void) async throws {
    try await withTestClient(holding: .schema) { client, _ in
      try await client.execute(
        "insert into account (id, email, name) values (\(Self.user), 'ada@example.org', 'Ada')")
      try await client.execute(
        """
        insert into notification_delivery (id, account_id, channel, kind, state, result, ended_at)
        values (\(Self.mail), \(Self.user), 'email', 'trip.invited', 'sent', '250 ok', now())
        """)
      try await client.execute(
        """
        insert into notification_delivery (job_id, channel, kind, state, result, ended_at)
        values (77, 'email', 'account.invitation', 'sent', '250 ok', now())
        """)
      try await body(Database(client).notifications, client)
    }
  }

  @Test("what is late is noted; what fails after that marks the address and stays failed")
  func marked() async throws {
    try await withStore { store, _ in
      let name = "delivery.\(Self.mail)"
      let late = try await store.heed(receiver(isFailed: false, isGone: false), of: name)
      #expect(late == .noted)
      #expect(try await store.history(failedOnly: true).isEmpty)
      let failed = try await store.heed(receiver(), of: name)
      #expect(failed == .marked)
      let again = try await store.heed(receiver(isFailed: false, isGone: false), of: name)
      #expect(again == .unknown, "what has failed is not on its way")
      let history = try await store.history(failedOnly: true)
      #expect(history.map(\.result) == ["came back: 5.1.1 nobody"])
      let bounces = try await store.bounces()
      #expect(bounces.map(\.address) == ["ada@example.org"])
    }
  }

  @Test("nobody can have an address marked to which the named mail did not go, or by the name of a letter")
  func forged() async throws {
    try await withStore { store, _ in
      for (address, name) in [
        ("eve@example.org", "delivery.\(Self.mail)"), ("ada@example.org", "delivery.\(DeliveryID(high: 1, low: 1))"),
        ("ada@example.org", "letter.78.abc"), ("ada@example.org", "anything"),
      ] {
        let heed = try await store.heed(receiver(address), of: name)
        #expect(heed == .unknown, "\(name)")
      }
      let letter = try await store.heed(receiver("eve@example.org"), of: "letter.77.abc")
      #expect(letter == .noted)
      let bounces = try await store.bounces()
      #expect(bounces.isEmpty)
    }
  }
}
