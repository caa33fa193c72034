/// What a dry run predicted for the records of a part. A load that applies it does exactly that, or stops.
package protocol AppliedPlan: Sendable {
  /// The run that predicted it.
  var run: String { get }
  /// It was predicted from what the destination had, not only from what the journal knew.
  var comparesDestination: Bool { get }

  /// Nil if nothing was predicted for the record.
  func outcome(of ordinal: UInt64) -> Outcome?

  /// Whether this is what was predicted for the record.
  func predicts(_ forecast: Forecast, of ordinal: UInt64) -> Bool

  /// Whether the target was predicted to lose the record with this key.
  func predictsRemoval(_ key: Name) -> Bool
}

extension OperationFailure {
  /// A destination is no longer as a dry run found it.
  package static func differs(
    _ run: String, mapping: String, destination: String, key: Name, _ why: String
  ) -> OperationFailure {
    OperationFailure(
      .differs,
      "run \(run) stops at '\(mapping)' \(VisibleText.escaped(key.text)) ('\(destination)'): \(why): run again with --dry-run")
  }
}
