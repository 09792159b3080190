// swift-tools-version: 6.2
import PackageDescription

/// Set by `make test`: a warning is then an error.
///
/// A plain `swift build` with another
/// toolchain must not fail because that toolchain knows one more warning.
let warningsAreErrors = Context.environment["WAYFARE_STRICT"] != nil

/// One dialect for every target.
///
/// What a file uses it imports itself, `any` is spelt out, and an async function
/// stays on its caller's executor, so that a handler runs on the event loop it was called from.
let dialect: [SwiftSetting] =
  [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    // Overlapping access is looked for at run time in debug builds, and so in all tests; it costs a request 4 %.
    .unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release)),
  ] + (warningsAreErrors ? [.treatAllWarnings(as: .error)] : [])

/// Fuzzing sets this: libFuzzer's instrumentation and its programs, which nobody else needs (see Fuzz/README.md).
let isFuzzing = Context.environment["WAYFARE_FUZZ"] != nil
let fuzzing: [SwiftSetting] = isFuzzing ? [.unsafeFlags(["-sanitize=fuzzer,address"])] : []

/// What searches is optimised in debug builds too.
///
/// Tests plan hundreds of trips, which took most of their time otherwise. What
/// debug builds assert is asserted all the same.
let searching: [SwiftSetting] = [.unsafeFlags(["-O", "-assert-config", "Debug"], .when(configuration: .debug))]

func engine(_ name: String, _ dependencies: Target.Dependency...) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: dialect + fuzzing + searching)
}

func library(_ name: String, _ dependencies: Target.Dependency...) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: dialect + fuzzing)
}

func tests(_ name: String, _ dependencies: Target.Dependency...) -> Target {
  .testTarget(name: name, dependencies: dependencies, swiftSettings: dialect)
}

let package = Package(
  name: "wayfare",
  targets: [
    // Layer 0: module maps for Debian's C libraries.
    .systemLibrary(name: "CLinux"),
    .systemLibrary(name: "CPostgres", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
    .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),

    .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
    .systemLibrary(name: "CArchive", pkgConfig: "libarchive", providers: [.apt(["libarchive-dev"])]),
    .systemLibrary(name: "CGEOS", pkgConfig: "geos", providers: [.apt(["libgeos-dev"])]),
    .systemLibrary(name: "CSodium", pkgConfig: "libsodium", providers: [.apt(["libsodium-dev"])]),
    .systemLibrary(name: "CKafka", pkgConfig: "rdkafka", providers: [.apt(["librdkafka-dev"])]),
    .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
    .systemLibrary(name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),

    // Files inside the program; what lies behind its links belongs to others.
    .target(name: "CEmbedded", exclude: ["accounts", "budget", "migrations", "templates"]),

    // Layer 1
    engine("Kernel"),
    library("JSON"),
    library("EventLoop", "CLinux"),

    // Layer 2
    engine("Budget", "Kernel"),
    engine("Planner", "Kernel"),
    library("Catalogue", "Kernel"),
    .target(name: "Accounts", dependencies: ["CEmbedded", "Kernel"], exclude: ["Data"], swiftSettings: dialect),
    library("Trips", "Kernel"),
    engine("Booking", "Kernel"),
    .target(
      name: "Notification", dependencies: ["CEmbedded", "Kernel"],
      exclude: ["en", "de", "fr", "es", "pt", "it"].map { "Templates/\($0).txt" },
      swiftSettings: dialect),
    // The tables of data/budget: what the engine knows without being told.
    library("BudgetData", "CEmbedded"),
    .target(
      name: "Transport", dependencies: ["Kernel", "CSQLite", "CArchive", "CGEOS"],
      resources: [
        .embedInCode("Graph/Schema/graph.sql"), .embedInCode("Graph/Schema/indexes.sql"),
        .embedInCode("Journey/Data/co2.csv"), .embedInCode("Journey/Data/boarding.csv"),
        .embedInCode("Journey/Data/own-ways.csv"), .embedInCode("Journey/Data/own-way-fares.csv"),
      ],
      swiftSettings: dialect + fuzzing + searching),

    // Layer 3
    .target(
      name: "Itinerary", dependencies: ["Budget", "Catalogue", "Planner", "Transport", "Kernel"],
      resources: [.embedInCode("Data/fare-guess.csv"), .embedInCode("Data/taxi-days.csv")],
      swiftSettings: dialect + searching),
    library("BudgetWire", "Budget", "BudgetData", "Kernel", "JSON"),
    library("TransportWire", "Transport", "Kernel", "JSON"),
    library("TripsWire", "Trips", "Kernel", "JSON"),
    library("BookingWire", "Booking", "Kernel", "JSON"),
    .target(
      name: "ItineraryWire",
      dependencies: ["Itinerary", "Budget", "BudgetWire", "Catalogue", "Transport", "Kernel", "JSON", "CZlib"],
      // docs/schema, through a link: what requests look like.
      resources: [.embedInCode("Schema/trip-request.json")], swiftSettings: dialect),
    library("Secrets", "CSodium", "COpenSSL", "Accounts", "Kernel", "JSON"),
    library("Telemetry", "Kernel", "JSON"),
    library("Postgres", "CPostgres", "CLinux", "EventLoop", "Telemetry"),
    library("HTTP", "CCurl", "CZlib", "CLinux", "EventLoop", "JSON", "Telemetry"),

    // Layer 4
    .target(
      name: "Store",
      dependencies: [
        "CEmbedded", "Accounts", "Booking", "Budget", "Catalogue", "Notification", "Trips", "Postgres", "Kernel",
        "JSON",
        "Telemetry",
      ],
      exclude: ["Migrations"],
      swiftSettings: dialect),
    library(
      "Worker", "Booking", "BookingWire", "Budget", "BudgetWire", "Itinerary", "ItineraryWire", "Notification", "Store",
      "Kernel",
      "JSON", "EventLoop", "Telemetry"),
    library(
      "Providers", "Booking", "BookingWire", "Secrets", "HTTP", "EventLoop", "Kernel", "JSON", "Telemetry",
      "CZstd"),
    library("Sandbox", "Secrets", "HTTP", "EventLoop", "Kernel", "JSON", "Telemetry"),
    library("Relay", "Store", "CKafka", "EventLoop", "Kernel", "Telemetry"),
    library("Couriers", "Notification", "Secrets", "HTTP", "EventLoop", "Kernel", "JSON"),
    library(
      "API", "Accounts", "Booking", "BookingWire", "Budget", "BudgetWire", "Catalogue", "Itinerary", "ItineraryWire",
      "Notification", "Secrets", "Transport", "TransportWire", "Trips", "TripsWire", "Store", "HTTP", "Postgres",
      "Kernel", "JSON", "EventLoop", "Telemetry"),

    // Layer 5
    .executableTarget(
      name: "wayfare",
      dependencies: [
        "Accounts", "API", "Worker", "Budget", "BudgetWire", "Catalogue", "Couriers", "Itinerary", "ItineraryWire",
        "Booking", "Notification", "Providers", "Relay", "Sandbox", "Secrets", "Transport", "TransportWire", "Store",
        "HTTP",
        "Postgres", "Kernel", "JSON", "EventLoop", "Telemetry", "CLinux",
      ],
      path: "Sources/Wayfare", swiftSettings: dialect),
    .target(
      name: "BookingSimulation", dependencies: ["Booking", "Kernel"], path: "Benchmarks/BookingSimulation",
      swiftSettings: dialect + searching),
    .executableTarget(
      name: "wayfare-bench",
      dependencies: [
        "Accounts", "API", "Booking", "BookingSimulation", "Budget", "BudgetWire", "Catalogue", "Itinerary",
        "ItineraryWire",
        "Planner", "Providers", "Sandbox", "Transport", "Secrets", "Store", "Worker", "HTTP", "Postgres", "Kernel",
        "JSON",
        "EventLoop", "Telemetry", "CLinux",
      ],
      path: "Benchmarks/WayfareBench",
      swiftSettings: dialect),

    .target(name: "TestPace", path: "Tests/TestPace", swiftSettings: dialect),
    tests("ArchitectureTests"),
    tests("KernelTests", "Kernel"),
    tests("AccountsTests", "Accounts", "Kernel"),
    .target(
      name: "TestFacts", dependencies: ["JSON"], path: "Tests/TestFacts", exclude: ["Vectors"], swiftSettings: dialect),
    tests("SecretsTests", "Secrets", "Accounts", "Kernel", "JSON", "TestFacts"),
    tests("BudgetTests", "Budget", "Kernel", "TestPace"),
    tests("BookingTests", "Booking", "BookingSimulation", "Kernel", "TestPace"),
    tests("CatalogueTests", "Catalogue", "Kernel"),
    tests(
      "ItineraryTests", "Itinerary", "ItineraryWire", "Budget", "BudgetWire", "Catalogue", "Planner", "Transport",
      "CSQLite", "CZlib", "JSON", "Kernel", "TestPace"),
    tests("PlannerTests", "Planner", "Kernel", "TestPace"),
    tests("NotificationTests", "Notification", "Accounts", "Kernel"),
    tests(
      "CouriersTests", "Couriers", "Notification", "Secrets", "HTTP", "EventLoop", "JSON", "Kernel", "TestSupport"),
    tests("RelayTests", "Relay", "Store", "CKafka", "Kernel", "Postgres", "EventLoop", "Telemetry", "TestSupport"),
    tests("SandboxTests", "Sandbox", "Secrets", "HTTP", "EventLoop", "Kernel", "JSON", "Telemetry"),
    tests(
      "ProvidersTests", "Providers", "Sandbox", "Booking", "BookingWire", "Secrets", "HTTP", "EventLoop", "Kernel",
      "JSON", "Telemetry", "TestSupport"),
    .target(
      name: "TestTrips", dependencies: ["Trips", "Kernel"], path: "Tests/TestTrips", swiftSettings: dialect),
    tests("TripsTests", "Trips", "TripsWire", "Kernel", "JSON", "TestTrips"),
    tests("JSONTests", "JSON", "TestFacts"),
    // Slow ways to the same answers: most of the time of tests, were they not optimised.
    .target(
      name: "TransportOracle", dependencies: ["Kernel"], path: "Tests/TransportOracle",
      swiftSettings: dialect + searching),
    tests("TransportTests", "Transport", "TransportOracle", "Kernel", "CArchive", "TestPace"),
    tests("EventLoopTests", "EventLoop"),
    tests("TelemetryTests", "Telemetry", "Kernel", "JSON"),
    .target(
      name: "TestSupport", dependencies: ["Store", "Postgres", "EventLoop", "CKafka"], path: "Tests/TestSupport",
      swiftSettings: dialect),
    tests("PostgresTests", "Postgres", "EventLoop", "Telemetry", "TestSupport"),
    tests("HTTPTests", "HTTP", "EventLoop", "JSON", "Telemetry", "TestFacts"),
    tests("BudgetWireTests", "BudgetWire", "Budget", "Kernel", "JSON"),
    tests(
      "StoreTests", "Store", "Accounts", "Booking", "Notification", "Secrets", "Budget", "Catalogue", "Kernel",
      "Postgres", "EventLoop", "TestSupport"),
    tests(
      "WorkerTests", "Worker", "Booking", "BookingWire", "Notification", "Secrets", "BudgetWire", "Store", "Postgres",
      "EventLoop",
      "JSON", "Kernel", "Telemetry", "TestSupport"),
    tests(
      "APITests", "API", "Accounts", "Booking", "BookingWire", "Providers", "Sandbox", "Notification", "Secrets",
      "Worker", "Budget", "BudgetWire", "Catalogue",
      "Itinerary", "ItineraryWire", "Transport", "TransportWire", "Trips", "TripsWire", "Store", "HTTP", "Kernel",
      "Postgres", "EventLoop", "JSON", "Telemetry", "TestSupport", "TestTrips"),
    tests(
      "WayfareTests", "wayfare", "CKafka", "Booking", "Providers", "Sandbox", "Secrets", "Store", "Kernel", "HTTP",
      "JSON",
      "EventLoop", "Telemetry", "Postgres", "TestSupport"),
  ]
)

if isFuzzing {
  for module in ["HTTP", "Transport"] {
    package.targets.append(
      .executableTarget(
        name: module + "Fuzz", dependencies: [.target(name: module)], path: "Fuzz/" + module,
        swiftSettings: dialect + fuzzing + [.unsafeFlags(["-parse-as-library"])],
        linkerSettings: [.unsafeFlags(["-sanitize=fuzzer,address"])]))
  }
}
