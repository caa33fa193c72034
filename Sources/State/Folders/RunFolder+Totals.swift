extension RunFolder {
  /// The control totals of the run: what was read, and what each destination has accepted.
  package var totals: String { "\(path)/totals.json" }
  /// What the last `waybill reconcile` of the run has found.
  package var reconciliation: String { "\(path)/reconcile.json" }
}
