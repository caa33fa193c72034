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
      if Self.isNamed(file, [".yaml", ".yml"]) { return parseYAML(file: file, bytes) }
      return parseOther(file: file, bytes, text, error.diagnostic)
    }
  }

  private static func isNamed(_ file: String, _ extensions: [String]) -> Bool {
    extensions.contains { file.lowercased().hasSuffix($0) }
  }

  private mutating func parseYAML(file: String, _ bytes: [UInt8]) -> SchemaDocument? {
    guard let reader = options.yaml else {
      report(
        .schemaUnsupported, at: SourcePlace(file: file, line: 1, column: 1),
        "a schema in YAML ('\(file)') is not supported here", hint: "move the schema to a JSON file")
      return nil
    }
    let (value, found) = reader(file, bytes)
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
    let isMap = if case .object = reader(file, bytes).0?.content { true } else { false }
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
    if isMap || Self.beginsAsYAML(text) { return parseYAML(file: file, bytes) }
    diagnostics.append(error)
    return nil
  }

  /// A text that begins like JSON is JSON with an error. An unquoted name belongs to a YAML map (`{type: object}`).
  private static func beginsAsJSON(_ text: String) -> Bool {
    let significant = text.unicodeScalars.lazy.filter { !$0.properties.isWhitespace && $0 != "\u{FEFF}" }.prefix(2).map { $0 }
    guard let first = significant.first else { return false }
    guard first == "{", let second = significant.dropFirst().first else { return first == "{" || first == "[" }
    return !(second.properties.isAlphabetic || ["$", "_", "'"].contains(second))
  }

  /// Whether the first line with content is a map's name, a document's start or a directive.
  private static func beginsAsYAML(_ text: String) -> Bool {
    let lines = text.split(whereSeparator: \.isNewline)
    guard let line = lines.first(where: { $0.contains { !$0.isWhitespace } && $0.first != "#" }) else { return false }
    return line.hasPrefix("---") || line.hasPrefix("%YAML")
      || line.prefixMatch(of: /["']?[A-Za-z_$][\w$. \-]*["']?:(?:\s|$)/) != nil
  }

  /// Replaces what the message quotes from the file, and removes the hint.
  private static func withoutQuotes(_ diagnostic: Diagnostic) -> Diagnostic {
    var diagnostic = diagnostic
    diagnostic.message = diagnostic.message.replacing(/'[^']*'/, with: "'…'")
    diagnostic.hint = nil
    return diagnostic
  }
}
