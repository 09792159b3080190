import Testing

@testable import Secrets

@Suite("Secrets of webhooks")
struct WebhookSecretTests {
  @Test("the signature of Standard Webhooks' published example is ours")
  func vector() {
    let secret = WebhookSecret(bytes: [
      49, 242, 144, 246, 191, 6, 41, 138, 171, 79, 8, 212, 60, 63, 8, 44, 246, 72, 163, 98, 218, 45, 164, 176,
    ])
    #expect(secret.text == "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    let signature = secret.signature(
      id: "msg_p5jXN8AQM9LWM0D4loKWxJek", timestamp: 1_614_265_330, body: #"{"test": 2432232314}"#)
    #expect(signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
    #expect("\(secret)".contains("whsec") == false)
  }

  @Test("a secret opens under the key that it was sealed with, and no other")
  func sealed() {
    let (key, secret) = (MasterKey.random(), WebhookSecret.random())
    #expect(WebhookSecret(sealed: secret.sealed(key), key) == secret)
    #expect(WebhookSecret(sealed: secret.sealed(key), MasterKey.random()) == nil)
    #expect(secret.text.utf8.count == 6 + 44 && WebhookSecret.random() != secret)
  }
}
