package import Core

/// The warnings of a row without a problem.
extension CSVRow {
  package var warnings: RecordWarnings {
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
    if let first = controlCell { notes.append(.init(.controlCharacter, controlText(from: first, header))) }
    return notes
  }

  private static func column(_ cell: Int, _ header: CSVHeader?) -> String {
    guard let names = header?.names, names.indices.contains(cell) else { return "column \(cell + 1)" }
    return "'\(names[cell])'"
  }

  /// How many cells are named.
  private static let named = 5

  /// `the cell of 'a' contains the control character U+0007; the cell of 'b' contains U+0000 and a byte order mark (U+FEFF)`
  private func controlText(from first: Int, _ header: CSVHeader?) -> String {
    let cells = (first..<count).filter { ControlCharacters.first(in: self[$0]) != nil }
    var parts = cells.prefix(Self.named).map { cell in
      let all = ControlCharacters.all(in: self[cell])
      return "the cell of \(Self.column(cell, header)) contains \(Self.names(of: all))"
    }
    if cells.count > Self.named {
      let more = cells.count - Self.named
      parts.append(more == 1 ? "so does 1 more cell" : "so do \(more) more cells")
    }
    return parts.joined(separator: "; ")
  }

  private static func names(of characters: [UInt32]) -> String {
    let names = characters.prefix(named).map { ControlCharacters.name($0) }
    guard characters.count <= named else { return names.joined(separator: ", ") + " and \(characters.count - named) more" }
    return names.count < 2 ? names.joined() : names.dropLast().joined(separator: ", ") + " and " + names[names.count - 1]
  }
}
