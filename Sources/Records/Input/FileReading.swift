package import Core

/// What a file's own text does not say reliably: how its bytes become rows or documents.
///
/// It belongs to a file, not to a mapping: a pipeline, a lookup or an option of a command states it next to the path.
package struct FileReading: Sendable, Hashable {
  /// What a quote inside an unquoted CSV cell (`6'2"`) is.
  package enum Quotes: String, Sendable, Hashable, CaseIterable {
    /// A character like others, with a counted warning.
    case lenient
    /// A fault of its row.
    case strict
  }

  /// One of its properties, by its key in pipelines, lookups and manifests.
  package enum Part: String, Sendable, Hashable, CaseIterable {
    case delimiter
    case skipLines = "skip_lines"
    case quotes, encoding, records

    package var option: CommandOption {
      switch self {
      case .delimiter: .delimiter
      case .skipLines: .skipLines
      case .quotes: .quotes
      case .encoding: .encoding
      case .records: .records
      }
    }
  }

  /// The valid range of `skip_lines`.
  package static let skippedLines = 0...1_000_000

  /// One ASCII byte; nil: detected from the header and the first rows.
  package var delimiter: UInt8?
  /// Lines above the header of a CSV file that are not part of the table.
  package var skipLines = 0
  package var quotes = Quotes.lenient
  /// A name that `iconv` knows; nil: UTF-8, or UTF-16 or UTF-32 where the bytes show it.
  package var encoding: String?
  /// The list of records in a JSON document; nil: the document itself.
  package var records: RecordsPointer?
  /// Rows of empty cells are records, as they were in snapshots before version 3. Users cannot set it.
  package var keepsEmptyRows = false

  package init() {}

  /// Those that differ from their defaults, in the order in which they are documented.
  package var given: [Part] {
    Part.allCases.filter { part in
      switch part {
      case .delimiter: delimiter != nil
      case .skipLines: skipLines != 0
      case .quotes: quotes != .lenient
      case .encoding: encoding != nil
      case .records: records != nil
      }
    }
  }

  /// - Throws: `OperationFailure` with the exit code `usage` if one of its parts does not apply to files of `format`.
  package func check(for format: SourceFormat) throws(OperationFailure) {
    guard let part = given.first(where: { !format.readingParts.contains($0) }) else { return }
    let formats = SourceFormats.standard.all.filter { $0.readingParts.contains(part) }
    let fix = formats.map { "\(CommandOption.inputFormat) \($0.name)" }.joined(separator: " or ")
    throw OperationFailure(
      .usage, "\(part.option) does not apply to \(format.name): remove it\(fix.isEmpty ? "" : ", or pass \(fix)")")
  }
}

/// The character between the cells of a CSV file, as people write it.
package enum DelimiterText {
  /// Words for characters that are hard to write.
  package static let words: [(word: String, byte: UInt8)] = [
    ("comma", UInt8(ascii: ",")), ("semicolon", UInt8(ascii: ";")), ("tab", UInt8(ascii: "\t")), ("pipe", UInt8(ascii: "|")),
  ]

  /// The end of a sentence that begins with what was written.
  package static let rule =
    "a delimiter is one ASCII character that is not a letter, a digit, a space, a quote or a line break; or comma, semicolon, tab or pipe"

  /// Nil if it is not a delimiter. `\t` may be written with a backslash.
  package static func byte(_ text: String) -> UInt8? {
    if let known = words.first(where: { $0.word.isExactly(text) }) { return known.byte }
    if text.isExactly("\\t") { return UInt8(ascii: "\t") }
    guard text.utf8.count == 1, let byte = text.utf8.first, isDelimiter(byte) else { return nil }
    return byte
  }

  /// As options and files write it: `tab`, `;`.
  package static func text(_ byte: UInt8) -> String {
    byte == UInt8(ascii: "\t") ? "tab" : String(UnicodeScalar(byte))
  }

  private static func isDelimiter(_ byte: UInt8) -> Bool {
    switch byte {
    case 0, 0x0A, 0x0D, 0x20, UInt8(ascii: "\""), 0x7F...: false
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"):
      false
    default: true
    }
  }
}
