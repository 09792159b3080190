import Couriers
import EventLoop
import Glibc
import HTTP
import Kernel
import Notification
import Secrets
import Store
import Worker

/// What the settings say about telling people things, read and checked before anything starts.
struct MessageSetup: Sendable {
  /// The mail server and who mails are from; nil where none is set, and mails of accounts wait.
  let mail: (server: MailServer, from: Mailbox)?
  private let messengers: MessengersFile
  private let settings: Settings
  private let reachesPrivate: Bool
  private let language: Language
  private let site: String?

  init(_ settings: Settings) throws(UsageError) {
    mail = try MessageSetup.mail(settings)
    messengers = try MessengersFile.read(settings)
    reachesPrivate = settings.isOn(.webhooksPrivate)
    self.settings = settings
    guard let language = Language(rawValue: settings.string(.mailLanguage) ?? "") else {
      throw settings.wrong(.mailLanguage, "write one of \(Language.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    self.language = language
    if let site = settings.string(.siteURL) {
      let isAddress = site.hasPrefix("https://") || site.hasPrefix("http://")
      guard isAddress, site.utf8.allSatisfy({ $0 > 32 && $0 < 127 && $0 != 34 && $0 != 60 && $0 != 62 && $0 != 35 })
      else { throw settings.wrong(.siteURL, "write https://HOST, where people open the pages of this installation") }
      self.site = site.hasSuffix("/") ? String(site.dropLast()) : site
    } else {
      site = nil
    }
  }

  /// What letters and secrets were sealed under; made on first use, as servers do.
  ///
  /// - Throws: `UsageError` when it can neither be read nor made.
  func key() throws(UsageError) -> MasterKey {
    let home = try settings.home()
    try DataDirectory.make(home)
    return try MasterKeyFile.key(settings, home: home)
  }

  /// What a worker tells people with.
  func desk(on loop: EventLoop, _ store: NotificationStore) throws -> MessageDesk {
    var carrier: MessageDesk.Mail?
    if let mail {
      let courier = try MailCourier(loop: loop, server: mail.server)
      carrier = MessageDesk.Mail(from: mail.from) { try await courier.send($0) }
    }
    let key = try self.key()
    let pass = { @Sendable (user: UserID, kind: MessageKind) in MailPass(user: user, kind: kind.rawValue).text(key) }
    var desk = MessageDesk(store, zones: .system, mail: carrier, language: language, site: site, pass: pass) {
      payload in
      guard let letter = LetterBox.open(payload, key) else { return nil }
      var facts: [Fact: String] = [:]
      facts[.token] = letter.token
      facts[.organisation] = letter.organisation
      facts[.trip] = letter.trip
      facts[.author] = letter.author
      return MessageDesk.Letter(kind: letter.kind, address: letter.address, name: letter.name, facts: facts)
    }
    desk.push = try push(on: loop)
    if let account = messengers.texts {
      let courier = try TextCourier(loop: loop, account: account)
      desk.texts = MessageDesk.Texts { try await courier.send($0, to: $1) }
    }
    return desk
  }

  private func push(on loop: EventLoop) throws -> MessageDesk.Push? {
    let second: @Sendable () -> Int64 = { Int64(time(nil)) }
    let apple = try messengers.apple.map { try AppleCourier(loop: loop, app: $0, now: second) }
    let firebase = try messengers.firebase.map { try FirebaseCourier(loop: loop, account: $0, now: second) }
    var platforms: Set<PushPlatform> = []
    if apple != nil { platforms.insert(.apple) }
    if firebase != nil { platforms.insert(.firebase) }
    if platforms.isEmpty { return nil }
    return MessageDesk.Push(platforms: platforms) { message, platform, token in
      switch platform {
      case .apple: try await apple?.send(message, to: token) ?? .later("no way to Apple is set here", after: nil)
      case .firebase:
        try await firebase?.send(message, to: token) ?? .later("no way to Firebase is set here", after: nil)
      }
    }
  }

  /// What sends events to webhooks.
  func webhooks(on loop: EventLoop, _ store: WebhookStore) throws -> JobHandler {
    let courier = try WebhookCourier(loop: loop, reachesPrivate: reachesPrivate)
    let key = try self.key()
    return .notificationWebhook(store) { outgoing in
      let sealed = [outgoing.endpoint.sealedSecret] + (outgoing.endpoint.sealedPrevious.map { [$0] } ?? [])
      let secrets = sealed.compactMap { WebhookSecret(sealed: $0, key) }
      guard !secrets.isEmpty else {
        throw UsageError("a webhook's secret was sealed under another master key; give this worker the installation's")
      }
      let delivery = WebhookCourier.Delivery(
        id: "msg_\(outgoing.id)", url: outgoing.endpoint.url, body: outgoing.body, secrets: secrets)
      let outcome = try await courier.send(delivery, atSecond: outgoing.now.secondsSinceEpoch)
      return WebhookTry(status: outcome.status, error: outcome.error)
    }
  }

  // MARK: The mail server

  private enum PlainSecurity: String, CaseIterable { case starttls, none }

  private static func mail(_ settings: Settings) throws(UsageError) -> (MailServer, Mailbox)? {
    guard let url = settings.string(.smtpURL) else {
      // Half of the settings without the other is a mistake rather than a wish.
      for setting in [Setting.smtpUser, .smtpPassword, .mailFrom] where settings.string(setting) != nil {
        throw UsageError("\(settings.source(setting)) is set but no mail server is; set WAYFARE_SMTP_URL too")
      }
      return nil
    }
    let place = try place(url, settings)
    var server = MailServer(host: place.host, port: place.port, security: place.security)
    server.authorities = settings.string(.smtpCAFile)
    guard let written = settings.string(.mailFrom) else {
      throw UsageError(
        "\(settings.source(.smtpURL)): a mail server is set, but not who mails are from; set WAYFARE_MAIL_FROM")
    }
    let from: Mailbox
    do { from = try Mailbox(written: written) } catch { throw UsageError("\(settings.source(.mailFrom)): \(error)") }
    server.helloName = from.host
    switch (settings.string(.smtpUser), settings.string(.smtpPassword)) {
    case (let user?, let password?):
      let isHere = ["localhost", "127.0.0.1", "::1"].contains(place.host)
      guard server.security != .none || isHere else {
        throw UsageError(
          "\(settings.source(.smtpPassword)): a password is not sent in the clear; leave --smtp-security at starttls")
      }
      server.login = MailServer.Login(user: user, password: password)
    case (nil, nil): break
    default: throw UsageError("the mail server is given a user or a password, but not both; set both or neither")
    }
    return (server, from)
  }

  private static func place(
    _ url: String, _ settings: Settings
  ) throws(UsageError) -> (host: String, port: Int, security: MailServer.Security) {
    let mend =
      "write smtp://HOST, smtp://HOST:PORT or smtps://HOST:PORT, and user and password in settings of their own"
    let isTLS = url.hasPrefix("smtps://")
    guard isTLS || url.hasPrefix("smtp://") else { throw settings.wrong(.smtpURL, mend) }
    var rest = url.dropFirst(isTLS ? 8 : 7)
    if rest.hasSuffix("/") { rest = rest.dropLast() }
    var port = isTLS ? 465 : 587
    let hasPort = rest.hasPrefix("[") ? !rest.hasSuffix("]") : rest.contains(":")
    if hasPort, let colon = rest.lastIndex(of: ":") {
      guard let number = UInt16(rest[rest.index(after: colon)...]), number > 0 else {
        throw settings.wrong(.smtpURL, mend)
      }
      port = Int(number)
      rest = rest[..<colon]
    }
    if rest.hasPrefix("["), rest.hasSuffix("]") { rest = rest.dropFirst().dropLast() }
    let isName = rest.utf8.allSatisfy { byte in
      (48...58).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || byte == 45 || byte == 46
    }
    guard isName, (1...253).contains(rest.utf8.count) else { throw settings.wrong(.smtpURL, mend) }
    if isTLS { return (String(rest), port, .tls) }
    let security: MailServer.Security =
      switch try settings.choice(.smtpSecurity, PlainSecurity.self) {
      case .starttls: .startTLS
      case .none: .none
      }
    return (String(rest), port, security)
  }
}
