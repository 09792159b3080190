package import BudgetWire
public import EventLoop
public import HTTP
import Kernel
package import ItineraryWire
import Accounts
import Secrets
public import Store
public import Telemetry
package import class Transport.RouterLibrary

/// What the API needs from its surroundings.
public struct Surroundings: Sendable {
  /// The version that `/health/live` tells.
  public var version: String
  /// The database, migrated.
  public var database: Database
  /// The settings that operators change.
  public var live: LiveSettings
  /// Where `/metrics` reads and requests are counted.
  public var metrics: MetricRegistry
  /// Where requests are logged.
  public var logger: Logger
  /// Where spans go.
  public var tracer: Tracer?
  /// What the schema's keeper says; nil while the schema is as this binary wants it.
  public var schemaFault: @Sendable () -> String?
  /// What operators send.
  public var operatorToken: String
  /// Where what computes runs.
  public var pool: WorkPool
  /// What budgets are reckoned with; the tables in the program unless set.
  package var budget = BudgetLibrary()
  /// What trips are planned with; without it days cannot be changed.
  package var trips: TripLibrary?
  /// The timetables; without them no journeys are found.
  package var routers: RouterLibrary?
  /// Web origins that may call.
  public var corsOrigins: [String] = []
  /// How often each address may ask; nil for no limit.
  public var rates: RequestRates?
  /// Gateways whose X-Forwarded-For is believed.
  public var trustedProxies = TrustedProxies()
  /// What jobs can be asked for.
  public var jobKinds: [JobKind] = []
  /// Tells who watches jobs; without it nobody can.
  public var jobWatch: JobWatch?
  /// What accounts need; without it nobody can have one.
  package var accounts: AccountSettings?
  /// Tells who asks, where it is not the accounts; without either nobody has trips.
  package var callers: (any CallerSource)?
  /// Who sells and who collects money; without it nothing is booked.
  package var counter: BookingCounter?
  /// Tells who watches trips; without it nobody can.
  public var tripWatch: TripWatch?
  /// Where offers come from; without it nobody sells here.
  package var offers: OfferSettings?
  /// The groups of routes to serve; nil for all.
  public var only: Set<String>?

  /// The least that is needed.
  public init(
    version: String, database: Database, live: LiveSettings, metrics: MetricRegistry, logger: Logger,
    operatorToken: String, pool: WorkPool, schemaFault: @escaping @Sendable () -> String? = { nil }
  ) {
    self.version = version
    self.database = database
    self.live = live
    self.metrics = metrics
    self.logger = logger
    self.schemaFault = schemaFault
    self.operatorToken = operatorToken
    self.pool = pool
  }
}

/// The routes and middlewares, assembled.
public enum Application {
  /// The groups of routes that `--only` may name.
  public static let groups: Set<String> = [
    "accounts", "operations", "jobs", "budget", "search", "planner", "transport", "trips", "notifications",
    "bookings",
    "prices",
  ]

  /// Everything that answers requests.
  public static func responder(_ surroundings: Surroundings) -> RouteTree {
    let router = Router()
    addMiddlewares(to: router, surroundings)
    health(surroundings).addRoutes(to: router)
    let metrics = surroundings.metrics
    router.get("/metrics") { _, _ in
      Response(
        status: .ok, fields: ["Content-Type": MetricRegistry.contentType], body: .bytes(metrics.exposition()))
    }.describe(RouteDescription("Metrics, as Prometheus reads them", "Operations", answers: [.bytes("text/plain")]))
    let version1 = router.group("/v1")
    // Without accounts nobody books what is offered, so that any key will do.
    let seal = NameSeal(surroundings.accounts?.masterKey ?? .random(), for: .packages)
    if serves("operations", surroundings) { addOperations(to: version1, surroundings) }
    let accounts = accountRoutes(surroundings)
    let plans = PlanGate(
      store: surroundings.database.itineraries, callers: surroundings.callers ?? accounts?.source)
    // Also without the version, as short addresses for people: the newest.
    let both = [version1, router.group("")]
    // Routes that answer everybody, and so ask nobody who they are, but for programs that show a key.
    let open = both.map { $0.group("") }
    if let accounts { for group in open { group.add(KeyGate(source: accounts.source)) } }
    if serves("jobs", surroundings) { addJobs(to: open[0], plans, surroundings) }
    if serves("budget", surroundings) { addBudget(to: open, surroundings) }
    if serves("search", surroundings) {
      for group in open { SearchRoutes(store: surroundings.database.catalogue).addRoutes(to: group) }
    }
    if serves("accounts", surroundings), let accounts { for group in both { accounts.addRoutes(to: group) } }
    if serves("accounts", surroundings), let accounts { accounts.addPages(to: both[1]) }
    if serves("notifications", surroundings), let accounts {
      let routes = FeedRoutes(store: surroundings.database.notifications, source: accounts.source)
      let webhooks = WebhookRoutes(
        store: surroundings.database.webhooks, source: accounts.source, key: accounts.desk.settings.masterKey)
      let devices = DeviceRoutes(store: surroundings.database.notifications, source: accounts.source)
      let phones = PhoneRoutes(
        store: surroundings.database.notifications, desk: accounts.desk, source: accounts.source)
      for group in both {
        routes.addRoutes(to: group)
        devices.addRoutes(to: group)
        phones.addRoutes(to: group)
        webhooks.addRoutes(to: group)
      }
    }
    if serves("planner", surroundings) { addPlanner(to: version1, also: both[1], plans, surroundings) }
    if serves("trips", surroundings) {
      let trips = TripGroup(
        store: surroundings.database.trips, callers: surroundings.callers ?? accounts?.source,
        watch: surroundings.tripWatch, plans: plans,
        budgets: BudgetDesk(
          library: surroundings.budget, defaults: surroundings.database.ownDefaults, pool: surroundings.pool),
        post: accounts.map { tripPost($0.desk) })
      for group in both { trips.addRoutes(to: group) }
    }
    if serves("bookings", surroundings) { for group in both { addBookings(to: group, plans, seal, surroundings) } }
    if serves("transport", surroundings) {
      let desk = TransportDesk(surroundings.routers, on: surroundings.pool, logger: surroundings.logger)
      for group in open { TransportRoutes(desk: desk).addRoutes(to: group) }
    }
    if serves("prices", surroundings) { addPrices(to: open, accounts, seal, surroundings) }
    DocumentationRoutes.add(to: router, version: surroundings.version)
    return router.build()
  }

  private static func serves(_ group: String, _ surroundings: Surroundings) -> Bool {
    surroundings.only?.contains(group) ?? true
  }

  /// Outermost first: what is observed includes every refusal further in.
  private static func addMiddlewares(to router: Router, _ surroundings: Surroundings) {
    router.add(Observability(logger: surroundings.logger, registry: surroundings.metrics, tracer: surroundings.tracer))
    router.add(SecurityHeaders())
    if !surroundings.corsOrigins.isEmpty { router.add(CORS(origins: .these(Set(surroundings.corsOrigins)))) }
    router.add(LoadShedder(queueDelayMicroseconds: { EventLoop.current?.lagMicroseconds ?? 0 }))
    if let rates = surroundings.rates { router.add(rates.filter(surroundings.trustedProxies)) }
    router.add(Compression())
    router.add(MaintenanceFilter(settings: surroundings.live))
  }

  private static func addOperations(to version1: RouteGroup, _ surroundings: Surroundings) {
    let settings = version1.group("/runtime-settings")
    settings.add(OperatorGate(token: surroundings.operatorToken))
    RuntimeSettingsRoutes(store: surroundings.database.runtimeSettings, live: surroundings.live)
      .addRoutes(to: settings)
    let bookings = version1.group("/operations/bookings")
    bookings.add(OperatorGate(token: surroundings.operatorToken))
    BookingTroubleRoutes(store: surroundings.database.bookings, counter: surroundings.counter).addRoutes(to: bookings)
    let inventory = version1.group("/operations/inventory")
    inventory.add(OperatorGate(token: surroundings.operatorToken))
    InventoryRoutes(store: surroundings.database.inventory).addRoutes(to: inventory)
  }

  private static func addJobs(to version1: RouteGroup, _ plans: PlanGate, _ surroundings: Surroundings) {
    let store = surroundings.database.jobs
    JobRoutes(
      store: store, intake: JobIntake(store), watch: surroundings.jobWatch, kinds: surroundings.jobKinds,
      operators: OperatorGate(token: surroundings.operatorToken), plans: plans
    ).addRoutes(to: version1.group("/jobs"))
    let queues = version1.group("/job-queues")
    queues.add(OperatorGate(token: surroundings.operatorToken))
    JobQueueRoutes(store: store).addRoutes(to: queues)
  }

  private static func accountRoutes(_ surroundings: Surroundings) -> AccountRoutes? {
    guard let settings = surroundings.accounts else { return nil }
    let desk = AccountDesk(
      surroundings.database.accounts, settings, pool: surroundings.pool, proxies: surroundings.trustedProxies)
    return AccountRoutes(
      desk: desk, source: TokenCallerSource(desk, operatorToken: surroundings.operatorToken),
      budget: surroundings.budget, bookings: surroundings.database.bookings)
  }

  private static func tripPost(_ desk: AccountDesk) -> TripPost {
    let key = desk.settings.masterKey
    return TripPost { letter in
      LetterBox.seal(
        LetterBox.Opened(
          kind: "trip.invited", address: letter.address, token: letter.token, trip: letter.trip, author: letter.author),
        key)
    } admit: { address, request, context in
      try await desk.admit(desk.attempts(address, .mail, from: desk.peer(of: request, context)))
    }
  }

  private static func addBookings(
    to group: RouteGroup, _ plans: PlanGate, _ seal: NameSeal, _ surroundings: Surroundings
  ) {
    let gate = BookingGate(store: surroundings.database.bookings, plans: plans)
    BookingRoutes(gate: gate, counter: surroundings.counter, seal: seal).addRoutes(to: group)
    PaymentRoutes(gate: gate, counter: surroundings.counter).addRoutes(to: group)
    HookRoutes(store: gate.store, counter: surroundings.counter).addRoutes(to: group)
  }

  private static func addBudget(to groups: [RouteGroup], _ surroundings: Surroundings) {
    let database = surroundings.database
    let desk = BudgetDesk(library: surroundings.budget, defaults: database.ownDefaults, pool: surroundings.pool)
    for group in groups {
      BudgetRoutes(desk: desk).addRoutes(to: group)
      let operators = group.group("")
      operators.add(OperatorGate(token: surroundings.operatorToken))
      OwnDefaultRoutes(desk: desk, store: database.ownDefaults).addRoutes(to: operators)
      TripBudgetRoutes(desk: desk, store: database.tripBudgets).addRoutes(to: operators)
    }
  }

  private static func addPlanner(
    to version1: RouteGroup, also plain: RouteGroup, _ gate: PlanGate, _ surroundings: Surroundings
  ) {
    let itineraries = ItineraryRoutes(
      gate: gate, jobs: surroundings.database.jobs, counter: surroundings.counter)
    itineraries.addRoutes(to: version1)
    let editing = EditingDesk(surroundings.trips, on: surroundings.pool, logger: surroundings.logger)
    let planner = PlannerRoutes(
      gate: gate, itineraries: itineraries, editing: editing, kinds: surroundings.jobKinds)
    let selected = SelectionRoutes(gate: gate, counter: surroundings.counter)
    for group in [version1, plain] {
      planner.addRoutes(to: group)
      selected.addRoutes(to: group)
    }
  }

  private static func addPrices(
    to groups: [RouteGroup], _ accounts: AccountRoutes?, _ seal: NameSeal, _ surroundings: Surroundings
  ) {
    let desk = PriceDesk(settings: surroundings.offers, store: surroundings.database.prices)
    let work = WorkDesk(surroundings.pool, busy: "Too many prices are being reckoned")
    for group in groups {
      PriceRoutes(desk: desk).addRoutes(to: group)
      PriceHistoryRoutes(desk: desk, work: work).addRoutes(to: group)
      PackageRoutes(desk: desk, work: work, seal: seal).addRoutes(to: group)
      if let accounts { PriceAlertRoutes(desk: desk, source: accounts.source).addRoutes(to: group) }
    }
  }

  private static func health(_ surroundings: Surroundings) -> Health {
    let database = surroundings.database
    let schemaFault = surroundings.schemaFault
    return Health(version: surroundings.version) {
      let checks = await [databaseCheck(database), schemaCheck(schemaFault())]
      // A database that is away is waited for once.
      return checks.allSatisfy(\.isWell) ? checks + (await relayCheck(database)) : checks
    }
  }

  private static func databaseCheck(_ database: Database) async -> Health.Check {
    do {
      try await database.ping(within: .seconds(2))
      return Health.Check(name: "database", isWell: true, detail: "answers")
    } catch {
      return Health.Check(name: "database", isWell: false, detail: "does not answer; see the log of this server")
    }
  }

  /// Where events are relayed: a note and no more, because what waits for brokers keeps nobody from being served.
  private static func relayCheck(_ database: Database) async -> [Health.Check] {
    // Where nobody relays, all that happened in a month waits: it is not counted then. That the database does not answer is
    // told by the check of the database.
    guard (try? await database.relay.hasWorked(withinSeconds: 86_400)) == true,
      let standing = try? await database.relay.standing()
    else { return [] }
    return [Health.Check(name: "events", isWell: true, detail: standing.note)]
  }

  private static func schemaCheck(_ fault: String?) -> Health.Check {
    Health.Check(name: "schema", isWell: fault == nil, detail: fault ?? "up to date")
  }
}
