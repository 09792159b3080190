/// Values that were used lately, as many as a bound of their weights allows.
///
/// Two generations: whatever is kept or asked for is in the younger one; when that has half of what there is room for, it
/// becomes the older one, and what was in there is forgotten. So nothing is sorted or linked, and what is used again
/// before half of the room has gone by stays.
package struct RecentValues<Key: Hashable & Sendable, Value: Sendable>: Sendable {
  private struct Kept {
    let value: Value
    let weight: Int
  }

  private let generationMax: Int
  private var young: [Key: Kept] = [:]
  private var old: [Key: Kept] = [:]
  private var youngWeight = 0

  /// Makes room for values that weigh so much together.
  package init(weightMax: Int) {
    precondition(weightMax >= 2, "there must be room for something")
    generationMax = weightMax / 2
  }

  /// What is kept for a key, which is thereby used.
  ///
  /// - Complexity: O(1), but for once in a generation, which is forgotten at once.
  package mutating func value(of key: Key) -> Value? {
    if let found = young[key] { return found.value }
    guard let found = old.removeValue(forKey: key) else { return nil }
    add(found, key)
    return found.value
  }

  /// Keeps a value in place of what was kept for the key; what alone weighs more than half of the room is not kept.
  package mutating func keep(_ value: Value, weight: Int, for key: Key) {
    precondition(weight >= 0, "nothing weighs less than nothing")
    old[key] = nil
    if let before = young.removeValue(forKey: key) { youngWeight -= before.weight }
    if weight <= generationMax { add(Kept(value: value, weight: weight), key) }
  }

  /// Whether something is kept for a key; that is no use of it.
  package func isKept(_ key: Key) -> Bool { young[key] != nil || old[key] != nil }

  private mutating func add(_ kept: Kept, _ key: Key) {
    if youngWeight + kept.weight > generationMax {
      (old, young, youngWeight) = (young, [:], 0)
    }
    young[key] = kept
    youngWeight += kept.weight
  }
}
