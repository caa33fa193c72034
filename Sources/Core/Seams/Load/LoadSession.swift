/// The load of one part. See `Destination` for the order of the calls.
package protocol LoadSession {
  /// Takes the next records. Returns when there is room for more; the batch is not used after that.
  ///
  /// - Throws: `OperationFailure`, `CancellationError`. The session can then only be closed.
  mutating func submit(_ batch: StagedBatch) async throws

  /// All records have been submitted. Atomic: returns when everything is durable beside the target. Incremental: returns when
  /// the outcome of every record has been reported.
  ///
  /// - Throws: as `submit`.
  mutating func finish() async throws

  /// Incremental destinations only: everything that the session has reported is durable. Called after `finish`, if at all.
  mutating func acknowledge() async

  /// Atomic destinations only: replaces or changes the target, and reports the outcomes. Not called before `finish`.
  ///
  /// - Throws: `OperationFailure`, `CancellationError`; the target is then unchanged, and no outcome has been reported. A
  ///   caller may call it again, which publishes the part or throws again, or close the session and load the part from its
  ///   first record.
  mutating func publish() async throws

  /// Ends the session and removes whatever is no longer needed. An unpublished part leaves no trace. Safe to call twice.
  mutating func close() async

  /// The files at their final paths once the part has been published. Files in `LoadPart.keptIn` count.
  var files: [String] { get }

  /// Atomic destinations only: what the files will be once the part has been published, known after `finish`, as far as it is.
  var stamps: [FileStamp] { get }

  /// Incremental destinations only: why the destination was stopped before every record had been sent, such as an open circuit or
  /// credentials that are not accepted. The session still ends properly: the records that were not sent are reported as pending.
  /// Nil until `finish` has returned, and if nothing stopped it. A run ends with its exit code, loads the destination's other
  /// mappings nevertheless, and can be resumed.
  var failure: OperationFailure? { get }

  /// What reading back a sample of the unchanged records has shown; nil if the part has no such sample. Final once `finish` has
  /// returned.
  var verified: VerifyCounts? { get }

  /// What people should know about a published part, such as a file whose owner could not be restored.
  var warnings: [String] { get }
}

extension LoadSession {
  package mutating func acknowledge() async {}
  package mutating func publish() async throws {}
  package var files: [String] { [] }
  package var stamps: [FileStamp] { [] }
  package var warnings: [String] { [] }
  package var failure: OperationFailure? { nil }
  package var verified: VerifyCounts? { nil }
}
