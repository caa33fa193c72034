import Core
import Records

/// The columns of the success and reject files of a mapping: what became of an item, then the columns of the input.
struct ItemTable {
  let success: CSVRecordEncoder
  let rejects: CSVRecordEncoder
  private let source: (columns: SourceColumns, names: [String]?)?

  /// The input's columns; nil: they are not known, or there are too many.
  var sourceNames: [String]? { source?.names }

  private static let own = ["record", "outcome", "line"]
  private static let reasons = ["code", "field", "message", "problems"]
  /// The text of a JSON record that cannot be taken apart.
  private static let unparsed = "unparsed"
  /// The only column of an input with too many.
  private static let whole = "source"

  /// - Parameter columns: nil if the input cannot be read any more: the files then have their own columns only.
  /// - Throws: `OperationFailure`.
  init(_ columns: SourceColumns?) throws {
    source = try columns.flatMap { columns in
      switch try columns.names() {
      case .columns(let names): (columns, names)
      case .whole: (columns, nil)
      case .unknown: nil
      }
    }
    let more = source.map { Self.titles($0.names, isTable: $0.columns.records.format.traits.contains(.isTable)) } ?? []
    success = Self.encoder(Self.own + more)
    rejects = Self.encoder(Self.own + Self.reasons + more)
  }

  /// What the columns of the input are called.
  ///
  /// - Parameter names: nil: one column with whole records.
  static func titles(_ names: [String]?, isTable: Bool) -> [String] {
    // Rows of a table that cannot be read have no text.
    let end = isTable ? [] : [unparsed]
    return SourceColumns.titles(names ?? [whole], beside: own + reasons + end) + end
  }

  private static func encoder(_ names: [String]) -> CSVRecordEncoder {
    CSVRecordEncoder(layout: RecordLayout(names.map { .init(path: [$0]) }))
  }

  /// The input's records, from the first one.
  ///
  /// - Parameter folder: for temporary data.
  /// - Throws: `OperationFailure`.
  func rows(folder: String) throws -> SourceRows? { try source.map { try SourceRows($0.columns, $0.names, folder: folder) } }

  /// Appends the row of an item: its own texts, where nil is an empty cell, and the cells of its record.
  func encode(_ texts: [String?], _ rows: SourceRows?, as encoder: CSVRecordEncoder, into arena: inout ByteArena) {
    var bytes: [UInt8] = []
    var ends: [Int] = []
    for text in texts {
      bytes += (text ?? "").utf8
      ends.append(bytes.count)
    }
    bytes.withUnsafeBufferPointer { buffer in
      var start = 0
      var cells: [Cell] = []
      for (text, end) in zip(texts, ends) {
        let base = buffer.baseAddress.map { $0 + start }
        cells.append(
          text == nil ? .missing : base.map { Cell(kind: .string, text: Text(start: $0, count: end - start)) } ?? .missing)
        start = end
      }
      if let rows { cells += rows.cells }
      cells.withUnsafeBufferPointer { encoder.encode($0, into: &arena) { _ in } }
    }
  }
}
