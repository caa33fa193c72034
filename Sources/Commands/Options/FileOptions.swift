import ArgumentParser
import Core
import Records

/// How the bytes of a data file become records, where neither its name nor its content says so.
struct FileOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "What separates the cells of a CSV file: a character such as ';', or comma, semicolon, tab or pipe (default: detected).",
      valueName: "character"))
  var delimiter: String?

  // A negative number is a value that is refused, not another option.
  @Option(
    parsing: .unconditional, help: ArgumentHelp("Skip this many lines above the header of a CSV file.", valueName: "n"))
  var skipLines: Int?

  @Option(
    help: ArgumentHelp(
      "How to read a quote inside an unquoted CSV cell (6'2\"): lenient (text, with a warning; the default) or strict (an error).",
      valueName: "mode"))
  var quotes: FileReading.Quotes?

  @Option(
    help: ArgumentHelp(
      "The character encoding, such as windows-1252 (default: UTF-8, or UTF-16 or UTF-32 if detected).",
      valueName: "name"))
  var encoding: String?

  @Option(
    help: ArgumentHelp("A JSON pointer to the list of records in a JSON document, such as /contacts.", valueName: "pointer"))
  var records: String?

  mutating func validate() throws {
    if let delimiter, DelimiterText.byte(delimiter) == nil { throw Self.noDelimiter("--delimiter", delimiter) }
    if let skipLines { try Self.check(skipLines: skipLines, "--skip-lines") }
    if let encoding { try Self.check(encoding: encoding, "--encoding") }
    if let records, RecordsPointer(records) == nil {
      throw ValidationError(
        "--records \(records): this is not a JSON pointer: write it as \(RecordsPointer.suggestion(for: records))")
    }
  }

  static func noDelimiter(_ option: String, _ text: String) -> ValidationError {
    ValidationError("\(option) '\(text)': \(DelimiterText.rule)")
  }

  static func check(skipLines count: Int, _ option: String) throws {
    guard !FileReading.skippedLines.contains(count) else { return }
    throw ValidationError("\(option) \(count): it must be from 0 to \(FileReading.skippedLines.upperBound)")
  }

  static func check(encoding name: String, _ option: String) throws {
    guard TextEncoding(name) == nil else { return }
    throw ValidationError("\(option): '\(name)' \(TextEncoding.refusal(of: name))")
  }

  var reading: FileReading {
    var reading = FileReading()
    reading.delimiter = delimiter.flatMap(DelimiterText.byte)
    reading.skipLines = skipLines ?? 0
    reading.quotes = quotes ?? .lenient
    reading.encoding = encoding
    reading.records = records.flatMap(RecordsPointer.init)
    return reading
  }
}

extension FileReading {
  /// As command-line arguments, for commands that Waybill suggests.
  var words: [String] {
    given.flatMap { part -> [String] in
      let value =
        switch part {
        case .delimiter: delimiter.map(DelimiterText.text)
        case .skipLines: String(skipLines)
        case .quotes: quotes.rawValue
        case .encoding: encoding
        case .records: records?.description
        }
      return [part.option.description] + [value].compactMap(\.self)
    }
  }
}

extension FileReading.Quotes: ExpressibleByArgument {}
