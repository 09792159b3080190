import Glibc
import Transport

/// Which reader is fuzzed: `WAYFARE_FUZZ_READER` is csv, time, zip, timetable or realtime.
private let laws: ReaderLaws = {
  let name = getenv("WAYFARE_FUZZ_READER").map { String(cString: $0) } ?? ""
  guard let laws = ReaderLaws(rawValue: name) else {
    fatalError("set WAYFARE_FUZZ_READER to one of \(ReaderLaws.allCases.map(\.rawValue).joined(separator: ", "))")
  }
  return laws
}()

/// A folder of this process's own, for readers of files.
private let folder: String = {
  var name = Array("/tmp/wayfare-fuzz-XXXXXX".utf8CString)
  guard let made = mkdtemp(&name) else { fatalError("no folder can be made below /tmp: make room there") }
  return String(cString: made)
}()

/// What libFuzzer calls with every input; the laws are those of `ReaderLaws`.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
  laws.check([UInt8](UnsafeBufferPointer(start: data, count: size)), in: folder)
  return 0
}
