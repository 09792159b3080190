import EventLoop
import HTTP

/// How often each address may ask, by what it asks for.
public struct RequestRates: Sendable, Hashable {
  /// What asks for nothing but an answer, a second.
  public var readsPerSecond = 300
  /// What changes something, a second.
  public var writesPerSecond = 100
  /// What a password, code or address is tried with, a minute.
  public var signInsPerMinute = 60
  /// Files that are sent, a minute.
  public var uploadsPerMinute = 60
  /// What has a plan, journey or budget reckoned, a minute.
  public var plansPerMinute = 300
  /// What asks sellers anew or for an offer's price right now, a minute.
  public var sellerQuestionsPerMinute = 20

  /// The usual rates.
  public init() {}

  /// The limits, in the order of the classes; what is counted by the second may be spent ten seconds at once.
  var policies: [RateLimitPolicy] {
    RequestClass.allCases.map { one in
      switch one {
      case .read: RateLimitPolicy(name: "reads", quota: readsPerSecond * 10, windowSeconds: 10)
      case .write: RateLimitPolicy(name: "writes", quota: writesPerSecond * 10, windowSeconds: 10)
      case .signIn: RateLimitPolicy(name: "sign-ins", quota: signInsPerMinute, windowSeconds: 60)
      case .upload: RateLimitPolicy(name: "uploads", quota: uploadsPerMinute, windowSeconds: 60)
      case .plan: RateLimitPolicy(name: "plans", quota: plansPerMinute, windowSeconds: 60)
      case .sellers:
        RateLimitPolicy(name: "seller-questions", quota: sellerQuestionsPerMinute, windowSeconds: 60)
      }
    }
  }

  func filter(_ proxies: TrustedProxies) -> RateLimitClasses {
    RateLimitClasses(
      policies, trustedProxies: proxies, now: { EventLoop.current?.turnNanoseconds ?? EventLoop.nanoseconds }
    ) { RequestClass.of($0.method, route: $1.route).rawValue }
  }
}

/// What requests are counted under.
enum RequestClass: Int, CaseIterable {
  case read, write, signIn, upload, plan, sellers

  private static let changing: [HTTPMethod] = [.post, .put, .patch, .delete]
  /// Below `/auth`, what is no attempt at anything: it is done with a token that is good already.
  private static let signedIn = ["/auth/logout", "/auth/refresh", "/auth/keys", "/auth/sessions"]
  private static let askingSellers = ["/prices/refresh", "/prices/verify"]
  private static let reckoning = ["/planner/", "/transport/", "/budget/", "/jobs"]

  /// The class of a request by its method and the pattern of its route, with the version or without.
  static func of(_ method: HTTPMethod, route: String?) -> RequestClass {
    guard let route else { return .read }
    let path = route.hasPrefix("/v1/") ? route.dropFirst(3) : route[...]
    guard changing.contains(method) else { return path.hasPrefix("/transport/") ? .plan : .read }
    if path.hasPrefix("/auth/") { return signedIn.contains { path.hasPrefix($0) } ? .write : .signIn }
    if PageRoutes.pages.contains(where: { $0.path == path }) { return .signIn }
    if method == .post {
      if askingSellers.contains(String(path)) { return .sellers }
      if path.hasSuffix("/attachments") { return .upload }
      if reckoning.contains(where: { path.hasPrefix($0) }) { return .plan }
    }
    return .write
  }
}
