import JSON

/// What was typed after a command's name, checked against what the command takes.
struct Arguments: Sendable {
  let command: Command
  private(set) var flags: [String: String] = [:]
  /// All values of flags that may be given more than once.
  private(set) var repeated: [String: [String]] = [:]
  private(set) var operands: [String] = []
  private(set) var wantsHelp = false

  /// Reads the words after the command's name.
  ///
  /// `--name value` and `--name=value` are the same, `--` ends the flags.
  /// - Throws: `UsageError` that names the word, and the nearest one that would have been right.
  init(_ words: [String], for command: Command) throws(UsageError) {
    self.command = command
    var rest = words[...]
    var flagsEnded = false
    while let word = rest.popFirst() {
      if word == "--" && !flagsEnded {
        flagsEnded = true
      } else if (word == "--help" || word == "-h") && !flagsEnded {
        wantsHelp = true
      } else if word.hasPrefix("-") && word != "-" && !flagsEnded {
        try readFlag(word, &rest)
      } else {
        operands.append(word)
      }
    }
    if !wantsHelp { try checkOperands() }
  }

  func operand(_ index: Int) -> String? { index < operands.count ? operands[index] : nil }

  private mutating func readFlag(_ word: String, _ rest: inout ArraySlice<String>) throws(UsageError) {
    let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard let setting = command.settings.first(where: { $0.flag == parts[0] }) else {
      let known = command.settings.map(\.flag) + ["--help"]
      let hint = nearestName(to: parts[0], among: known).map { "did you mean \($0)?" } ?? "see"
      throw UsageError("wayfare \(command.name) has no flag \(parts[0]): \(hint) (wayfare \(command.name) --help)")
    }
    guard setting.isRepeatable || flags[setting.name] == nil else {
      throw UsageError("\(setting.flag) is given twice: give it once")
    }
    if setting.placeholder == nil {
      guard parts.count == 1 else { throw UsageError("\(setting.flag) takes no value: write it alone") }
      flags[setting.name] = "true"
    } else if parts.count == 2 {
      flags[setting.name] = parts[1]
    } else if let value = rest.popFirst() {
      flags[setting.name] = value
    } else {
      throw UsageError("\(setting.flag) wants a value: \(setting.flag) \(setting.placeholder ?? "")")
    }
    if setting.isRepeatable, let value = flags[setting.name] { repeated[setting.name, default: []].append(value) }
  }

  private func checkOperands() throws(UsageError) {
    let needed = command.operands.filter { !$0.isOptional }
    if operands.count < needed.count {
      throw UsageError("wayfare \(command.name) wants \(needed[operands.count].name): \(needed[operands.count].help)")
    }
    if operands.count > command.operands.count {
      let extra = operands[command.operands.count]
      throw UsageError(
        "wayfare \(command.name) does not know what to do with \"\(extra)\" (see wayfare \(command.name) --help)")
    }
  }
}
