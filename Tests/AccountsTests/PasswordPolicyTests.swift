import Testing

@testable import Accounts

@Suite("Passwords and addresses")
struct PasswordPolicyTests {
  private func fault(_ password: String, _ words: [String] = []) -> PasswordPolicy.Fault? {
    do throws(PasswordPolicy.Fault) {
      try PasswordPolicy().check(password, of: words)
      return nil
    } catch {
      return error
    }
  }

  @Test(
    "a few words that have nothing in common are taken, in any script",
    arguments: ["violet anchor toast", "Grünkohl mit Pinkel", "пять зелёных лодок", "x9!kQz#2mTr", "ünter den Brücken"])
  func takes(_ password: String) { #expect(fault(password) == nil) }

  @Test(
    "what everybody tries first is refused, however it is dressed up",
    arguments: [
      "password123", "Password1234!", "P@ssw0rd1234", "qwertyuiop", "QWERTYUIOP123", "iloveyouforever", "1qaz2wsx3edc",
      "michael123456", "passwordpassword", "!!!Superman!!!", "letmein2026!",
    ])
  func refusesCommon(_ password: String) { #expect(fault(password) == .common) }

  @Test("rows and repetitions are refused, short and endless ones too, and control characters")
  func refusesShapes() {
    #expect(fault("aaaaaaaaaaaa") == .monotonous)
    #expect(fault("abababababab") == .monotonous)
    #expect(fault("lmnopqrstuvw") == .monotonous)
    #expect(fault("9876543210") == .monotonous)
    #expect(fault("tiny one") == .short(8, least: 10))
    #expect(fault(String(repeating: "long words ", count: 30)) == .long(330, most: 256))
    #expect(fault("with a \u{0} in it") == .control)
  }

  @Test("what is hardly more than the owner's name or address is refused")
  func refusesPersonal() {
    let words = ["ada.lovelace@example.org", "Ada Lovelace"]
    #expect(fault("adalovelace1", words) == .personal)
    #expect(fault("Lovelace1815", words) == .personal)
    #expect(fault("lovelace drew nine engines", words) == nil)
  }

  @Test("the list that is shipped has some thousands of entries in lower case")
  func listIsShipped() { #expect(CommonPasswords.shipped.count > 3000) }

  @Test(
    "addresses are read, and differ not by case",
    arguments: ["ada@example.org", "A.da+x@ex-am.ple.org", "ü@bücher.example"])
  func readsAddresses(_ text: String) throws {
    #expect(try EmailAddress(text).key == EmailAddress(text.uppercased()).key)
  }

  @Test(
    "what is no address is refused",
    arguments: [
      "", "a@", "@b.de", "a@b", "a b@c.de", "a@b@c.de", ".a@b.de", "a..b@c.de", "a@-b.de", "a@b..de",
      "a@b.de\r\nBcc: x",
      "\"a\"@b.de", "a@[127.0.0.1]",
    ])
  func refusesAddresses(_ text: String) { #expect(throws: EmailAddress.Fault.self) { try EmailAddress(text) } }
}
