/// Text that a spreadsheet would run as a formula, and the `'` that prevents it.
package enum FormulaText {
  package static func isFormula(_ text: String) -> Bool { text.utf8.first.map { "=+-@\t\r".utf8.contains($0) } ?? false }

  package static func escaped(_ text: String) -> String { isFormula(text) ? "'" + text : text }

  /// Without the `'` that `escaped` puts before a formula.
  package static func unescaped(_ text: String) -> String {
    guard text.utf8.first == UInt8(ascii: "'") else { return text }
    let rest = String(text.unicodeScalars.dropFirst())
    return isFormula(rest) ? rest : text
  }
}
