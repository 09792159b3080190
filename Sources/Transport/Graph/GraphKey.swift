/// Our number of a thing in one graph file: from 0 without gaps, so that it is an index into ``Graph/all(_:)``.
///
/// Another graph file numbers anew; what lasts is the feed's name with the feed's own id.
struct GraphKey<Row>: Hashable, Comparable, Sendable {
  let number: Int32

  init(_ number: Int32) {
    self.number = number
  }

  init(_ index: Int) {
    number = Int32(index)
  }

  var index: Int { Int(number) }

  static func < (left: GraphKey, right: GraphKey) -> Bool { left.number < right.number }
}
