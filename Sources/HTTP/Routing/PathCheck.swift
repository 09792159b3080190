internal import Glibc

/// What every path must satisfy before routes are looked at.
enum PathCheck {
  /// What is wrong with a path: a malformed escape, bytes that are not UTF-8, a NUL, or a segment `.` or `..`, written
  /// out or encoded; nil if nothing is.
  ///
  /// The server does not resolve dot segments: clients do so before they send, and whoever sends them is after
  /// something else.
  static func problem(_ path: UnsafeBufferPointer<UInt8>) -> Problem? {
    // Most paths have neither, and need not be looked at any closer.
    guard let base = path.baseAddress,
      memchr(base, Int32(Byte.percent), path.count) != nil || memchr(base, Int32(Byte.dot), path.count) != nil
    else { return nil }
    for segment in path.split(separator: Byte.slash) {
      if let problem = segmentProblem(UnsafeBufferPointer(rebasing: segment)) { return problem }
    }
    return nil
  }

  private static func segmentProblem(_ segment: UnsafeBufferPointer<UInt8>) -> Problem? {
    guard let text = PercentCoding.decodedText(segment, plusIsSpace: false) else {
      return bad("The path is not valid percent-encoded UTF-8; encode it again.")
    }
    if text.utf8.contains(0) { return bad("The path holds a NUL character; leave it out.") }
    if text == "." || text == ".." { return bad("The path has a segment '\(text)'; resolve it before sending.") }
    return nil
  }

  private static func bad(_ detail: String) -> Problem {
    Problem(.badRequest, detail: detail)
  }
}
