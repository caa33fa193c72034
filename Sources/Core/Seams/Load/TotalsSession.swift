/// Adds up the records that a destination has accepted, in the form in which a comparison shows them: what a run has loaded can then be
/// compared with what the destination has at any later time. Nothing is read from the destination.
///
///     var session = try destination.beginTotals(part, options)
///     while let batch = try staged.next() { try session?.add(batch) }
///     let totals = try session?.finish()
package protocol TotalsSession {
  /// The batch is not used after the call has returned.
  ///
  /// - Throws: `OperationFailure`.
  mutating func add(_ batch: StagedBatch) throws

  /// - Throws: `OperationFailure`.
  mutating func finish() throws -> LoadedTotals
}

/// How totals are made.
package struct TotalsOptions: Sendable {
  /// A private folder for what does not fit into memory.
  package var scratch: String
  /// The key of the digest: the same as for the comparisons of the destination.
  package var digestKey: [UInt8]

  package init(scratch: String, digestKey: [UInt8]) {
    self.scratch = scratch
    self.digestKey = digestKey
  }
}

/// What records amount to.
package struct LoadedTotals: Sendable, Hashable {
  package struct Sum: Sendable, Hashable {
    package var column: Int
    package var total: StoredCounts.Total

    package init(column: Int, total: StoredCounts.Total) {
      self.column = column
      self.total = total
    }
  }

  package struct Dates: Sendable, Hashable {
    package var column: Int
    package var range: StoredCounts.DateRange

    package init(column: Int, range: StoredCounts.DateRange) {
      self.column = column
      self.range = range
    }
  }

  package var records = 0
  /// Nil: the mapping has no target key.
  package var distinctKeys: Int?
  /// Of the numeric fields that have a value.
  package var sums: [Sum] = []
  /// Of the fields that have dates.
  package var dates: [Dates] = []
  /// The hash total: 64 hexadecimal digits.
  package var digest = ""

  package init() {}
}

extension StoredCounts {
  /// The dates of a field on one side.
  package struct DateRange: Sendable, Hashable {
    package var records: Int
    /// As they stand in the records; nil: some value is not a date of the same form.
    package var earliest: String?
    package var latest: String?

    package init(records: Int, earliest: String? = nil, latest: String? = nil) {
      self.records = records
      self.earliest = earliest
      self.latest = latest
    }

    /// Byte by byte.
    package static func == (left: DateRange, right: DateRange) -> Bool {
      left.records == right.records && left.earliest.map { Name($0) } == right.earliest.map { Name($0) }
        && left.latest.map { Name($0) } == right.latest.map { Name($0) }
    }

    package func hash(into hasher: inout Hasher) {
      hasher.combine(records)
      hasher.combine(earliest.map { Name($0) })
      hasher.combine(latest.map { Name($0) })
    }
  }

  package struct DateTotal: Sendable, Hashable {
    package var column: Int
    package var loaded: DateRange
    package var stored: DateRange

    package init(column: Int, loaded: DateRange, stored: DateRange) {
      self.column = column
      self.loaded = loaded
      self.stored = stored
    }

    package var isEqual: Bool { loaded == stored }
  }
}
