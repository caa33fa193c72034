import Glibc

/// The words of a command line as the process got them: bytes, which need not be text.
enum ArgumentText {
  /// What is wrong with them; nil where all are UTF-8. Their texts would have other characters where they are not, and mean
  /// something else.
  static func refusal(of words: [[UInt8]]) -> String? {
    guard let index = words.firstIndex(where: { String(validating: $0, as: UTF8.self) == nil }) else { return nil }
    return "argument \(index + 1) is not UTF-8: nothing was done"
  }

  /// Those of this process, without its own name.
  static func ofProcess() -> [[UInt8]] {
    CommandLine.arguments.indices.dropFirst().map { index in
      guard let word = CommandLine.unsafeArgv[index] else { return [] }
      return Array(UnsafeRawBufferPointer(start: word, count: strlen(word)))
    }
  }
}
