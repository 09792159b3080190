import HTTP
public import Store
import Synchronization

/// The runtime settings as this process knows them now: read by every request, replaced when somebody changes them.
public final class LiveSettings: Sendable {
  private let current = Mutex<RuntimeSettings?>(nil)
  private let onChange: @Sendable (RuntimeSettings) -> Void

  /// Settings that nobody has read yet.
  ///
  /// - Parameter onChange: hears of each new revision, once.
  public init(onChange: @escaping @Sendable (RuntimeSettings) -> Void) { self.onChange = onChange }

  /// Takes over what was read or announced; an older revision than the known one is left aside.
  public func take(_ settings: RuntimeSettings) {
    let isNew = current.withLock { current in
      if let known = current, known.revision >= settings.revision { return false }
      current = settings
      return true
    }
    if isNew { onChange(settings) }
  }

  var maintenance: RuntimeSettings.Maintenance? { current.withLock { $0?.maintenance } }
}

/// Answers 503 with the operators' message while maintenance is on; operators themselves and those who watch pass.
struct MaintenanceFilter: Filter {
  let settings: LiveSettings

  func enter(
    _ request: Request, _ context: inout RequestContext, _ notes: inout FilterNotes
  ) throws -> Response? {
    guard let pause = settings.maintenance, !isExempt(context.route) else { return nil }
    throw Problem(
      .serviceUnavailable, name: "maintenance", title: "Maintenance", detail: pause.message,
      fields: ["Retry-After": "\(pause.retrySeconds)"])
  }

  func leave(_ request: Request, _ context: RequestContext, _ notes: FilterNotes, _ response: inout Response) {}

  private func isExempt(_ route: String?) -> Bool {
    guard let route else { return false }
    return route == "/metrics" || route.hasPrefix("/health/") || route == RuntimeSettingsRoutes.path
  }
}
