/// A line for the screen of a telephone.
package struct PushMessage: Sendable, Hashable {
  /// A UUID, the same for every try: a device that has it already shows the newer in its place.
  package let id: String
  /// What it is about.
  package let title: String
  /// What has happened.
  package let body: String
  /// The kind of message, for the app.
  package let kind: String
  /// The page that it leads to.
  package let link: String?

  /// A message.
  package init(id: String, title: String, body: String, kind: String, link: String?) {
    self.id = id
    self.title = title
    self.body = body
    self.kind = kind
    self.link = link
  }
}

/// Whose service carries messages to a device.
package enum PushPlatform: String, Sendable, Hashable, CaseIterable {
  case apple, firebase
}
