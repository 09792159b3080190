import Glibc

extension MetricRegistry {
  /// Adds what Prometheus expects of every process: memory, processor time, descriptors and start, as Linux tells them.
  public func addProcessMetrics() {
    gauge("process_resident_memory_bytes", help: "Resident memory size in bytes.") { residentBytes() }
    counter("process_cpu_seconds_total", help: "Total user and system CPU time spent in seconds.") { cpuSeconds() }
    gauge("process_open_fds", help: "Number of open file descriptors.") { openDescriptors() }
    gauge("process_max_fds", help: "Maximum number of open file descriptors.") { descriptorsMax() }
    // It never changes: one reading is enough.
    let started = startSeconds()
    gauge("process_start_time_seconds", help: "Start time of the process since unix epoch in seconds.") { started }
  }
}

private func residentBytes() -> Double? {
  guard let pages = words(ofFile: "/proc/self/statm").dropFirst().first.flatMap(Double.init) else { return nil }
  return pages * Double(sysconf(Int32(_SC_PAGESIZE)))
}

private func cpuSeconds() -> Double? {
  var usage = rusage()
  guard getrusage(RUSAGE_SELF.rawValue, &usage) == 0 else { return nil }
  let seconds = usage.ru_utime.tv_sec + usage.ru_stime.tv_sec
  let microseconds = usage.ru_utime.tv_usec + usage.ru_stime.tv_usec
  return Double(seconds) + Double(microseconds) / 1e6
}

private func openDescriptors() -> Double? {
  guard let folder = opendir("/proc/self/fd") else { return nil }
  defer { closedir(folder) }
  var count = 0
  while readdir(folder) != nil { count += 1 }
  // Two entries are the folder itself and its parent, one is the descriptor that reads it.
  return Double(max(0, count - 3))
}

private func descriptorsMax() -> Double? {
  var limit = rlimit()
  guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return nil }
  return limit.rlim_cur == ~0 ? .infinity : Double(limit.rlim_cur)
}

/// Start of the process: ticks after boot (field 22 of its stat) plus the time of boot.
private func startSeconds() -> Double? {
  // The second field is the program's name in brackets, which may hold spaces: count from its end.
  let stat = text(ofFile: "/proc/self/stat")
  guard let bracket = stat.lastIndex(of: ")") else { return nil }
  let fields = stat[bracket...].split(separator: " ")
  let system = words(ofFile: "/proc/stat")
  guard fields.count > 20, let ticks = Double(fields[20]), let label = system.firstIndex(of: "btime"),
    label + 1 < system.count, let boot = Double(system[label + 1])
  else { return nil }
  return boot + ticks / Double(sysconf(Int32(_SC_CLK_TCK)))
}

private func words(ofFile path: String) -> [String] {
  text(ofFile: path).split(whereSeparator: \.isWhitespace).map(String.init)
}

/// A file of /proc, at most a megabyte of it; empty if it cannot be read.
private func text(ofFile path: String) -> String {
  let descriptor = open(path, O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else { return "" }
  defer { close(descriptor) }
  var bytes: [UInt8] = []
  var chunk = [UInt8](repeating: 0, count: 16 << 10)
  while bytes.count < 1 << 20 {
    let count = read(descriptor, &chunk, chunk.count)
    if count <= 0 { break }
    bytes += chunk[..<count]
  }
  return String(decoding: bytes, as: UTF8.self)
}
