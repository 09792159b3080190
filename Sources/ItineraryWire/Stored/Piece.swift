import JSON

/// A JSON value that can be changed: opened where it is, and passed on as it came everywhere else, so that what this
/// program does not know of a document stays in it.
enum Piece: JSONWritable {
  /// As it came.
  case node(JSONNode)
  case object([Member])
  case array([Piece])
  case text(String)
  case whole(Int)
  case decimal(Double)
  case truth(Bool)

  struct Member {
    let name: String
    var value: Piece
  }

  /// An object or an array with its members or elements as they came; any other value as it came.
  init(opening node: JSONNode) throws(JSONError) {
    switch node.kind {
    case .object: self = .object(try node.members.map { Member(name: $0.name, value: .node($0.value)) })
    case .array: self = .array(try node.array.map { .node($0) })
    default: self = .node(node)
    }
  }

  /// An object of these members.
  init(_ members: (String, Piece)...) {
    self = .object(members.map { Member(name: $0.0, value: $0.1) })
  }

  /// Puts a member in the place of the one of its name, or at the end.
  mutating func set(_ name: String, _ value: Piece) {
    guard case .object(var members) = self else { return }
    if let index = members.firstIndex(where: { $0.name == name }) {
      members[index].value = value
    } else {
      members.append(Member(name: name, value: value))
    }
    self = .object(members)
  }

  /// Takes a member out.
  mutating func remove(_ name: String) {
    guard case .object(let members) = self else { return }
    self = .object(members.filter { $0.name != name })
  }

  func write(to writer: inout JSONWriter) {
    switch self {
    case .node(let node): node.write(to: &writer)
    case .object(let members):
      writer.object { object in for member in members { object.field(named: member.name, member.value) } }
    case .array(let elements): writer.array { array in for element in elements { array.element(element) } }
    case .text(let text): writer.string(text)
    case .whole(let number): number.write(to: &writer)
    case .decimal(let number): writer.double(number)
    case .truth(let value): writer.bool(value)
    }
  }

  /// As JSON text.
  var text: String { String(decoding: jsonBytes(), as: UTF8.self) }
}
