/// How one field of an object is read, so that several can be read before the first fault is thrown.
public struct JSONField<Value>: Sendable {
  let name: StaticString
  let read: @Sendable (JSONObject) throws(JSONError) -> Value

  /// A field read by a closure, which throws what is wrong with it.
  public init(_ name: StaticString, read: @escaping @Sendable (JSONObject) throws(JSONError) -> Value) {
    self.name = name
    self.read = read
  }
}

extension JSONNode {
  /// Reads an object's fields and throws every fault of all of them, and every unknown name, in one error.
  ///
  /// It costs a closure per field: for what people send by hand, not for feeds.
  ///
  /// ```swift
  /// (name, nights) = try json.object(
  ///   JSONField("name") { try $0.required("name", length: 1...200) },
  ///   JSONField("nights") { try $0.optional("nights", in: 1...60) ?? 3 })
  /// ```
  public func object<each Value>(_ fields: repeat JSONField<each Value>) throws(JSONError) -> (repeat each Value) {
    var names: [StaticString] = []
    repeat names.append((each fields).name)
    let object = try uncheckedObject()
    var errors = object.countKnown(names, []) == nil ? object.unknownFields(names) : []
    let values = (repeat attempt(each fields, object, &errors))
    if !errors.isEmpty { throw JSONError(errors) }
    return (repeat unwrapped(each values))
  }

  private func attempt<Value>(
    _ field: JSONField<Value>, _ object: JSONObject, _ errors: inout [JSONFieldError]
  ) -> Result<Value, JSONError> {
    do throws(JSONError) {
      return .success(try field.read(object))
    } catch {
      errors += error.errors
      return .failure(error)
    }
  }

  private func unwrapped<Value>(_ result: Result<Value, JSONError>) -> Value {
    guard case .success(let value) = result else { preconditionFailure("a failed field was not collected") }
    return value
  }
}
