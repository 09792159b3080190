/// How much a line matters.
public enum LogLevel: UInt8, CaseIterable, Comparable, Sendable {
  /// Every step, for one who follows a single request.
  case trace
  /// What a developer wants to see.
  case debug
  /// What happened, in the normal course.
  case info
  /// What an operator should know, though nothing is wrong.
  case notice
  /// What went wrong without consequence so far.
  case warning
  /// What failed.
  case error
  /// What stops the process from doing its work.
  case critical

  /// The level by its name in small letters.
  public init?(name: String) {
    guard let level = Self.allCases.first(where: { $0.name == name }) else { return nil }
    self = level
  }

  /// The level's name in small letters.
  public var name: String { "\(self)" }

  /// Whether one level matters less than another.
  public static func < (left: LogLevel, right: LogLevel) -> Bool {
    left.rawValue < right.rawValue
  }
}

/// A name and some attributes for lines that go to a sink; cheap to copy and to ask.
///
/// A line below the sink's level costs one comparison: neither message nor attributes are made.
///
/// ```swift
/// let logger = Logger("http", sink: sink).with(["request_id": "\(id)"])
/// logger.info("answered", ["status": 200])
/// ```
public struct Logger: Sendable {
  /// What a logger is made of, behind one reference, because loggers are copied with every request's context.
  @usableFromInline
  final class Parts: Sendable {
    let name: String
    let attributes: Attributes
    @usableFromInline let sink: LogSink

    init(name: String, attributes: Attributes, sink: LogSink) {
      self.name = name
      self.attributes = attributes
      self.sink = sink
    }
  }

  @usableFromInline let parts: Parts

  /// Who speaks, as in "http".
  public var name: String { parts.name }
  /// What every line carries.
  public var attributes: Attributes { parts.attributes }

  /// A logger for a part of the program.
  public init(_ name: String, sink: LogSink, attributes: Attributes = [:]) {
    parts = Parts(name: name, attributes: attributes, sink: sink)
  }

  /// A logger whose lines carry more.
  public func with(_ attributes: Attributes) -> Logger {
    Logger(name, sink: parts.sink, attributes: self.attributes.merging(attributes))
  }

  /// A logger of another name that carries the same.
  public func named(_ name: String) -> Logger {
    Logger(name, sink: parts.sink, attributes: attributes)
  }

  /// Whether lines of a level are written now.
  @inlinable
  public func isEnabled(_ level: LogLevel) -> Bool {
    level >= parts.sink.level
  }

  /// Writes a line if its level is enabled.
  @inlinable
  public func log(
    _ level: LogLevel, _ message: @autoclosure () -> String, _ attributes: @autoclosure () -> Attributes = [:]
  ) {
    if isEnabled(level) { write(level, message(), attributes()) }
  }

  /// Writes a line of level trace.
  @inlinable
  public func trace(_ message: @autoclosure () -> String, _ attributes: @autoclosure () -> Attributes = [:]) {
    log(.trace, message(), attributes())
  }

  /// Writes a line of level debug.
  @inlinable
  public func debug(_ message: @autoclosure () -> String, _ attributes: @autoclosure () -> Attributes = [:]) {
    log(.debug, message(), attributes())
  }

  /// Writes a line of level info.
  @inlinable
  public func info(_ message: @autoclosure () -> String, _ attributes: @autoclosure () -> Attributes = [:]) {
    log(.info, message(), attributes())
  }

  /// Writes a line of level notice.
  @inlinable
  public func notice(_ message: @autoclosure () -> String, _ attributes: @autoclosure () -> Attributes = [:]) {
    log(.notice, message(), attributes())
  }

  /// Writes a line of level warning.
  @inlinable
  public func warning(_ message: @autoclosure () -> String, _ attributes: @autoclosure () -> Attributes = [:]) {
    log(.warning, message(), attributes())
  }

  /// Writes a line of level error, which is flushed at once.
  @inlinable
  public func error(_ message: @autoclosure () -> String, _ attributes: @autoclosure () -> Attributes = [:]) {
    log(.error, message(), attributes())
  }

  /// Writes a line of level critical, which is flushed at once.
  @inlinable
  public func critical(_ message: @autoclosure () -> String, _ attributes: @autoclosure () -> Attributes = [:]) {
    log(.critical, message(), attributes())
  }

  @usableFromInline
  func write(_ level: LogLevel, _ message: String, _ attributes: Attributes) {
    let merged = attributes.pairs.isEmpty ? self.attributes : self.attributes.merging(attributes)
    parts.sink.write(level, logger: name, message: message, attributes: merged)
  }
}
