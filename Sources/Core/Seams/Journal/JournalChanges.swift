/// What one transaction of a journal records: first the intents, then the updates, then the results, each in their order.
package struct JournalChanges: Sendable, Hashable {
  /// Calls that are about to be made.
  package var intents: [IntentRequest]
  /// Of open intents.
  package var updates: [IntentUpdate]
  /// What became of calls.
  package var results: [IntentResults]

  package init(intents: [IntentRequest] = [], updates: [IntentUpdate] = [], results: [IntentResults] = []) {
    self.intents = intents
    self.updates = updates
    self.results = results
  }

  package var isEmpty: Bool { intents.isEmpty && updates.isEmpty && results.isEmpty }
}

/// What an open intent has from now on: before its call is made again under another idempotency key, or when the destination
/// must remember more about it, such as the address of a job.
package struct IntentUpdate: Sendable, Hashable {
  package var id: IntentID
  /// Not lower than before.
  package var epoch: Int
  @ByBytes package var idempotencyKey: String
  package var context: [UInt8]

  package init(id: IntentID, epoch: Int, idempotencyKey: String, context: [UInt8]) {
    self.id = id
    self.epoch = epoch
    self.idempotencyKey = idempotencyKey
    self.context = context
  }
}

/// Results of an intent's records.
package struct IntentResults: Sendable, Hashable {
  package var id: IntentID
  package var results: [IntentResult]

  package init(_ id: IntentID, _ results: [IntentResult]) {
    self.id = id
    self.results = results
  }
}
