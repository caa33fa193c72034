/// The number of an intent in its journal. Later intents have greater numbers.
package struct IntentID: Sendable, Hashable, Comparable {
  package var number: Int64

  package init(_ number: Int64) { self.number = number }

  package static func < (left: IntentID, right: IntentID) -> Bool { left.number < right.number }
}

/// What is about to be sent: one call to a destination, for one record or several.
package struct IntentRequest: Sendable, Hashable {
  package var scope: JournalScope
  /// The ID of the run that sends it.
  @ByBytes package var run: String
  /// What the body is sent to, in the destination's own words: `PUT /contacts/17`. Without credentials.
  @ByBytes package var target: String
  /// Tells the destination that a call is the same as an earlier one.
  @ByBytes package var idempotencyKey: String
  /// Which of the call's idempotency keys this is, from 0: how often the call was sent anew under another key.
  package var epoch: Int
  /// What the destination needs besides to resolve the call, in a format of its own. Kept byte for byte.
  package var context: [UInt8]
  /// As it is sent, byte for byte, so that it can be sent again. Empty for a call without one.
  package var body: [UInt8]
  /// At least one. Ordinals are distinct, and so are keys.
  package var records: [IntentRecord]

  package init(
    scope: JournalScope, run: String, target: String, idempotencyKey: String, epoch: Int = 0, context: [UInt8] = [],
    body: [UInt8], records: [IntentRecord]
  ) {
    self.scope = scope
    self.run = run
    self.target = target
    self.idempotencyKey = idempotencyKey
    self.epoch = epoch
    self.context = context
    self.body = body
    self.records = records
  }

  /// The target of an intent that only records what a lookup has shown: nothing is sent for it.
  package static let lookupTarget = "find"
  package var isLookup: Bool { target.isExactly(Self.lookupTarget) }

  /// The greatest epoch of an intent.
  package static let greatestEpoch = Int(Int32.max)

  /// What `Journal.apply` refuses.
  ///
  /// - Throws: `OperationFailure` with the code `fault`.
  package func check() throws(OperationFailure) {
    guard 0...Self.greatestEpoch ~= epoch else {
      throw OperationFailure(.fault, "the call '\(target)' has the impossible epoch \(epoch)")
    }
    if records.isEmpty { throw OperationFailure(.fault, "the call '\(target)' has no records") }
    if records.count == 1 { return }
    if Set(records.map(\.ordinal)).count < records.count {
      throw OperationFailure(.fault, "the call '\(target)' has two records with the same ordinal")
    }
    let keys = records.compactMap(\.key)
    if Set(keys).count < keys.count { throw OperationFailure(.fault, "the call '\(target)' has two records with the same key") }
  }
}

/// A record in a call.
package struct IntentRecord: Sendable, Hashable {
  /// Its number in the part of the run, as in `StagedBatch`.
  package var ordinal: UInt64
  /// Nil: it has none, so nothing about it is remembered once its result is known.
  package var key: Name?
  /// The digest of what the destination will have if the call is accepted.
  package var digest: [UInt8]
  /// Hashes of its fields, in a format that the destination defines. `Journal.accepted` returns them once the record is
  /// accepted, unless the result replaces them.
  package var fields: [UInt8]

  package init(ordinal: UInt64, key: Name?, digest: [UInt8], fields: [UInt8] = []) {
    self.ordinal = ordinal
    self.key = key
    self.digest = digest
    self.fields = fields
  }
}

/// A call whose result is not known for all of its records: it is under way, or its process died.
package struct Intent: Sendable, Hashable {
  package var id: IntentID
  /// As it was written, with its last update.
  package var request: IntentRequest
  /// The ordinals of the records without a result, in the order of the request.
  package var open: [UInt64]
  /// When it was written, by the clock of the machine that wrote it; an update does not change it. 1970 for intents that a
  /// version without this time wrote: no idempotency key is valid for that long.
  package var written: WallTime

  package init(id: IntentID, request: IntentRequest, open: [UInt64], written: WallTime) {
    self.id = id
    self.request = request
    self.open = open
    self.written = written
  }
}

extension OperationFailure {
  /// A result or an update for an intent that was never written.
  package static func noIntent(_ id: IntentID) -> OperationFailure {
    OperationFailure(.fault, "intent \(id.number) was never written to the journal")
  }

  /// A result for a record that the intent does not have.
  package static func noRecord(_ ordinal: UInt64, in id: IntentID) -> OperationFailure {
    OperationFailure(.fault, "intent \(id.number) has no record \(ordinal)")
  }

  /// An update of an intent all of whose records have results.
  package static func closedIntent(_ id: IntentID) -> OperationFailure {
    OperationFailure(.fault, "intent \(id.number) is already resolved, and cannot be updated")
  }

  /// An update with an epoch that is out of range, or lower than the intent's.
  package static func impossibleEpoch(_ epoch: Int, of id: IntentID) -> OperationFailure {
    OperationFailure(.fault, "intent \(id.number) cannot have the epoch \(epoch)")
  }
}
