/// The help texts, in the layout that people know from other tools.
enum Help {
  static func overview(_ commands: [Command]) -> String {
    let width = commands.map(\.name.count).max() ?? 0
    let lines = commands.map { "  " + $0.name.padded(to: width) + "   " + $0.summary }
    return """
      Wayfare plans complete trips: routes, days and budget.

      USAGE: wayfare COMMAND [flags]

      COMMANDS:
      \(lines.joined(separator: "\n"))

      Settings come from flags, then WAYFARE_… variables, then the file that WAYFARE_SETTINGS names.
      wayfare COMMAND --help says more about a command.

      """
  }

  static func text(for command: Command) -> String {
    var text = "\(command.summary)\n\nUSAGE: wayfare \(command.name)"
    for operand in command.operands { text += operand.isOptional ? " [\(operand.name)]" : " \(operand.name)" }
    text += command.settings.isEmpty ? "\n" : " [flags]\n"
    if !command.discussion.isEmpty { text += "\n\(command.discussion)\n" }
    let flags = command.settings.map { ($0.flag + ($0.placeholder.map { " " + $0 } ?? ""), helpLine($0)) }
    let rows = flags + [("--help", "show this")]
    let width = rows.map(\.0.count).max() ?? 0
    text += "\nFLAGS:\n"
    for row in rows { text += "  \(row.0.padded(to: width))   \(row.1)\n" }
    return text
  }

  private static func helpLine(_ setting: Setting) -> String {
    setting.fallback.map { "\(setting.help) (default: \($0))" } ?? setting.help
  }
}

extension String {
  func padded(to width: Int) -> String { count >= width ? self : self + String(repeating: " ", count: width - count) }
}
