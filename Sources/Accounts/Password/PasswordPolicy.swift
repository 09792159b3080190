/// What may be a password: long enough, not what everybody tries first, not what is known of its owner.
///
/// No kinds of characters are asked for and nothing expires (NIST SP 800-63B, OWASP ASVS 5.0): length and a list of what
/// is tried first keep more out, and people do not write them down.
package struct PasswordPolicy: Sendable {
  /// Why a password is refused.
  package enum Fault: Error, Sendable, Hashable {
    /// It has so many characters, and needs so many.
    case short(Int, least: Int)
    /// It has so many bytes, and may have so many.
    case long(Int, most: Int)
    /// It has a character that keyboards cannot type.
    case control
    /// It is one character, or few, over and over, or counts up or down.
    case monotonous
    /// It is among those that everybody tries first.
    case common
    /// It is hardly more than the name, the address or the product.
    case personal

    /// What is wrong and what to do, as words that follow the place.
    package var mend: String {
      switch self {
      case .short(let count, let least):
        "has \(count) characters and needs \(least); a few words in a row are easy to remember"
      case .long(let count, let most): "has \(count) bytes; at most \(most) are possible"
      case .control: "must not have control characters in it"
      case .monotonous: "is a row or repetition that is tried early; choose a few words that have nothing in common"
      case .common: "is among the passwords that are tried first; choose a few words that have nothing in common"
      case .personal: "is hardly more than your name or address; choose words that others do not connect with you"
      }
    }
  }

  /// The least number of characters.
  package var charactersMin = 10
  /// The most bytes: enough for any sentence, too few to keep a hash busy.
  package var bytesMax = 256
  /// Those that everybody tries first.
  package var common = CommonPasswords.shipped

  /// The policy that the program has.
  package init() {}

  /// Looks at a password.
  ///
  /// - Parameters:
  ///   - password: as it was typed.
  ///   - words: what is known of its owner: name, address.
  /// - Throws: why it is refused.
  package func check(_ password: String, of words: [String] = []) throws(Fault) {
    guard password.utf8.count <= bytesMax else { throw .long(password.utf8.count, most: bytesMax) }
    let scalars = Array(password.unicodeScalars)
    guard scalars.count >= charactersMin else { throw .short(scalars.count, least: charactersMin) }
    guard !scalars.contains(where: { $0.value < 32 || $0.value == 127 }) else { throw .control }
    if PasswordPolicy.isMonotonous(scalars) { throw .monotonous }
    if common.contain(password) { throw .common }
    if isPersonal(password.lowercased(), words) { throw .personal }
  }

  /// Whether there are fewer than four different characters, or each is the neighbour of the one before.
  private static func isMonotonous(_ scalars: [Unicode.Scalar]) -> Bool {
    if Set(scalars).count < 4 { return true }
    let steps = Set(zip(scalars, scalars.dropFirst()).map { Int($1.value) - Int($0.value) })
    return steps.count == 1
  }

  private func isPersonal(_ password: String, _ words: [String]) -> Bool {
    let parts = (words + ["wayfare"]).flatMap { word in
      word.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
    }
    // What is left when everything known is taken out has to be a password's worth by half.
    var rest = password
    for part in Set(parts).sorted(by: { ($0.count, $0) > ($1.count, $1) }) where part.count >= 3 {
      rest = rest.split(separator: part, omittingEmptySubsequences: true).joined()
    }
    return rest.count < password.count && rest.unicodeScalars.count < charactersMin / 2
  }
}
