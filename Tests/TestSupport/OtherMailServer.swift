import Foundation

/// aiosmtpd, a mail server that others have written, in a process of its own.
public final class OtherMailServer: Sendable {
  /// How it is set up.
  public struct Setup: Sendable {
    /// Whether it wants STARTTLS.
    public var isTLS = false
    /// Who may sign in, and has to.
    public var login: (user: String, password: String)?
    /// In the clear, for everybody.
    public init() {}
  }

  /// Why it could not be started.
  public struct Missing: Error, CustomStringConvertible {
    /// One sentence.
    public let description: String
  }

  private let identifier: Int32
  private let directory: URL
  /// Where it listens.
  public let port: Int
  /// The certificate that it shows, where it speaks TLS.
  public var certificate: String { directory.appending(path: "certificate.pem").path }

  /// A Python that has it: Debian's package, or a virtual environment beside the tests; nil where neither can be had.
  public static let python: String? = {
    for candidate in ["/usr/bin/python3", venv.appending(path: "bin/python3").path] where has(candidate) {
      return candidate
    }
    for maker in ["python3", "/usr/bin/python3"] {
      guard run("/usr/bin/env", [maker, "-m", "venv", venv.path]) == 0 else { continue }
      let python = venv.appending(path: "bin/python3").path
      if run(python, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "aiosmtpd"]) == 0, has(python) {
        return python
      }
    }
    print("SKIPPED: no aiosmtpd: script/bootstrap test installs python3-aiosmtpd, or let pip reach its index")
    return nil
  }()

  private static let venv = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
    .appending(path: "mail-venv")

  private static func has(_ python: String) -> Bool {
    FileManager.default.isExecutableFile(atPath: python) && run(python, ["-c", "import aiosmtpd"]) == 0
  }

  @discardableResult
  private static func run(_ program: String, _ arguments: [String], in directory: URL? = nil) -> Int32 {
    let process = Process()
    process.executableURL = URL(filePath: program)
    process.arguments = arguments
    process.currentDirectoryURL = directory
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    process.standardInput = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return -1 }
    process.waitUntilExit()
    return process.terminationStatus
  }

  /// Starts a server on a free port.
  public init(_ setup: Setup = Setup()) throws {
    guard let python = Self.python else { throw Missing(description: "there is no aiosmtpd") }
    directory = URL(filePath: TestCluster.makeDirectory("mail"))
    try Data(Self.program.utf8).write(to: directory.appending(path: "server.py"))
    if setup.isTLS {
      let status = Self.run(
        "/usr/bin/env",
        [
          "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
          "-addext", "subjectAltName=DNS:localhost", "-keyout", "key.pem", "-out", "certificate.pem",
        ], in: directory)
      guard status == 0 else { throw Missing(description: "openssl made no certificate") }
    }
    let process = Process()
    process.executableURL = URL(filePath: python)
    process.arguments = [
      "server.py", setup.isTLS ? "tls" : "plain", setup.login?.user ?? "", setup.login?.password ?? "",
    ]
    process.currentDirectoryURL = directory
    process.standardInput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    identifier = process.processIdentifier
    let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
    guard let number = Int(line.trimmingCharacters(in: .whitespacesAndNewlines)) else {
      throw Missing(description: "aiosmtpd did not start")
    }
    port = number
  }

  deinit { kill(identifier, SIGTERM) }

  /// The mails that it has taken, each as Python's own reader understands it: one JSON object.
  public func mails() throws -> [[String: String]] {
    let file = directory.appending(path: "mails.jsonl")
    guard let text = try? String(contentsOf: file, encoding: .utf8) else { return [] }
    return try text.split(separator: "\n").map {
      try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: String] ?? [:]
    }
  }

  private static let program = """
    import email, email.policy, json, ssl, sys, time
    from aiosmtpd.controller import Controller
    from aiosmtpd.smtp import AuthResult, SMTP

    mode, user, password = sys.argv[1:4]

    class Handler:
        async def handle_DATA(self, server, session, envelope):
            mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
            defects = [str(d) for part in mail.walk() for d in part.defects]
            plain, html = mail.get_body(("plain",)).get_content(), mail.get_body(("html",)).get_content()
            found = {
                "sender": envelope.mail_from, "receiver": envelope.rcpt_tos[0], "subject": mail["subject"],
                "to": str(mail["to"]), "from": str(mail["from"]), "id": mail["message-id"],
                "text": plain.replace("\\r\\n", "\\n"), "html": html.replace("\\r\\n", "\\n"),
                "tls": str(session.ssl is not None), "user": str(session.auth_data), "defects": json.dumps(defects),
                "longest": str(max(len(line) for line in envelope.content.split(b"\\r\\n"))),
            }
            with open("mails.jsonl", "a") as out:
                out.write(json.dumps(found) + "\\n")
            return "250 2.0.0 taken"

    def authenticate(server, session, envelope, mechanism, data):
        good = (data.login.decode(), data.password.decode()) == (user, password)
        return AuthResult(success=good, auth_data=data.login.decode() if good else None)

    context = None
    if mode == "tls":
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain("certificate.pem", "key.pem")

    class Here(Controller):
        def factory(self):
            return SMTP(
                self.handler, tls_context=context, require_starttls=context is not None,
                authenticator=authenticate if user else None, auth_required=bool(user),
                auth_require_tls=context is not None)

        def _trigger_server(self):
            self.port = self.server.sockets[0].getsockname()[1]
            super()._trigger_server()

    controller = Here(Handler(), hostname="127.0.0.1", port=0)
    controller.start()
    print(controller.port, flush=True)
    while True:
        time.sleep(3600)
    """
}
