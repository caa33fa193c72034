import Core
import Records

/// What a cell of a corrected table says about the source's value: only a cell that differs from what `waybill rejects` wrote is a
/// correction.
///
///     source      written     now         the value is
///     "+49151"    '+49151     '+49151     the same
///     "0049"      0049        49          the same, because a spreadsheet writes it so
///     12.50       12.50       13          13, a number as before
///     "a"         a                       null
///     (none)                  a           "a"
enum CellCorrection: Equatable {
  case same
  /// It differs as a spreadsheet changes cells that nobody has edited: the value stays.
  case reformatted
  case changed(JSONValue)
  /// It cannot be the value: why, and what to write.
  case refused(String)

  /// The value of the source.
  struct Original {
    var kind: CellKind
    /// As the table shows it, but without the `'` before formulas; nil if there is no value.
    var text: String?
    /// The source has texts only.
    var isTable: Bool
  }

  /// - Parameters:
  ///   - cell: nil is an empty one.
  ///   - isConfirmed: a person says that what looks like the work of a spreadsheet is a correction.
  static func of(_ cell: String?, _ original: Original, isConfirmed: Bool = false) -> CellCorrection {
    let (given, shown) = (cell ?? "", original.text ?? "")
    if isWritten(given, for: shown) { return .same }
    let redacted = Redactor.process.redacted(shown)
    if !redacted.isExactly(shown), isWritten(given, for: redacted) { return .same }
    if given.contains(Redactor.replacement), !shown.contains(Redactor.replacement) {
      return .refused("the cell has \(Redactor.replacement) in place of a secret: leave it as it was, or write the whole value")
    }
    if SpreadsheetForm.isError(given) {
      return .refused("the cell has a spreadsheet error, \(given), in place of a value: write the value")
    }
    if SpreadsheetForm.hasLostLetters(given, from: shown) {
      return .refused(
        "the spreadsheet has lost letters such as é: save the table again as CSV in UTF-8, and write the value again")
    }
    let isNested = original.kind == .list || original.kind == .object
    if isNested, let value = try? JSONReader.read(given), value == (try? JSONReader.read(shown)) { return .same }
    // A text that itself begins like an escaped one was written as it is.
    let text = FormulaText.unescaped(shown).isExactly(shown) ? FormulaText.unescaped(given) : given
    if !isConfirmed, !shown.isEmpty, !text.isEmpty, SpreadsheetForm.isReformatted(text, from: shown) { return .reformatted }
    if SpreadsheetForm.isShortened(text), !SpreadsheetForm.isShortened(shown) {
      return .refused("the spreadsheet has shortened the number: format the cell as text, and write the number again")
    }
    return value(of: text, original)
  }

  private static func isWritten(_ cell: String, for text: String) -> Bool {
    cell.isExactly(text) || cell.isExactly(FormulaText.escaped(text))
  }

  private static func value(of text: String, _ original: Original) -> CellCorrection {
    if text.isEmpty { return .changed(.null) }
    if original.isTable { return .changed(.string(text)) }
    switch original.kind {
    case .integer, .decimal, .number:
      guard let number = try? JSONReader.read(text), case .number = number else {
        return .refused("the source has a number there: write one, such as 12.5")
      }
      return .changed(number)
    case .true, .false:
      guard let value = ["true": true, "false": false][text.lowercased()] else {
        return .refused("the source has a boolean there: write true or false")
      }
      return .changed(.bool(value))
    case .list, .object:
      guard let value = try? JSONReader.read(text), value.arrayValue != nil || value.objectValue != nil else {
        return .refused("the source has \(original.kind == .list ? "a list" : "an object") there: write it as JSON")
      }
      return .changed(value)
    default: return .changed(.string(text))
    }
  }
}
