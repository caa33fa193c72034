import Fuzzing
import Glibc

/// Checks what reads bytes from outside with arbitrary bytes. Two ways:
///
///     Fuzz COUNT [SEED]          generated inputs, the same ones for one seed
///     Fuzz -runs=COUNT FOLDER    built with -DFUZZER and -sanitize=fuzzer: libFuzzer's options, led by coverage
///
/// What is found ends the process; the input lies in `crash-…` (libFuzzer), or its number is printed.
@main
enum Fuzz {
  static func main() {
    #if FUZZER
      var count = CommandLine.argc
      var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv
      exit(runDriver(&count, &arguments, fuzzerCheck))
    #else
      let arguments = CommandLine.arguments
      guard arguments.count > 1, let count = Int(arguments[1]), count > 0 else {
        print("usage: Fuzz COUNT [SEED]")
        exit(64)
      }
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
}

#if FUZZER
  /// From libFuzzer, which is linked in by `-sanitize=fuzzer`.
  @_silgen_name("LLVMFuzzerRunDriver")
  func runDriver(
    _ count: UnsafeMutablePointer<Int32>, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
    _ check: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
  ) -> CInt

  func fuzzerCheck(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    do throws(FuzzFinding) { try FuzzTarget.check(Array(UnsafeBufferPointer(start: start, count: count))) } catch {
      fatalError("\(error)")
    }
    return 0
  }

  /// libFuzzer's own `main` calls this one; the linker needs it even where ours is used.
  @_cdecl("LLVMFuzzerTestOneInput")
  public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt { fuzzerCheck(start, count) }
#endif
