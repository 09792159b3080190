/// A setting: `--pool-size 5`, `WAYFARE_POOL_SIZE=5` and `pool-size = 5` in the file say the same.
struct Setting: Sendable {
  let name: String
  /// What stands for its value in help, or nil for a switch.
  let placeholder: String?
  let help: String
  var fallback: String?
  /// Never printed.
  var isSecret = false
  /// May be given more than once; each counts.
  var isRepeatable = false

  var flag: String { "--" + name }

  var variable: String {
    "WAYFARE_" + String(decoding: name.utf8.map { $0 == 45 ? 95 : $0 >= 97 ? $0 - 32 : $0 }, as: UTF8.self)
  }
}

extension Setting {
  static let home = Setting(
    name: "home", placeholder: "DIR", help: "the data directory (default: ~/.local/share/wayfare)")
  static let databaseURL = Setting(
    name: "database-url", placeholder: "URL",
    help: "the PostgreSQL to use; without it a private one is made in the data directory", isSecret: true)
  static let databaseListenURL = Setting(
    name: "database-listen-url", placeholder: "URL",
    help: "where to LISTEN, when the database is reached through a pooler (default: the database itself)",
    isSecret: true)
  static let databasePooler = Setting(
    name: "database-pooler", placeholder: "auto|yes|no",
    help: "whether a transaction pooler stands before the database", fallback: "auto")
  static let databaseConnections = Setting(
    name: "database-connections", placeholder: "N", help: "the most connections to the database", fallback: "10")
  static let databaseWaitSeconds = Setting(
    name: "database-wait-seconds", placeholder: "S", help: "how long a request waits for a connection", fallback: "5")
  static let statementSeconds = Setting(
    name: "statement-seconds", placeholder: "S", help: "the longest a statement may run", fallback: "30")
  static let queues = Setting(
    name: "queues", placeholder: "NAME,…", help: "serve only these queues (default: all)")
  static let concurrency = Setting(
    name: "concurrency", placeholder: "N", help: "how many jobs run at once", fallback: "64")
  static let atOnce = Setting(name: "at-once", placeholder: "N", help: "jobs of a limit that may run at once")
  static let rate = Setting(name: "rate", placeholder: "JOBS/SECONDS", help: "jobs of a limit that may start in a time")
  static let wait = Setting(name: "wait", placeholder: nil, help: "wait until the job is over, and show it")
  static let waitSeconds = Setting(
    name: "wait-seconds", placeholder: "S", help: "how long --wait waits at most", fallback: "3600")
  static let catalogue = Setting(
    name: "catalogue", placeholder: "DIR",
    help:
      "where cities.csv, sights.csv and lodging.csv are (default: the database, else catalogue in the data directory)")
  static let source = Setting(
    name: "source", placeholder: "NAME", help: "what imported places are called (default: the folder's or file's name)")
  static let licence = Setting(
    name: "licence", placeholder: "TEXT", help: "under which terms imported places may be used", fallback: "not stated")
  static let option = Setting(name: "option", placeholder: "N", help: "which option to write to files", fallback: "1")
  static let schema = Setting(name: "schema", placeholder: nil, help: "print the JSON Schema of requests")
  static let ics = Setting(
    name: "ics", placeholder: "FILE", help: "write a calendar of one option; - is standard output")
  static let gpx = Setting(name: "gpx", placeholder: "FILE", help: "write tracks and places of one option")
  static let html = Setting(name: "html", placeholder: "FILE", help: "write a page of all options for a browser")
  static let csv = Setting(name: "csv", placeholder: "FILE", help: "write the costs of one option")
  static let before = Setting(name: "before", placeholder: "ID", help: "list jobs older than this one")
  static let listen = Setting(
    name: "listen", placeholder: "ADDRESS", help: "where to answer HTTP: HOST:PORT, [IPv6]:PORT or unix:PATH",
    fallback: "127.0.0.1:8080")
  static let only = Setting(
    name: "only", placeholder: "NAME,…", help: "serve only these groups of routes (default: all)")
  static let loops = Setting(name: "loops", placeholder: "N", help: "event loops that serve requests", fallback: "1")
  static let workThreads = Setting(
    name: "work-threads", placeholder: "N", help: "threads for work that computes (default: one per core)")
  static let connectionsMax = Setting(
    name: "connections-max", placeholder: "N", help: "the most HTTP connections at once", fallback: "16384")
  static let rateLimit = Setting(
    name: "rate-limit", placeholder: "N",
    help: "reads a second from each address; 0 switches this and the four limits below off", fallback: "300")
  static let rateLimitWrites = Setting(
    name: "rate-limit-writes", placeholder: "N", help: "changes a second from each address", fallback: "100")
  static let rateLimitSignIns = Setting(
    name: "rate-limit-sign-ins", placeholder: "N", help: "sign-ins, codes and mails a minute from each address",
    fallback: "60")
  static let rateLimitUploads = Setting(
    name: "rate-limit-uploads", placeholder: "N", help: "files sent a minute from each address", fallback: "60")
  static let rateLimitPlans = Setting(
    name: "rate-limit-plans", placeholder: "N", help: "plans, journeys and budgets a minute from each address",
    fallback: "300")
  static let trustedProxies = Setting(
    name: "trusted-proxies", placeholder: "ADDRESS,…",
    help: "gateways whose X-Forwarded-For is believed (default: none)")
  static let corsOrigins = Setting(
    name: "cors-origins", placeholder: "ORIGIN,…", help: "web origins that may call the API (default: none)")
  static let operatorToken = Setting(
    name: "operator-token", placeholder: "TOKEN",
    help: "the bearer token of operators (default: made on first use, kept in the data directory)", isSecret: true)
  static let masterKey = Setting(
    name: "master-key", placeholder: "HEX",
    help: "what keys and second factors are sealed under (default: made on first use, kept in the data directory)",
    isSecret: true)
  static let providers = Setting(
    name: "providers", placeholder: "FILE",
    help: "a JSON file of the providers of OpenID Connect that people may sign in by (default: none)")
  static let sellers = Setting(
    name: "sellers", placeholder: "FILE",
    help: "a JSON file of those who sell and those who collect money (default: none; bookings wait)")
  static let redis = Setting(
    name: "redis", placeholder: "URL",
    help: "where servers share what sellers answered: redis://[:PASSWORD@]HOST[:PORT][/DATABASE] (default: none share)",
    isSecret: true)
  static let kafka = Setting(
    name: "kafka", placeholder: "HOST:PORT,…",
    help: "brokers that events are relayed to (default: none; events wait for webhooks alone)")
  static let kafkaProperties = Setting(
    name: "kafka-properties", placeholder: "FILE",
    help: "a JSON file of what else librdkafka is told, such as security.protocol (default: nothing)")
  static let smtpURL = Setting(
    name: "smtp-url", placeholder: "URL",
    help: "the mail server: smtp://HOST:587 or smtps://HOST:465 (default: none; mails of accounts wait, see letters)")
  static let smtpUser = Setting(name: "smtp-user", placeholder: "NAME", help: "who signs in at the mail server")
  static let smtpPassword = Setting(
    name: "smtp-password", placeholder: "PASSWORD", help: "with which password", isSecret: true)
  static let smtpSecurity = Setting(
    name: "smtp-security", placeholder: "starttls|none",
    help: "with smtp://: TLS before anything is told, or none, for a server on this machine", fallback: "starttls")
  static let smtpCAFile = Setting(
    name: "smtp-ca-file", placeholder: "FILE", help: "whose certificates are believed there (default: the system's)")
  static let mailFrom = Setting(
    name: "mail-from", placeholder: "MAILBOX", help: "who mails are from: trips@example.org or Name <trips@example.org>"
  )
  static let messengers = Setting(
    name: "messengers", placeholder: "FILE",
    help: "a JSON file of who carries texts and pushes: texts, apple, firebase (default: nobody)")
  static let mailLanguage = Setting(
    name: "mail-language", placeholder: "en|de|fr|es|pt|it", help: "of messages to people who have named none",
    fallback: "en")
  static let webhooksPrivate = Setting(
    name: "webhooks-private", placeholder: "true|false",
    help: "whether webhooks may go to private addresses, which lets users reach into this network", fallback: "false")
  static let siteURL = Setting(
    name: "site-url", placeholder: "URL", help: "where people open the pages that mails lead to (default: no links)")
  static let logLevel = Setting(
    name: "log-level", placeholder: "LEVEL", help: "trace, debug, info, notice, warning, error or critical",
    fallback: "info")
  static let logFormat = Setting(
    name: "log-format", placeholder: "auto|json|text", help: "auto is text on a terminal, otherwise JSON",
    fallback: "auto")
  static let shutdownSeconds = Setting(
    name: "shutdown-seconds", placeholder: "S", help: "how long running requests may take to finish at the end",
    fallback: "20")
  static let otlpEndpoint = Setting(
    name: "otlp-endpoint", placeholder: "URL", help: "where traces go, such as http://127.0.0.1:4318 (default: nowhere)"
  )
  static let traceShare = Setting(
    name: "trace-share", placeholder: "0…1", help: "the share of requests traced when nobody upstream has decided",
    fallback: "0.01")
  static let json = Setting(name: "json", placeholder: nil, help: "print JSON")
  static let from = Setting(name: "from", placeholder: "PLACE", help: "lat,lon or stop:FEED:STOP_ID or place:NAME")
  static let to = Setting(
    name: "to", placeholder: "PLACE", help: "likewise: lat,lon or stop:FEED:STOP_ID or place:NAME")
  static let at = Setting(
    name: "at", placeholder: "TIME", help: "leave at 2026-06-01T08:00, on the clock of the place left (default: now)")
  static let arriveBy = Setting(
    name: "arrive-by", placeholder: "TIME", help: "be there by then, on the clock of the place reached")
  static let window = Setting(
    name: "window", placeholder: "DURATION", help: "every good departure within 90m or 2h from --at")
  static let criteria = Setting(
    name: "criteria", placeholder: "LIST",
    help: "what is weighed: some of arrival,transfers,price,walk,co2 (default: arrival,transfers)")
  static let full = Setting(
    name: "full", placeholder: nil, help: "with more criteria: all that none beats, however late or with many changes")
  static let currency = Setting(
    name: "currency", placeholder: "CODE", help: "of prices; others are not converted (default: what most fares are in)"
  )
  static let rider = Setting(
    name: "rider", placeholder: "CATEGORY",
    help: "who travels: a category of the feeds, by id or name (default: full fare)")
  static let modes = Setting(
    name: "modes", placeholder: "MODE,…", help: "use only these: bus, tram, metro, rail, ferry …")
  static let maxWalk = Setting(
    name: "max-walk", placeholder: "METRES", help: "on foot to the first stop and from the last (default: 1000)")
  static let access = Setting(
    name: "access", placeholder: "WAY,…", help: "to the first stop: some of walk,bike,car,taxi (default: walk)")
  static let egress = Setting(
    name: "egress", placeholder: "WAY,…", help: "on from the last stop: likewise (default: walk)")
  static let direct = Setting(
    name: "direct", placeholder: "WAY,…", help: "tell also the way by bike, car or taxi from door to door")
  static let changeTime = Setting(
    name: "change-time", placeholder: "S", help: "seconds that a change takes at least (default: 0)")
  static let wheelchair = Setting(
    name: "wheelchair", placeholder: nil, help: "only vehicles that are said to take wheelchairs")
  static let bikes = Setting(name: "bikes", placeholder: nil, help: "only vehicles that are said to take bicycles")
  static let minutes = Setting(name: "minutes", placeholder: "N[,N…]", help: "how long to travel; several for areas")
  static let geojson = Setting(
    name: "geojson", placeholder: nil, help: "print GeoJSON: areas, one for each of --minutes, and the stops")
  static let via = Setting(
    name: "via", placeholder: "PLACE[,MINUTES]", help: "come by there and stay so long; may be given several times",
    isRepeatable: true)
  static let avoidModes = Setting(name: "avoid-modes", placeholder: "MODE,…", help: "use none of these")
  static let avoidLines = Setting(
    name: "avoid-lines", placeholder: "LINE,…", help: "use none of these: names, or FEED:ROUTE_ID")
  static let preferModes = Setting(
    name: "prefer-modes", placeholder: "MODE,…", help: "tell also the best journeys by nothing else")
  static let preferLines = Setting(
    name: "prefer-lines", placeholder: "LINE,…", help: "likewise: names, or FEED:ROUTE_ID")
  static let explain = Setting(name: "explain", placeholder: nil, help: "say of each journey why it is told")
  static let realtime = Setting(
    name: "realtime", placeholder: "[FEED=]FILE|URL",
    help: "what runs otherwise just now (GTFS-Realtime); may be given several times", isRepeatable: true)
  static let replan = Setting(
    name: "replan", placeholder: "JOURNEY.json",
    help: "look whether a journey of --json can still be travelled, and how to go on if not")

  /// What every command that reaches the database heeds.
  static let database: [Setting] = [
    .home, .databaseURL, .databaseListenURL, .databasePooler, .databaseConnections, .databaseWaitSeconds,
    .statementSeconds,
  ]
  static let log: [Setting] = [.logLevel, .logFormat]
  static let server: [Setting] =
    [.listen, .only, .loops, .workThreads, .connectionsMax, .rateLimit, .rateLimitWrites, .rateLimitSignIns]
    + [
      .rateLimitUploads, .rateLimitPlans, .trustedProxies, .corsOrigins, .operatorToken, .masterKey, .providers,
      .sellers, .redis, .shutdownSeconds, .otlpEndpoint, .traceShare,
    ]

  /// What whoever tells people things heeds.
  static let messages: [Setting] = [
    .smtpURL, .smtpUser, .smtpPassword, .smtpSecurity, .smtpCAFile, .mailFrom, .mailLanguage, .siteURL,
    .webhooksPrivate, .messengers,
  ]

  /// What whoever relays events heeds.
  static let relay: [Setting] = [.kafka, .kafkaProperties]

  /// Every setting there is: what a settings file may contain.
  static let all: [Setting] = database + log + server + messages + relay
}
