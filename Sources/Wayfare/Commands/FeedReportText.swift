import JSON
import Kernel
import Transport

/// What reading a feed has brought to light, for people and for programs.
enum FeedReportText {
  /// Examples shown of a kind; `--json` has up to a hundred.
  private static let examplesMax = 3

  static func summary(_ report: FeedReport) -> String {
    let counts =
      "\(counted(report.trips, "trip")) on \(counted(report.routes, "route")), \(counted(report.stops, "stop"))"
    guard let first = report.firstDate, let last = report.lastDate else { return "\(counts), no day on which they run" }
    return "\(counts), \(first) to \(last)"
  }

  /// How many errors and warnings there are; nil for none.
  static func shortNotices(_ report: FeedReport) -> String? {
    let counts = [(Severity.error, "error"), (.warning, "warning")].compactMap { severity, word in
      report.count(severity) > 0 ? counted(report.count(severity), word) : nil
    }
    return counts.isEmpty ? nil : counts.joined(separator: " and ")
  }

  static func full(_ report: FeedReport) -> String {
    var lines = [summary(report)]
    if !report.isUsable { lines.append("nothing of it can be used: \(report.mainFault)") }
    for count in report.noticeCounts {
      let examples = report.notices.filter { $0.code == count.code && $0.severity == count.severity }
      lines.append("")
      lines.append("\(count.severity.rawValue.padded(to: 8)) \(count.code.rawValue), \(times(count.count))")
      if let message = examples.first?.message { lines.append("         \(message)") }
      for example in examples.prefix(examplesMax) { lines.append("         at \(place(example))") }
    }
    if report.noticeCounts.isEmpty { lines.append("nothing is wrong with it") }
    return lines.joined(separator: "\n")
  }

  private static func times(_ count: Int) -> String { count == 1 ? "once" : "\(grouped(count)) times" }

  private static func place(_ notice: Notice) -> String {
    var text = notice.file ?? "the feed"
    if let line = notice.line { text += ":\(line)" }
    if let field = notice.field { text += " \(field)" }
    if let value = notice.value { text += " \"\(value)\"" }
    return text
  }

  static func json(_ report: FeedReport, name: String?) -> String {
    var writer = JSONWriter(isPretty: true)
    writer.object { object in
      object.field("name", ifPresent: name)
      object.field("usable", report.isUsable)
      object.field("trips", report.trips)
      object.field("routes", report.routes)
      object.field("stops", report.stops)
      object.field("firstDate", ifPresent: report.firstDate?.description)
      object.field("lastDate", ifPresent: report.lastDate?.description)
      object.field("rowsRead", report.rowsRead)
      object.field("bytesRead", report.bytesRead)
      object.array("counts") { array in for count in report.noticeCounts { array.element(CountJSON(count: count)) } }
      object.array("notices") { array in for notice in report.notices { array.element(NoticeJSON(notice: notice)) } }
    }
    return String(decoding: writer.finish(), as: UTF8.self)
  }

  private struct CountJSON: JSONWritable {
    let count: NoticeCount

    func write(to writer: inout JSONWriter) {
      writer.object {
        $0.field("severity", count.severity.rawValue)
        $0.field("code", count.code.rawValue)
        $0.field("count", count.count)
      }
    }
  }

  private struct NoticeJSON: JSONWritable {
    let notice: Notice

    func write(to writer: inout JSONWriter) {
      writer.object {
        $0.field("severity", notice.severity.rawValue)
        $0.field("code", notice.code.rawValue)
        $0.field("file", ifPresent: notice.file)
        $0.field("line", ifPresent: notice.line)
        $0.field("field", ifPresent: notice.field)
        $0.field("value", ifPresent: notice.value)
        $0.field("message", notice.message)
      }
    }
  }
}

/// The feeds of an installation, for people and for programs.
enum FeedListText {
  static func table(_ feeds: [FeedSummary]) -> String {
    let head = ["NAME", "FROM", "TO", "ROUTES", "STOPS", "TRIPS", "ERRORS", "WARNINGS", "SOURCE"]
    let rows = feeds.map { feed in
      [
        feed.name, feed.firstDate?.description ?? "-", feed.lastDate?.description ?? "-", grouped(feed.routes),
        grouped(feed.stops), grouped(feed.trips), grouped(feed.errors), grouped(feed.warnings), feed.source,
      ]
    }
    let all = [head] + rows
    let widths = head.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
    let lines = all.map { row in
      zip(row, widths).map { cell, width in cell.padded(to: width) }.joined(separator: "  ").trimmedAtEnd
    }
    return lines.joined(separator: "\n")
  }

  static func json(_ feeds: [FeedSummary]) -> String {
    var writer = JSONWriter(isPretty: true)
    writer.object { object in
      object.array("feeds") { array in for feed in feeds { array.element(FeedJSON(feed: feed)) } }
    }
    return String(decoding: writer.finish(), as: UTF8.self)
  }

  private struct FeedJSON: JSONWritable {
    let feed: FeedSummary

    func write(to writer: inout JSONWriter) {
      writer.object {
        $0.field("name", feed.name)
        $0.field("source", feed.source)
        $0.field("version", ifPresent: feed.version)
        $0.field("firstDate", ifPresent: feed.firstDate?.description)
        $0.field("lastDate", ifPresent: feed.lastDate?.description)
        $0.field("agencies", feed.agencies)
        $0.field("routes", feed.routes)
        $0.field("stops", feed.stops)
        $0.field("trips", feed.trips)
        $0.field("errors", feed.errors)
        $0.field("warnings", feed.warnings)
      }
    }
  }
}

/// A number with commas between thousands.
func grouped(_ number: Int) -> String {
  var text = ""
  for (index, digit) in String(number).reversed().enumerated() {
    if index > 0 && index % 3 == 0 && digit != "-" { text.append(",") }
    text.append(digit)
  }
  return String(text.reversed())
}

/// A number with the thing that is counted.
private func counted(_ number: Int, _ thing: String) -> String {
  "\(grouped(number)) \(thing)\(number == 1 ? "" : "s")"
}

extension String {
  fileprivate var trimmedAtEnd: String {
    var text = self
    while text.last == " " { text.removeLast() }
    return text
  }
}
