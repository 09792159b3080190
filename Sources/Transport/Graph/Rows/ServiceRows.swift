import Kernel

/// A set of days.
struct ServiceRow: GraphRow, Hashable {
  static let table = GraphTable(
    "services", number: "service", scope: .feed,
    columns: [
      .feed, .value("service_id"),
    ])

  var feed: GraphKey<FeedRow>
  var serviceID: String
}

extension ServiceRow {
  init(_ row: inout ColumnReader) {
    self.init(
      feed: row.next(), serviceID: row.next())
  }

  func bind(to row: inout ColumnBinder) {
    row.bind(feed)
    row.bind(serviceID)
  }
}

/// The weekdays of a service between two days, both included.
struct CalendarRow: GraphRow, Hashable {
  static let table = GraphTable(
    "calendar", scope: .parent("services"),
    columns: [
      .number("service", of: "services"), .value("monday"), .value("tuesday"), .value("wednesday"),
      .value("thursday"), .value("friday"), .value("saturday"), .value("sunday"), .value("start_date"),
      .value("end_date"),
    ])

  var service: GraphKey<ServiceRow>
  var monday: Bool
  var tuesday: Bool
  var wednesday: Bool
  var thursday: Bool
  var friday: Bool
  var saturday: Bool
  var sunday: Bool
  var startDate: LocalDate
  var endDate: LocalDate
}

extension CalendarRow {
  init(_ row: inout ColumnReader) {
    self.init(
      service: row.next(), monday: row.next(), tuesday: row.next(), wednesday: row.next(), thursday: row.next(),
      friday: row.next(), saturday: row.next(), sunday: row.next(), startDate: row.next(), endDate: row.next())
  }

  func bind(to row: inout ColumnBinder) {
    row.bind(service)
    row.bind(monday)
    row.bind(tuesday)
    row.bind(wednesday)
    row.bind(thursday)
    row.bind(friday)
    row.bind(saturday)
    row.bind(sunday)
    row.bind(startDate)
    row.bind(endDate)
  }
}

/// A day on which a service runs in addition, or does not run.
struct CalendarDateRow: GraphRow, Hashable {
  static let table = GraphTable(
    "calendar_dates", scope: .parent("services"),
    columns: [
      .number("service", of: "services"), .value("date"), .value("exception_type"),
    ])

  var service: GraphKey<ServiceRow>
  var date: LocalDate
  var exceptionType: ServiceException
}

extension CalendarDateRow {
  init(_ row: inout ColumnReader) {
    self.init(
      service: row.next(), date: row.next(), exceptionType: row.next())
  }

  func bind(to row: inout ColumnBinder) {
    row.bind(service)
    row.bind(date)
    row.bind(exceptionType)
  }
}
