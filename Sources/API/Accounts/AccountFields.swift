import Accounts
import HTTP
import JSON

// How fields about accounts are read, each with its place and the mend.
extension JSONObject {
  /// An address that mail can go to.
  func email(_ name: StaticString = "email") throws(JSONError) -> EmailAddress {
    let text = try required(name, as: String.self)
    do throws(EmailAddress.Fault) {
      return try EmailAddress(text)
    } catch {
      throw try required(name, as: JSONNode.self).fault("is no address: it \(error.mend)")
    }
  }

  /// A line of text without control characters.
  func line(_ name: StaticString, length: ClosedRange<Int>) throws(JSONError) -> String {
    try requiredLine(try required(name, length: length), name)
  }

  /// A line of text, or nil.
  func optionalLine(_ name: StaticString, length: ClosedRange<Int>) throws(JSONError) -> String? {
    guard let text = try optional(name, length: length) else { return nil }
    return try requiredLine(text, name)
  }

  /// A password that the policy takes.
  func newPassword(
    _ name: StaticString, _ policy: PasswordPolicy, of words: [String]
  ) throws(JSONError) -> String {
    let text = try required(name, as: String.self)
    do throws(PasswordPolicy.Fault) {
      try policy.check(text, of: words)
    } catch {
      // What was typed is not repeated.
      throw try required(name, as: JSONNode.self).fault(error.mend)
    }
    return text
  }

  private func requiredLine(_ text: String, _ name: StaticString) throws(JSONError) -> String {
    let isPlain = text.unicodeScalars.allSatisfy { $0.value >= 32 && $0.value != 127 }
    guard isPlain, text.contains(where: { !$0.isWhitespace }) else {
      throw try required(name, as: JSONNode.self).fault("must be a line of text without control characters")
    }
    return text
  }

}

/// Bodies about accounts are small.
let accountBodyBytesMax = 16 * 1024

extension Request {
  /// What `User-Agent` says, as much of it as is kept.
  var userAgent: String? {
    guard let text = header("User-Agent"), !text.isEmpty else { return nil }
    return String(String.UnicodeScalarView(text.unicodeScalars.filter { $0.value >= 32 }.prefix(200)))
  }
}
