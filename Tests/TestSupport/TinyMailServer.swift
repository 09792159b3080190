import Foundation
import Synchronization

/// A mail server of our own, over a real socket, that fails as it is told.
public final class TinyMailServer: Sendable {
  /// How one mail fares; those that nothing is said of are taken.
  public enum Fare: Sendable, Equatable {
    case taken
    /// Instead of a greeting.
    case greeting(String)
    /// To the sender's name.
    case sender(String)
    /// To the receiver's name.
    case receiver(String)
    /// Once the mail has been told.
    case data(String)
    /// The connection ends in the middle of the mail.
    case droppedInData
    /// The mail is taken, and the connection ends before that is told.
    case takenAndDropped
    /// Nothing is answered any more.
    case silent
  }

  /// A mail that was taken.
  public struct Mail: Sendable {
    /// What MAIL said.
    public let sender: String
    /// What RCPT said.
    public let receiver: String
    /// The mail, with its headers.
    public let text: String

    /// What a header says; folded lines are joined.
    public func header(_ name: String) -> String? {
      let lines = text.replacingOccurrences(of: "\r\n ", with: " ").components(separatedBy: "\r\n")
      return lines.first { $0.lowercased().hasPrefix(name.lowercased() + ":") }
        .map { $0.dropFirst(name.count + 1).trimmingCharacters(in: .whitespaces) }
    }
  }

  private struct State {
    var fares: [Fare]
    var mails: [Mail] = []
    var connections = 0
  }

  private let descriptor: Int32
  /// Where it listens.
  public let port: Int
  private let state: Mutex<State>

  /// Starts a server on a free port.
  public init(_ fares: [Fare] = []) {
    state = Mutex(State(fares: fares))
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let descriptor = descriptor
    withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        _ = bind(descriptor, $0, length)
        _ = getsockname(descriptor, $0, &length)
      }
    }
    port = Int(UInt16(bigEndian: address.sin_port))
    listen(descriptor, 16)
    Thread.detachNewThread { [weak self] in
      while true {
        let connection = accept(descriptor, nil, nil)
        guard connection >= 0 else { return }
        guard let self else {
          close(connection)
          return
        }
        Thread.detachNewThread { self.serve(connection) }
      }
    }
  }

  deinit { stop() }

  /// Ends listening.
  public func stop() { shutdown(descriptor, Int32(SHUT_RDWR)) }

  /// What was taken.
  public var mails: [Mail] { state.withLock { $0.mails } }
  /// How many connections there were.
  public var connections: Int { state.withLock { $0.connections } }

  private func nextFare(where isWanted: (Fare) -> Bool = { _ in true }) -> Fare {
    state.withLock { state in
      guard let first = state.fares.first, isWanted(first) else { return .taken }
      return state.fares.removeFirst()
    }
  }

  private func serve(_ connection: Int32) {
    defer { close(connection) }
    state.withLock { $0.connections += 1 }
    if case .greeting(let line) = nextFare(where: { if case .greeting = $0 { true } else { false } }) {
      say(line, connection)
      return
    }
    say("220 tiny ready", connection)
    var reader = LineReader(descriptor: connection)
    var (sender, receiver, fare) = ("", "", Fare.taken)
    while let line = reader.line() {
      let word = line.prefix(4).uppercased()
      switch word {
      case "EHLO", "HELO": say("250-tiny\r\n250 SIZE 1000000", connection)
      case "MAIL":
        sender = line
        fare = nextFare()
        if case .sender(let answer) = fare { say(answer, connection) } else { say("250 2.1.0 ok", connection) }
      case "RCPT":
        receiver = line
        if fare == .silent {
          _ = reader.line()
          return
        }
        if case .receiver(let answer) = fare { say(answer, connection) } else { say("250 2.1.5 ok", connection) }
      case "DATA":
        say("354 go on", connection)
        var text = ""
        var count = 0
        while let part = reader.line(), part != "." {
          if fare == .droppedInData, count > 5 { return }
          text += (part.hasPrefix(".") ? String(part.dropFirst()) : part) + "\r\n"
          count += 1
        }
        if case .data(let answer) = fare {
          say(answer, connection)
        } else {
          let mail = Mail(sender: sender, receiver: receiver, text: text)
          state.withLock { $0.mails.append(mail) }
          if fare == .takenAndDropped { return }
          say("250 2.0.0 taken", connection)
        }
      case "QUIT":
        say("221 bye", connection)
        return
      default: say("250 ok", connection)
      }
    }
  }

  private func say(_ line: String, _ connection: Int32) {
    let bytes = Array((line + "\r\n").utf8)
    _ = send(connection, bytes, bytes.count, Int32(MSG_NOSIGNAL))
  }
}

private struct LineReader {
  let descriptor: Int32
  var buffer: [UInt8] = []

  mutating func line() -> String? {
    while true {
      if let end = buffer.firstIndex(of: 10) {
        let line = buffer[..<end]
        buffer.removeSubrange(...end)
        return String(decoding: line.last == 13 ? line.dropLast() : line, as: UTF8.self)
      }
      var room = [UInt8](repeating: 0, count: 4096)
      let count = recv(descriptor, &room, room.count, 0)
      guard count > 0 else { return nil }
      buffer += room[..<count]
    }
  }
}
