/// A job that workers of their own accord enter into the schedules, once: whoever runs the installation may change or pause it.
public struct NightlyJob: Sendable {
  let name: String
  let pattern: String
  let kind: String
  let queue: String

  /// A job that a pattern of five fields begins, in UTC.
  package init(name: String, pattern: String, kind: String, queue: String) {
    self.name = name
    self.pattern = pattern
    self.kind = kind
    self.queue = queue
  }
}
