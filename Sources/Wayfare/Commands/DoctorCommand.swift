extension Command {
  /// `wayfare doctor`
  static let doctor = Command(
    name: "doctor", summary: "check everything that could be wrong here, and say how to mend it",
    settings: Setting.database + [.listen, .json] + Setting.log
  ) { _ in .done }
}
