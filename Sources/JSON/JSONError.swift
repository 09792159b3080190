/// A place in the text: the byte counted from 0, line and column (in Unicode scalars) from 1.
public struct JSONPosition: Hashable, Sendable {
  /// The byte, counted from 0.
  public let offset: Int
  /// The line, counted from 1.
  public let line: Int
  /// The column in Unicode scalars, counted from 1.
  public let column: Int
}

/// What is wrong with one place of a document.
public struct JSONFieldError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The sort of fault, for those who answer differently to different faults.
  public enum Kind: Hashable, Sendable {
    /// Not JSON at this place.
    case syntax(JSONPosition)
    /// Not UTF-8 at this place, or an escape that spells no Unicode scalar.
    case invalidUTF8(JSONPosition)
    /// The same name twice in one object; the place is that of the later one.
    case duplicateKey(JSONPosition)
    /// More containers inside one another than allowed.
    case tooDeep(JSONPosition)
    /// More bytes or values than allowed.
    case tooLarge
    /// Another JSON type than asked for.
    case wrongType
    /// A required field is not there.
    case missing
    /// A name nobody reads, and the known name it resembles most.
    case unknownField(nearest: String?)
    /// The right type with a value or size outside its limits.
    case outOfRange
    /// The right type with a value that its reader refuses.
    case invalid
  }

  /// The place as RFC 6901 spells it; empty for the whole document.
  public let pointer: String
  /// The sort of fault.
  public let kind: Kind
  /// One sentence: the place, what is wrong and the mend.
  public let detail: String

  /// The sentence.
  public var description: String { detail }

  /// A fault at a place.
  public init(pointer: String, kind: Kind, detail: String) {
    self.pointer = pointer
    self.kind = kind
    self.detail = detail
  }
}

/// Everything found wrong with a document: at least one fault, and as many as could be told at once.
public struct JSONError: Error, Hashable, Sendable, CustomStringConvertible {
  /// No more faults than this are collected: an answer stays readable and bounded.
  public static let errorsMax = 32

  /// The faults in the order found; never empty.
  public let errors: [JSONFieldError]

  /// The first fault's place.
  public var pointer: String { errors[0].pointer }
  /// The first fault's sort.
  public var kind: JSONFieldError.Kind { errors[0].kind }
  /// The first fault's sentence.
  public var detail: String { errors[0].detail }
  /// All sentences, separated by "; ".
  public var description: String { errors.map(\.detail).joined(separator: "; ") }

  /// One fault.
  public init(_ error: JSONFieldError) {
    errors = [error]
  }

  /// Several faults; those past ``errorsMax`` are left out.
  public init(_ errors: [JSONFieldError]) {
    precondition(!errors.isEmpty, "an error without a fault")
    self.errors = Array(errors.prefix(Self.errorsMax))
  }

  init(_ pointer: String, _ kind: JSONFieldError.Kind, _ complaint: String) {
    let place = pointer.isEmpty ? "the document" : printable(pointer, lengthMax: 200)
    self.init(JSONFieldError(pointer: pointer, kind: kind, detail: "\(place) \(complaint)"))
  }
}

/// Text from outside as it may stand in a message: control characters spelled out, long text cut.
func printable(_ text: String, lengthMax: Int) -> String {
  var result = ""
  for (position, scalar) in text.unicodeScalars.enumerated() {
    if position == lengthMax { return result + "…" }
    if scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) {
      result += "\\u{\(String(scalar.value, radix: 16))}"
    } else {
      result.unicodeScalars.append(scalar)
    }
  }
  return result
}
