/// Bytes that come one piece after the other.
protocol ByteStream: AnyObject {
  /// Puts at least one byte where told and says how many; 0 at the end.
  func read(into room: UnsafeMutableRawBufferPointer) throws(FeedError) -> Int
}
