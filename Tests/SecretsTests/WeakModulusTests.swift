import Testing

@testable import Secrets

/// Moduli of the form of CVE-2017-15361.
@Suite("Weak moduli")
struct WeakModulusTests {
  /// Two numbers of 1024 bits of that form, multiplied; made up for this test, and nobody's key.
  private static let modulus = bytes(
    "b24fae0523d915a833c703b8db38aacce63c80fa047fb61d4d87caf32c1f41f987c6d5861fc98d163d1d5a9d98598aac"
      + "ab46a0e688d31f1d586f049a4ea231d5fea40c256862d034bdc63ec742eea51920608893ee37f05c2e37071c0a7c11a4"
      + "fe97bdf58ba3688722de42465cf5c88cd10446924b96cfc96025edd81262adf179956f4cb72b5e13956a3ceee289e4d6"
      + "1a0ea6fed964f0f855fb74e6a5389a35700b36525be7875e43189aace08931a376fe2756dc86c146e3c4e19922ff3c70"
      + "723bf274436463a1e8d2bda8fb1aecc23a8e1ed50e5fc5a6c8af336730c13e74c9a68a14585fada6448c7ba60ff41cb0"
      + "8c3dc7de33a59cc08ea7e1983a569b93")

  @Test("a modulus that is a power of 65537 modulo every small prime is known, and one beside it is not")
  func known() {
    #expect(WeakModulus.isOne(Self.modulus))
    var other = Self.modulus
    other[255] ^= 2
    #expect(!WeakModulus.isOne(other))
    #expect(WeakModulus.isOne([1]) && !WeakModulus.isOne([0]))
  }

  @Test("of moduli by chance none is taken for one")
  func others() {
    for _ in 0..<200 {
      var modulus = RandomBytes.make(256)
      modulus[255] |= 1
      #expect(!WeakModulus.isOne(modulus))
    }
  }

  @Test("an exponent of 1, or an even one, checks nothing")
  func exponents() {
    let message = Array("abc".utf8)
    for exponent: [UInt8] in [[], [1], [2], [1, 0, 0], [1, 0]] {
      let key = VerifyingKey.rsa(modulus: [UInt8](repeating: 0xFB, count: 256), exponent: exponent)
      #expect(!key.accepts([UInt8](repeating: 1, count: 256), of: message), "\(exponent)")
    }
  }
}
