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
  ///
  /// - Parameter width: cells of the terminal; nil: no limit.
  static func text(of diagnostics: Diagnostics, hasColour: Bool, fitting width: Int? = nil) -> String {
    diagnostics.sorted.map { diagnostic in
      let text = fitted(diagnostics.text(of: diagnostic, fitting: width), hint: diagnostic.hint, to: width)
      return (hasColour ? colour(text, diagnostic.severity) : text) + "\n"
    }.joined()
  }

  /// A message with its frame, wrapped between words. A hint that has no room after the carets goes below them. The quoted line
  /// already fits.
  static func fitted(_ text: String, hint: String?, to width: Int?) -> String {
    guard let width else { return text }
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    lines[0] = CellText.message(lines[0], to: width)
    if let last = lines.last, lines.count > 1, CellWidth.of(last) > width, let hint = hint.map(VisibleText.escaped),
      last.hasSuffix(hint)
    {
      let indent = String(repeating: " ", count: CodeFrame.margin)
      let carets = String(last.dropLast(hint.count)).trimmingEnd
      // Without a frame, the hint is alone on its line.
      lines.removeLast()
      if !carets.isEmpty { lines.append(carets) }
      lines += CellText.folded(hint, to: max(1, width - indent.count)).map { indent + $0 }
    }
    return lines.joined(separator: "\n")
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

  /// Colors the severity in the first line, and the marks under the quoted line with the hint.
  private static func colour(_ text: String, _ severity: Severity) -> String {
    let paint =
      switch severity {
      case .error: "\u{1B}[1;31m"
      case .warning: "\u{1B}[1;33m"
      case .note: "\u{1B}[1;36m"
      }
    let end = "\u{1B}[0m"
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let word = ": \(severity.rawValue):"
    if let range = lines[0].firstRange(of: word) {
      lines[0].replaceSubrange(range, with: ": \(paint)\(severity.rawValue)\(end):")
    }
    let marks = lines.lastIndex { $0.hasPrefix("      | ") }
    if let marks, marks > 0, let caret = lines[marks].firstIndex(of: "^") {
      lines[marks] = lines[marks][..<caret] + paint + lines[marks][caret...] + end
      for index in lines.indices where index > marks { lines[index] = paint + lines[index] + end }
    }
    return lines.joined(separator: "\n")
  }
}
