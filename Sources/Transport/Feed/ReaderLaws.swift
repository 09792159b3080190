import Glibc

/// What must hold for the readers whatever they are given: asked by fuzzing, and by the tests that replay its findings.
package enum ReaderLaws: String, CaseIterable, Sendable {
  case csv, time, zip, timetable, realtime

  /// Reads bytes and stops the program if a law is broken.
  ///
  /// - Parameters:
  ///   - bytes: anything.
  ///   - folder: where files can be written, for readers that want one.
  package func check(_ bytes: [UInt8], in folder: String) {
    switch self {
    case .csv: Self.checkCSV(bytes)
    case .time: Self.checkTime(bytes)
    case .zip: Self.checkZip(bytes, folder)
    case .timetable: Self.checkTimetable(bytes, folder)
    case .realtime: Self.checkRealtime(bytes)
    }
  }

  // MARK: CSV

  /// However the bytes come in pieces, and whatever they are encoded in, the records are the same.
  private static func checkCSV(_ bytes: [UInt8]) {
    let whole = records(bytes, piece: max(1, bytes.count))
    precondition(whole == records(bytes, piece: 1 + bytes.count % 7), "the records depend on how the bytes were cut")
    precondition(whole.count <= bytes.count + 1, "there are more records than bytes")
  }

  private static func records(_ bytes: [UInt8], piece: Int) -> [String] {
    do throws(FeedError) {
      var scanner = CSVScanner(try TextStream(PieceStream(bytes, piece: piece)))
      var records: [String] = []
      while try scanner.advance() {
        let fields = (0..<scanner.fieldCount).map { index in
          let field = scanner.field(index)
          return "\(field.text) \(field.integer ?? -1) \(field.time ?? -1) \(field.real ?? 0)"
        }
        records.append("\(scanner.line) \(scanner.oddity) \(fields)")
      }
      return records
    } catch {
      return ["\(error)"]
    }
  }

  private final class PieceStream: ByteStream {
    private let bytes: [UInt8]
    private let piece: Int
    private var place = 0

    init(_ bytes: [UInt8], piece: Int) { (self.bytes, self.piece) = (bytes, piece) }

    func read(into room: UnsafeMutableRawBufferPointer) throws(FeedError) -> Int {
      let count = min(piece, room.count, bytes.count - place)
      room.copyBytes(from: bytes[place..<place + count])
      place += count
      return count
    }
  }

  // MARK: Times

  /// A time that is read and written is read again as itself.
  private static func checkTime(_ bytes: [UInt8]) {
    var bytes = bytes
    let time = bytes.withUnsafeMutableBufferPointer { bytes in
      bytes.baseAddress.flatMap { start -> Int32? in
        let field = FieldBytes(trimming: start, count: bytes.count)
        _ = (field.dateNumbers, field.timeWithoutSeconds, field.real, field.integer)
        return field.time
      }
    }
    guard let time else { return }
    precondition((0..<1000 * 3600).contains(time), "a time is out of its range")
    var again = Array(ServiceTime(seconds: time).description.utf8)
    let second = again.withUnsafeMutableBufferPointer { again in
      again.baseAddress.flatMap { FieldBytes(trimming: $0, count: again.count).time }
    }
    precondition(second == time, "a time is not read as it was written")
  }

  // MARK: Files

  /// A feed is read or refused, twice alike.
  private static func checkZip(_ bytes: [UInt8], _ folder: String) {
    let path = folder + "/feed.zip"
    guard write(bytes, to: path) else { return }
    precondition(outcome(ofFeed: path) == outcome(ofFeed: path), "a feed is read otherwise the second time")
  }

  private static func outcome(ofFeed path: String) -> String {
    do throws(FeedError) {
      let report = try FeedStore.check(path)
      return "\(report.trips) \(report.stops) \(report.noticeCounts)"
    } catch {
      return error.description
    }
  }

  /// A file whose checksum is right and whose header is not is refused, or opened without reading outside of it.
  private static func checkTimetable(_ bytes: [UInt8], _ folder: String) {
    let path = folder + "/timetable.bin"
    for isMended in [false, true] {
      guard write(isMended ? mended(bytes) : bytes, to: path) else { return }
      // What it says is of no interest: it may be anything.
      _ = try? Timetable(path)
    }
  }

  /// The bytes with mark, version, length and checksum put right, so that what is behind them is read.
  private static func mended(_ bytes: [UInt8]) -> [UInt8] {
    var bytes = bytes
    guard bytes.count >= TimetableFile.headerSize else { return bytes }
    bytes.withUnsafeMutableBytes { bytes in
      bytes.storeBytes(of: TimetableFile.mark, as: UInt64.self)
      bytes.storeBytes(of: TimetableFile.version, toByteOffset: 8, as: UInt32.self)
      bytes.storeBytes(of: UInt32(TimetableSection.allCases.count), toByteOffset: 12, as: UInt32.self)
      bytes.storeBytes(of: UInt64(bytes.count), toByteOffset: 16, as: UInt64.self)
      let rest = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(bytes)[TimetableFile.headerSize...])
      bytes.storeBytes(of: TimetableFile.checksum(rest), toByteOffset: 24, as: UInt64.self)
    }
    return bytes
  }

  private static func write(_ bytes: [UInt8], to path: String) -> Bool {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    return Glibc.write(descriptor, bytes, bytes.count) == bytes.count
  }

  // MARK: Real time

  /// A message is read or refused with a place within it.
  private static func checkRealtime(_ bytes: [UInt8]) {
    do throws(RealtimeError) {
      let feed = try RealtimeFeed(bytes, name: "fuzz")
      for update in feed.tripUpdates {
        let trip = GraphTrips.Calls(
          sequences: [1, 2, 3, 4], stops: [0, 1, 2, 1],
          ids: update.calls.prefix(4).map { $0.stopID ?? "" } + ["", "", "", ""])
        let times = DelayPropagation(
          arrivals: [0, 60, 120, 180], departures: [0, 70, 120, 180], updates: CallMatch(update.calls, trip).updates,
          delay: update.delay)
        for place in 1..<4 {
          precondition(
            times.departures[place - 1] <= times.arrivals[place] && times.arrivals[place] <= times.departures[place],
            "time runs backwards")
        }
      }
    } catch {
      guard case .malformed(_, let offset, _, _) = error else { return }
      precondition((0...bytes.count).contains(offset), "the fault lies outside of the message")
    }
  }
}
