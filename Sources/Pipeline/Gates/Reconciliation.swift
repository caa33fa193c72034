import Control
import Core
import Report
import State

/// What the last `waybill reconcile` of a run found, as far as gates ask; nothing if there was none, or its result cannot be read.
struct Reconciliation {
  private(set) var comparisons: [RunPart: GateJudge.Comparison] = [:]

  init(in folder: RunFolder) {
    guard let document = (try? ReconcileDocument.read(folder.reconciliation)) ?? nil else { return }
    for part in document.parts { add(part) }
    // A destination that could not be read was not compared.
    let missing = document.failures.map { ($0.destination, $0.mapping) } + document.notLoaded.map { ($0.destination, $0.mapping) }
    for (destination, mapping) in missing {
      let name = RunPart(mapping: Name(mapping), destination: Name(destination))
      comparisons[name, default: .init(loaded: 0, differences: 0, totals: 0)].isComplete = false
    }
  }

  /// Several locations of a part add up. Records without a key are no differences, as in the report of the comparison.
  private mutating func add(_ part: ReconcileDocument.Part) {
    let name = RunPart(mapping: Name(part.mapping), destination: Name(part.destination))
    var found = comparisons[name] ?? .init(loaded: 0, differences: 0, totals: 0)
    found.loaded += part.loaded.records
    found.differences += part.missing + (part.extra ?? 0) + part.different + part.duplicate
    found.totals += part.unequalTotals
    // The kept records are no longer those that were loaded.
    if part.matchesTotals == false { found.totals += 1 }
    if !part.isComplete { found.isComplete = false }
    comparisons[name] = found
  }
}
