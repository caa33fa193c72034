/// A compile-time message about a mapping, a schema or a pipeline file: a place, a slug, what is wrong, and the fix.
package struct Diagnostic: Sendable, Hashable {
  package var severity: Severity
  package var code: DiagnosticCode
  /// Nil if the diagnostic is about a whole file; then `file` names it.
  package var place: SourcePlace
  package var message: String
  /// Shown after the carets: `did you mean 'firstName'?`
  package var hint: String?

  package init(
    _ severity: Severity, _ code: DiagnosticCode, at place: SourcePlace, _ message: String, hint: String? = nil
  ) {
    self.severity = severity
    self.code = code
    self.place = place
    self.message = message
    self.hint = hint
  }
}

/// Diagnostics gathered while a file is compiled, and the texts that their frames quote.
package struct Diagnostics: Sendable {
  package private(set) var all: [Diagnostic] = []
  package private(set) var files: [Name: SourceFile] = [:]
  private var said: Set<Saying> = []
  /// Values that files take from the environment; see `hide`.
  private var taken: [EnvironmentValue] = []

  private struct Saying: Hashable {
    var code: DiagnosticCode
    var place: SourcePlace
  }

  package init() {}

  package mutating func register(_ file: SourceFile) { files[Name(file.name)] = file }

  /// From here on, messages about `value.file`, and about files whose paths contain the value, show `${NAME}` instead of the value. It
  /// may be a secret, whatever it looks like.
  package mutating func hide(_ value: EnvironmentValue) {
    if !value.value.isEmpty, !taken.contains(value) { taken.append(value) }
  }

  /// The path of a file, with hidden parts replaced.
  package func shownPath(_ file: String) -> String {
    EnvironmentValue.hiding(taken, in: SecretShapes.hiddenInPath(file))
  }

  /// Adds a diagnostic; one with the same slug at the same place is kept once. Anything in its texts that looks like a
  /// secret is hidden: a token typed in place of a name would otherwise be repeated there.
  package mutating func add(_ diagnostic: Diagnostic) {
    guard said.insert(Saying(code: diagnostic.code, place: diagnostic.place)).inserted else { return }
    var diagnostic = diagnostic
    // Messages about a file whose path contains the value may repeat that path.
    let file = diagnostic.place.file
    let own = taken.filter { $0.file.isExactly(file) || $0.occurs(in: file) }
    func shown(_ text: String) -> String { EnvironmentValue.hiding(own, in: SecretShapes.hidden(in: text)) }
    diagnostic.message = shown(diagnostic.message)
    diagnostic.hint = diagnostic.hint.map(shown)
    all.append(diagnostic)
  }

  package mutating func merge(_ other: Diagnostics) {
    for file in other.files.values { register(file) }
    for value in other.taken { hide(value) }
    for diagnostic in other.all { add(diagnostic) }
  }

  /// A subset of the diagnostics; hidden values stay hidden.
  package func filtered(_ isKept: (Diagnostic) -> Bool) -> Diagnostics {
    var kept = self
    kept.all = all.filter(isKept)
    return kept
  }

  package var hasErrors: Bool { all.contains { $0.severity == .error } }

  /// In the order of file, line and column.
  package var sorted: [Diagnostic] { all.sorted { ($0.place, $1.severity) < ($1.place, $0.severity) } }

  /// One message with its frame, as MappingLanguage.md, "Diagnostics", shows it:
  ///
  ///     mappings/contacts.yaml:17:22: error: unknown-source-field: no field 'fristName' in ghl contact
  ///        17 |   name: {from: [fristName, lastName], do: [trim, {join: " "}]}
  ///           |                 ^^^^^^^^^ did you mean 'firstName'?
  package func text(of diagnostic: Diagnostic) -> String { text(of: diagnostic, fitting: nil) }

  /// The same for a terminal.
  ///
  /// - Parameter width: cells in which the quoted line must fit; nil: no limit.
  package func text(of diagnostic: Diagnostic, fitting width: Int?) -> String {
    let place = diagnostic.place
    var text =
      "\(VisibleText.escaped(shownPath(place.file))):\(place.line):\(place.column): \(diagnostic.severity): \(diagnostic.code.rawValue): \(VisibleText.escaped(diagnostic.message))"
    let file = files[Name(place.file)]
    guard let file, let line = file.line(place.line) else {
      if let hint = diagnostic.hint { text += "\n        \(VisibleText.escaped(hint))" }
      return text
    }
    let number = String(place.line)
    let margin = String(repeating: " ", count: max(0, 5 - number.count)) + number
    let frame = CodeFrame(
      line, column: place.column, length: place.length, hidden: file.hiddenRanges(ofLine: place.line), isASCII: file.isASCII,
      room: width.map { $0 - CodeFrame.margin })
    text += "\n\(margin) | \(frame.line)\n      | \(frame.carets)"
    if let hint = diagnostic.hint { text += " \(VisibleText.escaped(hint))" }
    return text
  }
}
