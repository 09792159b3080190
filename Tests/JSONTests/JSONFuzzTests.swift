import Testing

@testable import JSON

@Suite("Random documents")
struct JSONFuzzTests {
  private let seed = UInt64.random(in: 0...UInt64.max)

  @Test("what is written reads back the same, compact and pretty")
  func roundTrip() throws {
    print("JSON round trip seed \(seed)")
    var random = TestRandom(seed: seed)
    for _ in 0..<1500 {
      let tree = Tree.random(depth: 4, using: &random)
      for isPretty in [false, true] {
        let bytes = tree.jsonBytes(isPretty: isPretty)
        #expect(try Tree(jsonBytes: bytes) == tree, "seed \(seed): \(String(decoding: bytes, as: UTF8.self))")
        #expect(ReferenceChecker.accepts(bytes), "seed \(seed)")
      }
      let copy = try JSONDocument(bytes: tree.jsonBytes()).root.jsonBytes()
      #expect(try Tree(jsonBytes: copy) == tree, "seed \(seed)")
    }
  }

  @Test("mutated documents are accepted exactly when a second, simple checker accepts them")
  func mutations() throws {
    print("JSON mutation seed \(seed)")
    var random = TestRandom(seed: seed)
    let seeds = acceptedTexts.map { Array($0.utf8) } + refusedTexts.map { Array($0.utf8) } + refusedBytes.map(\.bytes)
    var accepted = 0
    for round in 0..<20_000 {
      var bytes = seeds[Int.random(in: 0..<seeds.count, using: &random)]
      for _ in 0..<Int.random(in: 1...3, using: &random) { mutate(&bytes, using: &random) }
      let isAccepted = (try? JSONDocument(bytes: bytes)) != nil  // The error itself is looked at elsewhere.
      #expect(isAccepted == ReferenceChecker.accepts(bytes), "seed \(seed), round \(round): \(bytes)")
      if isAccepted { accepted += 1 }
    }
    // Were nearly everything refused, the test would say little.
    #expect(accepted > 1000)
  }

  private func mutate(_ bytes: inout [UInt8], using random: inout TestRandom) {
    let likely = Array("[]{}\",:\\u0123456789eE+-. \ntrufalsnABCDd8\u{0}/".utf8)
    let byte =
      Int.random(in: 0..<5, using: &random) == 0
      ? UInt8.random(in: 0...255, using: &random) : likely[Int.random(in: 0..<likely.count, using: &random)]
    let place = Int.random(in: 0...bytes.count, using: &random)
    switch Int.random(in: 0..<5, using: &random) {
    case 0: bytes.insert(byte, at: place)
    case 1 where place < bytes.count: bytes.remove(at: place)
    case 2 where place < bytes.count: bytes[place] = byte
    case 3: bytes = Array("[".utf8) + bytes + Array(",".utf8) + bytes + Array("]".utf8)
    default: bytes.replaceSubrange(place..., with: bytes[..<(bytes.count - place)])
    }
  }

  @Test("a node's pointer leads back to the node")
  func pointers() throws {
    print("JSON pointer seed \(seed)")
    var random = TestRandom(seed: seed)
    for _ in 0..<200 {
      let root = try JSONDocument(bytes: Tree.random(depth: 3, using: &random).jsonBytes()).root
      try visit(root) { node in
        #expect(root.find(node.pointer)?.index == node.index, "seed \(seed)")
      }
    }
  }

  private func visit(_ node: JSONNode, _ body: (JSONNode) throws -> Void) throws {
    try body(node)
    switch node.kind {
    case .array: for element in try node.array { try visit(element, body) }
    case .object: for (_, value) in try node.members { try visit(value, body) }
    default: break
    }
  }
}
