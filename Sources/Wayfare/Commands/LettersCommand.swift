import JSON
import Secrets
import Store

extension Command {
  /// The command `wayfare letters`.
  static let letters = Command(
    name: "letters", summary: "show the mails of accounts that wait to be sent, with their tokens",
    discussion: """
      Mails wait sealed in the queue. While no mail server is set (see --smtp-url of work), whoever runs the installation
      reads here what they say, and passes tokens on. Shows the newest 200; whoever may run this holds the master key, and with a token
      anybody can go on in the name of whom the mail is for.
      """,
    settings: [.masterKey, .json] + Setting.database + Setting.log
  ) { arguments in
    let settings = try Settings(arguments)
    let key = try MasterKeyFile.key(settings, home: settings.home())
    let runtime = try Runtime(settings)
    return try runtime.run {
      let database = try await DatabaseAccess.open(runtime)
      do {
        let waiting = try await waiting(Database(database.client).jobs, key)
        await database.close(runtime)
        show(waiting, asJSON: arguments.flags[Setting.json.name] != nil)
        return waiting.isEmpty ? .noResult : .done
      } catch {
        await database.close(runtime)
        throw error
      }
    }
  }

  private struct Waiting: JSONWritable {
    let job: JobID
    let letter: LetterBox.Opened

    func write(to writer: inout JSONWriter) {
      writer.object {
        $0.field("job", job.description)
        $0.field("kind", letter.kind)
        $0.field("to", letter.address)
        $0.field("name", ifPresent: letter.name)
        $0.field("token", ifPresent: letter.token)
        $0.field("organisation", ifPresent: letter.organisation)
      }
    }
  }

  /// What can be opened of what waits, the newest first; other notifications are no letters.
  private static func waiting(_ jobs: JobStore, _ key: MasterKey) async throws -> [Waiting] {
    var filter = JobFilter()
    filter.kind = "notification.send"
    filter.state = .waiting
    filter.limit = 200
    var found: [Waiting] = []
    for job in try await jobs.list(filter).jobs {
      guard let payload = try await jobs.find(job.id)?.payload, let letter = LetterBox.open(payload, key) else {
        continue
      }
      found.append(Waiting(job: job.id, letter: letter))
    }
    return found
  }

  private static func show(_ waiting: [Waiting], asJSON: Bool) {
    if asJSON {
      for one in waiting { print(String(decoding: one.jsonBytes(), as: UTF8.self)) }
      return
    }
    if waiting.isEmpty { return print("No mail waits.") }
    for one in waiting {
      let token = one.letter.token.map { "  token \($0)" } ?? ""
      print("\(one.job)  \(one.letter.kind)  to \(one.letter.address)\(token)")
    }
  }
}
