/// Collects patterns into nodes that know each other; a `RouteTrieFlattener` then lays them out.
final class RouteTrieBuilder {
  final class Node {
    var children: [(literal: String, node: Node)] = []
    var parameterChild: Node?
    var entries: [(entry: RouteTrie.Entry, pattern: String)] = []
    var restEntries: [(entry: RouteTrie.Entry, pattern: String)] = []
  }

  let root = Node()

  /// Adds a route.
  ///
  /// - Precondition: no route was added that has the same method and matches the same paths.
  func insert(_ endpoint: RouteEndpoint, index: Int) {
    var node = root
    var endsInRest = false
    for segment in endpoint.pattern.segments {
      switch segment {
      case .literal(let literal): node = child(of: node, literal)
      case .parameter: node = parameterChild(of: node)
      case .rest: endsInRest = true
      }
    }
    let new = (RouteTrie.Entry(method: endpoint.method, endpoint: Int32(index)), endpoint.pattern.text)
    let others = endsInRest ? node.restEntries : node.entries
    if let other = others.first(where: { $0.entry.method == endpoint.method }) {
      preconditionFailure("\(endpoint.method) \(endpoint.pattern.text) matches the same paths as \(other.pattern)")
    }
    if endsInRest { node.restEntries.append(new) } else { node.entries.append(new) }
  }

  private func child(of node: Node, _ literal: String) -> Node {
    if let child = node.children.first(where: { $0.literal == literal }) { return child.node }
    let child = Node()
    node.children.append((literal, child))
    return child
  }

  private func parameterChild(of node: Node) -> Node {
    if let child = node.parameterChild { return child }
    let child = Node()
    node.parameterChild = child
    return child
  }
}

/// Lays nodes out in arrays, the root first.
struct RouteTrieFlattener {
  private(set) var nodes: [RouteTrie.Node] = []
  private(set) var edges: [RouteTrie.Edge] = []
  private(set) var entries: [RouteTrie.Entry] = []
  private(set) var literals: [UInt8] = []

  @discardableResult
  mutating func flatten(_ node: RouteTrieBuilder.Node) -> Int32 {
    let index = nodes.count
    nodes.append(RouteTrie.Node())
    let ownEntries = append(node.entries.map(\.entry))
    let restEntries = append(node.restEntries.map(\.entry))
    // The edges of one node must lie together, so the children, which add edges of their own, come first.
    let ownEdges = node.children.map { edge($0.literal, leadingTo: flatten($0.node)) }
    let edgeStart = Int32(edges.count)
    edges += ownEdges
    let parameterChild = node.parameterChild.map { flatten($0) } ?? -1
    nodes[index] = RouteTrie.Node(
      edges: RouteTrie.Run(start: edgeStart, end: edgeStart + Int32(ownEdges.count)),
      parameterChild: parameterChild, entries: ownEntries, restEntries: restEntries)
    return Int32(index)
  }

  private mutating func append(_ new: [RouteTrie.Entry]) -> RouteTrie.Run {
    let start = Int32(entries.count)
    entries += new
    return RouteTrie.Run(start: start, end: Int32(entries.count))
  }

  private mutating func edge(_ literal: String, leadingTo child: Int32) -> RouteTrie.Edge {
    let start = Int32(literals.count)
    let bytes = Array(literal.utf8)
    literals += bytes
    let run = RouteTrie.Run(start: start, end: Int32(literals.count))
    return RouteTrie.Edge(key: bytes.withUnsafeBufferPointer(RouteTrie.key), literal: run, child: child)
  }
}
