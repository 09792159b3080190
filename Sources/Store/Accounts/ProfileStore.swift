package import Kernel
import Postgres

/// What somebody tells about themselves, as the JSON that is told.
package struct StoredProfile: Sendable, Hashable {
  /// The profile: a JSON object.
  package let profile: String
  /// The preferences: a JSON object.
  package let preferences: String
  /// Grows by one with every change; 0 while nothing was told.
  package let revision: Int64
}

/// What is replaced.
package enum ProfilePart: Sendable {
  /// The profile, and with it the account's name.
  case profile(name: String)
  /// The preferences.
  case preferences
}

/// What a payment method's id is of.
package enum PaymentMethodNoun {}

/// The id of a payment method.
package typealias PaymentMethodID = Identifier<PaymentMethodNoun>

/// What a payment provider calls somebody's means of payment.
package struct StoredPaymentMethod: Sendable, Hashable {
  /// Its id.
  package let id: PaymentMethodID
  /// Whose token it is.
  package let provider: String
  /// What the provider calls it.
  package let token: String
  /// What its owner calls it.
  package let label: String
  /// Since when it is kept.
  package let createdAt: Instant
}

extension AccountStore {
  /// Payment methods of an account, at most.
  package static let paymentMethodsMax: Int64 = 20

  /// What somebody tells about themselves.
  ///
  /// - Throws: `StoreError`.
  package func profile(of id: UserID) async throws -> StoredProfile {
    try await translating {
      let row = try await database.query(
        "select profile::text, preferences::text, revision from account_profile where account_id = \(id)"
      ).decodeFirst(String.self, String.self, Int64.self)
      return StoredProfile(profile: row?.0 ?? "{}", preferences: row?.1 ?? "{}", revision: row?.2 ?? 0)
    }
  }

  /// Replaces a part, if nobody has changed anything since `revision`; nil if somebody has, or the account is gone.
  ///
  /// - Parameters:
  ///   - part: which part.
  ///   - document: the JSON object.
  ///   - id: whose.
  ///   - revision: what was looked at; nil where that does not matter.
  ///   - actor: who does it.
  /// - Returns: the new revision.
  /// - Throws: `StoreError`.
  package func replace(
    _ part: ProfilePart, with document: String, of id: UserID, from revision: Int64?, by actor: Actor
  ) async throws -> Int64? {
    try await translating {
      try await database.transaction { transaction in
        let found = try await transaction.query("select id from account where id = \(id) for no key update")
        guard !found.isEmpty else { return nil }
        try await transaction.execute(
          "insert into account_profile (account_id, revision) values (\(id), 0) on conflict do nothing")
        let change: SQL =
          switch part {
          case .profile: "profile = \(document)::text::json"
          case .preferences: "preferences = \(document)::text::json"
          }
        let next = try await transaction.query(
          """
          update account_profile set \(change), revision = revision + 1, changed_at = now()
          where account_id = \(id) and (\(revision) is null or revision = \(revision)) returning revision
          """
        ).decodeFirst(Int64.self)
        if next != nil, case .profile(let name) = part {
          try await transaction.execute("update account set name = \(name) where id = \(id)")
        }
        return next
      }
    }
  }

  // MARK: Payment methods

  /// Keeps a provider's token; the one that is there if it is kept already.
  ///
  /// - Throws: `StoreError`.
  package func addPaymentMethod(
    provider: String, token: String, label: String, of id: UserID, _ request: MakingRequest?, by actor: Actor
  ) async throws -> Making<StoredPaymentMethod> {
    try await translating {
      try await database.transaction { transaction in
        try await transaction.making(request, id: \.id) { known in
          let rows = try await transaction.query(
            "select id, provider, token, label, created_at from payment_method where account_id = \(id) and id = \(known)"
          )
          return try AccountStore.paymentMethods(rows).first
        } make: {
          try await makePaymentMethod(provider, token, label, of: id, by: actor, transaction)
        }
      }
    }
  }

  /// Nil when there are too many.
  private func makePaymentMethod(
    _ provider: String, _ token: String, _ label: String, of id: UserID, by actor: Actor, _ transaction: Transaction
  ) async throws -> StoredPaymentMethod? {
    _ = try await transaction.query("select from account where id = \(id) for no key update")
    let known = try await transaction.query(
      """
      select id, provider, token, label, created_at from payment_method
      where account_id = \(id) and provider = \(provider) and token = \(token)
      """)
    if let known = try AccountStore.paymentMethods(known).first { return known }
    let count = try await transaction.query("select count(*) from payment_method where account_id = \(id)")
      .decodeOnly(Int64.self)
    guard count < AccountStore.paymentMethodsMax else { return nil }
    let made = try await transaction.query(
      """
      insert into payment_method (account_id, provider, token, label)
      values (\(id), \(provider), \(token), \(label)) returning id, provider, token, label, created_at
      """)
    try await record(AuditNote("payment-method.added", subject: "\(id)"), actor, in: transaction)
    return try AccountStore.paymentMethods(made).first
  }

  /// Somebody's payment methods, oldest first.
  ///
  /// - Throws: `StoreError`.
  package func paymentMethods(of id: UserID) async throws -> [StoredPaymentMethod] {
    try await translating {
      try AccountStore.paymentMethods(
        try await database.query(
          """
          select id, provider, token, label, created_at from payment_method where account_id = \(id)
          order by created_at, id limit \(AccountStore.paymentMethodsMax)
          """))
    }
  }

  /// Takes a payment method away; false if there is none.
  ///
  /// - Throws: `StoreError`.
  package func removePaymentMethod(_ method: PaymentMethodID, of id: UserID, by actor: Actor) async throws -> Bool {
    try await translating {
      try await database.transaction { transaction in
        let removed = try await transaction.execute(
          "delete from payment_method where id = \(method) and account_id = \(id)")
        guard removed == 1 else { return false }
        try await record(AuditNote("payment-method.removed", subject: "\(id)"), actor, in: transaction)
        return true
      }
    }
  }

  private static func paymentMethods(_ rows: Rows) throws -> [StoredPaymentMethod] {
    try rows.decode(PaymentMethodID.self, String.self, String.self, String.self, PostgresTimestamp.self).map {
      StoredPaymentMethod(id: $0.0, provider: $0.1, token: $0.2, label: $0.3, createdAt: Instant($0.4))
    }
  }
}
