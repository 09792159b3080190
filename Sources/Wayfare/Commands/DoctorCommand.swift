import HTTP
import JSON

extension Command {
  /// The command `wayfare doctor`.
  static let doctor = Command(
    name: "doctor", summary: "check everything that could be wrong here, and say how to mend it",
    discussion: """
      Changes nothing, except that a private PostgreSQL which exists is started for the check. Exits 0 when all is
      well, 1 when something must be mended.
      """,
    settings: Setting.database + Setting.messages + Setting.relay + [.listen, .masterKey, .sellers, .json] + Setting.log
  ) { arguments in
    let settings = try Settings(arguments)
    let runtime = try Runtime(settings)
    // Wrong settings are told at once, whether or not the checks get as far as using them.
    _ = try DatabaseAccess.pool(settings)
    _ = try DatabaseAccess.outsideAddress(settings)
    let messages = try MessageSetup(settings)
    let sellers = try SellersFile.read(settings)
    let kafka = try RelaySetup.read(settings)
    return try runtime.run {
      let findings = await Examination(runtime, messages, sellers, kafka).findings()
      let isWell = !findings.contains { $0.verdict == .broken }
      let text = arguments.flags[Setting.json.name] == nil ? report(findings) : machineReport(findings, isWell: isWell)
      print(text)
      return isWell ? .done : .noResult
    }
  }

  private static func report(_ findings: [Finding]) -> String {
    let width = findings.map(\.name.count).max() ?? 0
    var lines = findings.map { finding in
      let line = "\(finding.verdict.mark)  \(finding.name.padded(to: width))  \(finding.detail)"
      return finding.mend.map { line + "\n   \(String(repeating: " ", count: width))  → \($0)" } ?? line
    }
    let broken = findings.filter { $0.verdict == .broken }.count
    lines.append(broken == 0 ? "\nAll is well." : "\n\(broken) of \(findings.count) must be mended.")
    return lines.joined(separator: "\n")
  }

  private static func machineReport(_ findings: [Finding], isWell: Bool) -> String {
    var writer = JSONWriter(isPretty: true)
    writer.object { object in
      object.field("ok", isWell)
      object.array("checks") { array in for finding in findings { array.element(finding) } }
    }
    return String(decoding: writer.finish(), as: UTF8.self)
  }
}

/// What one check has found.
struct Finding: Sendable, JSONWritable {
  enum Verdict: String, Sendable {
    case well, doubtful, broken

    var mark: String {
      switch self {
      case .well: "ok  "
      case .doubtful: "note"
      case .broken: "FAIL"
      }
    }
  }

  let name: String
  let verdict: Verdict
  let detail: String
  /// What to do about it.
  var mend: String?

  static func well(_ name: String, _ detail: String) -> Finding { Finding(name: name, verdict: .well, detail: detail) }

  static func doubtful(_ name: String, _ detail: String, mend: String) -> Finding {
    Finding(name: name, verdict: .doubtful, detail: detail, mend: mend)
  }

  static func broken(_ name: String, _ detail: String, mend: String?) -> Finding {
    Finding(name: name, verdict: .broken, detail: detail, mend: mend)
  }

  func write(to writer: inout JSONWriter) {
    writer.object {
      $0.field("name", name)
      $0.field("verdict", verdict.rawValue)
      $0.field("detail", detail)
      $0.field("mend", ifPresent: mend)
    }
  }
}
