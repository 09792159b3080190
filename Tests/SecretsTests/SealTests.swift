import Accounts
import Testing

@testable import Secrets

@Suite("Passwords, seals and letters")
struct SealTests {
  private let cheap = PasswordHash.Cost(memoryBytes: 8192, passes: 1)

  @Test("a password fits its hash, which names its cost; no other does")
  func passwords() throws {
    let hash = try PasswordHash(of: "violet anchor toast")
    #expect(hash.text.hasPrefix("$argon2id$v=19$m=19456,t=2,p=1$"))
    #expect(hash.matches("violet anchor toast"))
    #expect(!hash.matches("violet anchor toas"))
    #expect(!hash.matches(""))
    #expect(try PasswordHash(of: "violet anchor toast") != hash, "each has a salt of its own")
  }

  @Test("a password may have any character; one that goes on after a NUL is another")
  func longPasswords() throws {
    let hash = try PasswordHash(of: "a\u{0}b", cost: cheap)
    #expect(hash.matches("a\u{0}b"))
    #expect(!hash.matches("a\u{0}c"))
    #expect(!hash.matches("a"))
  }

  @Test("a hash of another cost is renewed; what is no hash fits nothing")
  func renewal() throws {
    let hash = try PasswordHash(of: "x", cost: cheap)
    #expect(!hash.needsRenewal(for: cheap))
    #expect(hash.needsRenewal(for: .standard))
    #expect(!PasswordHash(text: "").matches(""))
    #expect(!PasswordHash(text: "$argon2id$v=19$m=19456,t=2,p=1$").matches("x"))
  }

  @Test("what was sealed is opened with the same key, for the same purpose, unchanged")
  func seals() throws {
    let master = MasterKey.random()
    let key = master.key(for: .signing)
    for count in [0, 1, 32, 1000] {
      let bytes = RandomBytes.make(count)
      let sealed = SealedBox.seal(bytes, key: key)
      #expect(SealedBox.open(sealed, key: key) == bytes)
      #expect(SealedBox.open(sealed, key: master.key(for: .mail)) == nil)
      var changed = sealed
      changed[sealed.count - 1] ^= 1
      #expect(SealedBox.open(changed, key: key) == nil)
      #expect(SealedBox.open(Array(sealed.dropLast()), key: key) == nil)
    }
    #expect(SealedBox.open([], key: key) == nil)
  }

  @Test("a master key is read as it is written, and nothing else is one")
  func masterKeys() throws {
    let key = MasterKey.random()
    let read = try #require(MasterKey(hexadecimal: key.hexadecimal))
    #expect(read.key(for: .mail) == key.key(for: .mail))
    for wrong in ["", String(repeating: "0", count: 63), String(repeating: "g", count: 64)] {
      #expect(MasterKey(hexadecimal: wrong) == nil)
    }
  }

  @Test("the next token is read by who has the one before, and by nobody else")
  func nextTokens() {
    let token = OpaqueToken.random(.refresh)
    let next = OpaqueToken.random(.refresh)
    let sealed = token.seal(next: next)
    #expect(token.open(next: sealed) == next.text)
    #expect(next.open(next: sealed) == nil)
    #expect(OpaqueToken(shown: token.text, .refresh) == token)
    #expect(OpaqueToken(shown: token.text, .key) == nil)
    #expect(OpaqueToken(shown: token.text + "x", .refresh) == nil)
  }

  @Test("a name is taken with its own mark of this installation, for its purpose alone, and with no other")
  func namesWithMarks() throws {
    let key = MasterKey.random()
    let seal = NameSeal(key, for: .packages)
    for name in ["EUR.3:a:1", "", "with~tilde", "ü"] {
      let text = seal.sealed(name)
      #expect(seal.name(in: text) == name && text.utf8.count == name.utf8.count + NameSeal.overhead)
      #expect(seal.name(in: name) == nil && seal.name(in: text + "x") == nil && seal.name(in: "x" + text) == nil)
      #expect(NameSeal(.random(), for: .packages).name(in: text) == nil)
      #expect(NameSeal(key, for: .mail).name(in: text) == nil)
      let mark = try #require(text.lastIndex(of: "~"))
      #expect(seal.name(in: "another" + text[mark...]) == nil)
    }
  }

  @Test("letters tell nothing while they wait, not even by their length")
  func letters() throws {
    let key = MasterKey.random()
    let one = LetterBox.seal(AddressedLetter(.confirm(token: "secret"), to: "ada@example.org", name: "Ada"), key)
    let other = LetterBox.seal(AddressedLetter(.alreadyRegistered, to: "a@b.de"), key)
    #expect(one.utf8.count == other.utf8.count)
    #expect(!one.contains("ada"))
    let opened = try #require(LetterBox.open(one, key))
    #expect(opened.token == "secret")
    #expect(opened.address == "ada@example.org")
    #expect(opened.kind == "account.confirm")
    #expect(LetterBox.open(one, MasterKey.random()) == nil)
  }
}
