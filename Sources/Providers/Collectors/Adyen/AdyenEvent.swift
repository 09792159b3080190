import JSON
import Secrets

/// A webhook of Adyen's with what it tells: each item signed by itself.
package struct AdyenEvent: Sendable {
  /// Something that has become of a payment.
  package struct Item: Hashable, Sendable {
    /// Adyen's name of what has happened: of the payment itself, or of a change to it.
    let name: String
    /// Adyen's name of the payment that was changed.
    let original: String?
    /// Ours: of the payment, or of the change.
    let reference: String
    let code: String
    let isSuccess: Bool
    /// In Adyen's units.
    let value: Int64
    let currency: String

    /// Our reference of the payment: a refund has its own, made of it.
    package var payment: String {
      guard let mark = reference.start(ofNumbered: "-R") else { return reference }
      return String(reference[..<mark])
    }

    /// As it is kept: what comes again, in whatever order, is the same note.
    package var note: PaymentNote {
      var writer = JSONWriter()
      writer.object { object in
        object.field("name", name)
        object.field("original", ifPresent: original)
        object.field("reference", reference)
        object.field("code", code)
        object.field("success", isSuccess)
        object.field("value", value)
        object.field("currency", currency)
      }
      return PaymentNote("event \(name) \(code) \(isSuccess)", String(decoding: writer.finish(), as: UTF8.self))
    }

    /// Whether the bank has taken the money back: nothing that a booking does by itself.
    package var isDispute: Bool { isSuccess && ["CHARGEBACK", "SECOND_CHARGEBACK"].contains(code) }

    init?(note node: JSONNode) {
      guard let name = node.text("name"), let reference = node.text("reference"), let code = node.text("code"),
        let value = node.count("value"), let currency = node.text("currency")
      else { return nil }
      self.name = name
      original = node.text("original")
      self.reference = reference
      self.code = code
      isSuccess = node.isTrue("success")
      self.value = Int64(value)
      self.currency = currency
    }

    fileprivate init?(_ node: JSONNode) {
      guard let name = node.text("pspReference"), AdyenAnswer.isName(name), let code = node.text("eventCode"),
        code.utf8.count <= 60, let amount = node.member("amount"), let value = amount.count("value"),
        let currency = amount.text("currency")
      else { return nil }
      self.name = name
      original = node.text("originalReference")
      reference = node.text("merchantReference") ?? ""
      self.code = code
      isSuccess = node.text("success") == "true" || node.isTrue("success")
      self.value = Int64(value)
      self.currency = currency
    }

    /// What is signed: eight values with colons between them.
    fileprivate func signed(for merchant: String) -> String {
      [name, original ?? "", merchant, reference, "\(value)", currency, code, isSuccess ? "true" : "false"]
        .joined(separator: ":")
    }
  }

  /// What it tells of payments of ours.
  package let items: [Item]
  private static let itemsMax = 100

  /// Reads a webhook.
  ///
  /// The signature has no time in it, so that one that is sent again by somebody else cannot be told from one that Adyen
  /// sends again: both say nothing new.
  ///
  /// - Parameters:
  ///   - body: as it came.
  ///   - key: what Adyen signs with: hexadecimal digits.
  ///   - merchant: whose payments are heeded.
  /// - Throws: what is wrong with it.
  package init(body: [UInt8], key: String, merchant: String) throws(EventFlaw) {
    guard let secret = AdyenEvent.bytes(key) else { throw .forged }
    guard let root = try? JSONDocument(bytes: body, limits: JSONLimits(bytesMax: 1 << 20)).root,
      let node = root.member("notificationItems"), node.kind == .array
    else { throw .unreadable }
    let list = root.list("notificationItems")
    guard list.count <= AdyenEvent.itemsMax else { throw .unreadable }
    var items: [Item] = []
    for element in list {
      guard let told = element.member("NotificationRequestItem"), let item = Item(told) else { throw .unreadable }
      let account = told.text("merchantAccountCode") ?? ""
      let code = Base64URL.encodePadded(Digest.hmacSHA256(Array(item.signed(for: account).utf8), key: secret))
      guard AdyenEvent.isSame(code, told.member("additionalData")?.text("hmacSignature") ?? "") else { throw .forged }
      if account == merchant { items.append(item) }
    }
    self.items = items
  }

  /// Whether something can be a key; nil where it cannot.
  package static func isKey(_ text: String) -> Bool { bytes(text) != nil }

  /// The bytes of hexadecimal digits, from sixteen on.
  private static func bytes(_ text: String) -> [UInt8]? {
    let digits = text.utf8.map { Character(UnicodeScalar($0)).hexDigitValue }
    guard digits.count >= 32, digits.count.isMultiple(of: 2) else { return nil }
    var bytes: [UInt8] = []
    for index in stride(from: 0, to: digits.count, by: 2) {
      guard let high = digits[index], let low = digits[index + 1] else { return nil }
      bytes.append(UInt8(high << 4 | low))
    }
    return bytes
  }

  /// Compared to the end, so that time does not tell how far a guess was right.
  private static func isSame(_ one: String, _ other: String) -> Bool {
    let (left, right) = (Array(one.utf8), Array(other.utf8))
    guard left.count == right.count else { return false }
    return zip(left, right).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
  }
}

extension String {
  /// Where the last occurrence of a mark begins that only digits follow; nil where there is none.
  fileprivate func start(ofNumbered mark: String) -> Index? {
    var digits = endIndex
    while digits > startIndex, self[index(before: digits)].isWholeNumber { digits = index(before: digits) }
    guard digits < endIndex, self[..<digits].hasSuffix(mark) else { return nil }
    return index(digits, offsetBy: -mark.count)
  }
}
