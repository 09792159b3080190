public struct Logger: Sendable { public init() {}
  enum V { case int(Int), string(String) }
  func warning(_ m: String, _ f: [String: V] = [:]) {}
  func error(_ m: String, _ f: [String: V] = [:]) {} }
extension Response { init(problem: Problem, requestID: String?) { self = .text(problem.detail ?? "", status: problem.status) }
 var asksToClose: Bool { false } }
extension RequestContext { init(peer: PeerAddress, logger: Logger, receivedAtNanoseconds: UInt64) { self.init(peer: peer) } }
public struct MetricRegistry { func gauge(_ n: String, help: String, _ b: @escaping @Sendable () -> Double) {} 
func counter(_ n: String, help: String, _ b: @escaping @Sendable () -> Double) {} }
