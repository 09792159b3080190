public import Postgres

/// The database as the layers above see it: what is kept there, and whether it answers.
public struct Database: Sendable {
  /// A unit of work, as the stores' methods take it.
  public typealias Transaction = Postgres.Transaction

  /// What operators change while everything runs.
  public let runtimeSettings: RuntimeSettingsStore
  /// What is to be done, is being done and was done.
  public let jobs: JobStore
  /// What things cost according to those who run the installation.
  package let ownDefaults: OwnDefaultStore
  /// What is asked about trips' money.
  package let tripBudgets: TripBudgetStore
  /// Cities, what there is to see, and where one can stay.
  package let catalogue: CatalogueStore
  /// What trips were planned as, and what was selected of that.
  package let itineraries: ItineraryStore
  /// Who has an account, and what guards it.
  package let accounts: AccountStore
  /// Trips that people plan together.
  package let trips: TripStore
  /// What people were told, and what came of it.
  package let notifications: NotificationStore
  /// Where programs hear of events.
  package let webhooks: WebhookStore
  /// What is booked, and what that does to money.
  package let bookings: BookingStore
  /// What searches showed of prices, and who wants to hear of it.
  package let prices: PriceStore
  /// What the installation sells itself.
  package let inventory: InventoryStore
  /// How events leave for the outside.
  package let relay: RelayStore
  private let client: PostgresClient

  /// A database that is migrated, or will be before anybody asks.
  public init(_ client: PostgresClient) {
    self.client = client
    runtimeSettings = RuntimeSettingsStore(client)
    jobs = JobStore(client)
    ownDefaults = OwnDefaultStore(client)
    tripBudgets = TripBudgetStore(client)
    catalogue = CatalogueStore(client)
    itineraries = ItineraryStore(client, jobs)
    accounts = AccountStore(client, jobs)
    trips = TripStore(client, jobs)
    notifications = NotificationStore(client, jobs)
    webhooks = WebhookStore(client, jobs)
    bookings = BookingStore(client, jobs)
    prices = PriceStore(client, jobs)
    inventory = InventoryStore(client)
    relay = RelayStore(client)
  }

  /// Runs `body` in a transaction: all of what the stores do in it takes place, or nothing.
  ///
  /// When two transactions stand in each other's way it runs again, so that it must do nothing outside the database.
  /// - Throws: what `body` throws, or `StoreError`.
  public func transaction<Value>(_ body: (Transaction) async throws -> Value) async throws -> Value {
    try await translating { try await client.transaction { try await body($0) } }
  }

  /// Asks the server for nothing, to see that it answers.
  ///
  /// - Throws: `StoreError`.
  public func ping(within limit: Duration) async throws {
    let timeouts = Timeouts(statement: limit, lock: limit, idleInTransaction: limit)
    try await translating { _ = try await client.query("select 1", timeouts: timeouts) }
  }
}

/// Why the store could not do what it was asked, in words that hold for any database.
public enum StoreError: Error, Sendable {
  /// The database cannot be reached at the moment; nothing was changed.
  case unavailable(reason: String)
  /// It is there, but has no room or time left; nothing was changed.
  case overloaded(reason: String)
  /// The connection was lost while saving: the change may or may not have been made.
  case outcomeUnknown(reason: String)
  /// A table that always has a row has none.
  case rowMissing(table: String)
  /// A statement or row is not what this program takes it for: a fault of ours.
  case faulty(reason: String)
}

extension StoreError: CustomStringConvertible {
  /// One sentence for the log.
  public var description: String {
    switch self {
    case .unavailable(let reason): "the database cannot be reached: \(reason)"
    case .overloaded(let reason): "the database is overloaded: \(reason)"
    case .outcomeUnknown(let reason): "whether the change was saved is not known: \(reason)"
    case .rowMissing(let table): "table \(table) has lost the row that it always has; restore it from a backup"
    case .faulty(let reason): "the program and its database do not agree: \(reason)"
    }
  }
}

/// Runs what speaks to the driver, and says what went wrong in the store's own words.
func translating<Value>(_ body: () async throws -> Value) async throws -> Value {
  do {
    return try await body()
  } catch let error as PostgresError {
    throw StoreError(error)
  }
}

/// The same for what reads rows and does not wait.
func translatingNow<Value>(_ body: () throws -> Value) throws -> Value {
  do {
    return try body()
  } catch let error as PostgresError {
    throw StoreError(error)
  }
}

extension StoreError {
  init(_ error: PostgresError) {
    let reason = "\(error)"
    switch error {
    case .unavailable, .connectionLost, .closed: self = .unavailable(reason: reason)
    case .poolExhausted, .queueFull, .timeout: self = .overloaded(reason: reason)
    case .outcomeUnknown: self = .outcomeUnknown(reason: reason)
    case .server(let error) where error.isOverload: self = .overloaded(reason: reason)
    case .server, .decoding, .misuse: self = .faulty(reason: reason)
    }
  }
}

extension ServerError {
  /// Out of connections, memory or disk, shutting down, or a conflict that retries did not settle.
  fileprivate var isOverload: Bool { isRetryable || ["53", "57", "58"].contains { sqlState.hasPrefix($0) } }
}
