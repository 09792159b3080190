import JSON

/// The version of this binary.
enum Version {
  static let current = "0.1.0"
}

extension Command {
  /// The command `wayfare version`.
  static let version = Command(
    name: "version", summary: "print the version", settings: [.json]
  ) { arguments in
    if arguments.flags[Setting.json.name] != nil {
      print(String(decoding: ["version": Version.current].jsonBytes(), as: UTF8.self))
    } else {
      print("wayfare \(Version.current)")
    }
    return .done
  }
}
