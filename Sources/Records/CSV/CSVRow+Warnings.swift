import Core

/// The warnings of a row without a problem.
extension CSVRow {
  var warnings: RecordWarnings {
    var warnings: RecordWarnings = []
    if resynchronizedFrom != nil { warnings.insert(.csvResynchronized) }
    if bareQuoteCell != nil { warnings.insert(.csvBareQuote) }
    if controlCell != nil { warnings.insert(.controlCharacter) }
    return warnings
  }

  func notes(_ header: CSVHeader?) -> [RecordBatch.Note] {
    var notes: [RecordBatch.Note] = []
    if let text = resynchronizedText { notes.append(.init(.csvResynchronized, text)) }
    if let cell = bareQuoteCell {
      let line = bareQuoteLine == self.line ? "" : " on line \(bareQuoteLine)"
      notes.append(
        .init(.csvBareQuote, "the unquoted cell of \(Self.column(cell, header))\(line) contains a quote, taken as text"))
    }
    if let cell = controlCell {
      notes.append(
        .init(.controlCharacter, "the cell of \(Self.column(cell, header)) contains \(Self.character(in: self[cell]))"))
    }
    return notes
  }

  private static func column(_ cell: Int, _ header: CSVHeader?) -> String {
    guard let names = header?.names, names.indices.contains(cell) else { return "column \(cell + 1)" }
    return "'\(names[cell])'"
  }

  private static func character(in text: Text) -> String {
    ControlCharacters.first(in: text).map(ControlCharacters.name) ?? "a control character"
  }
}
