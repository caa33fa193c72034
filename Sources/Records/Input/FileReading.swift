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

  /// One ASCII byte; nil: detected from the header and the first rows.
  package var delimiter: UInt8?
  /// Lines above the header of a CSV file that are not part of the table.
  package var skipLines = 0
  package var quotes = Quotes.lenient
  /// A name that `iconv` knows; nil: UTF-8, or UTF-16 or UTF-32 where the bytes show it.
  package var encoding: String?
  /// A JSON pointer (RFC 6901) to the list of records in a JSON document; nil: the document itself.
  package var records: String?

  package init() {}
}
