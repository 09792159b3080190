/// The elements of an array, in order.
public struct JSONArray: Sequence, Sendable {
  @usableFromInline let node: JSONNode

  init(node: JSONNode) {
    self.node = node
  }

  /// How many elements there are.
  ///
  /// - Complexity: O(elements).
  public var count: Int {
    let entries = node.storage.tape.entries
    let end = node.index + entries[node.index].span
    var child = node.index + 1
    var count = 0
    while child < end {
      child += entries[child].span
      count += 1
    }
    return count
  }

  /// Walks the elements.
  @inlinable
  public func makeIterator() -> Iterator {
    let entries = node.storage.tape.entries
    return Iterator(storage: node.storage, place: node.index + 1, end: node.index + entries[node.index].span)
  }

  /// Walks the elements.
  public struct Iterator: IteratorProtocol {
    @usableFromInline let storage: JSONStorage
    @usableFromInline var place: Int
    @usableFromInline let end: Int

    @inlinable
    init(storage: JSONStorage, place: Int, end: Int) {
      self.storage = storage
      self.place = place
      self.end = end
    }

    /// The next element.
    @inlinable
    public mutating func next() -> JSONNode? {
      guard place < end else { return nil }
      let node = JSONNode(storage: storage, index: place)
      place &+= storage.tape.entries[place].span
      return node
    }
  }
}

/// The names and values of an object, in the order sent.
public struct JSONMembers: Sequence, Sendable {
  let node: JSONNode

  /// Walks names and values.
  public func makeIterator() -> Iterator {
    Iterator(storage: node.storage, place: node.index + 1, end: node.index + node.entry.span)
  }

  /// Walks names and values.
  public struct Iterator: IteratorProtocol {
    let storage: JSONStorage
    var place: Int
    let end: Int

    /// The next name and value.
    public mutating func next() -> (name: String, value: JSONNode)? {
      guard place < end else { return nil }
      let tape = storage.tape
      let value = place + 1
      defer { place = value + tape.entries[value].span }
      return (tape.string(tape.entries[place]), JSONNode(storage: storage, index: value))
    }
  }
}
