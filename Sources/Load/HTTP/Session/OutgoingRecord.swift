import Core

/// A target record on its way to an `http` destination, copied out of its batch.
struct OutgoingRecord: Sendable {
  /// Its number in the part.
  var ordinal: UInt64
  /// The record's key in the source, and its line in the input.
  var source: String
  var line: Int
  /// The record's key in the target.
  var key: Name
  /// Of its fields and of the requests that would send it.
  var digest: [UInt8]
  /// A hash for each of its fields.
  var fields: [UInt8]
  /// The record as a JSON object, as it is sent.
  var json: [UInt8]
  /// The fields that requests name: `{field(city)}`, and the keys of parents.
  var values: [Name: Name]
  /// The destination's IDs of its parents.
  var parents: [ParentReference: Name] = [:]
}

/// A parent that a record refers to.
struct ParentReference: Sendable, Hashable {
  var mapping: Name
  /// The field with the parent's key.
  var field: Name
}
