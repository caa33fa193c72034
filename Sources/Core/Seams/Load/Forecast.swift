/// What a load would do with one record.
package struct Forecast: Sendable {
  /// The value of a field before the load.
  package enum Old: Sendable, Hashable {
    /// The destination does not have the field.
    case absent
    case value(JSONValue)
    /// Nobody has kept it.
    case notKept
  }

  /// A field of the record.
  package struct Field: Sendable, Hashable {
    /// The index of the field in `LoadPart.columns`; nil: the mapping no longer has it.
    package var column: Int?
    /// `["address", "city"]`; empty if only a hash of it is known.
    package var path: [String]
    package var old: Old
    /// Nil: the destination will not have the field.
    package var new: JSONValue?

    package init(column: Int?, path: [String], old: Old, new: JSONValue?) {
      self.column = column
      self.path = path
      self.old = old
      self.new = new
    }
  }

  /// What the fields rest on.
  package enum Evidence: Sendable, Hashable {
    /// On what the destination has.
    case read
    /// On what the journal knows, or on the version of a file. What was kept only shows old values.
    case known
    /// On what the destination has, except for these columns.
    case readExcept(Set<Int>)
  }

  /// What happens to the record in a file that is written as a whole.
  package enum Change: String, Sendable, CaseIterable { case new, changed, same }

  /// Of the target record.
  package var key: Name
  /// As the load would report it.
  package var outcome: Outcome
  /// With the outcome `written`; nil: it is not known what the file had.
  package var change: Change?
  /// The fields that are set or changed, or that disappear.
  package var fields: [Field] = []
  package var evidence = Evidence.read
  /// Fields that differ at the destination although nothing is sent: `old` is what was loaded, `new` what is there.
  package var drift: [Field] = []
  /// The destination no longer has the record, although nothing is sent.
  package var isMissing = false
  /// No field changes: it is sent again because its requests have changed.
  package var isResent = false
  /// Nothing is sent, and it could not be compared with what is there.
  package var isNotCompared = false
  /// The destination has the record, and Waybill has not written it.
  package var isAdopted = false
  /// Why it would fail, or would be pending.
  package var problem: LoadProblem?
  /// A hash of what the prediction rests on and does not say otherwise, such as what the journal knows: if it changes, the prediction is
  /// no longer valid.
  package var basis: UInt64 = 0

  package init(_ key: Name, _ outcome: Outcome) {
    self.key = key
    self.outcome = outcome
  }

  /// It differs at the destination although nothing is sent.
  package var hasDrift: Bool { isMissing || !drift.isEmpty }
}

/// Receives what a load would do with the records of one part, in any order and from any task.
package protocol ForecastSink: Sendable {
  /// Called exactly once for each record that is submitted.
  ///
  /// - Parameter ordinal: the record's number in the part, as in `StagedBatch`.
  func forecast(_ ordinal: UInt64, _ forecast: Forecast)

  /// A record that the target has, and that would be removed from it.
  func removal(_ key: Name)

  /// Called once by a session whose target is a file that is replaced as a whole: what is predicted rests on this version.
  func target(_ version: TargetVersion)
}

extension ForecastSink {
  package func target(_ version: TargetVersion) {}
}

/// How a load is to be predicted.
package struct ForecastRequest: Sendable {
  /// Records that an earlier run staged.
  package struct Kept: Sendable {
    /// It may have been compressed since: `PATH.gz`.
    package var path: String
    /// Its columns, which need not be those of the part.
    package var columns: [LoadColumn]
    /// The files that the run published with them; empty: this is not known.
    package var published: [FileStamp]

    package init(path: String, columns: [LoadColumn], published: [FileStamp] = []) {
      self.path = path
      self.columns = columns
      self.published = published
    }
  }

  /// The file with the staged records of the part.
  package var staged: String
  /// The newest first.
  package var kept: [Kept]
  /// What the destination has is read, and compared with what it should have.
  package var comparesDestination: Bool

  package init(staged: String, kept: [Kept] = [], comparesDestination: Bool = false) {
    self.staged = staged
    self.kept = kept
    self.comparesDestination = comparesDestination
  }
}
