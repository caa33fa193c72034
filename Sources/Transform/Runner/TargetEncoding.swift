package import Core
package import Records
import Values

/// The format of a transform's target records.
package enum TargetEncoding: Sendable {
  case csv(CSVRecordEncoder)
  case ndjson(JSONRecordEncoder)
  /// One array; the brackets and the commas between batches are the writer's.
  case json(JSONRecordEncoder)
  /// A run's staging: one line per record with its key, a digest of the target record, and the line of its source.
  case staged(JSONRecordEncoder)

  package static func csv(_ program: Program, options: CSVRecordEncoder.Options = .init()) -> TargetEncoding {
    .csv(CSVRecordEncoder(layout: program.layout, options: options))
  }

  package static func ndjson(_ program: Program) -> TargetEncoding { .ndjson(JSONRecordEncoder(layout: program.layout)) }
  package static func json(_ program: Program) -> TargetEncoding { .json(JSONRecordEncoder(layout: program.layout)) }
  package static func staged(_ program: Program) -> TargetEncoding { .staged(JSONRecordEncoder(layout: program.layout)) }

  /// The text before the first record, after the last, and between two batches.
  package func appendHeader(into out: inout ByteArena) {
    switch self {
    case .csv(let encoder): encoder.encodeHeader(into: &out)
    case .json: out.append("[\n")
    case .ndjson, .staged: break
    }
  }

  package var footer: StaticString { if case .json = self { "\n]\n" } else { "" } }
  package var separator: StaticString { if case .json = self { ",\n" } else { "" } }

  /// One record. `onEscape` is called for columns in which a spreadsheet formula was escaped.
  func append(
    _ cells: UnsafeBufferPointer<Cell>, key: Text, mark: RecordMark, into out: inout ByteArena, onEscape: (Int) -> Void
  ) {
    switch self {
    case .csv(let encoder): encoder.encode(cells, into: &out, onEscape: onEscape)
    case .ndjson(let encoder):
      encoder.encode(cells, into: &out)
      out.append(0x0A)
    case .json(let encoder):
      if out.pendingCount > 0 { out.append(",\n") }
      encoder.encode(cells, into: &out)
    case .staged(let encoder): Self.appendStaged(cells, encoder, key, mark, into: &out)
    }
  }

  private static func appendStaged(
    _ cells: UnsafeBufferPointer<Cell>, _ encoder: JSONRecordEncoder, _ key: Text, _ mark: RecordMark,
    into out: inout ByteArena
  ) {
    out.append("{\"key\":\"")
    RecordKey.append(key, mark, escaped: true, into: &out)
    out.append("\",\"line\":")
    out.append(decimal: Int64(mark.line))
    out.append(",\"record\":")
    let start = out.pendingCount
    encoder.encode(cells, into: &out)
    let digest = out.withPending { bytes in
      let record = Text(start: bytes.start + start, count: bytes.count - start)
      return (Hash64.of(record.span), Hash64.of(record.span, seed: 0x9E37_79B9_7F4A_7C15))
    }
    out.append(",\"digest\":\"")
    out.append(hexadecimal: digest.0)
    out.append(hexadecimal: digest.1)
    out.append("\"}\n")
  }
}

/// How a record is named in ledgers and outcomes: its source key, and the element's number after `#` with `each`.
package enum RecordKey {
  package static func append(_ key: Text, _ mark: RecordMark, escaped: Bool, into out: inout ByteArena) {
    if escaped { JSONText.appendEscaped(key.span, into: &out) } else { out.append(key) }
    guard mark.element >= 0 else { return }
    out.append(UInt8(ascii: "#"))
    out.append(decimal: Int64(mark.element))
  }
}
