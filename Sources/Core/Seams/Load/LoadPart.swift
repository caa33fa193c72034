/// What one mapping loads into one destination.
package struct LoadPart: Sendable {
  /// The run's ID.
  package var run: String
  /// The run's date in UTC, `yyyy-MM-dd`.
  package var date: String
  /// The pipeline's name.
  package var pipeline: String
  /// The location whose records are loaded, or `files`.
  package var location: String
  package var mapping: String
  /// In the order of the cells in `StagedBatch`.
  package var columns: [LoadColumn]
  /// Indices of the columns that identify a target record.
  package var key: [Int]
  /// The number of records that will be submitted.
  package var count: Int
  /// A private folder: nothing reaches the target, and what would have been published is put here, readable only by its owner;
  /// its records are reported as pending. Nil: the part is loaded. Only atomic destinations are given such parts.
  package var keptIn: String?
  /// The run covers only part of the source's records.
  package var isNarrowed: Bool
  /// The part is loaded as a dry run predicted, or not at all.
  package var applied: (any AppliedPlan)?
  /// Where `waybill undo` finds what was at the destination before a run wrote it: the path of the file for a run's ID. A load may
  /// write to the file of an earlier run, whose calls it resolves. Nil: nothing is kept.
  package var undoLog: (@Sendable (_ run: String) -> String)?

  package init(
    run: String, date: String, pipeline: String, location: String, mapping: String, columns: [LoadColumn], key: [Int], count: Int,
    keptIn: String? = nil, isNarrowed: Bool = false
  ) {
    self.run = run
    self.date = date
    self.pipeline = pipeline
    self.location = location
    self.mapping = mapping
    self.columns = columns
    self.key = key
    self.count = count
    self.keptIn = keptIn
    self.isNarrowed = isNarrowed
  }
}

/// A field of the target records.
package struct LoadColumn: Sendable, Hashable {
  /// `["address", "city"]`
  package var path: [String]
  /// The JSON types that the target schema allows; all of them without a schema.
  package var types: JSONTypes
  /// Null values are left out of JSON objects.
  package var omitsNull: Bool
  /// Its texts cannot be spreadsheet formulas: phones, numbers, dates, codes.
  package var isVouchedFor: Bool

  package init(path: [String], types: JSONTypes = .all, omitsNull: Bool = false, isVouchedFor: Bool = false) {
    self.path = path
    self.types = types
    self.omitsNull = omitsNull
    self.isVouchedFor = isVouchedFor
  }

  /// `address.city`
  package var name: String { path.joined(separator: ".") }
}
