import Core

/// What makes the summary of a run fit on a screen of 24 lines: a verdict in words, and what is in order takes as little room as
/// possible. `waybill runs show` prints all of it.
extension RunSummaryText {
  /// More rows than this are folded: two destinations of four mappings fit.
  private static let mostRows = 8
  /// With more mappings, the most frequent codes are a line and not a table.
  private static let fewMappings = 2

  static func isDense(_ entities: JSONValue?) -> Bool { (entities?.objectValue ?? []).count > fewMappings }

  // MARK: Verdict

  /// `: 4 mappings, 3,520 read, 3,503 written, 17 rejected`; empty for a run that has not read anything.
  ///
  /// What the mappings did is counted once for each item, and what the destinations did not accept at each of them. Where they did not
  /// accept the same number, only the table says how many each has.
  static func verdict(of entities: JSONValue?) -> String {
    let mappings = entities?.objectValue ?? []
    let read = mappings.reduce(0) { $0 + ($1.value["read"]?.intValue ?? 0) }
    guard read > 0 else { return "" }
    var parts = [Wording.count(mappings.count, "mapping"), "\(Wording.count(read)) read"]
    if let loaded = loaded(mappings) { parts.append(loaded) }
    for outcome in [Outcome.removed, .filtered, .merged, .rejected, .failed, .pending] {
      let items = mappings.reduce(0) { sum, mapping in
        let counts = destinations(of: mapping.value).map { count(outcome, at: $0) }
        return sum + (outcome == .failed || outcome == .pending ? counts.reduce(0, +) : counts.max() ?? 0)
      }
      if items > 0 { parts.append("\(Wording.count(items)) \(outcome.rawValue)") }
    }
    return ": " + parts.joined(separator: ", ")
  }

  /// `3,503 written`; nil if the destinations of a mapping have accepted different numbers of items.
  private static func loaded(_ mappings: [JSONValue.Member]) -> String? {
    var counts: [Outcome: Int] = [:]
    var total = 0
    for mapping in mappings {
      let destinations = destinations(of: mapping.value)
      let sums = destinations.map { one in Outcome.loaded.reduce(0) { $0 + count($1, at: one) } }
      guard Set(sums).count < 2 else { return nil }
      total += sums.first ?? 0
      for one in destinations { for outcome in Outcome.loaded { counts[outcome, default: 0] += count(outcome, at: one) } }
    }
    let used = Outcome.loaded.filter { counts[$0] ?? 0 > 0 }
    return "\(Wording.count(total)) \(used.count == 1 ? used[0].rawValue : used.isEmpty ? "written" : "loaded")"
  }

  // MARK: Table

  /// The entities with at most `mostRows` rows: mappings with problems stay, and the others become one.
  static func folded(_ entities: JSONValue?) -> JSONValue? {
    let mappings = entities?.objectValue ?? []
    func rows(_ mapping: JSONValue.Member) -> Int { max(1, destinations(of: mapping.value).count) }
    guard mappings.reduce(0, { $0 + rows($1) }) > mostRows else { return entities }
    // The sums of the others need a row for each destination.
    let names = mappings.flatMap { destinations(of: $0.value).map(\.name) }
    var left = mostRows - Set(names.map { Name($0) }).count
    let order = mappings.indices.sorted { (problems(mappings[$0].value), $1) > (problems(mappings[$1].value), $0) }
    var kept: Set<Int> = []
    for index in order {
      left -= rows(mappings[index])
      guard left >= 0, problems(mappings[index].value) > 0 else { break }
      kept.insert(index)
    }
    let rest = mappings.indices.filter { !kept.contains($0) }.map { mappings[$0] }
    guard rest.count > 1 else { return entities }
    let title = kept.isEmpty ? "all \(rest.count)" : "\(rest.count) more"
    return .object(mappings.indices.filter { kept.contains($0) }.map { mappings[$0] } + [.init(title, sum(of: rest))])
  }

  /// Items that did not arrive, at any destination.
  private static func problems(_ mapping: JSONValue) -> Int {
    destinations(of: mapping).reduce(0) { sum, one in
      [Outcome.rejected, .failed, .pending].reduce(sum) { $0 + count($1, at: one) }
    }
  }

  /// A destination has a `read` of its own, that of the mappings with this destination, so that its row adds up.
  private static func sum(of mappings: [JSONValue.Member]) -> JSONValue {
    var all: [(name: String, read: Int, counts: [Outcome: Int])] = []
    for mapping in mappings {
      for destination in destinations(of: mapping.value) {
        let index = all.firstIndex { $0.name.isExactly(destination.name) } ?? all.count
        if index == all.count { all.append((destination.name, 0, [:])) }
        all[index].read += mapping.value["read"]?.intValue ?? 0
        for outcome in Outcome.allCases { all[index].counts[outcome, default: 0] += count(outcome, at: destination) }
      }
    }
    func total(_ name: String) -> JSONValue { .number(mappings.reduce(0) { $0 + ($1.value[name]?.intValue ?? 0) }) }
    return .object([
      .init("read", total("read")),
      .init(
        "destinations",
        .object(
          all.map { one in
            let counts = Outcome.allCases.map { JSONValue.Member($0.rawValue, .number(one.counts[$0] ?? 0)) }
            return .init(one.name, .object([.init("read", .number(one.read))] + counts))
          })), .init("warnings", total("warnings")),
    ])
  }

  // MARK: Gates and codes

  /// Gates that passed are only counted.
  static func foldedGates(_ gates: JSONValue?, fitting width: Int?) -> String {
    let all = gates?.arrayValue ?? []
    let open = all.filter { !hasPassed($0) }
    let passed = all.count - open.count
    guard passed > 0 else { return self.gates(gates, fitting: width) }
    let count = open.isEmpty ? Wording.count(passed, "gate") : Wording.count(passed, "other gate")
    return self.gates(.array(open), fitting: width) + "\(count) passed\n"
  }

  private static func hasPassed(_ gate: JSONValue) -> Bool {
    if let verdict = gate["verdict"]?.stringValue { return verdict.isExactly("passed") }
    return gate["judged"]?.boolValue != false && gate["passed"]?.boolValue == true
  }

  /// The codes of many mappings on one line instead of in a table: `codes: required 17 (contacts), …`; nil if there is room for a table.
  static func line(of rows: [(mapping: String, code: String, count: Int)], in entities: JSONValue?) -> String? {
    guard isDense(entities) else { return nil }
    let codes = rows.prefix(5).map { "\($0.code) \(Wording.count($0.count)) (\($0.mapping))" }
    let rest = rows.count - codes.count
    let more = rest > 0 ? ", and \(Wording.count(rest, "more code")): waybill ledger" : ""
    return "most frequent: \(codes.joined(separator: ", "))\(more)\n"
  }

  private static func destinations(of mapping: JSONValue) -> [JSONValue.Member] { mapping["destinations"]?.objectValue ?? [] }

  private static func count(_ outcome: Outcome, at destination: JSONValue.Member) -> Int {
    destination.value[outcome.rawValue]?.intValue ?? 0
  }
}
