import Glibc
import JSON

/// The settings in force: flags first, then the environment, then the file, then the defaults.
///
/// Each value remembers where it came from, so that an error can name the place.
struct Settings: Sendable {
  private struct Value {
    let text: String
    let source: String
  }

  private var values: [String: Value] = [:]

  /// Gathers the settings for a command.
  ///
  /// - Parameters:
  ///   - arguments: what was typed.
  ///   - environment: the process's variables.
  /// - Throws: `UsageError` for a variable that looks like a misspelt setting, an unknown key, or a file that does not
  ///   read.
  init(_ arguments: Arguments, environment: [String: String] = ProcessEnvironment.current) throws(UsageError) {
    for setting in Setting.all {
      if let fallback = setting.fallback { values[setting.name] = Value(text: fallback, source: "the default") }
    }
    try Settings.checkNames(environment)
    try readFile(environment)
    for setting in Setting.all {
      // An empty variable is how a shell unsets one in passing.
      if let text = environment[setting.variable], !text.isEmpty {
        values[setting.name] = Value(text: text, source: setting.variable)
      }
    }
    for (name, text) in arguments.flags { values[name] = Value(text: text, source: "--" + name) }
  }

  func string(_ setting: Setting) -> String? { values[setting.name]?.text }

  func isOn(_ setting: Setting) -> Bool { values[setting.name]?.text == "true" }

  /// Where a setting's value was given.
  func source(_ setting: Setting) -> String { values[setting.name]?.source ?? setting.flag }

  func list(_ setting: Setting) -> [String] {
    (values[setting.name]?.text ?? "").split(separator: ",").map { $0.trimmed }.filter { !$0.isEmpty }
  }

  func int(_ setting: Setting, in range: ClosedRange<Int>) throws(UsageError) -> Int? {
    guard let value = values[setting.name] else { return nil }
    guard let number = decimal(value.text), range.contains(number) else {
      throw wrong(setting, "write a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  func fraction(_ setting: Setting) throws(UsageError) -> Double {
    guard let number = Double(values[setting.name]?.text ?? "0"), (0...1).contains(number) else {
      throw wrong(setting, "write a number from 0 to 1")
    }
    return number
  }

  func seconds(_ setting: Setting, in range: ClosedRange<Int>) throws(UsageError) -> Duration {
    .seconds(try int(setting, in: range) ?? range.lowerBound)
  }

  func choice<Choice: RawRepresentable<String> & CaseIterable>(
    _ setting: Setting, _ type: Choice.Type
  ) throws(UsageError) -> Choice {
    guard let choice = Choice(rawValue: values[setting.name]?.text ?? "") else {
      throw wrong(setting, "write one of \(Choice.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    return choice
  }

  /// An error about a setting's value, which names where it was given.
  func wrong(_ setting: Setting, _ mend: String) -> UsageError {
    let shown = setting.isSecret ? "its value" : "\"\(values[setting.name]?.text ?? "")\""
    return UsageError("\(source(setting)): \(shown) will not do; \(mend)")
  }

  /// The data directory.
  func home(environment: [String: String] = ProcessEnvironment.current) throws(UsageError) -> String {
    if let home = string(.home) {
      guard home.hasPrefix("/") else { return ProcessEnvironment.workingDirectory + "/" + home }
      return home.count > 1 && home.hasSuffix("/") ? String(home.dropLast()) : home
    }
    guard let user = environment["HOME"], user.hasPrefix("/") else {
      throw UsageError("the data directory is not known because HOME is not set: give --home DIR or set WAYFARE_HOME")
    }
    return user + "/.local/share/wayfare"
  }

  private func decimal(_ text: String) -> Int? {
    text.utf8.allSatisfy { (48...57).contains($0) } ? Int(text) : nil
  }

  /// Refuses what is nearly a setting: a misspelt database URL would otherwise mean a new, empty database.
  private static func checkNames(_ environment: [String: String]) throws(UsageError) {
    let known = Setting.all.map(\.variable) + [fileVariable]
    for name in environment.keys.sorted() where name.hasPrefix("WAYFARE_") && !known.contains(name) {
      // What all names share would make any two look alike.
      if let near = nearestName(to: String(name.dropFirst(8)), among: known.map { String($0.dropFirst(8)) }) {
        throw UsageError("\(name) is not a setting; did you mean WAYFARE_\(near)?")
      }
    }
  }

  // MARK: The file

  private static let fileVariable = "WAYFARE_SETTINGS"

  private mutating func readFile(_ environment: [String: String]) throws(UsageError) {
    guard let path = environment[Settings.fileVariable], !path.isEmpty else { return }
    guard let text = readTextFile(path, limit: 1 << 20) else {
      throw UsageError(
        "\(Settings.fileVariable): \(path) cannot be read (\(String(cString: strerror(errno)))); name a file of lines \"setting = value\""
      )
    }
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      let content = line.trimmed
      if content.isEmpty || content.hasPrefix("#") { continue }
      let place = "\(path):\(index + 1)"
      let parts = content.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map { $0.trimmed }
      guard parts.count == 2 else { throw UsageError("\(place): \"\(content)\" is not of the form setting = value") }
      guard Setting.all.contains(where: { $0.name == parts[0] }) else {
        let near = nearestName(to: parts[0], among: Setting.all.map(\.name)).map { "; did you mean \($0)?" } ?? ""
        throw UsageError("\(place): there is no setting \"\(parts[0])\"\(near)")
      }
      values[parts[0]] = Value(text: parts[1], source: place)
    }
  }
}

extension Substring {
  /// Without the white space at both ends.
  var trimmed: String {
    var bytes = utf8[...]
    while let first = bytes.first, first == 32 || first == 9 || first == 13 { bytes = bytes.dropFirst() }
    while let last = bytes.last, last == 32 || last == 9 || last == 13 { bytes = bytes.dropLast() }
    return String(Substring(bytes))
  }
}
