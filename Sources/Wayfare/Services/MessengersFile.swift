import Couriers
import JSON
import Secrets

/// Who carries texts and pushes, from a file that only its owner reads: it holds our keys there.
struct MessengersFile: Sendable {
  /// What texts go through.
  private(set) var texts: TextCourier.Account?
  /// Whose app runs on Apple's devices.
  private(set) var apple: AppleCourier.App?
  /// Whose app runs on devices that Firebase reaches.
  private(set) var firebase: FirebaseCourier.Account?

  /// What the settings name; nobody where no file is set.
  ///
  /// - Throws: `UsageError` that names the file, the place in it and the mend.
  static func read(_ settings: Settings) throws(UsageError) -> MessengersFile {
    guard let path = settings.string(.messengers) else { return MessengersFile() }
    return try OwnerOnlyFile(path: path, contents: "messengers").read { (root) throws(JSONError) in
      try MessengersFile(json: root)
    }
  }

  private init() {}

  private init(json: JSONNode) throws(JSONError) {
    let object = try json.object(fields: "texts", "apple", "firebase")
    if let node = object.find("texts") { texts = try MessengersFile.texts(node) }
    if let node = object.find("apple") { apple = try MessengersFile.apple(node) }
    if let node = object.find("firebase") {
      let parts = try node.object(required: "account", optional: "url")
      var account = try FirebaseCourier.Account(parts.required("account", as: JSONNode.self))
      if let url = try MessengersFile.url(parts, node) { account.url = url }
      firebase = account
    }
  }

  private static func texts(_ node: JSONNode) throws(JSONError) -> TextCourier.Account {
    let object = try node.object(required: "account", "token", "from", optional: "url")
    var account = TextCourier.Account(
      name: try object.required("account", length: 1...100), token: try object.required("token", length: 1...200),
      sender: try object.required("from", length: 1...100))
    if let url = try url(object, node) { account.url = url }
    return account
  }

  private static func apple(_ node: JSONNode) throws(JSONError) -> AppleCourier.App {
    let object = try node.object(required: "team", "keyId", "key", "topic", optional: "url")
    guard let key = TokenSigner(pem: try object.required("key", length: 1...8192)), key.algorithm == .es256 else {
      throw node.fault("must be a key of the curve P-256 in PEM form, as Apple hands it out", at: "/key")
    }
    var app = AppleCourier.App(
      team: try object.required("team", length: 1...50), keyID: try object.required("keyId", length: 1...50), key: key,
      topic: try object.required("topic", length: 1...200))
    if let url = try url(object, node) { app.url = url }
    return app
  }

  private static func url(_ object: JSONObject, _ node: JSONNode) throws(JSONError) -> String? {
    guard let text = try object.optional("url", length: 8...500) else { return nil }
    guard text.hasPrefix("https://") || text.hasPrefix("http://"), !text.hasSuffix("/") else {
      throw node.fault("must be https://HOST without a slash at the end", at: "/url")
    }
    return text
  }
}
