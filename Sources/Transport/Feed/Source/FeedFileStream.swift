/// The bytes of one file of a feed: counted, held against the limits, fingerprinted, and told to whoever watches.
final class FeedFileStream: ByteStream {
  private let source: any ByteStream
  private let ledger: FeedLedger

  init(_ source: any ByteStream, _ ledger: FeedLedger) {
    self.source = source
    self.ledger = ledger
  }

  func read(into room: UnsafeMutableRawBufferPointer) throws(FeedError) -> Int {
    // Pieces of a quarter of a megabyte stay in the cache until they are scanned.
    let piece = UnsafeMutableRawBufferPointer(rebasing: room[..<min(room.count, 1 << 18)])
    let count = try source.read(into: piece)
    try ledger.count(UnsafeRawBufferPointer(rebasing: piece[..<count]))
    return count
  }
}

/// How much of a feed was read, and how much may be.
final class FeedLedger {
  private let path: String
  private let bytesMax: Int
  private(set) var bytes = 0
  private(set) var fingerprint = Fingerprint()
  /// Told after every piece; says whether to go on.
  private let watch: (Int) -> Bool

  init(path: String, bytesMax: Int, watch: @escaping (Int) -> Bool) {
    self.path = path
    self.bytesMax = bytesMax
    self.watch = watch
  }

  func begin(file: String) {
    fingerprint.add(file)
  }

  func count(_ piece: UnsafeRawBufferPointer) throws(FeedError) {
    bytes += piece.count
    guard bytes <= bytesMax else {
      throw .refused(path: path, reason: "it unpacks to more than \(bytesMax >> 20) MB, far more than its size allows")
    }
    fingerprint.add(piece)
    guard watch(bytes) else { throw .stopped }
  }
}
