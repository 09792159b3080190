package import Kernel

/// How far an import is.
package struct FeedProgress: Hashable, Sendable {
  /// The file being read, or what is being done.
  package let step: String
  /// Rows of this file so far.
  package let rows: Int
  /// Uncompressed bytes of all files so far.
  package let bytes: Int
}

/// What reading a feed has brought to light.
package struct FeedReport: Hashable, Sendable {
  package let rowsRead: Int
  package let bytesRead: Int
  /// Trips that can be used.
  package let trips: Int
  package let stops: Int
  package let routes: Int
  package let firstDate: LocalDate?
  package let lastDate: LocalDate?
  /// Up to a hundred of each kind.
  package let notices: [Notice]
  /// How many there are of each kind, errors first.
  package let noticeCounts: [NoticeCount]
  /// The likely reason where nothing can be used.
  package let mainFault: String

  /// Whether there is a trip that runs on some day.
  package var isUsable: Bool { trips > 0 && firstDate != nil }

  package func count(_ severity: Severity) -> Int {
    noticeCounts.reduce(0) { $0 + ($1.severity == severity ? $1.count : 0) }
  }
}

/// Reads one feed into a graph, file by file, in an order in which every file comes after those that it refers to.
struct FeedImporter {
  private let source: FeedSource
  private let context: ImportContext
  private let ledger: FeedLedger
  private let notices = NoticeLog()
  private let state: State

  /// What the ledger's watch and the importer share.
  private final class State {
    var step = ""
    var rows = 0
    var rowsBefore = 0
  }

  /// - Parameters:
  ///   - source: where the feed is.
  ///   - writer: the graph that it is added to.
  ///   - progress: told about every quarter of a megabyte; says whether to go on.
  init(_ source: FeedSource, into writer: GraphWriter, progress: @escaping (FeedProgress) -> Bool) {
    let state = State()
    self.source = source
    self.state = state
    context = ImportContext(writer: writer, notices: notices)
    ledger = FeedLedger(path: source.path, bytesMax: source.bytesMax) { bytes in
      progress(FeedProgress(step: state.step, rows: state.rows, bytes: bytes))
    }
  }

  /// Reads everything and adds the feed's row.
  ///
  /// - Throws: `FeedError` if the feed cannot be read; one of which nothing can be used is told by its report.
  func run(name: String) throws(FeedError) -> FeedReport {
    context.attempt { () throws(GraphError) in try context.writer.beginFeed() }
    noteFiles()
    try read(AgencyFile.self)
    try read(FeedInfoFile.self)
    try read(LevelsFile.self)
    try read(StopsFile.self)
    try read(NetworksFile.self)
    try read(RoutesFile.self)
    try read(RouteNetworksFile.self)
    context.addNetworks()
    try read(CalendarFile.self)
    try read(CalendarDatesFile.self)
    context.addCalendars()
    try read(BookingRulesFile.self)
    try read(LocationGroupsFile.self)
    try read(LocationGroupStopsFile.self)
    try readLocations()
    try read(ShapesFile.self)
    try read(TripsFile.self)
    try read(StopTimesFile.self)
    try read(FrequenciesFile.self)
    try read(TransfersFile.self)
    try read(PathwaysFile.self)
    try readFares()
    try read(TranslationsFile.self)
    try read(AttributionsFile.self)
    noteServicesWithoutDays()
    addFeed(name)
    context.attempt { () throws(GraphError) in try context.writer.flush() }
    if let failure = context.failure { throw .graph(failure) }
    return report()
  }

  private func readFares() throws(FeedError) {
    try read(FareAttributesFile.self)
    try read(FareRulesFile.self)
    try read(AreasFile.self)
    try read(StopAreasFile.self)
    try read(FareMediaFile.self)
    try read(RiderCategoriesFile.self)
    try read(FareProductsFile.self)
    try read(TimeframesFile.self)
    try read(FareLegRulesFile.self)
    try read(FareLegJoinRulesFile.self)
    try read(FareTransferRulesFile.self)
  }

  // MARK: Files

  private static let required = [
    AgencyFile.name, StopsFile.name, RoutesFile.name, TripsFile.name, StopTimesFile.name,
  ]

  /// Every file that this reads.
  static let known: Set = [
    AgencyFile.name, FeedInfoFile.name, LevelsFile.name, StopsFile.name, NetworksFile.name, RoutesFile.name,
    RouteNetworksFile.name, CalendarFile.name, CalendarDatesFile.name, BookingRulesFile.name, LocationGroupsFile.name,
    LocationGroupStopsFile.name, LocationsFile.name, ShapesFile.name, TripsFile.name, StopTimesFile.name,
    FrequenciesFile.name, TransfersFile.name, PathwaysFile.name, FareAttributesFile.name, FareRulesFile.name,
    AreasFile.name, StopAreasFile.name, FareMediaFile.name, RiderCategoriesFile.name, FareProductsFile.name,
    TimeframesFile.name, FareLegRulesFile.name, FareLegJoinRulesFile.name, FareTransferRulesFile.name,
    TranslationsFile.name, AttributionsFile.name,
  ]

  private func noteFiles() {
    if let folder = source.innerFolder { notices.add(.nestedFolder, .usedAsItIs, value: folder) }
    for name in source.repeatedNames { notices.add(.repeatedFile, .usedAsItIs, file: name) }
    for name in source.fileNames where !Self.known.contains(name) { notices.add(.unknownFile, .usedAsItIs, file: name) }
    for name in Self.required where !source.fileNames.contains(name) {
      notices.add(.missingRequiredFile, .fileMissed, file: name)
    }
    if !source.fileNames.contains(CalendarFile.name) && !source.fileNames.contains(CalendarDatesFile.name) {
      notices.add(.missingCalendar, .fileMissed, file: CalendarFile.name)
    }
  }

  private func read<File: FeedFile>(_ type: File.Type) throws(FeedError) {
    guard let bytes = try source.open(File.name) else { return }
    begin(File.name)
    guard let table = try FeedTable(file: File.name, stream: FeedFileStream(bytes, ledger), notices: notices) else {
      return
    }
    var file = File(table)
    table.endColumns()
    guard table.isUsable else { return }
    while try table.next() {
      state.rows = table.rowCount
      do throws(RowDropped) {
        try file.read(table, into: context)
      } catch {
        continue  // A notice says why.
      }
      if let failure = context.failure { throw .graph(failure) }
    }
    if table.rowCount == 0 { notices.add(.emptyFile, .usedAsItIs, file: File.name) }
    file.end(context)
    if let failure = context.failure { throw .graph(failure) }
  }

  private func readLocations() throws(FeedError) {
    guard let bytes = try source.open(LocationsFile.name) else { return }
    begin(LocationsFile.name)
    try LocationsFile.read(FeedFileStream(bytes, ledger), into: context)
  }

  private func begin(_ file: String) {
    state.step = file
    state.rowsBefore += state.rows
    state.rows = 0
    ledger.begin(file: file)
  }

  // MARK: The end

  private func noteServicesWithoutDays() {
    for number in 0..<context.services.count {
      let service = GraphKey<ServiceRow>(context.services.base + Int32(number))
      if context.days.withDays.contains(service) { continue }
      notices.add(
        .serviceWithoutDays, .usedAsItIs, file: CalendarFile.name, field: "service_id",
        value: context.services.text(service))
    }
  }

  /// The kind of error that there is most of, as the likely reason.
  private func worst() -> String {
    let missing = notices.notices.filter { $0.code == .missingRequiredFile || $0.code == .missingRequiredColumn }
    if let first = missing.first(where: { Self.required.contains($0.file ?? "") }) {
      return first.field.map { "\(first.file ?? "") has no column \($0)" } ?? "\(first.file ?? "") is missing"
    }
    if context.usableTrips > 0 && context.days.first == nil { return "no service has a day on which it runs" }
    let errors = notices.totals.filter { $0.severity == .error }
    guard let most = errors.max(by: { $0.count < $1.count }),
      let example = notices.notices.first(where: { $0.code == most.code && $0.severity == .error })
    else { return "trips.txt and stop_times.txt are empty" }
    let place = [example.file, example.line.map(String.init)].compactMap { $0 }.joined(separator: ":")
    return "\(most.count) times \(most.code.rawValue), first at \(place)"
  }

  private func addFeed(_ name: String) {
    context.add(
      FeedRow(
        name: name, source: source.name, sourceBytes: ledger.bytes, fingerprint: ledger.fingerprint.text,
        firstDate: context.days.first, lastDate: context.days.last))
    for notice in notices.notices {
      context.add(
        NoticeRow(
          feed: context.feed, severity: notice.severity, code: notice.code.rawValue, file: notice.file,
          line: notice.line, field: notice.field, value: notice.value, message: notice.message))
    }
    for total in notices.totals {
      context.add(
        NoticeCountRow(
          feed: context.feed, severity: total.severity, code: total.code.rawValue, count: total.count))
    }
  }

  private func report() -> FeedReport {
    FeedReport(
      rowsRead: state.rowsBefore + state.rows, bytesRead: ledger.bytes, trips: context.usableTrips,
      stops: context.stops.count, routes: context.routes.count, firstDate: context.days.first,
      lastDate: context.days.last, notices: notices.notices, noticeCounts: notices.totals, mainFault: worst())
  }
}
