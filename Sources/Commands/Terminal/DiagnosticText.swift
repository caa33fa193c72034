import Core

/// Diagnostics for people and for editors.
enum DiagnosticText {
  /// More would hide the first ones.
  static let maximumShown = 1_000

  /// The diagnostics to show, errors before warnings before notes, and a sentence about the rest.
  static func shown(_ diagnostics: Diagnostics) -> (Diagnostics, rest: String?) {
    guard diagnostics.all.count > maximumShown else { return (diagnostics, nil) }
    let rest = diagnostics.all.count - maximumShown
    var severities = Severity.allCases.reversed().flatMap { severity in
      Array(repeating: severity, count: diagnostics.all.count { $0.severity == severity })
    }
    severities.removeLast(rest)
    var left = Dictionary(severities.map { ($0, 1) }, uniquingKeysWith: +)
    let shown = diagnostics.filtered { diagnostic in
      guard let count = left[diagnostic.severity], count > 0 else { return false }
      left[diagnostic.severity] = count - 1
      return true
    }
    return (shown, "\(Wording.count(rest, "more message")) \(rest == 1 ? "is" : "are") not shown; fix these first")
  }

  /// All of them, with their frames, in the order of file and line.
  static func text(of diagnostics: Diagnostics, hasColour: Bool) -> String {
    diagnostics.sorted.map { diagnostic in
      let text = diagnostics.text(of: diagnostic)
      return (hasColour ? colour(text, diagnostic.severity) : text) + "\n"
    }.joined()
  }

  static func json(of diagnostics: Diagnostics) -> JSONValue {
    .array(
      diagnostics.sorted.map { diagnostic in
        .object(
          [.init("severity", .string(diagnostic.severity.rawValue)), .init("message", .string(diagnostic.message))]
            + members(of: diagnostic, file: diagnostics.shownPath(diagnostic.place.file)))
      })
  }

  /// Its code, place and hint. `file`: as it may be shown.
  static func members(of diagnostic: Diagnostic, file: String) -> [JSONValue.Member] {
    let place = diagnostic.place
    var members: [JSONValue.Member] = [
      .init("code", .string(diagnostic.code.rawValue)), .init("file", .string(file)),
      .init("line", .number(place.line)),
      .init("column", .number(place.column)), .init("length", .number(place.length)),
    ]
    if let hint = diagnostic.hint { members.append(.init("hint", .string(hint))) }
    return members
  }

  /// `2 errors and 1 warning in 3 files`.
  static func summary(of diagnostics: Diagnostics, files: Int) -> String {
    let counted = Severity.allCases.reversed().compactMap { severity -> String? in
      let count = diagnostics.all.count { $0.severity == severity }
      return count == 0 ? nil : Wording.count(count, severity.rawValue)
    }
    let what = counted.isEmpty ? "no errors" : Wording.list(counted)
    return "\(what) in \(Wording.count(files, "file"))"
  }

  /// Colors the severity in the first line, and the marks under the quoted line.
  private static func colour(_ text: String, _ severity: Severity) -> String {
    let paint =
      switch severity {
      case .error: "\u{1B}[1;31m"
      case .warning: "\u{1B}[1;33m"
      case .note: "\u{1B}[1;36m"
      }
    let end = "\u{1B}[0m"
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let word = ": \(severity.rawValue): "
    if let range = lines[0].firstRange(of: word) {
      lines[0].replaceSubrange(range, with: ": \(paint)\(severity.rawValue)\(end): ")
    }
    if lines.count > 2, let caret = lines[lines.count - 1].firstIndex(of: "^") {
      lines[lines.count - 1] = lines[lines.count - 1][..<caret] + paint + lines[lines.count - 1][caret...] + end
    }
    return lines.joined(separator: "\n")
  }
}
