import Glibc

/// What the kernel tells about a process.
struct ProcessFigures {
  /// Processor time of all threads, in seconds; the kernel counts in hundredths.
  struct ProcessorTime {
    /// In the program's own code.
    let user: Double
    /// In the kernel on its behalf.
    let system: Double

    var total: Double { user + system }

    static func - (later: ProcessorTime, earlier: ProcessorTime) -> ProcessorTime {
      ProcessorTime(user: later.user - earlier.user, system: later.system - earlier.system)
    }
  }

  let process: pid_t

  /// The processor time so far.
  ///
  /// - Throws: `BenchmarkError.unreachable` when the process has ended.
  func processorTime() throws(BenchmarkError) -> ProcessorTime {
    // The name in parentheses may itself hold spaces and parentheses: fields are counted from the last one.
    guard let text = Self.text(of: "/proc/\(process)/stat"), let end = text.utf8.lastIndex(of: UInt8(ascii: ")"))
    else { throw gone }
    let fields = text[end...].split(separator: " ")
    guard fields.count > 13, let user = Double(fields[12]), let system = Double(fields[13]) else { throw gone }
    let ticksPerSecond = Double(sysconf(Int32(_SC_CLK_TCK)))
    return ProcessorTime(user: user / ticksPerSecond, system: system / ticksPerSecond)
  }

  /// The memory of the process that is in RAM, in bytes, counted page by page.
  ///
  /// - Throws: `BenchmarkError.unreachable` when the process has ended or belongs to somebody else.
  func residentBytes() throws(BenchmarkError) -> Int {
    // `smaps_rollup` is exact where `statm` lags behind by what each processor has not reported yet.
    guard let text = Self.text(of: "/proc/\(process)/smaps_rollup"),
      let line = text.split(separator: "\n").first(where: { $0.hasPrefix("Rss:") }),
      let kibibytes = line.split(separator: " ").dropFirst().first.flatMap({ Int($0) })
    else { throw gone }
    return kibibytes * 1024
  }

  private var gone: BenchmarkError {
    .unreachable("process \(process) cannot be read in /proc: it has ended, or belongs to another user")
  }

  /// Lowers this process's mark of the most memory that was in RAM at once to what is in use now.
  static func forgetPeak() {
    if let file = fopen("/proc/self/clear_refs", "we") {
      fputs("5", file)
      fclose(file)
    }
  }

  /// The most memory of this process that was in RAM at once, since the mark was lowered.
  static func peakBytes() -> Int {
    let lines = (text(of: "/proc/self/status") ?? "").split(separator: "\n")
    let line = lines.first { $0.hasPrefix("VmHWM:") }
    return (line?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) * 1024
  }

  /// A small file of /proc as text.
  static func text(of path: String) -> String? {
    guard let file = fopen(path, "re") else { return nil }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 16 * 1024)
    let count = fread(&bytes, 1, bytes.count, file)
    return count > 0 ? String(decoding: bytes[..<count], as: UTF8.self) : nil
  }
}
