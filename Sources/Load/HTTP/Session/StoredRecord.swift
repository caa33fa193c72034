import Core

/// A record as the destination has it: found by its key, or echoed by the response to a write.
struct StoredRecord: Sendable, Hashable {
  var remoteID: Name?
  var entityTag: Name?
  /// Nil: the destination gives only its ID.
  var record: JSONValue?
  /// Its bytes, on one line, if a lookup has shown it and they are to be kept.
  var raw: [UInt8]?
  /// The response to a create says that the destination had it already, and has changed it.
  var wasThere = false
  /// The response to a create shows what belongs to another record of the mapping.
  var isOfAnother = false

  /// Whether it matches the record as sent. False if there is nothing to compare.
  func matches(_ sent: JSONValue?, _ comparison: RecordComparison) -> Bool {
    guard let sent, let record else { return false }
    return comparison.differences(from: sent, in: record).isEmpty
  }
}
