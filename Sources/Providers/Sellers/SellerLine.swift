package import Booking
import HTTP
package import JSON

/// The way to a seller: sends one request and says exactly what became of it.
///
/// What only reads changes nothing, so that whatever goes wrong there is `notSent`: it may be asked again, and is,
/// within the client's budget. What changes something is sent once: it is `notSent` only where no connection came
/// about, `declined` only where the seller said no in its own words, and `unknown` in all other cases.
package struct SellerLine: Sendable {
  /// Whether a request changes anything.
  package enum Kind: Sendable { case read, write }

  /// A request in a seller's shape.
  package struct Call: Sendable {
    var kind: Kind
    var method: HTTPMethod
    var path: String
    var fields: [(name: String, value: String)] = []
    var body: [UInt8] = []
    var contentType = "application/json"

    init(_ kind: Kind, _ method: HTTPMethod, _ path: String) {
      self.kind = kind
      self.method = method
      self.path = path
    }
  }

  /// How a shape says no: a reason and words; nil where the document is none of its kind.
  package typealias Refusing =
    @Sendable (_ status: Int, _ body: JSONNode) -> (reason: SellerFault.Refusal, words: String)?

  private let account: SellerAccount
  private let client: HTTPClient
  private let refusing: Refusing
  private static let answerBytesMax = 16 << 20

  init(_ account: SellerAccount, _ client: HTTPClient, refusing: @escaping Refusing) {
    self.account = account
    self.client = client
    self.refusing = refusing
  }

  /// What was answered; nil where the answer says by its status alone that it was done.
  func ask(_ call: Call) async throws(SellerFault) -> JSONNode? {
    let response = try await send(call)
    if response.status == 204 { return nil }
    let document = try? JSONDocument(
      bytes: response.body, limits: JSONLimits(bytesMax: SellerLine.answerBytesMax)
    ).root
    switch response.status {
    case 200..<300:
      guard let document, document.kind == .object else {
        throw fault(call.kind, "\(account.name) answered \(response.status) with something that is no document")
      }
      return document
    case 429: throw .declined(.throttled, words: "\(account.name) wants fewer requests")
    case 400..<500 where response.status != 408:
      guard let document, let (reason, words) = refusing(response.status, document) else {
        throw fault(call.kind, "\(account.name) answered \(response.status) without saying why")
      }
      throw .declined(reason, words: String(words.prefix(300)))
    default: throw fault(call.kind, "\(account.name) answered \(response.status)")
    }
  }

  /// The document that must come.
  func document(_ call: Call) async throws(SellerFault) -> JSONNode {
    guard let node = try await ask(call) else {
      throw fault(call.kind, "\(account.name) answered without a document")
    }
    return node
  }

  /// What it means that an answer cannot be made out.
  func fault(_ kind: Kind, _ words: String) -> SellerFault {
    kind == .read ? .notSent(words: words) : .unknown(words: words)
  }

  private func send(_ call: Call) async throws(SellerFault) -> ClientResponse {
    var request = ClientRequest(call.method, account.url + call.path)
    request.fields.set("Accept", "application/json")
    request.fields.set("User-Agent", "Wayfare")
    for (name, value) in call.fields { request.fields.set(name, value) }
    if !call.body.isEmpty { request.fields.set("Content-Type", call.contentType) }
    request.body = call.body
    request.timeout = call.kind == .read ? account.patience / 3 : account.patience
    request.responseBytesMax = SellerLine.answerBytesMax
    request.isIdempotent = call.kind == .read
    request.isSentOnce = call.kind == .write
    do {
      return try await client.send(request)
    } catch let error as ClientError {
      switch error {
      case .unreachable, .malformedURL, .privateAddress, .circuitOpen, .overloaded, .closed:
        throw .notSent(words: "\(error)")
      case .timedOut, .broken, .tooLarge, .tooManyRedirects: throw fault(call.kind, "\(error)")
      }
    } catch {
      throw fault(call.kind, "\(account.name) was not waited for: \(error)")
    }
  }
}
