package import Kernel
package import Notification
import Postgres

/// What a device's id is of.
package enum DeviceNoun {}
/// The id of a device on which somebody is told things.
package typealias DeviceID = Identifier<DeviceNoun>

/// A device on which somebody is told things.
package struct StoredDevice: Sendable, Hashable {
  package let id: DeviceID
  package let platform: PushPlatform
  /// What the platform knows it by.
  package let token: String
  package let name: String
  package let createdAt: Instant
}

/// What a code for a telephone's number came to.
package enum PhoneConfirming: Sendable, Hashable {
  /// Texts go there from now on.
  case confirmed(String)
  /// It is another code.
  case wrong(triesLeft: Int)
  /// No code is waited for any more.
  case over
}

/// Devices and telephones: where pushes and texts go.
extension NotificationStore {
  /// Devices of one account, at most.
  package static let devicesMax: Int64 = 20
  /// How often a code may be tried, and for how long.
  package static let codeTriesMax: Int16 = 5
  package static let codeMinutes: Int32 = 10

  private static let deviceColumns: SQL = "id, platform, token, name, created_at"

  private static func device(_ row: Row) throws -> StoredDevice {
    let platform: String = try row["platform"]
    guard let platform = PushPlatform(rawValue: platform) else {
      throw StoreError.faulty(reason: "the table device has the platform \(platform)")
    }
    return StoredDevice(
      id: try row["id"], platform: platform, token: try row["token"], name: try row["name"],
      createdAt: Instant(try row["created_at", as: PostgresTimestamp.self]))
  }

  /// Adds a device, or gives one that somebody else had to whoever shows it now; nil when the account has too many.
  ///
  /// - Throws: `StoreError`.
  package func addDevice(
    _ platform: PushPlatform, token: String, name: String, of owner: UserID
  ) async throws -> StoredDevice? {
    try await translating {
      try await database.transaction { transaction in
        // One after the other for each account, so that the count holds.
        try await transaction.execute("select from account where id = \(owner) for no key update")
        return try await transaction.query(
          """
          insert into device (account_id, platform, token, name)
          select \(owner), \(platform.rawValue), \(token), \(name)
          where (select count(*) from device where account_id = \(owner)
            and (platform, token) <> (\(platform.rawValue), \(token))) < \(Self.devicesMax)
          on conflict (platform, token) do update set account_id = excluded.account_id, name = excluded.name
          returning \(Self.deviceColumns)
          """
        ).first.map(Self.device)
      }
    }
  }

  /// Somebody's devices, the oldest first.
  ///
  /// - Throws: `StoreError`.
  package func devices(of owner: UserID) async throws -> [StoredDevice] {
    try await translating {
      try await database.query(
        """
        select \(Self.deviceColumns) from device where account_id = \(owner) order by created_at, id
        limit \(Self.devicesMax)
        """
      ).map(Self.device)
    }
  }

  /// Removes a device; whether there was one.
  ///
  /// - Throws: `StoreError`.
  package func removeDevice(_ id: DeviceID, of owner: UserID) async throws -> Bool {
    try await translating {
      try await database.execute("delete from device where id = \(id) and account_id = \(owner)") > 0
    }
  }

  /// Removes devices that nothing reaches any more, with the end of a delivery.
  ///
  /// - Throws: `StoreError`.
  package func removeDevices(_ ids: [DeviceID], in transaction: Database.Transaction) async throws {
    if ids.isEmpty { return }
    _ = try await translating { try await transaction.execute("delete from device where id = any(\(ids))") }
  }

  // MARK: Telephones

  /// The number that somebody's texts go to.
  ///
  /// - Throws: `StoreError`.
  package func phone(of owner: UserID) async throws -> String? {
    try await translating {
      try await database.query("select number from account_phone where account_id = \(owner)")
        .decodeFirst(String?.self) ?? nil
    }
  }

  /// Notes a number that is to be confirmed, and has the code sent there.
  ///
  /// - Parameters:
  ///   - number: as `+4915112345678`.
  ///   - digest: SHA-256 of the code.
  ///   - letter: the code, sealed.
  ///   - owner: whose it will be.
  /// - Throws: `StoreError`.
  package func wantPhone(_ number: String, digest: [UInt8], letter: String, of owner: UserID) async throws {
    try await translating {
      try await database.transaction { transaction in
        try await transaction.execute(
          """
          insert into account_phone (account_id, wanted, code_digest, code_until)
          values (\(owner), \(number), \(digest), now() + make_interval(mins => \(Self.codeMinutes)))
          on conflict (account_id) do update set wanted = excluded.wanted, code_digest = excluded.code_digest,
            code_until = excluded.code_until, tries = 0
          """)
        var job = NewJob(kind: Self.textKind, payload: letter)
        job.queue = Self.queue
        job.attemptsMax = 5
        _ = try await jobs.submit([job], in: transaction)
      }
    }
  }

  /// Tries a code; the number counts from the right one on.
  ///
  /// - Throws: `StoreError`.
  package func confirmPhone(digest: [UInt8], of owner: UserID) async throws -> PhoneConfirming {
    try await translating {
      try await database.transaction { transaction in
        let row = try await transaction.query(
          """
          update account_phone set tries = tries + 1
          where account_id = \(owner) and code_until > now() and tries < \(Self.codeTriesMax)
          returning wanted, code_digest = \(digest), tries
          """
        ).decodeFirst(String.self, Bool.self, Int16.self)
        guard let (number, isRight, tries) = row else { return .over }
        guard isRight else { return .wrong(triesLeft: Int(Self.codeTriesMax - tries)) }
        try await transaction.execute(
          """
          update account_phone set number = wanted, wanted = null, code_digest = null, code_until = null, tries = 0
          where account_id = \(owner)
          """)
        return .confirmed(number)
      }
    }
  }

  /// Forgets somebody's number, or one that reaches nobody any more; whether there was one.
  ///
  /// - Throws: `StoreError`.
  package func removePhone(of owner: UserID) async throws -> Bool {
    try await translating {
      try await database.execute("delete from account_phone where account_id = \(owner)") > 0
    }
  }

  /// Forgets a number that reaches nobody, with the end of a delivery.
  ///
  /// - Throws: `StoreError`.
  package func removePhone(_ number: String, in transaction: Database.Transaction) async throws {
    _ = try await translating {
      try await transaction.execute("update account_phone set number = null where number = \(number)")
    }
  }
}
