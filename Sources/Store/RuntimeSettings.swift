public import Kernel
import Postgres

/// What operators change while everything runs; every process of an installation heeds it within a moment.
public struct RuntimeSettings: Sendable, Equatable {
  /// A pause that callers are told of.
  public struct Maintenance: Sendable, Equatable {
    /// What callers read, 1 to 500 characters.
    public var message: String
    /// After how long they should try again.
    public var retrySeconds: Int

    /// A pause.
    public init(message: String, retrySeconds: Int) {
      self.message = message
      self.retrySeconds = retrySeconds
    }
  }

  /// The level below which logs are silent: one of `Logger.Level`'s names.
  public var logLevel: String
  /// The pause that is on, if one is.
  public var maintenance: Maintenance?
  /// Grows by one with every change.
  public let revision: Int64
  /// When the last change was made.
  public let changedAt: Instant
}

/// What an operator wants changed; nil leaves a setting as it is.
public struct RuntimeSettingsChange: Sendable {
  /// The new log level.
  public var logLevel: String?
  /// The new pause; `.some(nil)` ends the one that is on.
  public var maintenance: RuntimeSettings.Maintenance??

  /// A change of nothing.
  public init() {}
}

/// Where the runtime settings are kept.
public struct RuntimeSettingsStore: Sendable {
  /// The channel on which changes are announced.
  public static let channel = "runtime_settings"

  private let database: PostgresClient

  /// A store on a database that is migrated.
  init(_ database: PostgresClient) { self.database = database }

  /// The settings in force.
  ///
  /// - Throws: `StoreError`.
  public func settings() async throws -> RuntimeSettings {
    try await translating {
      let rows = try await database.query(
        """
        select log_level, maintenance_message, maintenance_retry_seconds, revision, changed_at
        from runtime_settings
        """)
      return try RuntimeSettingsStore.settings(from: rows)
    }
  }

  /// Changes the settings if nobody has changed them since `revision`; nil if somebody has.
  ///
  /// - Throws: `StoreError`.
  public func change(_ change: RuntimeSettingsChange, from revision: Int64) async throws -> RuntimeSettings? {
    let level = change.logLevel
    let setsMaintenance = change.maintenance != nil
    let maintenance = change.maintenance ?? nil
    return try await translating {
      let rows = try await database.query(
        """
        update runtime_settings set
          log_level = coalesce(\(level), log_level),
          maintenance_message = case when \(setsMaintenance) then \(maintenance?.message) else maintenance_message end,
          maintenance_retry_seconds =
            case when \(setsMaintenance) then \(maintenance.map { Int32($0.retrySeconds) }) else maintenance_retry_seconds end
        where revision = \(revision)
        returning log_level, maintenance_message, maintenance_retry_seconds, revision, changed_at
        """)
      return rows.isEmpty ? nil : try RuntimeSettingsStore.settings(from: rows)
    }
  }

  private static func settings(from rows: Rows) throws -> RuntimeSettings {
    let row = try rows.decodeFirst(String.self, String?.self, Int32?.self, Int64.self, PostgresTimestamp.self)
    guard let (level, message, retry, revision, changed) = row else {
      throw StoreError.rowMissing(table: "runtime_settings")
    }
    let maintenance = message.flatMap { message in
      retry.map { RuntimeSettings.Maintenance(message: message, retrySeconds: Int($0)) }
    }
    return RuntimeSettings(
      logLevel: level, maintenance: maintenance, revision: revision,
      changedAt: Instant(secondsSinceEpoch: changed.microseconds / 1_000_000))
  }
}
