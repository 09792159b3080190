/// How alike names are, for "did you mean".
enum NameDistance {
  /// Longer names are not compared, so that a hostile one costs nothing.
  private static let lengthMax = 80

  /// The candidates that a name most probably meant, the most alike first.
  ///
  /// Names are compared without case, accents, and blanks at their ends; alike means at most one edit (a letter more,
  /// less, another, or two exchanged) for each three letters. Where a name has several words, that of one of them counts
  /// too, with one edit more.
  ///
  /// - Complexity: O(candidates × length²).
  static func nearest(to name: String, among candidates: [String], count: Int = 5) -> [String] {
    let wanted = folded(name)
    guard !wanted.isEmpty, wanted.count <= lengthMax else { return [] }
    var found: [(distance: Int, length: Int, name: String)] = []
    var seen: Set<String> = []
    for candidate in candidates where candidate.utf8.count <= 4 * lengthMax && seen.insert(candidate).inserted {
      if let distance = distance(wanted, candidate) { found.append((distance, candidate.utf8.count, candidate)) }
    }
    found.sort { ($0.distance, $0.length, $0.name) < ($1.distance, $1.length, $1.name) }
    return found.prefix(count).map(\.name)
  }

  private static func distance(_ wanted: [UInt8], _ candidate: String) -> Int? {
    let whole = folded(candidate)
    guard whole.count <= lengthMax else { return nil }
    var best = edits(wanted, whole)
    for word in StopWords.plainWords(of: candidate) where word.utf8.count > 2 {
      if let edits = edits(wanted, Array(word.utf8)), edits + 1 < best ?? .max { best = edits + 1 }
    }
    return best
  }

  private static func folded(_ name: String) -> [UInt8] {
    Array(StopWords.plainWords(of: name).joined(separator: " ").utf8)
  }

  /// Edits that make one of the other; nil if they are more than those of names that are alike.
  static func edits(_ left: [UInt8], _ right: [UInt8]) -> Int? {
    let most = max(1, max(left.count, right.count) / 3)
    guard abs(left.count - right.count) <= most, !left.isEmpty, !right.isEmpty else { return nil }
    var (before, previous) = ([Int](repeating: 0, count: right.count + 1), Array(0...right.count))
    for row in 1...left.count {
      var current = [row] + [Int](repeating: 0, count: right.count)
      for column in 1...right.count {
        let same = left[row - 1] == right[column - 1]
        var least = min(previous[column - 1] + (same ? 0 : 1), previous[column] + 1, current[column - 1] + 1)
        if row > 1, column > 1, left[row - 1] == right[column - 2], left[row - 2] == right[column - 1] {
          least = min(least, before[column - 2] + 1)
        }
        current[column] = least
      }
      (before, previous) = (previous, current)
    }
    // Names that have no letter in common are not alike, however short they are.
    let edits = previous[right.count]
    return edits <= most && edits < max(left.count, right.count) ? edits : nil
  }
}
