import Core

/// Records as the table has them, for comparisons.
extension SQLiteTable {
  /// By column; nil: the record does not have the field.
  func storedValues(of cells: UnsafeBufferPointer<Cell>) -> [JSONValue?] {
    columns.indices.map { StoredValue.of(cells[$0], as: columns[$0].storage) }
  }

  /// The number 1 and the text `1` are two keys in a column that takes both, where the text has quotes.
  func recordKey(of values: [JSONValue?]) -> Name {
    let texts = key.map { index in
      switch values[index] {
      case .number(let digits)?: DecimalDigits(digits).text
      case .string(let text)? where columns[index].storage != .text && Self.needsQuotes(text): JSONValue.string(text).text
      case let value: value.map { $0.idText ?? $0.text } ?? ""
      }
    }
    return Name(texts.count == 1 ? texts[0] : JSONValue.array(texts.map { .string($0) }).text)
  }

  private static func needsQuotes(_ text: String) -> Bool {
    if text.hasPrefix("\"") || text.hasPrefix("{") { return true }
    if case .number? = try? JSONReader.read(text) { return true }
    return false
  }
}
