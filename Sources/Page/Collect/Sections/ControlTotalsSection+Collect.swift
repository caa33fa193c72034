import Core

extension ControlTotalsSection {
  private static let mostRows = 600

  mutating func add(_ run: RunMaterial) {
    if run.totals == nil {
      missing.append(
        .init(run: run.id, text: "Control totals are not recorded: an earlier version made the run, or nothing was staged."))
    }
    if run.reconciliation == nil {
      missing.append(
        .init(
          run: run.id, text: "The totals of the destinations are not known: run `waybill reconcile \(run.id)`."))
    }
    for mapping in run.summary?.mappings ?? [] {
      let totals = run.totals(of: mapping.name)
      for destination in mapping.destinations {
        let target = totals?["destinations"]?.arrayValue?.first {
          $0["destination"]?.stringValue?.isExactly(destination.name) == true
        }
        let part = run.reconciledPart(mapping.name, destination.name)
        guard target != nil || part != nil else { continue }
        rows.rows += Self.rows(run.id, mapping.name, destination.name, source: totals?["source"], target: target, part)
      }
    }
  }

  mutating func close() {
    unequal = rows.rows.count { $0.isEqual == false }
    // Those that differ must be on the page.
    let ordered =
      rows.rows.count > Self.mostRows
      ? rows.rows.filter { $0.isEqual == false } + rows.rows.filter { $0.isEqual != false } : rows.rows
    rows = PageList(ordered, limit: Self.mostRows)
  }

  /// - Parameters:
  ///   - target: of `totals.json`: what the run's load was accepted with.
  ///   - part: of `reconcile.json`: what should be there from all runs, and what is.
  private static func rows(
    _ run: String, _ mapping: String, _ destination: String, source: JSONValue?, target: JSONValue?, _ part: JSONValue?
  ) -> [Row] {
    // The part may be about several runs; then only its own two sides can be compared.
    let isComparable = part?["comparable_with_totals"]?.boolValue ?? false
    func row(
      _ measure: Measure, _ field: String? = nil, source: JSONValue? = nil, target: JSONValue?, loaded: JSONValue?,
      stored: JSONValue?
    ) -> Row? {
      let (own, expected, found) = (text(target), text(loaded), text(stored))
      let side = part == nil || isComparable ? own ?? expected : expected ?? own
      guard side != nil || found != nil || text(source) != nil else { return nil }
      var row = Row(run: run, mapping: mapping, destination: destination, measure: measure, field: field)
      (row.source, row.target, row.stored) = (text(source), side, found)
      if let side, let found { row.isEqual = side.isExactly(found) }
      return row
    }
    func sides(_ member: String) -> (loaded: JSONValue?, stored: JSONValue?) {
      (part?[member]?["loaded"], part?[member]?["stored"])
    }
    let (keys, digest) = (sides("distinct_keys"), sides("digest"))
    var found = [
      row(
        .records, source: source?["records"], target: target?["records"], loaded: part?["loaded"], stored: part?["stored"]),
      row(
        .distinctKeys, source: source?["distinct_keys"], target: target?["distinct_keys"], loaded: keys.loaded,
        stored: keys.stored),
      row(.hash, source: source?["digest"], target: target?["digest"], loaded: digest.loaded, stored: digest.stored),
    ]
    for field in names(target?["sums"], part?["totals"]) {
      let (own, other) = (entry(target?["sums"], field), entry(part?["totals"], field))
      found.append(
        row(
          .withValue, field, target: own?["records"], loaded: other?["records"]?["loaded"],
          stored: other?["records"]?["stored"]))
      found.append(
        row(.sum, field, target: own?["sum"], loaded: other?["sum"]?["loaded"], stored: other?["sum"]?["stored"]))
    }
    for field in names(target?["dates"], part?["dates"]) {
      let (own, other) = (entry(target?["dates"], field), entry(part?["dates"], field))
      for (measure, member) in [(Measure.earliest, "earliest"), (.latest, "latest")] {
        found.append(
          row(measure, field, target: own?[member], loaded: other?[member]?["loaded"], stored: other?[member]?["stored"]))
      }
    }
    return found.compactMap(\.self)
  }

  private static func text(_ value: JSONValue?) -> String? {
    switch value {
    case .string(let text)?: text.isEmpty ? nil : text
    case .number(let digits)?: digits
    default: nil
    }
  }

  private static func names(_ lists: JSONValue?...) -> [String] {
    var names: [String] = []
    for field in lists.flatMap({ $0?.arrayValue ?? [] }).compactMap({ $0["field"]?.stringValue })
    where !names.contains(exactly: field) { names.append(field) }
    return names
  }

  private static func entry(_ list: JSONValue?, _ field: String) -> JSONValue? {
    list?.arrayValue?.first { $0["field"]?.stringValue?.isExactly(field) == true }
  }
}
