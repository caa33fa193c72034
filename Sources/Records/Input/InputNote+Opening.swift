import Core

/// Notes that sources of several formats have.
extension InputNote {
  /// A form of Unicode that the first bytes show.
  static func encoding(_ name: String) -> InputNote { InputNote(.encoding, "encoding \(name) detected") }

  /// Byte order marks in front of records, as in files that were joined; nil if there are none.
  static func byteOrderMarks(_ count: Int) -> InputNote? {
    guard count > 0 else { return nil }
    return InputNote(
      .byteOrderMarks, count: count,
      "\(count) byte order mark\(count == 1 ? "" : "s") removed from the middle of the file")
  }
}

/// A source with the notes that were made when its input was opened.
struct NotedSource: RecordSource {
  private var source: any RecordSource
  private let opening: [InputNote]

  init(_ source: any RecordSource, _ opening: [InputNote]) {
    self.source = source
    self.opening = opening
  }

  var cursor: RecordCursor { source.cursor }
  var notes: [InputNote] { opening + source.notes }

  mutating func fill(_ batch: RecordBatch) throws -> Bool { try source.fill(batch) }
}
