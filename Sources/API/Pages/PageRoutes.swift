import Accounts
import HTTP
import JSON
import Kernel
import Notification
import Secrets
import Store

/// The pages that mails lead to, at the addresses that mails have: `/confirm`, `/reset` and so on.
struct PageRoutes: Sendable {
  let desk: AccountDesk
  let registration: RegistrationRoutes
  let credentials: CredentialRoutes

  private static let formBytesMax = 4096
  private static let languages: [String: JSONSchema] = ["lang": .words(Language.self)]
  private static let password = Page.Field(
    name: "password", label: \.password, type: "password", autocomplete: "current-password")
  private static let signIn = [
    Page.Field(name: "email", label: \.address, type: "email", autocomplete: "username", isNeeded: false),
    Page.Field(
      name: "password", label: \.password, type: "password", autocomplete: "current-password", isNeeded: false),
    Page.Field(name: "code", label: \.authenticator, type: "text", autocomplete: "one-time-code", isNeeded: false),
  ]

  static let confirm = Page(
    path: "/confirm", form: \.confirm, fields: [.token, password], route: "/v1/auth/email/confirm")
  static let confirmAddress = Page(
    path: "/confirm-address", form: \.confirmAddress, fields: [.token], route: "/v1/auth/email/change/confirm")
  static let reset = Page(
    path: "/reset", form: \.reset,
    fields: [
      .token, Page.Field(name: "password", label: \.newPassword, type: "password", autocomplete: "new-password"),
    ],
    route: "/v1/auth/password/reset")
  static let joinOrganisation = Page(
    path: "/organisations/join", form: \.joinOrganisation, fields: [.token] + signIn,
    route: "/v1/organisations/invitations/accept", needsSignIn: true)
  static let joinTrip = Page(
    path: "/trips/join", form: \.joinTrip, fields: [.token] + signIn, route: "/v1/trips/join", needsSignIn: true)

  static let pages = [confirm, confirmAddress, reset, joinOrganisation, joinTrip]

  func addRoutes(to group: RouteGroup) {
    for page in Self.pages {
      group.get(page.path) { request, _ in page.response(in: try request.pageLanguage()) }.describe(
        RouteDescription(
          "The page: \(Self.title(page, .english))", "Pages", query: Self.languages, fields: ["Accept-Language"],
          answers: [.bytes("text/html")]))
    }
    take(Self.confirm, group) { root, request, context in
      _ = try await registration.confirm(root, request, context)
    }
    take(Self.confirmAddress, group) { root, request, context in
      _ = try await credentials.confirmAddress(root, request, context)
    }
    take(Self.reset, group) { root, request, context in _ = try await registration.reset(root, request, context) }
    addUnsubscribing(to: group)
    addAsset("/assets/pages.js", "text/javascript", PageAssets.script, group)
    addAsset("/assets/pages.css", "text/css", PageAssets.sheet, group)
  }

  private static func title(_ page: Page, _ language: Language) -> String {
    PageWords.of(language)[keyPath: page.form].title
  }

  private func addAsset(_ path: String, _ type: String, _ text: String, _ group: RouteGroup) {
    let response = Response(
      status: .ok, fields: ["Content-Type": "\(type); charset=utf-8", "Cache-Control": "public, max-age=3600"],
      body: .bytes(Array(text.utf8)))
    group.get(path) { _, _ in response }.describe(
      RouteDescription("What pages load", "Pages", answers: [.bytes(type)]))
  }

  /// What a form without a script comes to: the same as the API's route, said in a page.
  private func take(
    _ page: Page, _ group: RouteGroup,
    _ body: @escaping @Sendable (JSONNode, Request, RequestContext) async throws -> Void
  ) {
    var fields: [(name: String, schema: JSONSchema)] = []
    for field in page.fields { fields.append((field.name, .text(1...256))) }
    group.post(page.path) { request, context in
      let language = try request.pageLanguage()
      let form = try await request.form(limit: Self.formBytesMax)
      var writer = JSONWriter()
      writer.object { object in
        for field in page.fields { if let value = form[field.name] { object.field(named: field.name, value) } }
      }
      let document = try JSONDocument(bytes: writer.finish())
      return try await Self.said(page.form, in: language, to: request) {
        try await body(document.root, request, context)
      }
    }.describe(
      RouteDescription(
        "The form of the page: \(Self.title(page, .english))", "Pages", query: Self.languages,
        fields: ["Accept-Language"],
        body: RouteDescription.Body(
          .optionalFields(fields), types: ["application/x-www-form-urlencoded"]), answers: [.bytes("text/html")]))
  }

  /// What came of something, as a page; a fault is one for browsers, and a problem for programs.
  private static func said(
    _ form: KeyPath<PageWords, PageWords.Form>, in language: Language, to request: Request,
    _ body: () async throws -> Void
  ) async throws -> Response {
    let words = PageWords.of(language)[keyPath: form]
    do {
      try await body()
      return Page.saying(words.title, words.done, in: language)
    } catch {
      guard request.header("Accept")?.contains("text/html") == true,
        let problem = (error as? any ProblemConvertible)?.problem
      else { throw error }
      return Page.saying(words.title, problem, in: language)
    }
  }

  // MARK: No more mails

  private func addUnsubscribing(to group: RouteGroup) {
    let query = Self.languages.merging(["pass!": .text(1...400)]) { one, _ in one }
    group.get("/unsubscribe") { request, _ in
      let language = try request.pageLanguage()
      guard let text: String = try request.query.optional("pass"), pass(in: text) != nil else { throw Self.badPass }
      let words = PageWords.of(language).unsubscribe
      let form = "<form method=\"post\"><button>\(words.button.asMarkup)</button></form>"
      return Page.response(words.title, "<p>\(words.words.asMarkup)</p>\(form)", in: language)
    }.describe(
      RouteDescription(
        "The page on which mails are switched off", "Pages", query: query, fields: ["Accept-Language"],
        answers: [.bytes("text/html")]))
    // RFC 8058: mail programs send it without asking for the page, with a body that says nothing more.
    group.post("/unsubscribe") { request, context in
      guard let text: String = try request.query.optional("pass"), let found = pass(in: text) else {
        throw Self.badPass
      }
      return try await Self.said(\.unsubscribe, in: try request.pageLanguage(), to: request) {
        try await switchOff(found.kind, of: found.user, request, context)
      }
    }.describe(
      RouteDescription(
        "Switches mails off, with one click (RFC 8058)", "Pages", query: query, fields: ["Accept-Language"],
        answers: [.bytes("text/html")]))
  }

  private func pass(in text: String) -> MailPass? { MailPass(text, desk.settings.masterKey) }

  private static var badPass: Problem {
    .parameter("pass", "The query parameter 'pass' must be what the mail has: open the address of the mail.")
  }

  /// A digest is made of all mails that may wait: who wants none of it wants no mails.
  private func switchOff(
    _ kind: String, of user: UserID, _ request: Request, _ context: RequestContext
  ) async throws {
    let patch =
      kind == "digest"
      ? #"{"notifications":{"email":false}}"# : #"{"notifications":{"kinds":{"\#(kind)":{"email":false}}}}"#
    let change = try JSONValue(json: JSONDocument(text: patch).root)
    for _ in 0..<5 {
      let stored = try await desk.store.profile(of: user)
      let preferences = try JSONValue(json: JSONDocument(text: stored.preferences).root).merged(with: change)
      let text = String(decoding: preferences.jsonBytes(), as: UTF8.self)
      let changed = try await desk.store.replace(
        .preferences, with: text, of: user, from: stored.revision, by: desk.actor(user, request, context))
      if changed != nil { return }
      guard try await desk.store.findAccount(user) != nil else { return }
    }
    throw Problem.versionChanged
  }
}
