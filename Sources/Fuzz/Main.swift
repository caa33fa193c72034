import Files
import Fuzzing
import Glibc
import Records

/// Feeds arbitrary bytes to the code that reads external input. Usage:
///
///     Fuzz COUNT [SEED]          generated inputs, the same ones for one seed
///     Fuzz FILE                  one input: a byte that selects the check, then its data
///     Fuzz -runs=COUNT FOLDER    built with -DFUZZER and -sanitize=fuzzer: libFuzzer's options, guided by coverage
///
/// A finding ends the process; the input is in `crash-…` (libFuzzer), or its number is printed.
@main
enum Fuzz {
  static func main() {
    #if FUZZER
      var count = CommandLine.argc
      var arguments = CommandLine.unsafeArgv
      exit(runDriver(&count, &arguments, fuzzerCheck))
    #else
      let arguments = CommandLine.arguments
      guard arguments.count > 1 else {
        print("usage: Fuzz COUNT [SEED], or Fuzz FILE")
        exit(64)
      }
      guard let count = Int(arguments[1]) else { return checkFile(arguments[1]) }
      let seed = arguments.count > 2 ? UInt64(arguments[2]) ?? 1 : 1
      var generator = FuzzGenerator(seed: seed)
      for number in 0..<count {
        let bytes = generator.next()
        let target = FuzzTarget.allCases[number % FuzzTarget.allCases.count]
        do throws(FuzzFinding) { try target.check(bytes) } catch {
          print("input \(number) of seed \(seed), \(target.rawValue): \(error)")
          print(bytes.map { String($0, radix: 16) }.joined(separator: " "))
          exit(1)
        }
      }
      print("\(count) inputs, seed \(seed)")
    #endif
  }

  private static func checkFile(_ path: String) {
    do {
      let input = try FileInput(path: path)
      var bytes = [UInt8](repeating: 0, count: 1 << 20)
      let count = try bytes.withUnsafeMutableBufferPointer { buffer in
        try buffer.baseAddress.map { try input.read(into: $0, count: buffer.count) } ?? 0
      }
      try FuzzTarget.check(Array(bytes.prefix(count)))
      print("nothing found")
    } catch {
      print("\(error)")
      exit(1)
    }
  }
}

#if FUZZER
  /// Called by libFuzzer, which `-sanitize=fuzzer` links in.
  @_silgen_name("LLVMFuzzerRunDriver")
  func runDriver(
    _ count: UnsafeMutablePointer<Int32>, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ check: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
  ) -> CInt

  func fuzzerCheck(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    do throws(FuzzFinding) { try FuzzTarget.check(Array(UnsafeBufferPointer(start: start, count: count))) } catch {
      fatalError("\(error)")
    }
    return 0
  }

  /// libFuzzer's own `main` calls this; the linker needs it even if ours is used.
  @_cdecl("LLVMFuzzerTestOneInput")
  public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt { fuzzerCheck(start, count) }
#endif
