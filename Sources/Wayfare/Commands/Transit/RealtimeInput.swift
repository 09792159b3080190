import EventLoop
import Glibc
import HTTP
import Synchronization
import Transport

/// Fetches what `--realtime` names: `FILE`, `http://…`, or either behind `FEED=`.
struct RealtimeInput {
  private struct Source {
    let place: String
    let feed: String?

    var isRemote: Bool { place.hasPrefix("http://") || place.hasPrefix("https://") }
  }

  private static let timeout: Duration = .seconds(20)
  private static let redirectsMax = 4

  private let sources: [Source]
  private let settings: Settings

  init(_ texts: [String], _ settings: Settings) throws(UsageError) {
    self.settings = settings
    var sources: [Source] = []
    for text in texts {
      let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
      // A URL can have an equals sign of its own, behind its host.
      let hasFeed = parts.count == 2 && !parts[0].contains("/") && !parts[0].contains(":")
      let place = hasFeed ? parts[1] : text
      guard !place.isEmpty else { throw UsageError("--realtime: \"\(text)\" names no file: write FILE or FEED=FILE") }
      sources.append(Source(place: place, feed: hasFeed ? parts[0] : nil))
    }
    self.sources = sources
  }

  /// Reads all of them and matches them to the timetable; nil if there are none.
  func overlay(_ transit: Transit) throws -> RealtimeOverlay? {
    if sources.isEmpty { return nil }
    var read: [RealtimeSource] = []
    for source in sources {
      let bytes = source.isRemote ? try fetch(source.place) : try file(source.place)
      read.append(RealtimeSource(try RealtimeFeed(bytes, name: source.place), feedName: source.feed))
    }
    return try RealtimeOverlay(read, transit)
  }

  private func file(_ path: String) throws -> [UInt8] {
    do {
      return try FileBytes.read(path, limit: RealtimeFeed.bytesMax)
    } catch FileBytes.Fault.tooLarge {
      throw UsageError(
        "--realtime: \(path) has more than \(RealtimeFeed.bytesMax >> 20) MiB: name a GTFS-Realtime feed")
    } catch FileBytes.Fault.unreadable(let reason) {
      throw UsageError("--realtime: \(path) cannot be read (\(reason)): name a file or a URL that is there")
    }
  }

  private func fetch(_ url: String) throws -> [UInt8] {
    let runtime = try Runtime(settings)
    let received = Mutex<Result<[UInt8], any Error>?>(nil)
    _ = try runtime.run {
      do {
        let client = try HTTPClient(loop: runtime.group.loops[0])
        var request = ClientRequest(.get, url)
        (request.timeout, request.redirectsMax) = (Self.timeout, Self.redirectsMax)
        request.responseBytesMax = RealtimeFeed.bytesMax
        let response = try await client.send(request)
        await client.close()
        received.withLock {
          $0 =
            response.status == 200
            ? .success(response.body)
            : .failure(UsageError("--realtime: \(url) answers \(response.status): check the address and its key"))
        }
      } catch let error as ClientError {
        received.withLock { $0 = .failure(UsageError("--realtime: \(error)")) }
      }
      return .done
    }
    guard let result = received.withLock({ $0 }) else {
      throw UsageError("--realtime: \(url) gave no answer: try again")
    }
    return try result.get()
  }
}

/// A whole file as bytes.
enum FileBytes {
  enum Fault: Error {
    case unreadable(String)
    case tooLarge
  }

  /// Reads a file up to a limit.
  static func read(_ path: String, limit: Int) throws(Fault) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .unreadable(String(cString: strerror(errno))) }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = Glibc.read(descriptor, &piece, piece.count)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw .unreadable(String(cString: strerror(errno))) }
      if count == 0 { return bytes }
      bytes += piece[..<count]
      guard bytes.count <= limit else { throw .tooLarge }
    }
  }
}
