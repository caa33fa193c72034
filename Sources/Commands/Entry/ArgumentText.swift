import Glibc

/// The arguments as the process received them: bytes that need not be text.
enum ArgumentText {
  /// What is wrong with them; nil if all are UTF-8. Decoding invalid bytes would replace characters and change the
  /// meaning.
  static func refusal(of words: [[UInt8]]) -> String? {
    guard let index = words.firstIndex(where: { String(validating: $0, as: UTF8.self) == nil }) else { return nil }
    return "argument \(index + 1) is not UTF-8: nothing was done"
  }

  /// The arguments of this process, without its name.
  static func ofProcess() -> [[UInt8]] {
    CommandLine.arguments.indices.dropFirst().map { index in
      guard let word = CommandLine.unsafeArgv[index] else { return [] }
      return Array(UnsafeRawBufferPointer(start: word, count: strlen(word)))
    }
  }
}
