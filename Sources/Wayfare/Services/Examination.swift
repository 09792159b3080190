import EventLoop
import Glibc
import HTTP
import Postgres
import Providers
import Relay
import Store

/// The checks of `wayfare doctor`, from the ground up; those that stand on a broken one are left out.
struct Examination {
  private let runtime: Runtime
  private let settings: Settings
  private let messages: MessageSetup
  private let sellers: SellersFile?
  private let kafka: KafkaSettings?

  init(_ runtime: Runtime, _ messages: MessageSetup, _ sellers: SellersFile?, _ kafka: KafkaSettings?) {
    self.runtime = runtime
    self.kafka = kafka
    self.messages = messages
    self.sellers = sellers
    settings = runtime.settings
  }

  func findings() async -> [Finding] {
    var findings = [openFiles()]
    let home: String
    do {
      home = try settings.home()
      try DataDirectory.make(home)
      findings.append(.well("data directory", home))
    } catch {
      findings.append(.broken("data directory", "\(error)", mend: nil))
      return findings
    }
    findings.append(diskSpace(home))
    findings += await listenAddresses()
    findings += await database(home)
    findings.append(await mailServer())
    findings.append(counter())
    if let kafka { findings.append(await brokers(kafka)) }
    return findings
  }

  /// Whether brokers answer and have our topics; nothing is sent.
  private func brokers(_ kafka: KafkaSettings) async -> Finding {
    do {
      let troubles = try await runtime.pool.run { EventRelay.troubles(with: kafka) }
      guard let first = troubles.first else {
        return .well("events", "\(kafka.brokers) answers and has every topic")
      }
      return .doubtful(
        "events", "\(kafka.brokers): \(first)",
        mend: "correct WAYFARE_KAFKA, or make the topics there; events wait until then")
    } catch {
      return .broken("events", "\(error)", mend: nil)
    }
  }

  /// Who sells and who collects; nothing is asked of them, because some charge for every question.
  private func counter() -> Finding {
    guard let sellers else {
      return .doubtful(
        "sellers", "nobody sells, so that bookings wait",
        mend: "name a file of sellers and collectors with WAYFARE_SELLERS; docs/booking.md says what is in it")
    }
    let collectors = sellers.collectors.map(\.account.name)
    if collectors.isEmpty {
      return .doubtful("sellers", "nobody collects money", mend: "add a collector to the file of WAYFARE_SELLERS")
    }
    let names = sellers.sellers.map(\.account.name)
    if names.isEmpty {
      return .doubtful("sellers", "nobody sells", mend: "add a seller to the file of WAYFARE_SELLERS")
    }
    let unsigned =
      (sellers.sellers.filter { $0.shape == .duffel && $0.webhookSecret == nil }.map(\.account.name)
        + sellers.collectors.filter { $0.webhookSecret == nil }.map(\.account.name))
    if let first = unsigned.first {
      return .doubtful(
        "sellers", "\(first) has no webhookSecret, so that its events are refused and it is asked instead",
        mend: "add the \"webhookSecret\" of its webhook to the file of WAYFARE_SELLERS")
    }
    return .well(
      "sellers", "\(names.joined(separator: ", ")) sell, \(collectors.joined(separator: ", ")) collects")
  }

  /// Whether the mail server lets us in; nothing is sent.
  private func mailServer() async -> Finding {
    guard let server = messages.mail?.server else {
      return .doubtful(
        "mail", "no server is set, so that mails of accounts wait",
        mend: "set WAYFARE_SMTP_URL and WAYFARE_MAIL_FROM, or read what waits with: wayfare letters")
    }
    do {
      let client = try MailClient(loop: runtime.group.loops[0], server: server)
      let fault = await client.check()
      await client.close()
      guard let fault else { return .well("mail", "\(server.host):\(server.port) lets us in") }
      return .broken("mail", fault, mend: "correct WAYFARE_SMTP_URL and what belongs to it")
    } catch {
      return .broken("mail", "\(error)", mend: nil)
    }
  }

  private func openFiles() -> Finding {
    var limit = rlimit()
    getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    let count = Int(clamping: limit.rlim_max)
    guard count < 4096 else { return .well("open files", "up to \(count)") }
    return .doubtful(
      "open files", "only \(count), which bounds the connections", mend: "raise the hard limit (ulimit -Hn 65536)")
  }

  private func diskSpace(_ home: String) -> Finding {
    guard let free = PrivateCluster.prospects(home: home).freeMegabytes else {
      return .doubtful("disk", "its free space cannot be read", mend: "see df \(home)")
    }
    guard free < 1024 else { return .well("disk", "\(free) MB free") }
    let mend = "make room, or choose another with --home"
    return free < 256
      ? .broken("disk", "\(free) MB free, too little for a database", mend: mend)
      : .doubtful("disk", "\(free) MB free", mend: mend)
  }

  // MARK: Addresses

  private func listenAddresses() async -> [Finding] {
    var findings: [Finding] = []
    for text in settings.list(.listen) {
      do throws(ListenError) {
        let address = try ListenAddress(text)
        try HTTPServer.tryAddress(address)
        findings.append(.well("address", "\(address) is free"))
      } catch {
        let isOurs = if case .refused(let address, EADDRINUSE) = error { await isWayfare(address) } else { false }
        findings.append(
          isOurs
            ? .well("address", "\(text) is served by a wayfare that runs") : .broken("address", "\(error)", mend: nil))
      }
    }
    return findings
  }

  private func isWayfare(_ address: ListenAddress) async -> Bool {
    guard case .tcp(_, let port) = address else { return false }
    do {
      let client = try HTTPClient(loop: runtime.group.loops[0])
      var request = ClientRequest(.get, "http://127.0.0.1:\(port)/health/live")
      request.timeout = .seconds(2)
      let response = try await client.send(request)
      await client.close()
      return response.status == 200 && String(decoding: response.body, as: UTF8.self).contains("\"version\"")
    } catch {
      return false
    }
  }

  // MARK: Database

  private func database(_ home: String) async -> [Finding] {
    var findings: [Finding] = []
    do {
      if try DatabaseAccess.outsideAddress(settings) == nil {
        let prospects = PrivateCluster.prospects(home: home)
        guard let newest = prospects.majors.first else {
          return [
            .broken(
              "PostgreSQL", "none of version 15 or later in \(prospects.places.joined(separator: ", "))",
              mend: "apt-get install postgresql, or set WAYFARE_DATABASE_URL to one that runs elsewhere")
          ]
        }
        findings.append(.well("PostgreSQL", "version \(newest) is installed"))
        guard prospects.exists else {
          return findings + [.well("database", "a private one will be made in \(home) on first use")]
        }
      }
      let database = try await DatabaseAccess.open(runtime)
      findings += await examine(database)
      await database.close(runtime)
    } catch {
      findings.append(.broken("database", "\(error)", mend: nil))
    }
    return findings
  }

  private func examine(_ database: DatabaseAccess) async -> [Finding] {
    var findings: [Finding] = []
    do {
      let row = try await database.client.query(
        """
        select current_setting('server_version_num')::int8, current_setting('server_encoding'),
          current_setting('max_connections')::int8, has_database_privilege(current_database(), 'CREATE'),
          extract(epoch from clock_timestamp())::float8
        """
      ).decodeOnly(Int64.self, String.self, Int64.self, Bool.self, Double.self)
      findings.append(version(Int(row.0), at: database))
      if row.1 != "UTF8" {
        findings.append(
          .broken("encoding", "the database is in \(row.1)", mend: "make one with: createdb --encoding=UTF8 NAME"))
      }
      findings.append(connections(Int(row.2)))
      if !row.3 {
        findings.append(
          .broken(
            "privileges", "the user may not create tables", mend: "grant create on database … to the user, as its owner"
          ))
      }
      findings.append(clock(row.4))
      findings.append(await schema(database))
      findings.append(await listening(database))
    } catch {
      findings.append(
        .broken("database", "\(database.description): \(error)", mend: "start it, or correct WAYFARE_DATABASE_URL"))
    }
    return findings
  }

  private func version(_ number: Int, at database: DatabaseAccess) -> Finding {
    let text = "version \(number / 10_000) answers at \(database.description)"
    return number >= 150_000
      ? .well("database", text)
      : .broken("database", text, mend: "Wayfare needs PostgreSQL 15 or later")
  }

  private func connections(_ most: Int) -> Finding {
    let wanted = Int(settings.string(.databaseConnections) ?? "") ?? 10
    return wanted < most
      ? .well("connections", "\(wanted) of the server's \(most)")
      : .doubtful(
        "connections", "this process may open \(wanted), and the server has \(most)",
        mend: "lower --database-connections or raise max_connections")
  }

  private func clock(_ serverSeconds: Double) -> Finding {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    let difference = abs(Double(now.tv_sec) + Double(now.tv_nsec) / 1e9 - serverSeconds)
    return difference < 5
      ? .well("clock", "agrees with the database's")
      : .doubtful(
        "clock", "\(Int(difference)) s apart from the database's", mend: "let both machines keep time by NTP")
  }

  private func schema(_ database: DatabaseAccess) async -> Finding {
    do {
      let pending = try await Migrations(Schema.migrations, on: database.client).plan().pending
      return pending.isEmpty
        ? .well("schema", "up to date at migration \(Schema.migrations.count)")
        : .doubtful("schema", "\(pending.count) migrations are pending", mend: "wayfare migrate")
    } catch {
      return .broken("schema", "\(error)", mend: nil)
    }
  }

  private func listening(_ database: DatabaseAccess) async -> Finding {
    let listener = Listener(database.listenSettings, on: runtime.group.loops[0], workPool: runtime.pool)
    do {
      _ = try await listener.subscribe("wayfare_doctor")
      for _ in 0..<40 where await !listener.isConnected {
        try await runtime.group.loops[0].sleep(for: .milliseconds(50))
      }
      let isConnected = await listener.isConnected
      let reason = await listener.lastFailure ?? "no connection in time"
      await listener.close()
      return isConnected
        ? .well("notifications", "are heard")
        : .broken(
          "notifications", "LISTEN does not work: \(reason)",
          mend: "set WAYFARE_DATABASE_LISTEN_URL to the database itself, not through a pooler")
    } catch {
      await listener.close()
      return .broken("notifications", "LISTEN does not work: \(error)", mend: "set WAYFARE_DATABASE_LISTEN_URL")
    }
  }
}
