import Kernel
import Testing

@testable import Accounts

@Suite("Permissions")
struct PermissionTests {
  @Test("each role may what the one below may, and more")
  func grows() {
    for (lower, higher) in zip(OrganisationRole.allCases, OrganisationRole.allCases.dropFirst()) {
      #expect(lower < higher)
      #expect(lower.permissions.isStrictSubset(of: higher.permissions))
    }
  }

  @Test("owners give every role, admins what is below them, members none")
  func gives() {
    let given = OrganisationRole.allCases.map { giver in OrganisationRole.allCases.filter { giver.mayGive($0) } }
    #expect(given == [[], [.member], [.member, .admin, .owner]])
  }

  @Test("scopes are read by name; none and unknown ones are refused")
  func scopes() throws {
    #expect(try KeyScope.scopes(["plan", "trips:read"]) == [.plan, .readTrips])
    #expect(throws: KeyScope.Fault.none) { try KeyScope.scopes([]) }
    #expect(throws: KeyScope.Fault.unknown("admin")) { try KeyScope.scopes(["plan", "admin"]) }
  }

  @Test(
    "numbers of cards are seen however they are spaced",
    arguments: ["4111111111111111", "4111 1111 1111 1111", "x 3782-822463-10005 y", "5555.5555.5555.4444"])
  func cards(_ text: String) { #expect(CardNumber.occurs(in: text)) }

  @Test(
    "tokens, telephone numbers and numbers that fail the check are none",
    arguments: [
      "pm_1MqLiJLkdIwHu7ix", "tok_visa", "+49 30 1234567", "4111111111111112", "•••• 4242", "0000000000000000",
    ])
  func noCards(_ text: String) { #expect(!CardNumber.occurs(in: text)) }
}

@Suite("Audit chain")
struct AuditChainTests {
  /// No digest that anybody should use: enough to see that the chain compares.
  private static let hash: @Sendable ([UInt8]) -> [UInt8] = { bytes in
    var state: UInt64 = 1_469_598_103_934_665_603
    for byte in bytes { state = (state ^ UInt64(byte)) &* 1_099_511_628_211 }
    return (0..<8).map { UInt8(truncatingIfNeeded: state >> UInt64(8 * $0)) }
  }

  private func entries() -> [AuditEntry] {
    (1...5).map {
      AuditEntry(
        number: $0, microseconds: 1_000_000 * $0, actor: UserID(high: 1, low: UInt64($0)), subject: "s", action: "a",
        network: nil, details: "{}")
    }
  }

  private func chained() -> [(AuditEntry, [UInt8])] {
    var digest = AuditChain.origin
    return entries().map { entry in
      digest = Self.hash(entry.content(after: digest))
      return (entry, digest)
    }
  }

  private func run(_ rows: [(AuditEntry, [UInt8])], told: (Int64, [UInt8])) throws(AuditChain.Fault) {
    var chain = AuditChain(hash: Self.hash)
    for (entry, digest) in rows { try chain.take(entry, digest) }
    try chain.finish(count: told.0, digest: told.1)
  }

  @Test("what was changed, taken out, put elsewhere or cut off is seen")
  func seesTampering() throws {
    let rows = chained()
    let told = (Int64(5), rows[4].1)
    try run(rows, told: told)
    var changed = rows
    changed[2].0.details = "{ }"
    #expect(throws: AuditChain.Fault.changed(3)) { try run(changed, told: told) }
    var moved = rows
    moved[1].0.microseconds += 1
    #expect(throws: AuditChain.Fault.changed(2)) { try run(moved, told: told) }
    var missing = rows
    missing.remove(at: 1)
    #expect(throws: AuditChain.Fault.gap(after: 1, found: 3)) { try run(missing, told: told) }
    #expect(throws: AuditChain.Fault.cut(last: 4, expected: 5)) { try run(rows.dropLast(), told: told) }
    #expect(throws: AuditChain.Fault.head) { try run(rows, told: (5, rows[3].1)) }
  }

  @Test("fields cannot lend each other characters")
  func separates() {
    var one = entries()[0]
    var other = one
    one.subject = "ab"
    one.action = "c"
    other.subject = "a"
    other.action = "bc"
    #expect(one.content(after: []) != other.content(after: []))
  }
}
