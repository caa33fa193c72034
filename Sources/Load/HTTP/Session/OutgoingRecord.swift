import Core
import Crypto

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
  /// The same without the IDs of its parents, if these count; nil: they do not.
  let ownDigest: [UInt8]?
  /// A hash for each of its fields.
  let fields: [UInt8]
  /// The record as a JSON object, as it is sent.
  let json: [UInt8]
  /// The fields that requests name: `{field(city)}`, and the keys of parents.
  let values: [Name: Name]
  /// The destination's IDs of its parents.
  let parents: [ParentReference: Name]
  /// Why it cannot be sent; nil: it can.
  let fault: PartLoad.Reason?
  /// It may have been created since, by a call whose result is not known. Nil: there is no such call.
  let since: WallTime?
  /// The destination's ID, as a response has just said: the journal does not have it yet. Nil: ask the journal.
  let remoteID: Name?

  init(
    ordinal: UInt64, source: String, line: Int, key: Name, digest: [UInt8], ownDigest: [UInt8]? = nil, fields: [UInt8],
    json: [UInt8], values: [Name: Name], parents: [ParentReference: Name] = [:], fault: PartLoad.Reason? = nil,
    since: WallTime? = nil, remoteID: Name? = nil
  ) {
    self.ordinal = ordinal
    self.source = source
    self.line = line
    self.key = key
    self.digest = digest
    self.ownDigest = ownDigest
    self.fields = fields
    self.json = json
    self.values = values
    self.parents = parents
    self.fault = fault
    self.since = since
    self.remoteID = remoteID
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
    // A child of a parent that was removed and created again is another record.
    let digest = ownDigest.map { own in
      Array(SHA256.hash(data: own + references.flatMap { Array("\(parents[$0]?.text ?? "")\n".utf8) }))
    }
    return copy(digest: digest, parents: parents)
  }

  /// The same record as an adapter writes it.
  ///
  /// - Parameter fault: why it cannot be sent.
  func with(json: [UInt8], fault: PartLoad.Reason? = nil) -> OutgoingRecord { copy(json: json, fault: fault) }

  /// The same record with further values.
  func with(values more: [Name: Name]) -> OutgoingRecord { copy(values: values.merging(more) { $1 }) }

  /// The same record after a call that may have created it.
  func since(_ time: WallTime) -> OutgoingRecord { copy(since: time) }

  /// The same record after a call whose response says its ID; nil: it does not.
  func given(_ id: Name?) -> OutgoingRecord { id == nil ? self : copy(remoteID: id) }

  /// - Parameters: nil: as it is.
  private func copy(
    digest: [UInt8]? = nil, json: [UInt8]? = nil, values: [Name: Name]? = nil, parents: [ParentReference: Name]? = nil,
    fault: PartLoad.Reason? = nil, since: WallTime? = nil, remoteID: Name? = nil
  ) -> OutgoingRecord {
    OutgoingRecord(
      ordinal: ordinal, source: source, line: line, key: key, digest: digest ?? self.digest, ownDigest: ownDigest, fields: fields,
      json: json ?? self.json, values: values ?? self.values, parents: parents ?? self.parents, fault: fault ?? self.fault,
      since: since ?? self.since, remoteID: remoteID ?? self.remoteID)
  }
}

/// A parent that a record refers to.
struct ParentReference: Sendable, Hashable {
  var mapping: Name
  /// The field with the parent's key.
  var field: Name
}
