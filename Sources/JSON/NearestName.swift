/// The candidate that a mistyped name most probably meant, or nil if none is close.
///
/// The measure is the Damerau–Levenshtein distance with adjacent transpositions ("optimal string alignment"), blind to
/// ASCII case; close means at most one edit per three letters of the longer word, and at least one. Ties go to the
/// candidate listed first. Names of more than 64 bytes are never compared, so that hostile input costs nothing.
///
/// - Complexity: O(candidates × length²), length at most 64.
package func nearestName(to name: String, among candidates: some Sequence<String>) -> String? {
  guard name.utf8.count <= 64 else { return nil }
  let letters = name.unicodeScalars.map(lowercased)
  var best: (name: String, distance: Int)?
  for candidate in candidates where candidate.utf8.count <= 64 {
    let other = candidate.unicodeScalars.map(lowercased)
    let cutOff = max(1, max(letters.count, other.count) / 3)
    guard abs(letters.count - other.count) <= cutOff, min(letters.count, other.count) > 1 || letters == other else {
      continue
    }
    let distance = editDistance(letters, other)
    if distance <= cutOff, distance < best?.distance ?? .max {
      best = (candidate, distance)
    }
  }
  return best?.name
}

/// Insertions, deletions, replacements and swaps of neighbours that turn one word into the other.
func editDistance(_ left: [UInt32], _ right: [UInt32]) -> Int {
  var beforePrevious = [Int](repeating: 0, count: right.count + 1)
  var previous = Array(0...right.count)
  var current = previous
  for row in 0..<left.count {
    current[0] = row + 1
    for column in 0..<right.count {
      let replaced = previous[column] + (left[row] == right[column] ? 0 : 1)
      var cheapest = min(replaced, previous[column + 1] + 1, current[column] + 1)
      if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
        cheapest = min(cheapest, beforePrevious[column - 1] + 1)
      }
      current[column + 1] = cheapest
    }
    (beforePrevious, previous, current) = (previous, current, beforePrevious)
  }
  return previous[right.count]
}

private func lowercased(_ scalar: Unicode.Scalar) -> UInt32 {
  (UInt32(65)...90).contains(scalar.value) ? scalar.value + 32 : scalar.value
}
