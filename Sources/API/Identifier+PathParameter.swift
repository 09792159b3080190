public import HTTP
public import Kernel

extension Identifier: PathParameter {
  /// The id.
  public init?(parameter text: String) { self.init(text) }
  /// Says what ids look like.
  public static var parameterExpectation: String {
    "an id of 32 hexadecimal digits, as in 0b7cf2de-93cd-4f0e-8a3c-4d3a2f1b6c55"
  }
}
