/// What is known about a record at a destination, according to the results of its calls.
package struct Accepted: Sendable, Hashable {
  /// The destination's own ID of the record; nil if it has not given one.
  package var remoteID: Name?
  /// The tag of the version that it accepted last.
  package var entityTag: Name?
  /// The digest of what it accepted last. Nil: the last result is unknown, so nothing may be concluded from an earlier one; or
  /// the record was adopted without a digest.
  package var digest: [UInt8]?
  /// `IntentRecord.fields` of the last accepted record, unless its result or its adoption replaced them.
  package var fields: [UInt8]
  /// How many epochs earlier calls for the key have used. The idempotency keys of the next call are made from this number plus
  /// the epoch of its intent, so that none is used twice.
  package var epoch: Int
  /// The destination has the record, or may have it because the last result is unknown. False: it never accepted the record, or
  /// the record was removed; then nothing but `epoch` and `refusal` is known.
  package var isPresent: Bool
  /// What the destination refused last, if nothing has been accepted since.
  package var refusal: Refusal?

  /// A record that a destination refused as it was sent.
  package struct Refusal: Sendable, Hashable {
    package var digest: [UInt8]
    /// The ID of the run that sent it.
    package var run: Name

    package init(digest: [UInt8], run: Name) {
      self.digest = digest
      self.run = run
    }
  }

  package init(
    remoteID: Name? = nil, entityTag: Name? = nil, digest: [UInt8]? = nil, fields: [UInt8] = [], epoch: Int = 0,
    isPresent: Bool = true, refusal: Refusal? = nil
  ) {
    self.remoteID = remoteID
    self.entityTag = entityTag
    self.digest = digest
    self.fields = fields
    self.epoch = epoch
    self.isPresent = isPresent
    self.refusal = refusal
  }

  /// A record that the destination does not have.
  package static func absent(epoch: Int, refusal: Refusal? = nil) -> Accepted {
    Accepted(epoch: epoch, isPresent: false, refusal: refusal)
  }

  /// The same without its refusal, which belongs to one journal: another one has the record sent once more.
  package var withoutRefusal: Accepted {
    var copy = self
    copy.refusal = nil
    return copy
  }
}

/// What is known about the record with a key.
package struct JournalRecord: Sendable, Hashable {
  package var key: Name
  package var known: Accepted

  package init(_ key: Name, _ known: Accepted) {
    self.key = key
    self.known = known
  }
}

/// A record that a lookup has found at the destination.
package struct AdoptedRecord: Sendable, Hashable {
  package var key: Name
  package var remoteID: Name?
  package var entityTag: Name?
  /// The digest of a payload that would not change the record. Nil: unknown.
  package var digest: [UInt8]?
  /// As in `IntentRecord`, or a mark in the same format.
  package var fields: [UInt8]

  package init(
    key: Name, remoteID: Name? = nil, entityTag: Name? = nil, digest: [UInt8]? = nil, fields: [UInt8] = []
  ) {
    self.key = key
    self.remoteID = remoteID
    self.entityTag = entityTag
    self.digest = digest
    self.fields = fields
  }
}
