package import Core

/// Something that has happened in a run. A run is the list of its facts: each is durable before the next step starts, and what
/// to do next (`nextSteps`) and how it ended (`verdict`) follow from the list alone.
package enum RunFact: Sendable, Hashable {
  case compiled(Compiled)
  case snapshot(Extracted)
  case staged(Staged)
  case judged([GateResult])
  /// What a dry run predicts for the parts of a mapping.
  case predicted([Predicted])
  /// What one step did, in one fact: a process that is killed between two facts must not leave half a step.
  case prepared([Prepared])
  case loaded([Loaded])
  case accounted([PartOutcomes])
  /// Gates that are judged after the load.
  case loadJudged([GateResult])
  case failed(RunStep, Failure)
  case interrupted(RunStep)
  /// A dry run is applied: what it staged is published and sent.
  case applied
  /// Another process continues the run: what was only in memory is gone.
  case resumed
  case ended(Verdict)

  package struct Compiled: Sendable, Hashable, Codable {
    /// In the order of the pipeline file.
    package var mappings: [Name]
    /// The same mappings in the order in which they run; those in one group reference one another.
    package var groups: [[Name]]
    /// SHA-256 of each file that the run depends on, and of the values that its pipeline file takes from the environment.
    package var digests: [Name: String]
    /// Notes about the source files, which a resumed run does not read again; nil in facts from earlier versions.
    package var notes: [String]?
    /// What the source key of each mapping is: records of two runs are compared by their keys only if it is the same in both. Nil in facts
    /// from earlier versions.
    package var keys: [Name: String]?

    package init(
      mappings: [Name], groups: [[Name]], digests: [Name: String] = [:], notes: [String]? = nil, keys: [Name: String]? = nil
    ) {
      self.mappings = mappings
      self.groups = groups
      self.digests = digests
      self.notes = notes
      self.keys = keys
    }
  }

  package struct Extracted: Sendable, Hashable, Codable {
    /// Nil: there is none, because the source could not be read at all.
    package var snapshot: String?
    package var location: String?
    /// False: the source was not read to its end; a failure follows.
    package var isWhole: Bool
    package var isNarrowed: Bool
    package var requests: Quota
    /// Source records, or lists of them, that could not be fetched.
    package var refused: Int
    /// Those for entities that no mapping reads itself, so that no gate covers them.
    package var refusedUnjudged: Int
    package var notes: [MappingNotes]
    /// The size of the ledger, in bytes, with everything that this fact counts.
    package var ledgerEnd: Int
    package var seconds: Double
    /// Which records are replayed; nil if the run is not a replay.
    package var replay: ReplayCounts?

    package init(
      snapshot: String?, location: String? = nil, isWhole: Bool = true, isNarrowed: Bool = false, requests: Quota = Quota(),
      refused: Int = 0, refusedUnjudged: Int = 0, notes: [MappingNotes] = [], ledgerEnd: Int = 0, seconds: Double = 0,
      replay: ReplayCounts? = nil
    ) {
      self.snapshot = snapshot
      self.location = location
      self.isWhole = isWhole
      self.isNarrowed = isNarrowed
      self.requests = requests
      self.refused = refused
      self.refusedUnjudged = refusedUnjudged
      self.notes = notes
      self.ledgerEnd = ledgerEnd
      self.seconds = seconds
      self.replay = replay
    }
  }

  package struct Staged: Sendable, Hashable, Codable {
    package var mappings: [MappingCounts]
    /// False: the transform ended early; a failure follows.
    package var isWhole: Bool
    package var ledgerEnd: Int
    package var seconds: Double

    package init(_ mappings: [MappingCounts], isWhole: Bool = true, ledgerEnd: Int = 0, seconds: Double = 0) {
      self.mappings = mappings
      self.isWhole = isWhole
      self.ledgerEnd = ledgerEnd
      self.seconds = seconds
    }
  }

  /// What a run would do with one part. The records themselves are in the part's change log.
  package struct Predicted: Sendable, Hashable, Codable {
    package var part: RunPart
    /// The outcomes of its staged records.
    package var counts: OutcomeCounts
    /// Records that the target has and would lose.
    package var removals: Int
    /// Records that differ at the destination although nothing would be sent.
    package var drift: Int
    /// Fields whose old value is not known.
    package var notKept: Int
    /// Records that were to be compared with the destination, and could not be.
    package var notCompared: Int
    /// The file that would be replaced; nil: the target is not a file.
    package var target: TargetVersion?
    /// Why the destination could not be read completely: the other records are pending.
    package var failure: Failure?
    package var seconds: Double

    package init(
      _ part: RunPart, counts: OutcomeCounts = OutcomeCounts(), removals: Int = 0, drift: Int = 0, notKept: Int = 0,
      notCompared: Int = 0, target: TargetVersion? = nil, failure: Failure? = nil, seconds: Double = 0
    ) {
      self.part = part
      self.counts = counts
      self.removals = removals
      self.drift = drift
      self.notKept = notKept
      self.notCompared = notCompared
      self.target = target
      self.failure = failure
      self.seconds = seconds
    }
  }

  package struct Prepared: Sendable, Hashable, Codable {
    package var part: RunPart
    /// False: it ended early, with these notes in the ledger; a failure follows.
    package var isWhole: Bool
    /// Of the files that publishing makes appear: a process that dies may have published them; nil: this is not known.
    package var stamps: [FileStamp]?
    package var notes: MappingNotes
    package var ledgerEnd: Int
    package var seconds: Double

    package init(
      _ part: RunPart, isWhole: Bool = true, stamps: [FileStamp]? = nil, notes: MappingNotes, ledgerEnd: Int = 0,
      seconds: Double = 0
    ) {
      self.part = part
      self.stamps = stamps
      self.isWhole = isWhole
      self.notes = notes
      self.ledgerEnd = ledgerEnd
      self.seconds = seconds
    }
  }

  package struct Loaded: Sendable, Hashable, Codable {
    package var part: RunPart
    /// The outcomes of its staged records.
    package var counts: OutcomeCounts
    /// Its files; how many is up to the destination.
    package var files: [Name]
    /// Of the files once they had been published; nil: an earlier version did not note them.
    package var stamps: [FileStamp]?
    /// True: the part did not reach its target; the files are in the run's folder.
    package var isKept: Bool
    /// False: something failed after records had reached the target; a failure follows.
    package var isWhole: Bool
    /// Why an incremental destination was stopped: the records that it did not take are pending, and the part is loaded again when
    /// the run is resumed. The run goes on.
    package var failure: Failure?
    /// Nil: no sample of the records is read back, or an earlier version wrote the fact.
    package var verified: VerifyCounts?
    /// The requests to GHL locations by the step that loaded the part, and by earlier steps without a fact for
    /// them. Only the first part of a step has this.
    package var requests: Quota?
    package var notes: MappingNotes
    package var ledgerEnd: Int
    package var seconds: Double

    package init(
      _ part: RunPart, counts: OutcomeCounts, files: [Name] = [], stamps: [FileStamp]? = nil, isKept: Bool = false,
      isWhole: Bool = true,
      failure: Failure? = nil, verified: VerifyCounts? = nil, notes: MappingNotes? = nil, ledgerEnd: Int = 0, seconds: Double = 0
    ) {
      self.part = part
      self.counts = counts
      self.files = files
      self.stamps = stamps
      self.isKept = isKept
      self.isWhole = isWhole
      self.failure = failure
      self.verified = verified
      self.notes = notes ?? MappingNotes(part.mapping)
      self.ledgerEnd = ledgerEnd
      self.seconds = seconds
    }
  }

  /// The outcomes of all of a mapping's items at one destination.
  package struct PartOutcomes: Sendable, Hashable, Codable {
    package var part: RunPart
    package var counts: OutcomeCounts
    /// Items that were to be replayed and that today's mapping does not make any more; nil if the run is not a replay.
    package var missing: Int?

    package init(_ part: RunPart, _ counts: OutcomeCounts, missing: Int? = nil) {
      self.part = part
      self.counts = counts
      self.missing = missing
    }
  }

  /// An `OperationFailure` without the error below it.
  package struct Failure: Sendable, Hashable, Codable {
    package var code: OperationFailure.Code
    package var message: String
    package var retryAfterSeconds: Int?

    package init(_ failure: OperationFailure) {
      code = failure.code
      message = failure.description
      retryAfterSeconds = failure.retryAfterSeconds
    }

    /// The same failure in other words.
    func saying(_ message: String) -> Failure {
      var other = self
      other.message = message
      return other
    }
  }
}

/// How the items of a mapping ended in its transform.
package struct MappingCounts: Sendable, Hashable, Codable {
  package var mapping: Name
  package var read: Int
  package var written: Int
  package var filtered: Int
  package var merged: Int
  package var rejected: Int
  package var warnings: Int
  /// Problems by their names in ledger lines.
  package var codes: [String: Int]
  /// Where the mapping's lines begin in the ledger, in bytes.
  package var ledgerStart: Int
  /// Notes about the mapping's input as a whole; nil in facts of earlier versions.
  package var notes: [String]?

  package init(
    _ mapping: Name, read: Int = 0, written: Int = 0, filtered: Int = 0, merged: Int = 0, rejected: Int = 0, warnings: Int = 0,
    codes: [String: Int] = [:], ledgerStart: Int = 0, notes: [String]? = nil
  ) {
    self.mapping = mapping
    self.notes = notes
    self.read = read
    self.written = written
    self.filtered = filtered
    self.merged = merged
    self.rejected = rejected
    self.warnings = warnings
    self.codes = codes
    self.ledgerStart = ledgerStart
  }

  /// Items that have no outcome, or several; anything but 0 is a fault in the transform.
  package var lost: Int { read - written - filtered - merged - rejected }
}

/// Ledger lines about a mapping that its transform does not count.
package struct MappingNotes: Sendable, Hashable, Codable {
  package var mapping: Name
  /// Problems by their names in ledger lines.
  package var codes: [String: Int]
  package var warnings: Int

  package init(_ mapping: Name, codes: [String: Int] = [:], warnings: Int = 0) {
    self.mapping = mapping
    self.codes = codes
    self.warnings = warnings
  }

  package mutating func add(_ code: String, _ severity: Severity) {
    codes[code, default: 0] += 1
    if severity == .warning { warnings += 1 }
  }
}
