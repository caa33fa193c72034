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

  /// One sentence per kind of row, at the first row of that kind. Kinds that begin on the same line share a sentence, since a
  /// place has at most one diagnostic per code.
  package var sentences: [(line: Int, text: String)] {
    var sentences: [(line: Int, text: String)] = []
    for (kind, count, line) in found {
      let what =
        kind == .csvBareQuote
        ? "an unquoted cell with a quote inside, which is taken as text" : "a cell with a control character, which is kept"
      let text = "\(count == 1 ? "1 row has" : "\(count) rows have") \(what)"
      if let index = sentences.firstIndex(where: { $0.line == line }) {
        sentences[index].text += "; \(text)"
      } else {
        sentences.append((line, text))
      }
    }
    return sentences
  }
}
