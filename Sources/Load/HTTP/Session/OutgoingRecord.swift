import Core

/// A target record on its way to an `http` destination, copied out of its batch.
final class OutgoingRecord: Sendable {
  /// Its number in the part.
  let ordinal: UInt64
  /// The record's key in the source, and its line in the input.
  let source: String
  let line: Int
  /// The record's key in the target.
  let key: Name
  /// Of its fields and of the requests that would send it.
  let digest: [UInt8]
  /// A hash for each of its fields.
  let fields: [UInt8]
  /// The record as a JSON object, as it is sent.
  let json: [UInt8]
  /// The fields that requests name: `{field(city)}`, and the keys of parents.
  let values: [Name: Name]
  /// The destination's IDs of its parents.
  let parents: [ParentReference: Name]

  init(
    ordinal: UInt64, source: String, line: Int, key: Name, digest: [UInt8], fields: [UInt8], json: [UInt8],
    values: [Name: Name], parents: [ParentReference: Name] = [:]
  ) {
    self.ordinal = ordinal
    self.source = source
    self.line = line
    self.key = key
    self.digest = digest
    self.fields = fields
    self.json = json
    self.values = values
    self.parents = parents
  }

  /// The same record with the IDs of its parents from `known`.
  ///
  /// - Parameter known: by mapping and key.
  func with(_ references: [ParentReference], _ known: [Name: [Name: Accepted]]) -> OutgoingRecord {
    if references.isEmpty { return self }
    var parents: [ParentReference: Name] = [:]
    for reference in references {
      parents[reference] = values[reference.field].flatMap { known[reference.mapping]?[$0]?.remoteID }
    }
    return OutgoingRecord(
      ordinal: ordinal, source: source, line: line, key: key, digest: digest, fields: fields, json: json, values: values,
      parents: parents)
  }
}

/// A parent that a record refers to.
struct ParentReference: Sendable, Hashable {
  var mapping: Name
  /// The field with the parent's key.
  var field: Name
}
