import Core

/// The parser's line `USAGE: waybill check [<file> ...] [--explain] …`, which lists every option of a command that has few, however
/// long it gets.
enum UsageLine {
  private static let longest = 80

  /// Where the line is too long, its optional options become `[<options>]`, as the parser itself writes them for commands that have
  /// many. Required parts stay.
  static func shortened(in text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      let isUsage = line.lowercased().hasPrefix("usage: ")
      return isUsage && CellWidth.of(line) > longest ? shortened(String(line)) : String(line)
    }.joined(separator: "\n")
  }

  private static func shortened(_ line: String) -> String {
    var kept: [String] = []
    var hasOptions = false
    for part in parts(line) {
      guard part.hasPrefix("[-") else {
        kept.append(part)
        continue
      }
      // The command's names are plain words.
      if !hasOptions { kept.insert("[<options>]", at: kept.firstIndex { !$0.isPlainWord } ?? kept.count) }
      hasOptions = true
    }
    return kept.joined(separator: " ")
  }

  /// Splits the line into words; bracketed text stays together: `[--fault <fault> ...]`.
  private static func parts(_ line: String) -> [String] {
    var parts: [String] = []
    var depth = 0
    for word in line.split(separator: " ") {
      if depth > 0 { parts[parts.count - 1] += " " + word } else { parts.append(String(word)) }
      depth += word.count { $0 == "[" } - word.count { $0 == "]" }
    }
    return parts
  }
}

extension String {
  /// `USAGE:`, `runs`: not an operand, not an option.
  fileprivate var isPlainWord: Bool { !hasPrefix("<") && !hasPrefix("[") && !hasPrefix("-") }
}
