import HTTP
import JSON
import Kernel
import Store

// What is sent again with the same `Idempotency-Key` makes nothing new.

extension Request {
  /// What a request that makes something is remembered as; nil where it brings no key.
  ///
  /// - Parameters:
  ///   - what: what is made: a key that came with another such word belongs to another request.
  ///   - document: all that the request says.
  ///   - caller: whose keys they are.
  /// - Returns: what to remember.
  /// - Throws: a problem where the key is none.
  func making(_ what: String, _ document: JSONDocument, by caller: UserID) throws(Problem) -> MakingRequest? {
    guard let key = try idempotencyKey() else { return nil }
    return MakingRequest(caller: caller, key: key, content: Array("\(what) ".utf8) + document.root.jsonBytes())
  }
}

extension Making {
  /// What is there now, and whether this request has made it.
  ///
  /// - Throws: a problem where the key is another request's, or where there are too many.
  func made(orFull detail: String) throws(Problem) -> (value: Made, isNew: Bool) {
    switch self {
    case .made(let made): return (made, true)
    case .before(let made): return (made, false)
    case .different: throw .keyUsedBefore
    case .inFlight: throw .keyUnderWay
    case .full: throw Problem(.conflict, detail: detail)
    }
  }
}
