/// How much of everything a connection may send before it is refused.
///
/// Every number counts bytes on the wire, line ends included.
public struct HTTPLimits: Sendable, Hashable {
  /// Request line and fields together; beyond it 431.
  public var headBytes = 16 * 1024
  /// The request line; beyond it 414.
  public var requestLineBytes = 8 * 1024
  /// The number of header fields; beyond it 431.
  public var fieldCount = 100
  /// A body that is collected without a limit of its own; beyond it 413.
  public var bodyBytes = 1024 * 1024
  /// A chunk-size line with its extensions; beyond it 400.
  public var chunkLineBytes = 256
  /// All trailer fields together; beyond it 431.
  public var trailerBytes = 4 * 1024

  /// The defaults.
  public init() {}
}
