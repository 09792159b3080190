package import Kernel
package import Notification
package import Store

/// What whoever tells people something needs: the words, where they are kept, and what carries them.
package struct MessageDesk: Sendable {
  /// A letter as it was sealed, opened.
  package struct Letter: Sendable {
    package let kind: String
    package let address: String
    package let name: String?
    package let facts: [Fact: String]

    /// A letter.
    package init(kind: String, address: String, name: String?, facts: [Fact: String]) {
      self.kind = kind
      self.address = address
      self.name = name
      self.facts = facts
    }
  }

  /// What carries mails; nil where no server is set.
  package struct Mail: Sendable {
    /// Who mails are from.
    package let from: Mailbox
    /// Tries once to hand over a mail.
    package let send: @Sendable (MailMessage) async throws -> CourierVerdict

    /// What carries mails.
    package init(from: Mailbox, send: @escaping @Sendable (MailMessage) async throws -> CourierVerdict) {
      self.from = from
      self.send = send
    }
  }

  /// What carries messages to apps; nil where nothing is set.
  package struct Push: Sendable {
    /// Devices of whose services are reached.
    package let platforms: Set<PushPlatform>
    /// Tries once to hand over a message for a device, by the name that its service has for it.
    package let send: @Sendable (PushMessage, PushPlatform, String) async throws -> CourierVerdict

    /// What carries messages to apps.
    package init(
      platforms: Set<PushPlatform>,
      send: @escaping @Sendable (PushMessage, PushPlatform, String) async throws -> CourierVerdict
    ) {
      self.platforms = platforms
      self.send = send
    }
  }

  /// What carries texts; nil where nothing is set.
  package struct Texts: Sendable {
    /// Tries once to send a text to a number.
    package let send: @Sendable (String, _ number: String) async throws -> CourierVerdict

    /// What carries texts.
    package init(send: @escaping @Sendable (String, String) async throws -> CourierVerdict) { self.send = send }
  }

  let store: NotificationStore
  let book: TemplateBook
  let zones: ZoneFiles
  let mail: Mail?
  let open: @Sendable (String) -> Letter?
  let language: Language
  let site: String?
  private let pass: (@Sendable (UserID, MessageKind) -> String)?
  /// What carries messages to apps, if anything does.
  package var push: Push?
  /// What carries texts, if anything does.
  package var texts: Texts?

  /// A desk.
  ///
  /// - Parameters:
  ///   - store: where it is kept.
  ///   - zones: what clocks show elsewhere.
  ///   - mail: what carries mails, if anything does.
  ///   - language: for who has named none.
  ///   - site: where people reach the installation's pages, such as `https://trips.example.org`; nil where it has none.
  ///   - pass: what switches mails of a kind off for somebody; nil where nothing does.
  ///   - open: opens sealed letters; nil for what was sealed under another key.
  package init(
    _ store: NotificationStore, zones: ZoneFiles, mail: Mail?, language: Language = .english, site: String? = nil,
    pass: (@Sendable (UserID, MessageKind) -> String)? = nil, open: @escaping @Sendable (String) -> Letter?
  ) {
    self.store = store
    book = .standard
    self.zones = zones
    self.mail = mail
    self.open = open
    self.language = language
    self.site = site
    self.pass = pass
  }

  /// Where somebody has no more mails of a kind; nil where there is no such page, or the kind cannot be switched off.
  func unsubscribing(_ user: UserID, _ kind: MessageKind) -> String? {
    guard let site, let pass, !kind.isLetter else { return nil }
    return "\(site)/unsubscribe?pass=\(pass(user, kind))"
  }

  /// What a worker with this desk can do; without a mail server mails are left alone, and wait.
  package var handlers: [JobHandler] {
    let always: [JobHandler] = [.notificationTell(self), .notificationDigest(self)]
    return always + (mail.map { [.notificationSend(self, $0)] } ?? [])
      + (push.map { [.notificationPush(self, $0)] } ?? []) + (texts.map { [.notificationText(self, $0)] } ?? [])
  }

  /// Channels that something carries.
  var channels: [Channel] {
    Channel.allCases.filter { channel in
      switch channel {
      case .email: mail != nil
      case .push: push != nil
      case .sms: texts != nil
      }
    }
  }

  /// The language for somebody who has named one, or not.
  func language(_ tag: String?) -> Language { Language(tag: tag) ?? language }

  /// Where a message's page is.
  ///
  /// A token stands behind the sign that browsers do not send on; its page speaks the language of the message.
  func link(_ kind: MessageKind, token: String, in language: Language) -> String? {
    let page: String? =
      switch kind {
      case .accountConfirm: "confirm"
      case .accountConfirmAddress: "confirm-address"
      case .accountReset: "reset"
      case .accountInvitation: "organisations/join"
      case .tripInvited: "trips/join"
      default: nil
      }
    guard let site, let page else { return nil }
    return "\(site)/\(page)?lang=\(language.rawValue)#token=\(token)"
  }

  /// Where what a message tells of is.
  func link(_ kind: MessageKind, trip: TripID? = nil) -> String? {
    guard let site else { return nil }
    switch kind {
    case .tripMentioned, .itineraryPlanned, .itinerarySelected, .bookingOffers, .bookingQuestion, .bookingTicketed,
      .bookingRefunded, .bookingFailed:
      return trip.map { "\(site)/trips/\($0)" }
    default: return nil
    }
  }
}
