extension JSONParser {
  /// Refuses the innermost object if two of its names are equal.
  ///
  /// Up to sixteen names are compared pair by pair as 32-bit hashes, which vectorises; more are sorted by a 64-bit
  /// hash. Equal hashes only cast suspicion: then the names themselves go through a seeded set, so that nobody can
  /// make this quadratic by choosing names that collide.
  @inline(__always)
  mutating func checkNamesDiffer() throws(JSONError) {
    let first = open &+ 1
    var name = first
    var isSuspect = false
    var seen = InlineArray<16, UInt32>(repeating: 0)
    var count = 0
    while name < entryCount, count < 16 {
      let hash = UInt32(truncatingIfNeeded: hashOfName(entries[name]) >> 32)
      // An escaped name may spell a plain one.
      isSuspect = isSuspect || entries[name].kind == .escapedString
      for index in 0..<count { isSuspect = isSuspect || seen[index] == hash }
      seen[count] = hash
      count &+= 1
      name = name &+ 1 &+ entries[name &+ 1].span
    }
    if name < entryCount { isSuspect = manyNamesLookAlike(from: first) }
    if isSuspect { try checkNamesExactly(from: first) }
  }

  @inline(__always)
  private mutating func hashOfName(_ entry: JSONEntry) -> UInt64 {
    let start = bytes + entry.offset
    let length = entry.payload
    let multiplier: UInt64 = 0x9E37_79B9_7F4A_7C15
    var hash = UInt64(truncatingIfNeeded: length) &* multiplier
    var place = 0
    while place &+ 8 <= length {
      hash = (hash ^ loadWord(start + place)) &* multiplier
      hash ^= hash >> 29
      place &+= 8
    }
    let rest = length &- place
    if rest > 0 {
      let word = loadWord(start + place) & (~0 >> UInt64(truncatingIfNeeded: 64 &- rest &* 8))
      hash = (hash ^ word) &* multiplier
      hash ^= hash >> 29
    }
    return hash &* multiplier
  }

  @inline(never)
  private mutating func manyNamesLookAlike(from first: Int) -> Bool {
    hashes.removeAll(keepingCapacity: true)
    var name = first
    while name < entryCount {
      if entries[name].kind == .escapedString { return true }
      hashes.append(hashOfName(entries[name]))
      name += 1 + entries[name + 1].span
    }
    hashes.sort()
    return zip(hashes, hashes.dropFirst()).contains { $0 == $1 }
  }

  @inline(never)
  private mutating func checkNamesExactly(from first: Int) throws(JSONError) {
    var names: Set<[UInt8]> = []
    var name = first
    while name < entryCount {
      if !names.insert(tape.decodedBytes(entries[name])).inserted {
        let position = position(entries[name].offset - 1)
        let twice = tape.string(entries[name])
        throw fault(
          at: name + 1, .duplicateKey(position),
          "is there twice in one object, again at \(position.words): keep one \"\(printable(twice, lengthMax: 40))\"")
      }
      name += 1 + entries[name + 1].span
    }
  }
}
