import Core

/// Where a user states how a file is read. It decides what messages advise: not every place has all the settings.
package enum ReadingPlace: Sendable, Hashable {
  /// Options of a command, or a map in a pipeline: it is not known which of the two.
  case file
  /// Options of a command.
  case options
  /// A map in a pipeline.
  case pipeline
  /// A map in a lookup, which reads CSV files only.
  case lookup
  /// The options of `--keys`.
  case keys

  /// How to state one part: `set skip_lines: 2 (--skip-lines 2)`.
  package func setting(_ part: FileReading.Part, _ value: String) -> String {
    let written = part == .skipLines || part == .records ? value : JSONValue.string(value).text
    switch self {
    case .file: return "set \(part.rawValue): \(written) (\(part.option) \(Self.shellWord(value)))"
    case .options: return "pass \(part.option) \(Self.shellWord(value))"
    case .pipeline, .lookup: return "write {path: FILE, \(part.rawValue): \(written)}"
    case .keys:
      switch part {
      case .delimiter: return "pass \(CommandOption.keysDelimiter) \(Self.shellWord(value))"
      case .encoding: return "pass \(CommandOption.keysEncoding) \(value)"
      case .skipLines: return "pass \(CommandOption.keysSkipLines) \(value)"
      case .quotes, .records: return "write the keys to a separate file, one per line"
      }
    }
  }

  /// What to do if the delimiter is not known: the end of a sentence.
  package var unknownDelimiter: String {
    switch self {
    case .file, .options: "specify the delimiter (\(CommandOption.delimiter))"
    case .pipeline, .lookup: "specify the delimiter: {path: FILE, delimiter: …}"
    case .keys: "specify the delimiter (\(CommandOption.keysDelimiter))"
    }
  }

  /// What to do with a file that is not in the format that it is read as.
  func reading(as format: SourceFormat) -> String {
    switch self {
    case .file:
      "pass \(CommandOption.inputFormat) \(format.name), or write source: {\(format.name): …} in a pipeline"
    case .options: "pass \(CommandOption.inputFormat) \(format.name)"
    case .pipeline: "write source: {\(format.name): …}"
    case .lookup: "a lookup reads CSV: convert the file"
    case .keys: "rename it, so that it ends in .\(format.extensions.first ?? format.name)"
    }
  }

  /// Quoted for a shell: `':'`, `2`, `$'\x1f'`.
  private static func shellWord(_ text: String) -> String {
    if let byte = text.utf8.first, text.utf8.count == 1, byte < 0x20 {
      return "$'\\x\(byte < 0x10 ? "0" : "")\(String(byte, radix: 16))'"
    }
    let isPlain = text.utf8.allSatisfy { byte in
      (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
        || "-_./~".utf8.contains(byte)
    }
    // A shell replaces a tilde at the beginning.
    if isPlain, text.utf8.first != UInt8(ascii: "~") { return text }
    return text.utf8.contains(UInt8(ascii: "'")) ? "\"\(text)\"" : "'\(text)'"
  }
}
