/// libFuzzer's driver.
///
/// Its C signature has pointers only, which Swift passes alike.
@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
  _ argumentCount: UnsafeMutablePointer<CInt>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
  _ fuzzOne: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

/// Where the program begins: the package manager renames `main`, so that libFuzzer's own is not found.
@_cdecl("TransportFuzz_main")
public func main(_ argumentCount: CInt, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> CInt {
  var argumentCount = argumentCount
  var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = arguments
  return withUnsafeMutablePointer(to: &arguments) { runDriver(&argumentCount, $0, fuzzOneInput) }
}
