import Accounts
import Secrets
import Store

extension Command {
  /// The command `wayfare audit`.
  static let audit = Command(
    name: "audit", summary: "go through the audit log, and say whether anything was changed or taken out",
    discussion: """
      Exits 0 when every entry fits the one before it, 1 at the first that does not. Keep the count and the digest it
      prints elsewhere: who writes into the database itself could make all later digests anew, and the next time's count
      and digest would not lead on from yours.
      """,
    settings: Setting.database + Setting.log
  ) { arguments in
    let runtime = try Runtime(try Settings(arguments))
    return try runtime.run {
      let database = try await DatabaseAccess.open(runtime)
      do {
        let code = try await verify(Database(database.client).accounts)
        await database.close(runtime)
        return code
      } catch {
        await database.close(runtime)
        throw error
      }
    }
  }

  private static func verify(_ store: AccountStore) async throws -> ExitCode {
    do {
      let (count, digest) = try await store.verifyAudit { Digest.sha256($0) }
      let text = digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
      print("\(count) entries fit; the last digest is \(text)")
      return .done
    } catch let fault as AuditChain.Fault {
      print(sentence(fault))
      return .noResult
    }
  }

  private static func sentence(_ fault: AuditChain.Fault) -> String {
    switch fault {
    case .gap(let after, let found): "After entry \(after) comes entry \(found): something was taken out or put in."
    case .changed(let number): "Entry \(number) does not fit its digest: it, or what is before it, was changed."
    case .cut(let last, let expected): "The log ends with entry \(last) instead of \(expected): its end was cut off."
    case .head: "The last entry does not fit the digest that is kept of the log's end."
    }
  }
}
