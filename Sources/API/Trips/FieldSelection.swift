import HTTP
import JSON

/// Of what is told, what somebody wants to know: `?fields=title,days`.
struct FieldSelection: Sendable {
  private let names: Set<String>

  /// Reads the query; nil where all is wanted.
  ///
  /// - Throws: a problem that names what is unknown, with the nearest that is not.
  init?(_ request: Request, known: [String]) throws(Problem) {
    guard let text: String = try request.query.optional("fields") else { return nil }
    var names: Set<String> = ["id"]
    for name in text.split(separator: ",", omittingEmptySubsequences: false).map(String.init) {
      guard known.contains(name) else {
        let near = nearestName(to: name, among: known).map { "did you mean '\($0)'?" }
        let all = known.sorted().joined(separator: ", ")
        throw .parameter(
          "fields", "The query parameter 'fields' names something unknown; \(near ?? "there are \(all).")")
      }
      names.insert(name)
    }
    self.names = names
  }

  /// An object with the fields that are wanted.
  func apply(to node: JSONNode) throws(JSONError) -> Selected {
    var members: [(name: String, value: JSONNode)] = []
    for (name, value) in try node.members where names.contains(name) { members.append((name, value)) }
    return Selected(members: members)
  }

  /// What was selected.
  struct Selected: JSONWritable {
    let members: [(name: String, value: JSONNode)]

    func write(to writer: inout JSONWriter) {
      writer.object { object in for (name, value) in members { object.field(named: name, value) } }
    }
  }
}
