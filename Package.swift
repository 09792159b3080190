// swift-tools-version: 6.2
import PackageDescription

/// `make test` and CI set this: a warning is then an error. A plain `swift build` with another
/// toolchain must not fail because that toolchain knows one more warning.
let warningsAreErrors = Context.environment["WAYFARE_STRICT"] != nil

/// One dialect for every target: what a file uses it imports itself, `any` is spelt out, and an async
/// function stays on its caller's executor, so that a handler runs on the event loop it was called from.
let dialect: [SwiftSetting] =
  [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  ] + (warningsAreErrors ? [.treatAllWarnings(as: .error)] : [])

/// Fuzzing sets this: libFuzzer's instrumentation and its programs, which nobody else needs (see Fuzz/README.md).
let isFuzzing = Context.environment["WAYFARE_FUZZ"] != nil
let fuzzing: [SwiftSetting] = isFuzzing ? [.unsafeFlags(["-sanitize=fuzzer,address"])] : []

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

    // Layer 1
    library("Kernel"),
    library("JSON"),
    library("EventLoop", "CLinux"),

    // Layer 3
    library("Telemetry", "Kernel", "JSON"),
    library("Postgres", "CPostgres", "CLinux", "EventLoop", "Telemetry"),
    library("HTTP", "CCurl", "CZlib", "CLinux", "EventLoop", "JSON", "Telemetry"),

    tests("KernelTests", "Kernel"),
    tests("JSONTests", "JSON"),
    tests("EventLoopTests", "EventLoop"),
    tests("TelemetryTests", "Telemetry", "Kernel", "JSON"),
    tests("PostgresTests", "Postgres", "EventLoop", "Telemetry"),
    tests("HTTPTests", "HTTP", "EventLoop", "JSON", "Telemetry"),
  ]
)

if isFuzzing {
  package.targets.append(
    .executableTarget(
      name: "HTTPFuzz", dependencies: ["HTTP"], path: "Fuzz/HTTP",
      swiftSettings: dialect + fuzzing + [.unsafeFlags(["-parse-as-library"])],
      linkerSettings: [.unsafeFlags(["-sanitize=fuzzer,address"])]))
}
