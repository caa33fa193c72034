import Core
import Records

/// A file's bytes, record by record, in one of the formats.
enum RowEncoder {
  case csv(CSVRecordEncoder)
  case ndjson(JSONRecordEncoder)
  case json(JSONRecordEncoder)

  init(_ format: FileFormat, columns: [LoadColumn]) {
    let layout = RecordLayout(
      columns.map { .init(path: $0.path, omitsNull: $0.omitsNull, isVouchedFor: $0.isVouchedFor) })
    switch format {
    case .csv(let options): self = .csv(CSVRecordEncoder(layout: layout, options: options))
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

  /// - Parameter onEscape: called for each column whose text gets a leading `'`.
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
