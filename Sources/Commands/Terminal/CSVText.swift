import Records

/// A few cells as a CSV row, for lists that commands print. The files of a run are written elsewhere.
enum CSVText {
  /// RFC 4180; a cell that a spreadsheet would run as a formula gets a leading `'`.
  static func row(_ cells: [String]) -> String { cells.map(cell).joined(separator: ",") + "\n" }

  private static func cell(_ text: String) -> String {
    let text = FormulaText.escaped(text)
    guard text.unicodeScalars.contains(where: { ",\"\n\r".unicodeScalars.contains($0) }) else { return text }
    return "\"" + text.replacing("\"", with: "\"\"") + "\""
  }
}
