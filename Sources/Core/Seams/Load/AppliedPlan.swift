/// What a dry run predicted for the records of a part. A load that applies it does exactly that, or stops.
package protocol AppliedPlan: Sendable {
  /// The run that predicted it.
  var run: String { get }
  /// It was predicted from what the destination had, not only from what the journal knew.
  var comparesDestination: Bool { get }

  /// The version of a file that is to be replaced, as it was found before anything was written; nil: the target is not a file.
  var target: TargetVersion? { get }

  /// Nil if nothing was predicted for the record.
  func outcome(of ordinal: UInt64) -> Outcome?

  /// Why the record was predicted to fail; nil if it was not.
  func problem(of ordinal: UInt64) -> ProblemCode?

  /// Whether this is what was predicted for the record.
  func predicts(_ forecast: Forecast, of ordinal: UInt64) -> Bool

  /// Whether the target was predicted to lose the record with this key.
  func predictsRemoval(_ key: Name) -> Bool
}

extension OperationFailure {
  /// A destination is no longer as a dry run found it.
  package static func differs(
    _ run: String, mapping: String, destination: String, key: Name?, _ why: String
  ) -> OperationFailure {
    OperationFailure(
      .differs,
      "run \(run) stops at '\(mapping)'\(key.map { " " + VisibleText.escaped($0.text) } ?? "") ('\(destination)'): \(why): run again with --dry-run"
    )
  }
}
