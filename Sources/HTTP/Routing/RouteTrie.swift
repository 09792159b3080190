/// The routes' patterns as a trie over segments, frozen into flat arrays of plain data.
///
/// The idea: from each node a literal leads on, or a parameter, or `{rest*}`, tried in this order; a dead end, or a
/// node without the method, goes back to the last alternative. The cost is O(length of the path) for a path without
/// alternatives and O(nodes) at worst, which no caller can make worse. Nothing is allocated: what parameters took is
/// kept in place.
struct RouteTrie: Sendable {
  private let nodes: [Node]
  private let edges: [Edge]
  private let entries: [Entry]
  private let literals: [UInt8]

  struct Node: BitwiseCopyable, Sendable {
    var edges = Run.none
    var parameterChild: Int32 = -1
    /// What ends here.
    var entries = Run.none
    /// What ends in `{rest*}` here.
    var restEntries = Run.none
  }

  struct Run: BitwiseCopyable, Sendable {
    var start: Int32
    var end: Int32
    static let none = Run(start: 0, end: 0)
    var indices: Range<Int> { Int(start)..<Int(end) }
  }

  /// A literal segment and where it leads.
  struct Edge: BitwiseCopyable, Sendable {
    /// Its first eight bytes, so that most comparisons are one.
    var key: UInt64
    var literal: Run
    var child: Int32
  }

  struct Entry: BitwiseCopyable, Sendable {
    var method: HTTPMethod
    var endpoint: Int32
  }

  /// What parameters took, in order.
  struct Captures: BitwiseCopyable, Sendable {
    var ranges = InlineArray<8, ByteRange>(repeating: .empty)
    var count = 0
  }

  init(_ endpoints: [RouteEndpoint]) {
    let builder = RouteTrieBuilder()
    for (index, endpoint) in endpoints.enumerated() { builder.insert(endpoint, index: index) }
    var flattener = RouteTrieFlattener()
    flattener.flatten(builder.root)
    nodes = flattener.nodes
    edges = flattener.edges
    entries = flattener.entries
    literals = flattener.literals
  }

  /// The index of the endpoint for a path, whose escapes must have been checked; nil if there is none.
  ///
  /// `captures` is filled with the ranges of the parameters, relative to `path`.
  func find(_ method: HTTPMethod, _ path: UnsafeBufferPointer<UInt8>, _ captures: inout Captures) -> Int? {
    guard path.first == Byte.slash else { return nil }
    var found = search(method, path, node: 0, position: Self.start(path), &captures)
    if found < 0, method == .head {
      captures.count = 0
      found = search(.get, path, node: 0, position: Self.start(path), &captures)
    }
    return found < 0 ? nil : Int(found)
  }

  /// The methods that routes have for a path, in the order in which they were added.
  func methods(_ path: UnsafeBufferPointer<UInt8>) -> [HTTPMethod] {
    guard path.first == Byte.slash else { return [] }
    var found: [Int32: HTTPMethod] = [:]
    collect(path, node: 0, position: Self.start(path)) { found[$0.endpoint] = $0.method }
    var result: [HTTPMethod] = []
    for (_, method) in found.sorted(by: { $0.key < $1.key }) where !result.contains(method) { result.append(method) }
    return result
  }

  /// "/" has no segments; everything else begins with the slash before its first.
  private static func start(_ path: UnsafeBufferPointer<UInt8>) -> Int {
    path.count == 1 ? 1 : 0
  }

  private func search(
    _ method: HTTPMethod, _ path: UnsafeBufferPointer<UInt8>, node index: Int, position: Int,
    _ captures: inout Captures
  ) -> Int32 {
    let node = nodes[index]
    if position == path.count {
      let found = endpoint(method, node.entries)
      if found >= 0 || position > 1 { return found }
      return capture(ByteRange(position, position), &captures, endpoint(method, node.restEntries))
    }
    let end = Self.segmentEnd(path, from: position + 1)
    if let child = child(node, path, position + 1, end) {
      let found = search(method, path, node: child, position: end, &captures)
      if found >= 0 { return found }
    }
    if node.parameterChild >= 0, end > position + 1 {
      let count = captures.count
      captures.ranges[count] = ByteRange(position + 1, end)
      captures.count = count + 1
      let found = search(method, path, node: Int(node.parameterChild), position: end, &captures)
      if found >= 0 { return found }
      captures.count = count
    }
    return capture(ByteRange(position + 1, path.count), &captures, endpoint(method, node.restEntries))
  }

  private func capture(_ range: ByteRange, _ captures: inout Captures, _ endpoint: Int32) -> Int32 {
    if endpoint >= 0 {
      captures.ranges[captures.count] = range
      captures.count += 1
    }
    return endpoint
  }

  private func endpoint(_ method: HTTPMethod, _ run: Run) -> Int32 {
    for index in run.indices where entries[index].method == method { return entries[index].endpoint }
    return -1
  }

  private func collect(
    _ path: UnsafeBufferPointer<UInt8>, node index: Int, position: Int, _ body: (Entry) -> Void
  ) {
    let node = nodes[index]
    if position == path.count {
      for entry in entries[node.entries.indices] { body(entry) }
      if position == 1 { for entry in entries[node.restEntries.indices] { body(entry) } }
      return
    }
    let end = Self.segmentEnd(path, from: position + 1)
    if let child = child(node, path, position + 1, end) { collect(path, node: child, position: end, body) }
    if node.parameterChild >= 0, end > position + 1 {
      collect(path, node: Int(node.parameterChild), position: end, body)
    }
    for entry in entries[node.restEntries.indices] { body(entry) }
  }

  @inline(__always)
  private static func segmentEnd(_ path: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
    var end = start
    while end < path.count, path[end] != Byte.slash { end += 1 }
    return end
  }

  @inline(__always)
  private func child(_ node: Node, _ path: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int) -> Int? {
    let segment = UnsafeBufferPointer(rebasing: path[start..<end])
    if let child = child(node, segment) { return child }
    // No literal has a percent sign, so that a segment with an escape is not found as it stands.
    return segment.contains(Byte.percent) ? decodedChild(node, segment) : nil
  }

  private func decodedChild(_ node: Node, _ segment: UnsafeBufferPointer<UInt8>) -> Int? {
    var decoded: [UInt8] = []
    guard PercentCoding.decode(segment, plusIsSpace: false, into: &decoded) else { return nil }
    return decoded.withUnsafeBufferPointer { child(node, $0) }
  }

  private func child(_ node: Node, _ segment: UnsafeBufferPointer<UInt8>) -> Int? {
    let key = Self.key(segment)
    for index in node.edges.indices {
      let edge = edges[index]
      guard edge.key == key, edge.literal.indices.count == segment.count else { continue }
      if segment.count <= 8 || literals[edge.literal.indices].elementsEqual(segment) { return Int(edge.child) }
    }
    return nil
  }

  @inline(__always)
  static func key(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
    var key: UInt64 = 0
    for index in 0..<min(8, bytes.count) { key |= UInt64(bytes[index]) &<< UInt64(index &* 8) }
    return key
  }
}
