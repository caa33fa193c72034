/// Compares what a destination must have of one part with what it has. Nothing is written, neither to the target nor to the journal.
///
///     var session = try await destination.beginComparing(part, options)
///     while let batch = try staged.next() { try await session.expect(batch) }
///     let counts = try await session.compare { difference in … }
///     await session.close()                                          // always, however it ended
///
/// A caller may rely on this: every record is either equal, in all fields that the destination shows, or at least one difference names
/// it; and nothing is reported that a second reading of the destination refutes. The order of the differences depends only on what the
/// destination has.
package protocol ComparisonSession {
  /// Records that the destination must have, in any number of batches. A later record with the same key replaces an earlier one. The
  /// batch is not used after the call has returned.
  ///
  /// - Throws: `OperationFailure`, `CancellationError`.
  mutating func expect(_ batch: StagedBatch, as role: ComparisonRole) async throws

  /// Reads the destination and reports every difference, ordered by key and column.
  ///
  /// - Throws: `OperationFailure`, `CancellationError`, what `sink` throws.
  mutating func compare(reporting sink: (StoredDifference) throws -> Void) async throws -> StoredCounts

  /// Removes whatever is no longer needed. Safe to call twice.
  mutating func close() async
}

extension ComparisonSession {
  /// - Throws: as the requirement.
  package mutating func expect(_ batch: StagedBatch) async throws { try await expect(batch, as: .loaded) }
}

/// What a comparison does with an expected record.
package enum ComparisonRole: Sendable, Hashable {
  /// The destination has accepted it: it is compared.
  case loaded
  /// It is only there, beside those that are compared. Where several records share a key, it is needed to tell which is which.
  case beside
  /// No run knows whether the destination has it. Unless this has been resolved since, it is counted and not compared.
  case uncertain
}

/// How a destination is compared.
package struct ComparisonOptions: Sendable {
  /// How an API is read.
  package enum Reading: String, Sendable, Hashable, CaseIterable {
    /// One record after another, by its key.
    case key
    /// Its whole list.
    case list
  }

  /// Nil: the session chooses.
  package var reading: Reading?
  /// The expected records are all that the destination must have, so that another one is a difference.
  package var isWhole: Bool
  /// A private folder for what does not fit into memory.
  package var scratch: String
  /// The key of the digests: without it, nobody can recover a record by trying values.
  package var digestKey: [UInt8]
  /// Receives how many records of the destination have been read, from time to time.
  package var advanced: @Sendable (Int) -> Void

  package init(
    reading: Reading? = nil, isWhole: Bool, scratch: String, digestKey: [UInt8] = [],
    advanced: @escaping @Sendable (Int) -> Void = { _ in }
  ) {
    self.reading = reading
    self.isWhole = isWhole
    self.scratch = scratch
    self.digestKey = digestKey
    self.advanced = advanced
  }
}

/// A record, or a field of one, that a destination does not have as it was loaded.
package struct StoredDifference: Sendable, Hashable {
  package enum Kind: String, Sendable, Hashable, CaseIterable {
    /// The destination does not have the record.
    case missing
    /// It has a record that was not loaded.
    case extra
    /// A field has another value.
    case different
    /// It has the record once more.
    case duplicate
    /// It has a record without our key.
    case withoutKey = "without-key"
  }

  package var kind: Kind
  /// Of the record in the target; nil if it has none.
  package var key: Name?
  /// The index of the field in `LoadPart.columns`; nil: the record as a whole, or its ID.
  package var column: Int?
  /// `address.city`; `remote_id` for the destination's own ID; nil: the record as a whole.
  package var field: String?
  /// Nil: there is none.
  package var loaded: JSONValue?
  package var stored: JSONValue?
  /// The destination's own ID of the record.
  package var remoteID: Name?

  package init(
    _ kind: Kind, key: Name?, column: Int? = nil, field: String? = nil, loaded: JSONValue? = nil, stored: JSONValue? = nil,
    remoteID: Name? = nil
  ) {
    self.kind = kind
    self.key = key
    self.column = column
    self.field = field
    self.loaded = loaded
    self.stored = stored
    self.remoteID = remoteID
  }
}

/// The result of a comparison.
package struct StoredCounts: Sendable, Hashable {
  package enum Sum: Sendable, Hashable {
    /// A decimal number.
    case exactly(String)
    /// A value is too long to be added.
    case tooLong
    /// A value is not a number.
    case notNumbers
  }

  /// The count and the exact sum of a numeric field's values on one side.
  package struct Total: Sendable, Hashable {
    package var records: Int
    package var sum: Sum

    package init(records: Int, sum: Sum) {
      self.records = records
      self.sum = sum
    }
  }

  package struct ControlTotal: Sendable, Hashable {
    package var column: Int
    package var loaded: Total
    package var stored: Total

    package init(column: Int, loaded: Total, stored: Total) {
      self.column = column
      self.loaded = loaded
      self.stored = stored
    }

    /// Nil: that is not known, because a sum could not be made.
    package var isEqual: Bool? {
      if loaded.records != stored.records || stored.sum == .notNumbers { return false }
      if case .exactly(let one) = loaded.sum, case .exactly(let other) = stored.sum { return one.isExactly(other) }
      return nil
    }
  }

  /// How the destination was read: `list`, `key`, `list and key`, `file` or `table`.
  package var readBy: String
  /// The records that were compared, and those that the destination has of them, with extra and repeated ones.
  package var loaded = 0
  package var stored = 0
  /// Records.
  package var missing = 0
  package var extra = 0
  package var different = 0
  package var duplicate = 0
  package var withoutKey = 0
  /// Records that another run has changed since; they were not compared.
  package var loadedSince = 0
  /// Records of earlier loads, or of other pipelines, that this run did not have. They are no difference.
  package var leftBehind = 0
  /// Records that were there with other values, which a load has left as they were because of `conflict: adopt`. They are not compared.
  package var leftAlone = 0
  /// Records of which it is not known what became of their last call; they were not compared.
  package var uncertain = 0
  /// Records that could not be looked up, so that it is not known whether they agree.
  package var notRead = 0
  /// Records that changed between two readings, and agree now.
  package var changedWhileRead = 0
  /// The indices of columns that the destination's list does not show; they were not compared.
  package var notShown: [Int] = []
  /// Whether records that were not loaded could be seen, and counted as `extra`.
  package var judgesExtras = true
  package var totals: [ControlTotal] = []
  /// Of the fields whose loaded values are dates.
  package var dates: [DateTotal] = []
  /// Different keys.
  package var loadedKeys = 0
  package var storedKeys = 0
  /// Over all records, whatever their order: 64 hexadecimal digits.
  package var loadedDigest = ""
  package var storedDigest = ""

  package init(readBy: String) { self.readBy = readBy }

  /// Records without our key do not count: the destination may have had them before. What could not be read is not equal.
  package var isEqual: Bool { missing == 0 && extra == 0 && different == 0 && duplicate == 0 && notRead == 0 }

  /// Whether all fields of all records were compared.
  package var isComplete: Bool { notShown.isEmpty && loadedSince + leftAlone + uncertain + notRead == 0 }
}
