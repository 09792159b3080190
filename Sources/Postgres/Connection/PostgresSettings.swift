import CPostgres

/// Whether the server is spoken to directly.
public enum PoolerMode: Sendable, Hashable {
  /// Found out when the first connection is made.
  case automatic
  /// The server itself: prepared statements are kept, timeouts are set once per session.
  case direct
  /// A pooler such as pgbouncer, which gives each transaction another server connection.
  case transactionPooler
}

/// How one connects, and the limits that hold on each connection.
public struct PostgresSettings: Sendable {
  /// Where to connect, with the password hidden from descriptions.
  public var address: ConnectionString
  /// The server's limits of time.
  public var timeouts = Timeouts()
  /// Whether a pooler stands between.
  public var pooler = PoolerMode.automatic
  /// How long connecting may take.
  public var connectTimeout = Duration.seconds(5)
  /// What the server's own views call this program.
  public var applicationName = "wayfare"
  /// How many prepared statements a connection keeps.
  public var statementCacheLimit = 256
  /// How many statements may be on the wire of one connection.
  public var pipelineDepth = 512
  /// How many more may wait for room on the wire of one connection.
  public var pipelineQueueLimit = 8192

  /// Takes an address and the defaults for everything else.
  public init(address: ConnectionString) { self.address = address }

  /// Takes `postgresql://user:password@host:port/database` or `host=… dbname=…`.
  ///
  /// - Throws: `PostgresError.misuse` when it is neither; the message does not repeat it.
  public init(_ text: String) throws(PostgresError) { address = try ConnectionString(text) }
}

/// Where to connect, in either of libpq's notations.
public struct ConnectionString: Sendable {
  /// The keywords that were given, such as `host` and `dbname`.
  let parameters: [(keyword: String, value: String)]

  /// Takes `postgresql://user:password@host:port/database` or `host=… dbname=…`.
  ///
  /// - Throws: `PostgresError.misuse` when it is neither; the message does not repeat it, because of the password.
  public init(_ text: String) throws(PostgresError) {
    var message: UnsafeMutablePointer<CChar>?
    guard let options = PQconninfoParse(text, &message) else {
      PQfreemem(message)
      throw .misuse(
        "the database address cannot be read; write postgresql://user:password@host:port/database"
          + " with special characters percent-encoded")
    }
    defer { PQconninfoFree(options) }
    parameters = ConnectionString.read(options)
  }

  init(parameters: [(keyword: String, value: String)]) { self.parameters = parameters }

  /// The same server with another database.
  package func with(database: String) -> ConnectionString {
    ConnectionString(parameters: parameters.filter { $0.keyword != "dbname" } + [("dbname", database)])
  }

  /// The value of a keyword, as given or as libpq's environment variables have it.
  package func value(_ keyword: String) -> String? {
    if let given = parameters.last(where: { $0.keyword == keyword }) { return given.value }
    guard let defaults = PQconndefaults() else { return nil }
    defer { PQconninfoFree(defaults) }
    return ConnectionString.read(defaults).first { $0.keyword == keyword }?.value
  }

  private static func read(
    _ options: UnsafeMutablePointer<PQconninfoOption>
  ) -> [(keyword: String, value: String)] {
    var found: [(keyword: String, value: String)] = []
    var option = options
    while let keyword = option.pointee.keyword {
      if let value = option.pointee.val, value.pointee != 0 {
        found.append((String(cString: keyword), String(cString: value)))
      }
      option += 1
    }
    return found
  }
}

extension ConnectionString: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// Host, port, database and user; never the password.
  public var description: String {
    let shown = ["host", "port", "dbname", "user"].compactMap { keyword in
      value(keyword).map { "\(keyword)=\($0)" }
    }
    return shown.joined(separator: " ")
  }

  /// The same as `description`.
  public var debugDescription: String { description }

  /// Hides the parameters from `dump` and from descriptions of what contains this.
  public var customMirror: Mirror { Mirror(self, children: ["address": description]) }
}
