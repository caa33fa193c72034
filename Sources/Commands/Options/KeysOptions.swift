import ArgumentParser
import Core
import Records
import Workbench

/// The keys that referenced mappings wrote, for `transform` and `preview`.
struct KeysOptions: ParsableArguments {
  @Option(
    name: .customLong("keys"),
    help: ArgumentHelp(
      "What a referenced mapping wrote: CSV, NDJSON or JSON (its first field, or FILE:FIELD), or text with one key per line.",
      valueName: "mapping=file"))
  var keys: [KeysFile] = []

  @Option(help: ArgumentHelp("The delimiter of CSV files passed to --keys (default: detected).", valueName: "character"))
  var keysDelimiter: String?

  @Option(help: ArgumentHelp("The character encoding of files passed to --keys, as for --encoding.", valueName: "name"))
  var keysEncoding: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Skip this many lines at the beginning of files passed to --keys: above the header of CSV, or of text.", valueName: "n"))
  var keysSkipLines: Int?

  mutating func validate() throws {
    if let keysSkipLines { try FileOptions.check(skipLines: keysSkipLines, "--keys-skip-lines") }
    if let keysDelimiter, DelimiterText.byte(keysDelimiter) == nil {
      throw FileOptions.noDelimiter("--keys-delimiter", keysDelimiter)
    }
    if let keysEncoding { try FileOptions.check(encoding: keysEncoding, "--keys-encoding") }
    guard keys.isEmpty, keysDelimiter != nil || keysEncoding != nil || keysSkipLines != nil else { return }
    throw ValidationError("--keys-delimiter, --keys-encoding and --keys-skip-lines require --keys")
  }

  var files: [KeysFile] {
    keys.map { file in
      var file = file
      file.reading.delimiter = keysDelimiter.flatMap(DelimiterText.byte)
      file.reading.encoding = keysEncoding
      file.reading.skipLines = keysSkipLines ?? 0
      return file
    }
  }
}

extension KeysFile: ExpressibleByArgument {
  public init?(argument: String) { self.init(argument) }
}
