import API
import Accounts
import BudgetWire
import EventLoop
import HTTP
import ItineraryWire
import JSON
import Providers
import Secrets
import Store
import Telemetry
import Transport

/// What the settings say about serving, read and checked before anything starts.
struct ServerPlan: Sendable {
  let addresses: [ListenAddress]
  let server: ServerSettings
  let shutdown: Duration
  let budget: BudgetLibrary
  let trips: TripLibrary
  let routers: RouterLibrary
  let catalogue = StoredCatalogue()
  let messages: MessageSetup
  let sellers: SellersFile?
  /// Where processes share what sellers answered.
  let redis: RedisAddress?
  private let only: Set<String>?
  private let corsOrigins: [String]
  private let rates: RequestRates?
  private let trustedProxies: TrustedProxies
  private let operatorToken: String
  private let masterKey: MasterKey
  private let providers: [IdentityProvider]

  init(_ settings: Settings, home: String) throws {
    do {
      addresses = try settings.list(.listen).map { try ListenAddress($0) }
    } catch {
      throw UsageError("\(settings.source(.listen)): \(error)")
    }
    guard !addresses.isEmpty else { throw settings.wrong(.listen, "write HOST:PORT, [IPv6]:PORT or unix:PATH") }
    var server = ServerSettings()
    server.connectionsMax = try settings.int(.connectionsMax, in: 1...1_000_000) ?? server.connectionsMax
    self.server = server
    // Told before anything starts, though it is needed later.
    _ = try settings.fraction(.traceShare)
    budget = BudgetInput.library(settings)
    routers = TripInput.routers(settings)
    trips = TripInput.library(settings, budget, stored: catalogue, routers: routers)
    shutdown = try settings.seconds(.shutdownSeconds, in: 0...3600)
    only = try ServerPlan.groups(settings)
    corsOrigins = try ServerPlan.origins(settings)
    rates = try ServerPlan.rates(settings)
    trustedProxies = try ServerPlan.proxies(settings)
    try DataDirectory.make(home)
    if let token = settings.string(.operatorToken) {
      guard token.utf8.count >= 16 else { throw settings.wrong(.operatorToken, "write at least 16 characters") }
      operatorToken = token
    } else {
      operatorToken = try OperatorToken.read(home: home)
    }
    messages = try MessageSetup(settings)
    masterKey = try MasterKeyFile.key(settings, home: home)
    providers = try ProvidersFile.read(settings)
    sellers = try SellersFile.read(settings)
    redis = try settings.string(.redis).map { text throws(UsageError) in
      guard let address = RedisAddress(text) else {
        throw settings.wrong(.redis, "write redis://[[USER]:PASSWORD@]HOST[:PORT][/DATABASE]")
      }
      return address
    }
  }

  func surroundings(
    _ runtime: Runtime, _ database: DatabaseAccess, _ live: LiveSettings, _ watch: JobWatch, _ schema: SchemaKeeper,
    _ tracer: Tracer?
  ) throws -> Surroundings {
    var surroundings = Surroundings(
      version: Version.current, database: Database(database.client), live: live, metrics: runtime.metrics,
      logger: runtime.logger.named("api"), operatorToken: operatorToken, pool: runtime.pool,
      schemaFault: { schema.fault })
    surroundings.budget = budget
    surroundings.tracer = tracer
    surroundings.corsOrigins = corsOrigins
    surroundings.rates = rates
    surroundings.trustedProxies = trustedProxies
    surroundings.only = only
    surroundings.jobKinds = JobService.kinds(budget, trips)
    surroundings.jobWatch = watch
    surroundings.trips = trips
    surroundings.routers = routers
    surroundings.accounts = try accounts(runtime)
    return surroundings
  }

  private func accounts(_ runtime: Runtime) throws -> AccountSettings {
    var accounts = AccountSettings(masterKey: masterKey)
    if !providers.isEmpty {
      let client = try HTTPClient(loop: runtime.group.loops[0])
      accounts.providers = ProviderDesk(providers, client: client, now: accounts.now)
    }
    return accounts
  }

  private static func groups(_ settings: Settings) throws(UsageError) -> Set<String>? {
    guard settings.string(.only) != nil else { return nil }
    let wanted = settings.list(.only)
    for name in wanted where !Application.groups.contains(name) {
      let near = nearestName(to: name, among: Application.groups.sorted()).map { "; did you mean \($0)?" } ?? ""
      throw UsageError(
        "\(settings.source(.only)): there are no routes \"\(name)\"\(near) (known: \(Application.groups.sorted().joined(separator: ", ")))"
      )
    }
    return Set(wanted)
  }

  private static func rates(_ settings: Settings) throws(UsageError) -> RequestRates? {
    var rates = RequestRates()
    guard let reads = try settings.int(.rateLimit, in: 0...1_000_000), reads > 0 else { return nil }
    rates.readsPerSecond = reads
    rates.writesPerSecond = try settings.int(.rateLimitWrites, in: 1...1_000_000) ?? rates.writesPerSecond
    rates.signInsPerMinute = try settings.int(.rateLimitSignIns, in: 1...1_000_000) ?? rates.signInsPerMinute
    rates.uploadsPerMinute = try settings.int(.rateLimitUploads, in: 1...1_000_000) ?? rates.uploadsPerMinute
    rates.plansPerMinute = try settings.int(.rateLimitPlans, in: 1...1_000_000) ?? rates.plansPerMinute
    return rates
  }

  private static func origins(_ settings: Settings) throws(UsageError) -> [String] {
    let origins = settings.list(.corsOrigins)
    for origin in origins {
      let rest =
        origin.hasPrefix("https://") ? origin.dropFirst(8) : origin.hasPrefix("http://") ? origin.dropFirst(7) : ""
      guard !rest.isEmpty, rest.utf8.allSatisfy({ $0 > 32 && $0 < 127 && $0 != 47 && $0 != 63 && $0 != 35 }) else {
        throw UsageError(
          "\(settings.source(.corsOrigins)): \"\(origin)\" is not an origin; write https://HOST or https://HOST:PORT, without a path"
        )
      }
    }
    return origins
  }

  private static func proxies(_ settings: Settings) throws(UsageError) -> TrustedProxies {
    var ranges: [AddressRange] = []
    for text in settings.list(.trustedProxies) {
      guard let range = AddressRange(text) else {
        throw UsageError(
          "\(settings.source(.trustedProxies)): \"\(text)\" is not an address; write 10.0.0.1 or 10.0.0.0/8")
      }
      ranges.append(range)
    }
    return TrustedProxies(ranges)
  }
}
