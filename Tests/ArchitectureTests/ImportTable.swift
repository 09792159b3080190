/// Which module may import which: the layers, as a table.
///
/// A module that is not in the table may not exist; a folder may narrow what its module is allowed.
struct ImportTable {
  struct Violation: Hashable, CustomStringConvertible {
    let path: String
    let line: Int
    let module: String
    let reason: String

    var description: String { "\(path):\(line): import of \(module): \(reason)" }
  }

  struct SourceFile {
    let path: String
    let text: String
  }

  private let allowed: [String: Set<String>]
  private let folders: [String: Set<String>]
  private let exceptions: [String: Set<String>]

  /// - Parameters:
  ///   - allowed: module → the modules it may import beside the standard library.
  ///   - folders: path prefix → what files below it may not import though their module may.
  ///   - exceptions: path prefix → what files below it may import though their module may not.
  init(
    allowed: [String: Set<String>], forbiddenInFolders folders: [String: Set<String>],
    allowedInFolders exceptions: [String: Set<String>] = [:]
  ) {
    self.allowed = allowed
    self.folders = folders
    self.exceptions = exceptions
  }

  static let wayfare: ImportTable = {
    let system: Set = ["Glibc", "Synchronization"]
    let domains: Set = [
      "Budget", "Planner", "Transport", "Catalogue", "Trips", "Booking", "Notification", "Accounts",
    ]
    var allowed: [String: Set<String>] = [
      "Kernel": [],
      "JSON": [],
      "EventLoop": system.union(["CLinux"]),
      "Telemetry": system.union(["Kernel", "JSON"]),
      "Postgres": system.union(["CPostgres", "CLinux", "EventLoop", "Telemetry"]),
      "HTTP": system.union(["CCurl", "CZlib", "CLinux", "EventLoop", "JSON", "Telemetry"]),
      "Itinerary": ["Kernel", "Budget", "Planner", "Transport", "Catalogue", "Synchronization"],
      // Its migrations are inside the program.
      "Store": domains.union(system).union(["CEmbedded", "Postgres", "Kernel", "JSON", "EventLoop", "Telemetry"]),
      "Worker": domains.union(system).union([
        "BookingWire", "BudgetWire", "ItineraryWire", "Store", "Itinerary", "Kernel", "JSON", "EventLoop", "Telemetry",
      ]),
      // What carries messages out of the house.
      "Couriers": ["Notification", "Secrets", "HTTP", "EventLoop", "Kernel", "JSON", "Synchronization"],
      // What carries events out of the house.
      "Relay": ["CKafka", "Store", "EventLoop", "Kernel", "Telemetry", "Synchronization"],
      // What speaks to those who sell and to those who collect money.
      "Providers": [
        "Booking", "BookingWire", "Secrets", "HTTP", "EventLoop", "Kernel", "JSON", "Telemetry", "CZstd", "Glibc",
        "Synchronization",
      ],
      // A seller for tests: it shares no code with what is tested against it.
      "Sandbox": system.union(["Secrets", "HTTP", "EventLoop", "Kernel", "JSON", "Telemetry"]),
      "BudgetData": ["CEmbedded"],
      "ItineraryWire": [
        "CZlib", "Itinerary", "Budget", "BudgetWire", "Catalogue", "Transport", "Kernel", "JSON", "Synchronization",
      ],
      "TransportWire": ["Transport", "Kernel", "JSON"],
      "TripsWire": ["Trips", "Kernel", "JSON"],
      "BookingWire": ["Booking", "Kernel", "JSON"],
      // All cryptography: the C libraries that do it are imported nowhere else.
      "Secrets": ["CSodium", "COpenSSL", "Accounts", "Kernel", "JSON", "Synchronization"],
      "BudgetWire": ["Budget", "BudgetData", "Kernel", "JSON", "Synchronization"],
      "API": domains.union(system).union([
        "BookingWire", "BudgetWire", "ItineraryWire", "Secrets", "TransportWire", "TripsWire", "Store", "Itinerary",
        "HTTP", "Kernel",
        "JSON",
        "EventLoop",
        "Telemetry",
      ]),
    ]
    for domain in domains { allowed[domain] = ["Kernel", "Synchronization"] }
    allowed["Transport"] = ["Kernel", "Synchronization", "Glibc", "CSQLite", "CGEOS", "CArchive", "CProtobuf"]
    allowed["Wayfare"] = Set(allowed.keys).union(system).union(["CLinux"])
    let noLibraries: Set = ["Foundation", "FoundationEssentials", "CSQLite", "CGEOS"]
    return ImportTable(
      allowed: allowed,
      forbiddenInFolders: ["Sources/Transport/Search/": noLibraries, "Sources/Transport/Timetable/": noLibraries],
      // The words of time need the machine's tz database; whoever reads it is kept apart from the words.
      // The list of common passwords and the words of messages are inside the program.
      allowedInFolders: [
        "Sources/Kernel/ZoneFiles/": system, "Sources/Accounts/Password/": ["CEmbedded"],
        "Sources/Notification/Templates/": ["CEmbedded"],
      ])
  }()

  /// Every import that the table does not allow, in the order of the files.
  func violations(in files: [SourceFile]) -> [Violation] {
    files.flatMap { file -> [Violation] in
      let parts = file.path.split(separator: "/")
      guard parts.count > 2, parts[0] == "Sources" else { return [] }
      let module = String(parts[1])
      return imports(of: file.text).compactMap { line, imported in
        let reason = reason(against: imported, in: file.path, of: module)
        return reason.map { Violation(path: file.path, line: line, module: imported, reason: $0) }
      }
    }
  }

  private func reason(against imported: String, in path: String, of module: String) -> String? {
    guard var permitted = allowed[module] else { return "\(module) has no row in the table of layers" }
    for (folder, more) in exceptions where path.hasPrefix(folder) { permitted.formUnion(more) }
    if imported == module || !permitted.contains(imported) {
      return "\(module) may import \(permitted.sorted().joined(separator: ", ")), and nothing else"
    }
    for (folder, forbidden) in folders where path.hasPrefix(folder) && forbidden.contains(imported) {
      return "\(folder) must not use it"
    }
    return nil
  }

  /// The imported modules with their lines, whatever attributes and access levels precede them.
  private func imports(of text: String) -> [(line: Int, module: String)] {
    var result: [(Int, String)] = []
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      var words = line.split(separator: " ").map(String.init)
      while let first = words.first, first.hasPrefix("@") || ImportTable.access.contains(first) { words.removeFirst() }
      guard words.first == "import", words.count > 1 else { continue }
      let name = ImportTable.kinds.contains(words[1]) && words.count > 2 ? words[2] : words[1]
      result.append((index + 1, String(name.split(separator: ".")[0])))
    }
    return result
  }

  private static let access: Set = ["public", "package", "internal", "private", "fileprivate"]
  private static let kinds: Set = ["struct", "class", "enum", "protocol", "func", "var", "let", "typealias", "actor"]
}
