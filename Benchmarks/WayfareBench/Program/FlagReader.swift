/// Reads a benchmark's flags one after the other; `--name value` and `--name=value` are the same.
struct FlagReader {
  private let program: String
  private var rest: ArraySlice<String>
  private var word = ""
  private var name = ""
  private var attached: String?

  /// Flags of a benchmark, which errors name.
  init(_ arguments: [String], of program: String) {
    self.program = program
    rest = arguments[...]
  }

  /// The next flag's name, or the next word that is none; nil at the end.
  ///
  /// - Throws: `BenchmarkError.usage` where the flag before has a value attached that nobody asked for.
  mutating func next() throws(BenchmarkError) -> String? {
    if let attached { throw .usage("\(name) takes no value, and \"\(attached)\" is one") }
    guard let word = rest.popFirst() else { return nil }
    self.word = word
    let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard word.hasPrefix("-"), parts.count == 2 else {
      name = word
      return word
    }
    (name, attached) = (parts[0], parts[1])
    return name
  }

  /// What is thrown where there is no such flag.
  var unknown: BenchmarkError {
    .usage("wayfare-bench \(program) does not know \"\(word)\"; wayfare-bench \(program) --help lists its flags")
  }

  /// The flag's value.
  ///
  /// - Throws: `BenchmarkError.usage` where it has none.
  mutating func text() throws(BenchmarkError) -> String {
    guard let value = attached.take() ?? rest.popFirst() else { throw .usage("\(name) wants a value after it") }
    return value
  }

  /// The flag's value as a whole number.
  ///
  /// - Throws: `BenchmarkError.usage` that names the range.
  mutating func count(_ range: ClosedRange<Int>) throws(BenchmarkError) -> Int {
    try FlagReader.count(name, try text(), range)
  }

  /// The flag's value as a number.
  ///
  /// - Throws: `BenchmarkError.usage` that names the range.
  mutating func number(_ range: ClosedRange<Double>) throws(BenchmarkError) -> Double {
    let text = try text()
    guard let value = Double(text), range.contains(value) else {
      throw .usage("\(name) wants a number from \(range.lowerBound) to \(range.upperBound), not \"\(text)\"")
    }
    return value
  }

  /// Whole numbers with commas between them.
  ///
  /// - Throws: `BenchmarkError.usage` that names the range.
  mutating func counts(_ range: ClosedRange<Int>) throws(BenchmarkError) -> [Int] {
    var values: [Int] = []
    for part in try text().split(separator: ",") { values.append(try FlagReader.count(name, String(part), range)) }
    return values
  }

  /// Words of a list with commas between them.
  ///
  /// - Throws: `BenchmarkError.usage` that names the word and the list.
  mutating func words<Word: RawRepresentable<String> & CaseIterable>() throws(BenchmarkError) -> [Word] {
    var words: [Word] = []
    for part in try text().split(separator: ",") {
      guard let word = Word(rawValue: String(part)) else {
        let known = Word.allCases.map(\.rawValue).joined(separator: ", ")
        throw .usage("\(name) does not know \"\(part)\"; it takes \(known), with commas")
      }
      words.append(word)
    }
    return words
  }

  private static func count(
    _ name: String, _ text: String, _ range: ClosedRange<Int>
  ) throws(BenchmarkError) -> Int {
    guard let value = Int(text), range.contains(value) else {
      throw .usage("\(name) wants a whole number from \(range.lowerBound) to \(range.upperBound), not \"\(text)\"")
    }
    return value
  }
}
