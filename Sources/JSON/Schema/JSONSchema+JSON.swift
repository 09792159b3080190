extension JSONSchema: JSONWritable {
  /// Writes the schema as JSON Schema 2020-12.
  public func write(to writer: inout JSONWriter) {
    writer.object { write(to: &$0) }
  }

  private func write(to object: inout JSONObjectWriter, isNullable: Bool = false) {
    func type(_ name: String, _ object: inout JSONObjectWriter) {
      if isNullable { object.field("type", [name, "null"]) } else { object.field("type", name) }
    }
    switch form {
    case .any: break
    case .boolean: type("boolean", &object)
    case .text(let length, let format, let pattern):
      type("string", &object)
      object.field("minLength", ifPresent: length?.lowerBound)
      object.field("maxLength", ifPresent: length?.upperBound)
      object.field("format", ifPresent: format)
      object.field("pattern", ifPresent: pattern)
    case .integer(let range):
      type("integer", &object)
      object.field("minimum", ifPresent: range?.lowerBound)
      object.field("maximum", ifPresent: range?.upperBound)
    case .number(let range):
      type("number", &object)
      object.field("minimum", ifPresent: range?.lowerBound)
      object.field("maximum", ifPresent: range?.upperBound)
    case .words(let words):
      type("string", &object)
      object.array("enum") { array in
        for word in words { array.element(word) }
        if isNullable { array.element(String?.none) }
      }
    case .list(let element, let count):
      type("array", &object)
      object.field("items", element)
      object.field("minItems", ifPresent: count?.lowerBound)
      object.field("maxItems", ifPresent: count?.upperBound)
    case .object(let fields, let isClosed):
      type("object", &object)
      write(fields, isClosed, to: &object)
    case .map(let value):
      type("object", &object)
      object.field("additionalProperties", value)
    case .either(let forms):
      object.array("anyOf") { array in
        for form in forms { array.element(form) }
        if isNullable { array.object { $0.field("type", "null") } }
      }
    case .nullable(let schema): schema.write(to: &object, isNullable: true)
    }
  }

  private func write(_ fields: [Field], _ isClosed: Bool, to object: inout JSONObjectWriter) {
    if !fields.isEmpty {
      object.object("properties") { properties in
        for field in fields {
          properties.field(named: field.name, field.isOptional ? field.schema.orNull : field.schema)
        }
      }
    }
    let required = fields.filter { !$0.isOptional }.map(\.name)
    if !required.isEmpty { object.field("required", required) }
    if isClosed { object.field("additionalProperties", false) }
  }
}
