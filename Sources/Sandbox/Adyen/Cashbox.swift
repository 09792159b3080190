import HTTP
import Kernel

/// What customers paid in Adyen's shape, with what was answered to each idempotency key.
///
/// Unlike the till of the Stripe shape it heeds keys: what is asked twice under one is answered as the first time.
struct Cashbox: Sendable {
  /// An answer as it is given again.
  struct Answer: Sendable {
    let status: HTTPStatus
    let body: [UInt8]
  }

  /// A page on which a customer pays with a card of their choice.
  struct Session: Sendable {
    let id: String
    let reference: String
    let amount: Int64
    let currency: String
    let returnURL: String?
  }

  var till = Till()
  var sessions: [String: Session] = [:]
  /// What a customer brings back from their bank, by what it is called; the payment it is of.
  var results: [String: String] = [:]
  private var answers: [String: Answer] = [:]
  private var line: [String] = []
  private static let answersMax = 200_000

  func answer(to key: String) -> Answer? { answers[key] }

  mutating func keep(_ answer: Answer, to key: String) {
    answers[key] = answer
    line.append(key)
    guard line.count > Cashbox.answersMax else { return }
    for old in line.prefix(Cashbox.answersMax / 4) { answers[old] = nil }
    line.removeFirst(Cashbox.answersMax / 4)
  }

  /// The cards that the sandbox knows, by the names of stored ones.
  static func card(_ token: String) -> Till.Card? {
    switch token {
    case "good": .good
    case "refused": .refused
    case "asks": .asks
    default: nil
    }
  }
}
