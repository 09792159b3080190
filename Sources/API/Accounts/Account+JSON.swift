import Accounts
package import JSON
import Kernel
package import Store

extension StoredAccount: JSONWritable {
  static let schema: JSONSchema = .fields(["id": .id, "email": .text, "name": .text, "createdAt": .moment])

  /// Who it is, as it travels.
  package func write(to writer: inout JSONWriter) { writer.object { write(to: &$0) } }

  func write(to object: inout JSONObjectWriter) {
    object.field("id", "\(id)")
    object.field("email", email)
    object.field("name", name)
    object.field("createdAt", createdAt.description)
  }
}

/// What signing in gives.
struct GivenTokens: JSONWritable {
  static let schema: JSONSchema = .fields([
    "user": .id, "session": .id, "tokenType?": .text, "accessToken?": .text, "refreshToken?": .text,
    "expiresIn": .integer,
  ])

  let user: UserID
  let session: SessionID
  let expiresIn: Int64
  let tokens: (access: String, refresh: String)?

  func write(to writer: inout JSONWriter) {
    writer.object {
      $0.field("user", "\(user)")
      $0.field("session", "\(session)")
      $0.field("tokenType", ifPresent: tokens.map { _ in "Bearer" })
      $0.field("accessToken", ifPresent: tokens?.access)
      $0.field("refreshToken", ifPresent: tokens?.refresh)
      $0.field("expiresIn", expiresIn)
    }
  }
}

/// Who is signed in, to themselves.
struct Me: JSONWritable {
  let account: StoredAccount
  let hasSecondFactor: Bool
  let session: SessionID

  func write(to writer: inout JSONWriter) {
    writer.object {
      account.write(to: &$0)
      $0.field("secondFactor", hasSecondFactor)
      $0.field("session", "\(session)")
    }
  }
}

/// Sessions, to their owner.
struct SessionList: JSONWritable {
  static let schema: JSONSchema = .fields([
    "sessions": .list(
      .fields([
        "id": .id, "isCurrent": .boolean, "userAgent?": .text, "address?": .text, "secondFactor": .boolean,
        "createdAt": .moment, "usedAt": .moment,
      ]))
  ])

  let sessions: [StoredSession]
  let current: SessionID?

  func write(to writer: inout JSONWriter) {
    writer.object { object in
      object.array("sessions") { array in
        for session in sessions {
          array.object {
            $0.field("id", "\(session.id)")
            $0.field("isCurrent", session.id == current)
            $0.field("userAgent", ifPresent: session.userAgent)
            $0.field("address", ifPresent: session.address)
            $0.field("secondFactor", session.hasSecondFactor)
            $0.field("createdAt", session.createdAt.description)
            $0.field("usedAt", session.usedAt.description)
          }
        }
      }
    }
  }
}

/// What somebody may do where.
struct PermissionList: JSONWritable {
  static let schema: JSONSchema = .fields(["organisations": .list(One.schema)])

  let memberships: [Membership]

  func write(to writer: inout JSONWriter) {
    writer.object { object in
      object.array("organisations") { array in
        for membership in memberships { array.element(One(membership)) }
      }
    }
  }

  /// What somebody may do in one organisation.
  struct One: JSONWritable {
    static let schema: JSONSchema = .fields([
      "id": .id, "name": .text, "createdAt": .moment, "role": .words(OrganisationRole.self),
      "permissions": .list(.words(Permission.self)),
    ])

    let membership: Membership

    init(_ membership: Membership) { self.membership = membership }

    func write(to writer: inout JSONWriter) {
      writer.object {
        $0.field("id", "\(membership.organisation.id)")
        $0.field("name", membership.organisation.name)
        $0.field("createdAt", membership.organisation.createdAt.description)
        $0.field("role", membership.role.rawValue)
        $0.field("permissions", membership.role.permissions.map(\.rawValue).sorted())
      }
    }
  }
}
