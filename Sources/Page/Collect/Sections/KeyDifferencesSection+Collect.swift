import Core

extension KeyDifferencesSection {
  private static let mostExamples = 100

  mutating func add(_ run: RunMaterial) {
    guard let reconciliation = run.reconciliation else {
      missing.append(
        .init(
          run: run.id,
          text: "The records at the destinations have not been compared: run `waybill reconcile \(run.id)`."))
      return
    }
    for part in run.reconciledParts {
      func count(_ member: String) -> Int { part[member]?.intValue ?? 0 }
      guard let mapping = part["mapping"]?.stringValue, let destination = part["destination"]?.stringValue else { continue }
      let row = Row(
        run: run.id, mapping: mapping, destination: destination, missing: count("missing"), extra: part["extra"]?.intValue,
        different: count("different"), duplicate: count("duplicate"), withoutKey: count("without_key"),
        notRead: count("not_read"), uncertain: count("uncertain"), isEqual: true)
      rows.append(row)
      rows[rows.count - 1].isEqual = part["equal"]?.boolValue ?? row.hasNoDifference
    }
    for failure in reconciliation["failed"]?.arrayValue ?? [] {
      let (mapping, destination) = (failure["mapping"]?.stringValue ?? "?", failure["destination"]?.stringValue ?? "?")
      missing.append(
        .init(
          run: run.id,
          text:
            "\(mapping) at '\(destination)' could not be compared: \(failure["message"]?.stringValue ?? "no reason is recorded")")
      )
    }
    let lines = reconciliation["differences"]?.arrayValue ?? []
    examples.rows += lines.prefix(Self.mostExamples).map { Example($0, run: run.id) }
    examples.total += max(reconciliation["count"]?.intValue ?? lines.count, lines.count)
    if examples.omitted > 0 { examples.command = PageText.command(["waybill", "reconcile", run.id]) }
  }
}

extension KeyDifferencesSection.Row {
  fileprivate var hasNoDifference: Bool { missing == 0 && (extra ?? 0) == 0 && different == 0 && duplicate == 0 }
}

extension KeyDifferencesSection.Example {
  fileprivate init(_ line: JSONValue, run: String) {
    func text(_ value: JSONValue?) -> String? { value.flatMap { $0 == .null ? nil : $0.stringValue ?? $0.text } }
    self.init(
      run: run, mapping: line["mapping"]?.stringValue ?? "", destination: line["destination"]?.stringValue ?? "",
      what: line["what"]?.stringValue ?? "", key: line["key"]?.stringValue, field: line["field"]?.stringValue,
      loaded: text(line["loaded"]), stored: text(line["stored"]))
  }
}
