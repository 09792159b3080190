import Glibc

/// Python's `json`, written in C and known to everybody: a mark to measure against.
enum PythonJSON {
  /// Megabytes of text a second.
  struct Speeds {
    let loads: Double
    let dumps: Double
  }

  private static let program = "/usr/bin/python3"

  private static let script = """
    import json, sys, time
    text = open(sys.argv[1], "rb").read()
    def speed(work):
        start = time.perf_counter()
        done = 0
        while time.perf_counter() - start < 1:
            work()
            done += 1
        return len(text) * done / 1e6 / (time.perf_counter() - start)
    value = json.loads(text)
    loads = speed(lambda: json.loads(text))
    dumps = speed(lambda: json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())
    print(loads, dumps, flush=True)
    """

  /// Measures a second of each; nil if there is no Python, or it says nothing of use.
  static func measure(_ document: [UInt8]) -> Speeds? {
    guard access(program, X_OK) == 0 else { return nil }
    do throws(BenchmarkError) {
      let directory = try TemporaryDirectory()
      try directory.write("trips.json", String(decoding: document, as: UTF8.self))
      let child = try ChildProcess(program, ["-c", script, directory.path + "/trips.json"])
      let numbers = try child.firstLine().split(separator: " ").compactMap { Double($0) }
      guard numbers.count == 2, numbers.allSatisfy({ $0 > 0 }) else { return nil }
      return Speeds(loads: numbers[0], dumps: numbers[1])
    } catch {
      StandardOutput.error("wayfare-bench: python3 is left out: \(error.description)")
      return nil
    }
  }
}
