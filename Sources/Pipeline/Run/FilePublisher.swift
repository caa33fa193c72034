import Core
import Files
import Records
import Transform

/// Encodes staged records into a destination's file. The file appears at its path with `commit`, after all files of the
/// run have been prepared.
struct FilePublisher {
  let mapping: StagedMapping
  let destination: DestinationDocument
  /// Called for each text that was given a leading `'`: the column, the record's key, its line, the text.
  let onEscape: (_ column: Int, _ key: Text, _ line: Int, _ text: Text) throws -> Void

  /// A staged line is longer than its source because of keys, digest and escapes.
  private static let maximumLine = 512 << 20

  /// - Parameter isPrivate: only the owner may read the file.
  /// - Throws: `OperationFailure`, `CancellationError`.
  func prepare(_ path: String, isPrivate: Bool = false) throws -> (file: OutputFile, count: Int) {
    let file = try OutputFile(path: path, mode: isPrivate ? 0o600 : 0o666)
    let layout = mapping.program.layout
    let columns = layout.columns.count
    var walker = RecordWalker(maximumDepth: RecordWalker.maximumDepth + 8)
    for (index, column) in layout.columns.enumerated() {
      walker.addPath([.member("record")] + column.path.map { .member($0) }, slot: index)
    }
    walker.addPath([.member("key")], slot: columns)
    walker.addPath([.member("line")], slot: columns + 1)
    let cells = UnsafeMutableBufferPointer<Cell>.allocate(capacity: columns + 2)
    cells.initialize(repeating: .missing)
    defer { cells.deallocate() }
    let encoder = RowEncoder(destination, layout: layout)
    var out = ByteArena(capacity: 512 * 1024)
    var count = 0
    out.begin()
    encoder.appendHeader(into: &out)
    var source = NDJSONSource(try FileInput(path: mapping.records), maximumRecord: Self.maximumLine)
    let batch = RecordBatch()
    while try source.fill(batch) {
      try Task.checkCancellation()
      guard walker.index(batch.bytes) else { throw damaged() }
      for item in batch.items {
        guard item.fault == nil, walker.walk(item.start..<item.end, into: cells) == nil else { throw damaged() }
        var escaped: [Int] = []
        encoder.append(UnsafeBufferPointer(rebasing: cells[..<columns]), isFirst: count == 0, into: &out) { escaped.append($0) }
        for column in escaped { try onEscape(column, cells[columns].text, Int(cells[columns + 1].number), cells[column].text) }
        count += 1
        if out.pendingCount > 256 * 1024 { try flush(&out, to: file) }
      }
    }
    encoder.appendFooter(into: &out)
    try flush(&out, to: file)
    try file.seal()
    return (file, count)
  }

  private func flush(_ out: inout ByteArena, to file: OutputFile) throws {
    try file.write(out.withPending { $0 })
    out.reset()
    out.begin()
  }

  private func damaged() -> OperationFailure {
    OperationFailure(.fault, "the staged records of '\(mapping.name)' in \(mapping.records) cannot be read back: run again")
  }
}

/// One of the three file formats, row by row.
private enum RowEncoder {
  case csv(CSVRecordEncoder)
  case ndjson(JSONRecordEncoder)
  case json(JSONRecordEncoder)

  init(_ destination: DestinationDocument, layout: RecordLayout) {
    switch destination.format {
    case .csv:
      var options = CSVRecordEncoder.Options()
      options.crlf = destination.crlf
      options.escapesFormulas = destination.escapesFormulas
      self = .csv(CSVRecordEncoder(layout: layout, options: options))
    case .ndjson: self = .ndjson(JSONRecordEncoder(layout: layout))
    case .json: self = .json(JSONRecordEncoder(layout: layout))
    }
  }

  func appendHeader(into out: inout ByteArena) {
    switch self {
    case .csv(let encoder): encoder.encodeHeader(into: &out)
    case .json: out.append("[\n")
    case .ndjson: break
    }
  }

  func append(_ cells: UnsafeBufferPointer<Cell>, isFirst: Bool, into out: inout ByteArena, onEscape: (Int) -> Void) {
    switch self {
    case .csv(let encoder): encoder.encode(cells, into: &out, onEscape: onEscape)
    case .ndjson(let encoder):
      encoder.encode(cells, into: &out)
      out.append(0x0A)
    case .json(let encoder):
      if !isFirst { out.append(",\n") }
      encoder.encode(cells, into: &out)
    }
  }

  func appendFooter(into out: inout ByteArena) { if case .json = self { out.append("\n]\n") } }
}
