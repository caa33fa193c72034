package import Core
package import Records

/// A data file that a pipeline or a mapping names: its path, or a map of its path and how it is read.
///
///     contact: in/contacts.csv
///     contact: {path: in/contacts.csv, delimiter: ";", skip_lines: 3, encoding: windows-1252}
package enum FileKeywords {
  package static let path = "path"

  package static func shape(_ format: SourceFormat) -> KeywordShape { .anyOf([.text, .group(group(format))]) }

  /// The keys of the map: those that apply to files of the format.
  package static func group(_ format: SourceFormat) -> KeywordGroup {
    KeywordGroup([Keyword(path, .text, required: true, "The file.")] + format.readingParts.map(keyword))
  }

  /// The map of a file with its values as `fill` gives them: with variables filled in, for example. Its path, which is always
  /// text, is left to its reader. A path alone stays as it is.
  package static func filled(_ node: YAMLNode, by fill: (YAMLNode) -> YAMLNode?) -> YAMLNode {
    guard let entries = node.entries else { return node }
    let filled = entries.map { entry in
      var entry = entry
      // What `fill` has refused is reported.
      if entry.key != path { entry.value = fill(entry.value) ?? YAMLNode(.refused, at: entry.value.place) }
      return entry
    }
    return YAMLNode(.mapping(filled), at: node.place)
  }

  private static func keyword(_ part: FileReading.Part) -> Keyword {
    switch part {
    case .delimiter:
      Keyword(
        part.rawValue, .text, "What separates the cells: one character, or comma, semicolon, tab or pipe (default: detected).")
    case .skipLines:
      Keyword(part.rawValue, .integer(FileReading.skippedLines), "How many lines above the header are not part of the table.")
    case .quotes:
      Keyword(
        part.rawValue, .words(FileReading.Quotes.allCases.map(\.rawValue)),
        "How to read a quote inside an unquoted cell: as text, with a warning (lenient, the default), or as an error (strict).")
    case .encoding:
      Keyword(part.rawValue, .text, "The character encoding, such as windows-1252, if it is not Unicode.")
    case .records:
      Keyword(part.rawValue, .text, "A JSON pointer to the list of records in the document, such as /contacts.")
    }
  }

  /// How the file that `node` names is read, and the node of its path. Nil if something is wrong, which is reported.
  ///
  /// - Parameter what: the node's name in messages: `source.csv.contact`.
  package static func read(
    _ node: YAMLNode, _ what: String, _ format: SourceFormat, _ diagnostics: inout Diagnostics
  ) -> (path: YAMLNode, reading: FileReading)? {
    guard let entries = node.entries else { return (node, FileReading()) }
    let group = group(format)
    var isFine = true
    func refuse(_ code: DiagnosticCode, at place: SourcePlace, _ message: String, hint: String?) {
      diagnostics.add(.init(.error, code, at: place, message, hint: hint))
      isFine = false
    }
    // A key for other files is not misspelled.
    let others = entries.filter { FileReading.Part(rawValue: $0.key) != nil && !group.names.contains($0.key) }
    for entry in others {
      let message = "\(what) has no key '\(entry.key)': it does not apply to \(format.name)"
      refuse(.unknownKey, at: entry.keyPlace, message, hint: "remove it")
    }
    let rest = YAMLNode(.mapping(entries.filter { entry in !others.contains { $0.key == entry.key } }), at: node.place)
    if !rest.checkKeys(what, known: group.names, required: group.required, reviewHint: nil, &diagnostics) { isFine = false }
    var reading = FileReading()
    for part in format.readingParts {
      guard let value = node[part.rawValue] else { continue }
      let what = "\(what).\(part.rawValue)"
      switch part {
      case .delimiter:
        guard let text = value.text(what, &diagnostics) else { isFine = false; continue }
        reading.delimiter = DelimiterText.byte(text)
        if reading.delimiter == nil {
          refuse(.badArgument, at: value.place, "\(what) cannot be '\(text)'", hint: DelimiterText.rule)
        }
      case .skipLines:
        guard let count = value.integer(what, in: FileReading.skippedLines, &diagnostics) else { isFine = false; continue }
        reading.skipLines = count
      case .quotes:
        let words = FileReading.Quotes.allCases.map(\.rawValue)
        guard let word = value.word(what, oneOf: words, &diagnostics).flatMap(FileReading.Quotes.init) else {
          isFine = false
          continue
        }
        reading.quotes = word
      case .encoding:
        guard let name = value.text(what, &diagnostics) else { isFine = false; continue }
        reading.encoding = name
        if TextEncoding(name) == nil {
          refuse(.badArgument, at: value.place, "\(what): '\(name)' \(TextEncoding.refusal(of: name))", hint: nil)
        }
      case .records:
        guard let text = value.text(what, &diagnostics) else { isFine = false; continue }
        reading.records = RecordsPointer(text)
        if reading.records == nil {
          let hint = "write it as \(RecordsPointer.suggestion(for: text))"
          refuse(.badArgument, at: value.place, "\(what): '\(text)' is not a JSON pointer", hint: hint)
        }
      }
    }
    guard isFine, let path = node[path] else { return nil }
    return (path, reading)
  }
}
