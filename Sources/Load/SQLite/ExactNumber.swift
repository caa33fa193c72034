import Core

/// A JSON number as SQLite can hold it, if that is possible without changing its value.
enum ExactNumber: Equatable {
  case integer(Int64)
  case real(Double)

  /// Nil: more digits than the storage has.
  ///
  /// A number is held exactly as a floating-point number if the latter, written with the fewest digits that distinguish it from
  /// its neighbors, is the same number again: 0.1 is, 0.12345678901234567890 is not.
  init?(_ cell: Cell, as storage: SQLiteColumn.Storage) {
    if cell.kind == .integer {
      guard storage == .real else {
        self = .integer(cell.number)
        return
      }
      guard let real = Double(exactly: cell.number) else { return nil }
      self = .real(real)
      return
    }
    let decimal = DecimalDigits(cell.text.buffer)
    if storage == .integer {
      guard let integer = decimal.integer else { return nil }
      self = .integer(integer)
      return
    }
    var text = cell.text.string
    guard let real = Double(text), real.isFinite else { return nil }
    // Any 15 digits survive, unless the exponent is extreme.
    if decimal.digits.count > 15 || abs(decimal.exponent) > 290 {
      text = real.description
      guard text.withUTF8({ DecimalDigits($0) }) == decimal else { return nil }
    }
    self = .real(real)
  }
}
