package import Core

/// The records of another source. A record with members that nothing reads is a fault: `unmapped-field`, or `wrong-type` if it
/// has a plain value instead of an object.
///
/// Table rows are not checked: their header shows their columns.
package struct ClosedSource: RecordSource {
  private var source: any RecordSource
  private let known: KnownMembers

  private static let mostNames = 5
  private static let longestName = 100

  package init(_ source: any RecordSource, known: KnownMembers) {
    self.source = source
    self.known = known
  }

  package var cursor: RecordCursor { source.cursor }
  package var notes: [InputNote] { source.notes }

  package mutating func fill(_ batch: RecordBatch) throws -> Bool {
    guard try source.fill(batch) else { return false }
    guard batch.rows == nil else { return true }
    for (index, item) in batch.items.enumerated() where item.fault == nil {
      let strangers = known.strangers(in: UnsafeBufferPointer(rebasing: batch.bytes[item.start..<item.end]))
      if !strangers.isEmpty { batch.refuse(index, note: note(about: strangers)) }
    }
    return true
  }

  private func note(about strangers: [KnownMembers.Stranger]) -> RecordBatch.Note {
    var unknown: [String] = []
    var shapes: [String] = []
    for stranger in strangers {
      switch stranger {
      case .unknown(let path): unknown.append(path.joined(separator: "."))
      case .notTakenApart(let path, let isEmpty):
        let name = path.joined(separator: ".")
        let example = known.names.first { $0.hasPrefix(exactly: "\(name).") } ?? name
        shapes.append(
          isEmpty
            ? "'\(name)' is an empty object: omit it, or add a field such as '\(example)'"
            : "'\(name)' must be an object, because the mapping writes '\(example)'")
      }
    }
    guard !unknown.isEmpty else { return .init(.wrongType, shapes.joined(separator: "; ")) }
    let shown = unknown.prefix(Self.mostNames).map { "'\($0.prefix(Self.longestName))'" }
    let more = unknown.count > shown.count ? " and \(unknown.count - shown.count) more" : ""
    let hint = unknown.count == 1 ? NearestName.hint(unknown[0], in: known.names).map { "; \($0)" } ?? "" : ""
    let sentence = "the mapping does not write \(shown.joined(separator: ", "))\(more)\(hint)"
    return .init(.unmappedField, ([sentence] + shapes).joined(separator: "; "))
  }
}
