import Accounts
import Kernel
import Postgres
import Secrets
import TestSupport
import Testing

@testable import Store

@Suite("Accounts in the store")
struct AccountStoreTests {
  private func withStore(_ body: (AccountStore, PostgresClient) async throws -> Void) async throws {
    try await withTestClient(holding: .schema) { client, _ in
      try await body(Database(client).accounts, client)
    }
  }

  private func verify(_ store: AccountStore) async throws -> Int64 {
    try await store.verifyAudit { Digest.sha256($0) }.count
  }

  private func write(_ count: Int, _ store: AccountStore) async throws {
    for number in 0..<count {
      try await store.record(
        AuditNote("test.done", subject: "s\(number)", details: #"{"n":\#(number)}"#),
        AccountStore.Actor(UserID(high: 1, low: 2), network: "10.0.0.0/24"))
    }
  }

  @Test("the log takes entries only: changing, taking out and emptying are refused")
  func appendOnly() async throws {
    try await withStore { store, client in
      try await write(3, store)
      for sql in [
        "update audit_entry set details = '{}'", "delete from audit_entry where number = 2", "truncate audit_entry",
        "delete from audit_head",
      ] as [SQL] {
        await #expect(throws: PostgresError.self) { try await client.execute(sql) }
      }
      #expect(try await verify(store) == 3)
    }
  }

  @Test(
    "who gets around that is seen",
    arguments: [
      "update audit_entry set details = '{\"n\":9}' where number = 2", "delete from audit_entry where number = 2",
      "delete from audit_entry where number = 4",
      "update audit_entry set at = at + interval '1 microsecond' where number = 4",
      "update audit_entry set actor = null where number = 1", "update audit_head set number = 3",
      "update audit_entry set digest = sha256('x') where number = 3",
    ])
  func tampering(_ sql: String) async throws {
    try await withStore { store, client in
      try await write(4, store)
      try await client.execute("alter table audit_entry disable trigger all")
      try await client.execute(SQL(unsafe: sql))
      await #expect(throws: AuditChain.Fault.self) { try await verify(store) }
    }
  }

  @Test("many who write at once make one chain")
  func writesAtOnce() async throws {
    try await withStore { store, _ in
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<8 { group.addTask { try await write(5, store) } }
        try await group.waitForAll()
      }
      #expect(try await verify(store) == 40)
    }
  }

  @Test("many attempts at once get no more than one after the other")
  func attemptsAtOnce() async throws {
    try await withStore { store, _ in
      let name = AttemptName(.account, digest: Digest.sha256([1]))
      let admitted = try await withThrowingTaskGroup(of: Bool.self) { group in
        for _ in 0..<20 { group.addTask { try await store.admit([name]) == nil } }
        return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
      }
      #expect(admitted == Throttle.account.free)
    }
  }

  @Test("a name that is refused does not use up what the others have")
  func refusalCountsNothing() async throws {
    try await withStore { store, client in
      let blocked = AttemptName(.mail, digest: Digest.sha256([1]))
      let other = AttemptName(.network, digest: Digest.sha256([2]))
      for _ in 0..<Throttle.mail.free { #expect(try await store.admit([blocked]) == nil) }
      for _ in 0..<5 { #expect(try await store.admit([other, blocked]) != nil) }
      let count = try await client.query("select count from attempt where kind = 'network'").decodeFirst(Int32.self)
      #expect(count == 0)
    }
  }

  @Test("of two registrations of an address, the one whose mail is answered first becomes the account")
  func registersOnce() async throws {
    try await withStore { store, client in
      let seal = AccountStore.LetterSeal { _ in "{}" }
      let email = try EmailAddress("ada@example.org")
      for number in [UInt8(1), 2] {
        try await store.register(
          NewRegistration(
            email: email, name: "N\(number)", passwordHash: String(repeating: "x", count: 30), token: "t",
            tokenHash: Digest.sha256([number])), by: AccountStore.Actor(), seal)
      }
      let made = try await store.confirm(tokenHash: Digest.sha256([2]), by: AccountStore.Actor())
      #expect(made?.name == "N2")
      #expect(try await store.confirm(tokenHash: Digest.sha256([1]), by: AccountStore.Actor()) == nil)
      #expect(try await client.query("select count(*) from registration").decodeOnly(Int64.self) == 0)
    }
  }

  @Test("nothing that lets anybody in is kept as it is shown")
  func keepsNoSecrets() async throws {
    try await withStore { store, client in
      let token = OpaqueToken.random(.mail)
      let key = MasterKey.random()
      let email = try EmailAddress("ada@example.org")
      try await store.register(
        NewRegistration(
          email: email, name: "Ada", passwordHash: String(repeating: "x", count: 30), token: token.text,
          tokenHash: token.digest), by: AccountStore.Actor(), AccountStore.LetterSeal { LetterBox.seal($0, key) })
      for table in ["registration", "job"] {
        let text = try await client.query("select coalesce(string_agg(t::text, ''), '') from \(unsafe: table) t")
          .decodeOnly(String.self)
        #expect(!text.contains(token.text), "\(table)")
      }
    }
  }
}
