package import Core
import Records

/// Writes the bodies of requests: one record, or a batch of them, as the pipeline's `body` and `batch` say.
///
///     {"source":"waybill","contact":{…}}                   one record, with envelope: {source: waybill} and under: contact
///     {"source":"waybill","contacts":[{…},{…}]}            a batch, with items: contacts
///
/// In a batch, records stand in the list as they are: `under` is for bodies with one record.
package final class BodyWriter: Sendable {
  private let encoder: JSONRecordEncoder
  /// The columns in the encoder's order; nil: as they come.
  private let order: [Int]?
  private let writesMissing: Bool
  /// Around one record. If its members stand among others, `head` is open: `{"source":"waybill"`.
  private let head: [UInt8]
  private let tail: [UInt8]
  /// The record's members stand among those of the envelope.
  let isMerged: Bool
  private let batchHead: [UInt8]
  private let batchTail: [UInt8]

  /// - Parameter items: the member of a batch's body that has the records; nil: the body is the list.
  package init(_ body: BodyDocument, columns: [LoadColumn], items: String? = nil) {
    let layout = columns.map { column in
      RecordLayout.Column(path: column.path, omitsNull: body.nulls == .asMapped ? column.omitsNull : body.nulls == .omit)
    }
    let order = RecordLayout.ordered(layout)
    encoder = JSONRecordEncoder(layout: RecordLayout(order.map { layout[$0] }))
    self.order = order == Array(columns.indices) ? nil : order
    writesMissing = body.nulls == .write
    isMerged = body.under.isEmpty && !body.envelope.isEmpty
    if isMerged {
      (head, tail) = (Array(JSONValue.object(body.envelope).text.utf8.dropLast()), [])
    } else {
      (head, tail) = Self.around(body.envelope, body.under)
    }
    if let items {
      let (before, after) = Self.around(body.envelope, [Name(items)])
      (batchHead, batchTail) = (before + "[".utf8, "]".utf8 + after)
    } else {
      (batchHead, batchTail) = (Array("[".utf8), Array("]".utf8))
    }
  }

  /// What stands before and after the value at `path`, with the members of the envelope beside it.
  private static func around(_ envelope: [JSONValue.Member], _ path: [Name]) -> (before: [UInt8], after: [UInt8]) {
    guard let name = path.first else { return ([], []) }
    var before = "{"
    for member in envelope where !member.name.isExactly(name.text) {
      before += "\(JSONValue.string(member.name).text):\(member.value.text),"
    }
    before += JSONValue.string(name.text).text + ":"
    // A member of the envelope on the way to the record has members beside it.
    let inner = around(envelope.last { $0.name.isExactly(name.text) }?.value.objectValue ?? [], Array(path.dropFirst()))
    return (Array(before.utf8) + inner.before, inner.after + "}".utf8)
  }

  // MARK: One record

  /// The body of a request for one record.
  package func appendBody(_ cells: UnsafeBufferPointer<Cell>, into out: inout ByteArena) {
    let (head, tail) = (head, tail)
    out.append(head.span)
    guard isMerged else {
      appendRecord(cells, into: &out)
      return out.append(tail.span)
    }
    let start = out.pendingCount
    appendRecord(cells, into: &out)
    if out.pendingCount == start + 2 {
      out.removeLast(2)
      out.append(UInt8(ascii: "}"))
    } else {
      out[pending: start] = UInt8(ascii: ",")
    }
  }

  package func body(_ cells: UnsafeBufferPointer<Cell>) -> [UInt8] {
    Self.bytes { appendBody(cells, into: &$0) }
  }

  /// The body of a request for a record that `record` wrote.
  package func body(around record: [UInt8]) -> [UInt8] {
    if head.isEmpty, tail.isEmpty { return record }
    guard isMerged else { return head + record + tail }
    return record.count == 2 ? head + "}".utf8 : head + ",".utf8 + record.dropFirst()
  }

  /// The record itself, as it stands in the list of a batch.
  package func appendRecord(_ cells: UnsafeBufferPointer<Cell>, into out: inout ByteArena) {
    guard order != nil || writesMissing else { return encoder.encode(cells, into: &out) }
    let count = cells.count
    withUnsafeTemporaryAllocation(of: Cell.self, capacity: count) { moved in
      for index in 0..<count {
        let cell = cells[order?[index] ?? index]
        moved.initializeElement(at: index, to: writesMissing && cell.kind == .missing ? .null : cell)
      }
      encoder.encode(UnsafeBufferPointer(moved), into: &out)
    }
  }

  package func record(_ cells: UnsafeBufferPointer<Cell>) -> [UInt8] {
    Self.bytes { appendRecord(cells, into: &$0) }
  }

  // MARK: Batches

  /// The bytes of a batch's body besides its records and the commas between them.
  package var batchOverhead: Int { batchHead.count + batchTail.count }

  package func beginBatch(into out: inout ByteArena) {
    let head = batchHead
    out.append(head.span)
  }

  package func endBatch(into out: inout ByteArena) {
    let tail = batchTail
    out.append(tail.span)
  }

  /// - Parameter record: as `appendRecord` writes it.
  package func appendItem(_ record: Span<UInt8>, isFirst: Bool, into out: inout ByteArena) {
    if !isFirst { out.append(UInt8(ascii: ",")) }
    out.append(record)
  }

  package func batch(_ records: some Sequence<[UInt8]>) -> [UInt8] {
    Self.bytes { out in
      beginBatch(into: &out)
      var isFirst = true
      for record in records {
        appendItem(record.span, isFirst: isFirst, into: &out)
        isFirst = false
      }
      endBatch(into: &out)
    }
  }

  private static func bytes(_ write: (inout ByteArena) -> Void) -> [UInt8] {
    var out = ByteArena(capacity: 1024)
    out.begin()
    write(&out)
    return Array(out.finish().buffer)
  }
}
