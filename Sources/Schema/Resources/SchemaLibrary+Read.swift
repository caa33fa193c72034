import Core

extension SchemaLibrary {
  /// Reads a document in JSON or YAML, whichever it contains; errors are reported.
  ///
  /// Frames quote only documents that were recognized as possible schemas: a file that is something else entirely, to which
  /// a reference was pointed, is not shown.
  mutating func read(file: String, bytes: [UInt8]) -> SchemaDocument? {
    guard let document = parse(file: file, bytes: bytes) else { return nil }
    switch document.value(0) {
    case .object, .bool: add(source: SourceFile(name: file, text: String(decoding: bytes, as: UTF8.self), hidesSections: false))
    default: break
    }
    return document
  }

  private mutating func parse(file: String, bytes: [UInt8]) -> SchemaDocument? {
    let start = SourcePlace(file: file, line: 1, column: 1)
    guard let text = String(validating: bytes, as: UTF8.self) else {
      report(.schemaSyntax, at: start, "the schema file is not valid UTF-8")
      return nil
    }
    if let other = OtherDocument.markup(text) {
      report(.schemaSyntax, at: start, other.message, hint: other.hint)
      return nil
    }
    // JSON under a YAML name is read as JSON: YAML does not have all of its escapes.
    switch SchemaDocument.read(file: file, text: text) {
    case .success(let document):
      diagnostics += document.duplicates
      return document
    case .failure(let error):
      if Self.isNamed(file, [".yaml", ".yml"]) {
        guard let reader = options.yaml else {
          report(
            .schemaUnsupported, at: start, "a schema in YAML ('\(file)') is not supported here",
            hint: "move the schema to a JSON file")
          return nil
        }
        return document(file: file, reader(file, bytes))
      }
      return parseOther(file: file, bytes, text, error.diagnostic)
    }
  }

  private static func isNamed(_ file: String, _ extensions: [String]) -> Bool {
    extensions.contains { file.lowercased().hasSuffix($0) }
  }

  /// What the YAML reader has read.
  private mutating func document(file: String, _ read: (PlacedValue?, [Diagnostic])) -> SchemaDocument? {
    let (value, found) = read
    diagnostics += value == nil ? found.map(Self.withoutQuotes) : found
    guard let value, !found.contains(where: { $0.severity == .error }) else { return nil }
    return SchemaDocument.placed(value, file: file)
  }

  /// A file that is not JSON, although its name does not say that it is YAML.
  private mutating func parseOther(file: String, _ bytes: [UInt8], _ text: String, _ error: Diagnostic) -> SchemaDocument? {
    guard let reader = options.yaml, !Self.beginsAsJSON(text) else {
      diagnostics.append(error)
      return nil
    }
    let read = reader(file, bytes)
    let isMap = if case .object = read.0?.content { true } else { false }
    if Self.isNamed(file, [".json"]) {
      if isMap {
        report(
          .schemaSyntax, at: SourcePlace(file: file, line: 1, column: 1), "this is YAML, not JSON",
          hint: "rename the file, so that it ends in .yaml")
      } else {
        diagnostics.append(error)
      }
      return nil
    }
    if isMap || Self.beginsAsYAML(text) { return document(file: file, read) }
    diagnostics.append(error)
    return nil
  }

  /// A text that begins like JSON is JSON with an error. An unquoted name or a comment belongs to a YAML map (`{type: object}`).
  private static func beginsAsJSON(_ text: String) -> Bool {
    let significant = text.unicodeScalars.lazy.filter { !$0.properties.isWhitespace && $0 != "\u{FEFF}" }.prefix(2).map { $0 }
    guard let first = significant.first else { return false }
    guard first == "{", let second = significant.dropFirst().first else { return first == "{" || first == "[" }
    return !(second.properties.isAlphabetic || ["$", "_", "'", "#"].contains(second))
  }

  /// Whether the first content is a map's name, a map in braces with a name that JSON does not have, a document's start or a
  /// directive. A byte order mark, white space and comments can stand before it, and after a brace.
  private static func beginsAsYAML(_ text: String) -> Bool {
    let content = text[(text.prefixMatch(of: /\x{FEFF}?(?:\s|#[^\r\n]*)*/)?.range.upperBound ?? text.startIndex)...]
    return content.hasPrefix("---") || content.hasPrefix("%YAML")
      || content.prefixMatch(of: /["']?[A-Za-z_$][\w$. \-]*["']?:(?:\s|$)/) != nil
      || content.prefixMatch(of: /\{(?:\s|#[^\r\n]*)*(?:[A-Za-z_$][\w$. \-]*|'[^'\r\n]*'):(?:\s|$)/) != nil
  }

  /// Replaces what the message quotes from the file, except for punctuation (`'}' is missing`), and removes the hint.
  private static func withoutQuotes(_ diagnostic: Diagnostic) -> Diagnostic {
    var diagnostic = diagnostic
    diagnostic.message = diagnostic.message.replacing(/'([^']*)'/) { match in
      match.1.count <= 2 && !match.1.contains { $0.isLetter || $0.isNumber } ? String(match.0) : "'…'"
    }
    diagnostic.hint = nil
    return diagnostic
  }
}
