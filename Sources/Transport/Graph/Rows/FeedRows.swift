import Kernel

/// A feed that was imported.
struct FeedRow: GraphRow, Hashable {
  static let table = GraphTable(
    "feeds", number: "feed", scope: .feed,
    columns: [
      .value("name"), .value("source"), .value("source_bytes"), .value("fingerprint"), .value("first_date"),
      .value("last_date"),
    ])

  var name: String
  /// The file or folder it was read from, without its path.
  var source: String
  var sourceBytes: Int
  var fingerprint: String
  /// The first day on which anything runs.
  var firstDate: LocalDate?
  var lastDate: LocalDate?
}

extension FeedRow {
  init(_ row: inout ColumnReader) {
    self.init(
      name: row.next(), source: row.next(), sourceBytes: row.next(), fingerprint: row.next(), firstDate: row.next(),
      lastDate: row.next())
  }

  func bind(to row: inout ColumnBinder) {
    row.bind(name)
    row.bind(source)
    row.bind(sourceBytes)
    row.bind(fingerprint)
    row.bind(firstDate)
    row.bind(lastDate)
  }
}

/// What a feed says about itself.
struct FeedInfoRow: GraphRow, Hashable {
  static let table = GraphTable(
    "feed_info", scope: .feed,
    columns: [
      .feed, .value("feed_publisher_name"), .value("feed_publisher_url"), .value("feed_lang"), .value("default_lang"),
      .value("feed_start_date"), .value("feed_end_date"), .value("feed_version"), .value("feed_contact_email"),
      .value("feed_contact_url"),
    ])

  var feed: GraphKey<FeedRow>
  var feedPublisherName: String?
  var feedPublisherURL: String?
  var feedLang: String?
  var defaultLang: String?
  var feedStartDate: LocalDate?
  var feedEndDate: LocalDate?
  var feedVersion: String?
  var feedContactEmail: String?
  var feedContactURL: String?
}

extension FeedInfoRow {
  init(_ row: inout ColumnReader) {
    self.init(
      feed: row.next(), feedPublisherName: row.next(), feedPublisherURL: row.next(), feedLang: row.next(),
      defaultLang: row.next(), feedStartDate: row.next(), feedEndDate: row.next(), feedVersion: row.next(),
      feedContactEmail: row.next(), feedContactURL: row.next())
  }

  func bind(to row: inout ColumnBinder) {
    row.bind(feed)
    row.bind(feedPublisherName)
    row.bind(feedPublisherURL)
    row.bind(feedLang)
    row.bind(defaultLang)
    row.bind(feedStartDate)
    row.bind(feedEndDate)
    row.bind(feedVersion)
    row.bind(feedContactEmail)
    row.bind(feedContactURL)
  }
}

/// One thing that is wrong with a feed.
struct NoticeRow: GraphRow, Hashable {
  static let table = GraphTable(
    "notices", scope: .feed,
    columns: [
      .feed, .value("severity"), .value("code"), .value("file"), .value("line"), .value("field"), .value("value"),
      .value("message"),
    ])

  var feed: GraphKey<FeedRow>
  var severity: Severity
  var code: String
  var file: String?
  /// From 1, the header line.
  var line: Int?
  var field: String?
  var value: String?
  var message: String
}

extension NoticeRow {
  init(_ row: inout ColumnReader) {
    self.init(
      feed: row.next(), severity: row.next(), code: row.next(), file: row.next(), line: row.next(), field: row.next(),
      value: row.next(), message: row.next())
  }

  func bind(to row: inout ColumnBinder) {
    row.bind(feed)
    row.bind(severity)
    row.bind(code)
    row.bind(file)
    row.bind(line)
    row.bind(field)
    row.bind(value)
    row.bind(message)
  }
}

/// How often something of a kind is wrong with a feed.
struct NoticeCountRow: GraphRow, Hashable {
  static let table = GraphTable(
    "notice_counts", scope: .feed,
    columns: [
      .feed, .value("severity"), .value("code"), .value("count"),
    ])

  var feed: GraphKey<FeedRow>
  var severity: Severity
  var code: String
  var count: Int
}

extension NoticeCountRow {
  init(_ row: inout ColumnReader) {
    self.init(
      feed: row.next(), severity: row.next(), code: row.next(), count: row.next())
  }

  func bind(to row: inout ColumnBinder) {
    row.bind(feed)
    row.bind(severity)
    row.bind(code)
    row.bind(count)
  }
}

/// Who runs routes, and in which time zone.
struct AgencyRow: GraphRow, Hashable {
  static let table = GraphTable(
    "agency", number: "agency", scope: .feed,
    columns: [
      .feed, .value("agency_id"), .value("agency_name"), .value("agency_url"), .value("agency_timezone"),
      .value("agency_lang"), .value("agency_phone"), .value("agency_fare_url"), .value("agency_email"),
    ])

  var feed: GraphKey<FeedRow>
  var agencyID: String
  var agencyName: String
  var agencyURL: String?
  /// The zone of all times of its trips.
  var agencyTimezone: ZoneName
  var agencyLang: String?
  var agencyPhone: String?
  var agencyFareURL: String?
  var agencyEmail: String?
}

extension AgencyRow {
  init(_ row: inout ColumnReader) {
    self.init(
      feed: row.next(), agencyID: row.next(), agencyName: row.next(), agencyURL: row.next(),
      agencyTimezone: row.next(), agencyLang: row.next(), agencyPhone: row.next(), agencyFareURL: row.next(),
      agencyEmail: row.next())
  }

  func bind(to row: inout ColumnBinder) {
    row.bind(feed)
    row.bind(agencyID)
    row.bind(agencyName)
    row.bind(agencyURL)
    row.bind(agencyTimezone)
    row.bind(agencyLang)
    row.bind(agencyPhone)
    row.bind(agencyFareURL)
    row.bind(agencyEmail)
  }
}
