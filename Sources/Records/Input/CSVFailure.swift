import Core

/// A CSV file that is refused as a whole: its header is unusable or lacks columns, or a quoted cell is at fault and too
/// large to resume reading after its opening quote.
package struct CSVFailure: Error, Sendable, CustomStringConvertible {
  package let path: String
  package let line: Int
  package let reason: String

  package init(path: String, line: Int, reason: String) {
    self.path = path
    self.line = line
    self.reason = reason
  }

  /// Nil if nothing is missing.
  init?(path: String, header: CSVHeader, lacking columns: [RecordReading.Column]) {
    let missing = columns.filter { column in !header.names.contains { $0.utf8.elementsEqual(column.name.utf8) } }
    guard !missing.isEmpty else { return nil }
    let lines = missing.map { column in
      let hint = NearestName.hint(column.name, in: header.names) ?? "it has: \(header.names.prefix(12).joined(separator: ", "))"
      let place = "\(column.place.file):\(column.place.line):\(column.place.column)"
      return "missing-column: the header has no column '\(column.name)', which \(place) reads: \(hint)"
    }
    let remedy = "declare a column that may be missing in the mapping: source: {optional: [\(missing[0].name)]}"
    self.init(path: path, line: header.line, reason: (lines + [remedy]).joined(separator: "\n  "))
  }

  package var description: String { "\(path):\(line): \(reason)" }
}
