import Glibc
import Itinerary
import ItineraryWire

/// The files that `wayfare plan` writes beside or instead of its page.
struct PlanFiles {
  private let arguments: Arguments
  private let option: Int

  init(_ arguments: Arguments) throws {
    self.arguments = arguments
    option = try Settings(arguments).int(.option, in: 1...12) ?? 1
  }

  /// Writes what was asked for; false if no file was.
  func write(_ answer: TripAnswer) throws -> Bool {
    var isAny = false
    if let path = arguments.flags[Setting.html.name] {
      try write(TripWebPage(answer).text, to: path)
      isAny = true
    }
    let kinds: [(Setting, (TripOption) -> String)] = [
      (.ics, { TripCalendarFile($0).text }), (.gpx, { TripTrack($0).text }), (.csv, { TripCosts($0).text }),
    ]
    for (setting, text) in kinds {
      guard let path = arguments.flags[setting.name] else { continue }
      isAny = true
      if answer.options.isEmpty { continue }
      guard answer.options.indices.contains(option - 1) else {
        throw UsageError("--option: there are \(answer.options.count) options, and no number \(option)")
      }
      try write(text(answer.options[option - 1]), to: path)
    }
    if isAny, answer.options.isEmpty { print(TripPage(answer).text, terminator: "") }
    return isAny
  }

  private func write(_ text: String, to path: String) throws {
    if path == "-" { return print(text, terminator: "") }
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw failed(path) }
    defer { close(descriptor) }
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      guard count > 0 || errno == EINTR else { throw failed(path) }
      bytes = bytes.dropFirst(max(0, count))
    }
  }

  private func failed(_ path: String) -> UsageError {
    UsageError("\(path) cannot be written: \(String(cString: strerror(errno))); name a file in a folder that is there")
  }
}
