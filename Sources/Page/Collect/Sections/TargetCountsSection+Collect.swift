import Core
import Report

extension TargetCountsSection {
  mutating func add(_ run: RunMaterial) {
    for mapping in run.summary?.mappings ?? [] {
      for destination in mapping.destinations {
        var row = Row(run: run.id, mapping: mapping.name, destination: destination.name, accepted: destination.arrived)
        if let part = run.reconciledPart(mapping.name, destination.name) {
          row.loaded = part["loaded"]?.intValue
          row.stored = part["stored"]?.intValue
          row.difference = row.stored.flatMap { stored in row.loaded.map { stored - $0 } }
          row.readBy = part["by"]?.stringValue
          row.reconciled = part["time"]?.stringValue ?? run.reconciliation?["time"]?.stringValue
        }
        if let verified = destination.verified, verified.objectValue != nil {
          func count(_ member: String) -> Int { verified[member]?.intValue ?? 0 }
          row.verified = Verified(
            records: count("records"), drifted: count("drifted"), missing: count("missing"), resent: count("resent"),
            notRead: count("not_read"))
        }
        rows.append(row)
      }
    }
    if run.reconciliation == nil {
      missing.append(
        .init(run: run.id, text: "The destinations have not been read back: run `waybill reconcile \(run.id)`."))
    }
  }
}

extension RunMaterial {
  var reconciledParts: [JSONValue] { reconciliation?["parts"]?.arrayValue ?? [] }

  /// What `waybill reconcile` has found of a mapping at a destination.
  func reconciledPart(_ mapping: String, _ destination: String) -> JSONValue? {
    reconciledParts.first {
      $0["mapping"]?.stringValue?.isExactly(mapping) == true && $0["destination"]?.stringValue?.isExactly(destination) == true
    }
  }

  /// The control totals of a mapping, and of what a destination accepted of it.
  func totals(of mapping: String) -> JSONValue? {
    totals?["mappings"]?.arrayValue?.first { $0["mapping"]?.stringValue?.isExactly(mapping) == true }
  }
}
