import JSON
import TestFacts
import Testing

@testable import HTTP

/// Structured fields in the form of the public suite: lines, what they mean, and the one way to write it.
@Suite("Structured fields")
struct StructuredFieldTests {
  @Test("every field is read as RFC 9651 says, or refused, and written in the one way there is")
  func facts() throws {
    var (good, bad) = (0, 0)
    for file in try FactFiles.all("structured-fields") {
      for one in try file.root.array {
        let lines = try [String](json: try #require(one.find("/raw")))
        let name = "\(file.name): \(try one.text("/name"))"
        guard try one.find("/must_fail")?.bool != true else {
          #expect((try? read(lines, try one.text("/header_type"))) == nil, "\(name)")
          bad += 1
          continue
        }
        let field = try? read(lines, try one.text("/header_type"))
        guard let field else {
          #expect(try one.find("/can_fail")?.bool == true, "\(name) is refused")
          continue
        }
        let expected = try JSONValue(json: try #require(one.find("/expected")))
        #expect(field.value == expected, "\(name): \(String(decoding: field.value.jsonBytes(), as: UTF8.self))")
        let canonical = try one.find("/canonical").map { try [String](json: $0) } ?? lines
        #expect(field.text == canonical.joined(separator: ", "), "\(name)")
        good += 1
      }
    }
    print("structured fields: \(good) read, \(bad) refused")
    #expect(good >= 90 && bad >= 150, "\(good), \(bad)")
  }

  @Test("every value is written in the one way there is, and what has none is not")
  func writing() throws {
    var (good, bad, skipped) = (0, 0, 0)
    for file in try FactFiles.all("structured-fields/serialisation-tests") {
      for one in try file.root.array {
        let name = "\(file.name): \(try one.text("/name"))"
        let said = try JSONValue(json: try #require(one.find("/expected")))
        guard let told = try StructuredFact(said).written(as: one.text("/header_type")) else {
          // Numbers are kept in thousandths: nothing is left to be rounded when they are written.
          skipped += 1
          continue
        }
        if try one.find("/must_fail")?.bool == true {
          #expect(told.text == nil, "\(name) is written: \(told.text ?? "")")
          bad += 1
        } else {
          let canonical = try [String](json: try #require(one.find("/canonical")))
          #expect(told.text == canonical.joined(separator: ", "), "\(name)")
          good += 1
        }
      }
    }
    print("structured fields: \(good) written, \(bad) not, \(skipped) skipped, which would be rounded")
    #expect(good >= 12 && bad >= 12, "\(good), \(bad)")
  }

  @Test("what has no way to be written is not")
  func unwritable() {
    let wrong: [StructuredValue] = [
      .integer(1_000_000_000_000_000), .decimal(thousandths: -1_000_000_000_000_000), .string("é"), .string("\u{7F}"),
      .token(""), .token("1a"), .token("a b"), .date(.max),
    ]
    for value in wrong { #expect(StructuredField.text(of: StructuredItem(value)) == nil, "\(value)") }
    for key in ["", "A", "1", "a b", "é"] {
      var parameters = StructuredParameters()
      parameters.set(key, .boolean(true))
      #expect(StructuredField.text(of: StructuredItem(.integer(1), parameters)) == nil, "\(key)")
    }
  }

  @Test("a fault says where it is")
  func faults() {
    let error = #expect(throws: StructuredFieldError.self) { try StructuredField.list(["1, 2", "A;b, \u{7F}"]) }
    #expect(error?.offset == 11 && error?.expectation == "a value")
  }

  // MARK: As the suite tells values

  private func read(_ lines: [String], _ kind: String) throws -> (value: JSONValue, text: String?) {
    switch kind {
    case "item":
      let item = try StructuredField.item(lines)
      return (told(item), StructuredField.text(of: item))
    case "list":
      let list = try StructuredField.list(lines)
      return (.array(list.map(told)), StructuredField.text(of: list))
    default:
      let map = try StructuredField.dictionary(lines)
      let members = map.members.map { JSONValue.array([.string($0.key), told($0.value)]) }
      return (.array(members), StructuredField.text(of: map))
    }
  }

  private func told(_ member: StructuredMember) -> JSONValue {
    switch member {
    case .item(let item): told(item)
    case .innerList(let items, let parameters): .array([.array(items.map(told)), told(parameters)])
    }
  }

  private func told(_ item: StructuredItem) -> JSONValue { .array([told(item.value), told(item.parameters)]) }

  private func told(_ parameters: StructuredParameters) -> JSONValue {
    .array(parameters.members.map { .array([.string($0.key), told($0.value)]) })
  }

  private func told(_ value: StructuredValue) -> JSONValue {
    switch value {
    case .integer(let number): .number("\(number)")
    case .decimal(let thousandths): .number("\(thousandths)e-3")
    case .string(let text): .string(text)
    case .boolean(let flag): .bool(flag)
    case .token(let text): typed("token", .string(text))
    case .bytes(let bytes): typed("binary", .string(base32(bytes)))
    case .date(let seconds): typed("date", .number("\(seconds)"))
    case .displayString(let text): typed("displaystring", .string(text))
    }
  }

  private func typed(_ type: String, _ value: JSONValue) -> JSONValue {
    var map = JSONMap()
    map["__type"] = .string(type)
    map["value"] = value
    return .object(map)
  }

  private func base32(_ bytes: [UInt8]) -> String {
    let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
    let bits = bytes.flatMap { byte in (0..<8).map { byte >> UInt8(7 - $0) & 1 } }
    var text = stride(from: 0, to: bits.count, by: 5).map { start in
      digits[(0..<5).reduce(0) { $0 * 2 + Int(start + $1 < bits.count ? bits[start + $1] : 0) }]
    }
    while text.count % 8 != 0 { text.append("=") }
    return String(text)
  }
}
