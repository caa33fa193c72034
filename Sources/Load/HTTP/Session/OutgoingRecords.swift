import Core
import Records

/// Copies staged records out of their batches, as they will be sent.
final class OutgoingRecords {
  private let plan: PartPlan
  private let key: [Int]
  private let bodies: BodyWriter
  private var digests: RecordDigest

  init(_ plan: PartPlan, key: [Int], _ bodies: BodyWriter) {
    self.plan = plan
    self.key = key
    self.bodies = bodies
    digests = plan.digests
  }

  func copy(_ batch: StagedBatch) -> [OutgoingRecord] { (0..<batch.count).map { copy(batch, $0) } }

  private func copy(_ batch: StagedBatch, _ index: Int) -> OutgoingRecord {
    let cells = batch.record(index)
    var values: [Name: Name] = [:]
    for field in plan.fields {
      if let text = cells[field.column].idText { values[field.name] = Name(text) }
    }
    let keys = key.map { cells[$0].idText ?? "" }
    let own = keys.count == 1 ? keys[0] : JSONValue.array(keys.map { .string($0) }).text
    let digest = digests.result(of: cells)
    let record = OutgoingRecord(
      ordinal: batch.first + UInt64(index), source: batch.key(index).string, line: batch.line(index), key: Name(own),
      digest: digest.digest, ownDigest: plan.adapter == nil || plan.parents.isEmpty ? nil : digest.digest, fields: digest.fields,
      json: bodies.record(cells), values: values)
    return plan.adapter?.outgoing(record) ?? record
  }
}

extension Cell {
  /// A text or a number, as it stands in an address; nil for null and for what is not a single value.
  fileprivate var idText: String? {
    switch kind {
    case .string: return text.string
    case .missing, .null, .list, .object: return nil
    default:
      var out = ByteArena(capacity: 64)
      out.begin()
      JSONRecordEncoder.encode(self, into: &out)
      return out.finish().string
    }
  }
}
