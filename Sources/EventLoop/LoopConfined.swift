/// State that belongs to one loop's thread.
///
/// `@unchecked Sendable` because the compiler cannot see that only that thread touches it: the loop itself
/// holds the box and every path to it runs on the loop, which public entry points check.
final class LoopConfined<Value>: @unchecked Sendable {
  var value: Value

  init(_ value: Value) { self.value = value }

  @inline(__always)
  func withValue<Result>(_ body: (inout Value) -> Result) -> Result { body(&value) }
}
