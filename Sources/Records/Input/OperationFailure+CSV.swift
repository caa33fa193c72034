package import Core

/// A CSV file that is refused as a whole: its header is unusable or lacks columns, or a quoted cell is at fault and too
/// large to resume reading after its opening quote.
extension OperationFailure {
  package static func csv(_ path: String, line: Int, _ reason: String) -> OperationFailure {
    OperationFailure(.wrongFile, "\(path):\(line): \(reason)")
  }

  /// Nil if nothing is missing.
  static func csv(_ path: String, _ header: CSVHeader, lacking columns: [RecordReading.Column]) -> OperationFailure? {
    let missing = columns.filter { column in !header.names.contains { $0.utf8.elementsEqual(column.name.utf8) } }
    guard !missing.isEmpty else { return nil }
    let lines = missing.map { column in
      let hint =
        NearestName.hint(column.name, in: header.names) ?? UnsplitTable.hint(of: header.names)
        ?? "it has: \(header.names.prefix(12).joined(separator: ", "))"
      let place = "\(column.place.file):\(column.place.line):\(column.place.column)"
      return "missing-column: the header has no column '\(column.name)', which \(place) reads: \(hint)"
    }
    let remedy = "declare a column that may be missing in the mapping: source: {optional: [\(missing[0].name)]}"
    return csv(path, line: header.line, (lines + [remedy]).joined(separator: "\n  "))
  }
}
