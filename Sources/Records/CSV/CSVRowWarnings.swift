package import Core

/// Warnings about the rows of a file that is read as a whole, such as a lookup: counted, with the first row of each kind.
package struct CSVRowWarnings: Sendable {
  private var found: [(kind: RecordWarnings, count: Int, line: Int)] = []

  package init() {}

  package mutating func add(_ warnings: RecordWarnings, line: Int) {
    guard !warnings.isEmpty else { return }
    for kind in [RecordWarnings.csvBareQuote, .controlCharacter] where warnings.contains(kind) {
      if let index = found.firstIndex(where: { $0.kind == kind }) {
        found[index].count += 1
      } else {
        found.append((kind, 1, line))
      }
    }
  }

  /// The first line of each kind, and a sentence about all rows of the kind.
  package var sentences: [(line: Int, text: String)] {
    found.map { kind, count, line in
      let what =
        kind == .csvBareQuote
        ? "an unquoted cell with a quote inside, which is taken as text" : "a cell with a control character, which is kept"
      return (line, "\(count == 1 ? "1 row has" : "\(count) rows have") \(what)")
    }
  }
}
