package import EventLoop
package import HTTP
import JSON
import Kernel
package import Notification
import Secrets

/// Carries short messages to telephones through Twilio's API, or whatever speaks as it does.
///
/// The API has no word by which a message that is sent again could be told: after a time limit somebody may read the
/// same twice, which is better than not at all.
package struct TextCourier: Sendable {
  /// Where it is sent through, and who we are there.
  package struct Account: Sendable {
    /// `https://api.twilio.com`, without a slash at the end.
    package var url: String
    /// The account's name, which begins with `AC`.
    package var name: String
    /// The token that goes with it.
    package var token: String
    /// The number that messages are from, or the messaging service's name, which begins with `MG`.
    package var sender: String

    /// An account.
    package init(url: String = "https://api.twilio.com", name: String, token: String, sender: String) {
      self.url = url
      self.name = name
      self.token = token
      self.sender = sender
    }
  }

  /// Characters of a message, at most: ten parts of a short message.
  package static let lengthMax = 1530

  private let client: HTTPClient
  private let account: Account

  /// A courier on a loop.
  ///
  /// - Throws: `ClientError.closed` when libcurl cannot start.
  package init(loop: EventLoop, account: Account) throws(ClientError) {
    var retries = RetryRules()
    // The queue tries again.
    retries.attemptsMax = 1
    client = try HTTPClient(loop: loop, retries: retries)
    self.account = account
  }

  /// Tries once to send a text to a number such as `+4915112345678`.
  ///
  /// - Throws: `CancellationError` when the task is cancelled.
  package func send(_ text: String, to number: String) async throws -> CourierVerdict {
    let name = account.name.percentEncoded
    var request = ClientRequest(.post, "\(account.url)/2010-04-01/Accounts/\(name)/Messages.json")
    let pair = Array("\(account.name):\(account.token)".utf8)
    request.fields.set("Authorization", "Basic \(Base64URL.encodePadded(pair))")
    request.fields.set("Content-Type", "application/x-www-form-urlencoded")
    let sender = account.sender.hasPrefix("MG") ? "MessagingServiceSid" : "From"
    let fields = [("To", number), (sender, account.sender), ("Body", String(text.prefix(Self.lengthMax)))]
    request.body = Array(fields.map { "\($0)=\($1.percentEncoded)" }.joined(separator: "&").utf8)
    request.timeout = .seconds(30)
    request.responseBytesMax = 64 * 1024
    request.isSentOnce = true
    do {
      return Self.verdict(try await client.send(request))
    } catch let error as ClientError {
      return .later("\(error)", after: nil)
    }
  }

  /// Ends what is under way.
  package func close() async { await client.close() }

  /// Numbers that do not exist, take no texts or whose owner wants none.
  private static let unreachable = [21211, 21214, 21217, 21408, 21610, 21612, 21614]

  private static func verdict(_ response: ClientResponse) -> CourierVerdict {
    // What is no JSON has neither name nor code.
    let root = try? JSONDocument(bytes: response.body).root
    let reason = CourierWords.reason(response, root?.text("message"))
    switch response.status {
    case 200..<300: return .delivered(reference: root?.text("sid"))
    // About us: for whoever runs the installation to mend, and messages wait.
    case 401, 403, 404: return .later(reason, after: nil)
    case 429: return .later(reason, after: CourierWords.retryAfter(response))
    case 400..<500:
      let code = root?.count("code") ?? 0
      return unreachable.contains(code) ? .unreachable(reason) : .refused(reason)
    default: return .later(reason, after: CourierWords.retryAfter(response))
    }
  }
}
