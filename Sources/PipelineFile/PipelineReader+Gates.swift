import Control
import Core
import Mapping
import Report
import Settings

/// `gates`.
extension PipelineReader {
  mutating func readGates(_ node: YAMLNode) -> [GateDocument] {
    guard let entries = node.entries("gates", &diagnostics) else { return [] }
    checkKeys(node, "gates", PipelineKeywords.gates)
    var gates: [GateDocument] = []
    for entry in entries {
      switch entry.key {
      case "complete", "unique":
        for field in fields(entry) { gates += readField(entry.key, field).map { [$0] } ?? [] }
      default: for one in each(entry) { gates += readGate(one).map { [$0] } ?? [] }
      }
    }
    return gates + standardWritten(besides: gates, node)
  }

  private mutating func fields(_ entry: YAMLEntry) -> [YAMLEntry] {
    guard let fields = entry.value.entries("gates.\(entry.key)", &diagnostics) else { return [] }
    if fields.isEmpty {
      entry.value.reportWrongKind("gates.\(entry.key)", wanted: "a map of at least one field", &diagnostics)
    }
    return fields
  }

  /// One map, or each map of a list.
  private mutating func each(_ entry: YAMLEntry) -> [YAMLEntry] {
    guard let elements = entry.value.elements else { return [entry] }
    if elements.isEmpty {
      entry.value.reportWrongKind("gates.\(entry.key)", wanted: "a map, or a list of at least one map", &diagnostics)
    }
    return elements.map { YAMLEntry(key: entry.key, keyPlace: $0.place, value: $0) }
  }

  /// The defaults apply to mappings that no `written` is about.
  private func standardWritten(besides gates: [GateDocument], _ node: YAMLNode) -> [GateDocument] {
    guard node["written"] != nil else { return [.standardWritten] }
    let own = gates.filter { $0.name == "written" }
    guard !own.isEmpty, own.allSatisfy({ $0.mappings != nil }) else { return [] }
    var gate = GateDocument.standardWritten
    gate.exempt = own.flatMap { $0.mappings ?? [] }
    return [gate]
  }

  private mutating func readGate(_ entry: YAMLEntry) -> GateDocument? {
    switch entry.key {
    case "read":
      read(entry, PipelineKeywords.read) { reader, node, what in
        node["min"].flatMap { reader.integer($0, "\(what).min", in: 0 ... .max) }.map { .read(min: $0) }
      }
    case "coverage":
      read(entry, PipelineKeywords.coverage) { reader, node, what in
        let records = reader.count(node, "min_records", what)
        return node["min_percent"].flatMap { reader.percent($0, "\(what).min_percent") }.map {
          .coverage(minPercent: $0, minRecords: records ?? 0)
        }
      }
    case "rejected":
      read(entry, PipelineKeywords.rejected) { reader, node, what in
        reader.ceiling(node, what, entry.keyPlace).map {
          .rejected(maxPercent: $0.maxPercent, minRecords: $0.minRecords, max: $0.max)
        }
      }
    case "written": readWritten(entry)
    case "warnings": readWarnings(entry)
    case "orphans": readLimits(entry) { .orphans($0) }
    case "failed": readLimits(entry) { .failed($0) }
    case "pending": readLimits(entry) { .pending($0) }
    case "reconciled": readLimits(entry) { .reconciled($0) }
    case "control_totals":
      read(entry, PipelineKeywords.count) { reader, node, what in reader.count(node, "max", what).map { .controlTotals(max: $0) }
      }
    case "quota":
      read(entry, PipelineKeywords.quota) { reader, node, what in reader.count(node, "min", what).map { .quota(min: $0) } }
    case "freshness": readFreshness(entry)
    default: nil
    }
  }

  private mutating func readLimits(_ entry: YAMLEntry, _ rule: (GateCeiling) -> GateDocument.Rule) -> GateDocument? {
    read(entry, PipelineKeywords.ceiling) { reader, node, what in reader.ceiling(node, what, entry.keyPlace).map(rule) }
  }

  private mutating func readWritten(_ entry: YAMLEntry) -> GateDocument? {
    read(entry, PipelineKeywords.written) { reader, node, what in
      let min = node["min"].map { reader.integer($0, "\(what).min", in: 0 ... .max) } ?? 1
      let share = node["min_percent_of_last"].map { reader.percent($0, "\(what).min_percent_of_last") } ?? 50
      let most = node["max_percent_of_last"].flatMap {
        reader.number($0, "\(what).max_percent_of_last", in: 0...PipelineKeywords.mostOfLast)
      }
      let records = reader.count(node, "min_records", what)
      guard let min, let share else { return nil }
      if let most, most < share, let place = node["max_percent_of_last"]?.place {
        reader.report(
          .badArgument, at: place,
          "\(what).max_percent_of_last is \(JSONValue.number(most).text), and min_percent_of_last \(JSONValue.number(share).text): no run can pass"
        )
      }
      return .written(min: min, minPercentOfLast: share, maxPercentOfLast: most, minRecords: records ?? 0)
    }
  }

  private mutating func readWarnings(_ entry: YAMLEntry) -> GateDocument? {
    read(entry, PipelineKeywords.warnings) { reader, node, what in
      let code = node["code"].flatMap { reader.text($0, "\(what).code") }
      if let code, let place = node["code"]?.place { reader.checkCode(code, at: place, "\(what).code") }
      return reader.ceiling(node, what, entry.keyPlace, mostPercent: PipelineKeywords.mostWarnings).map {
        .warnings($0, code: code)
      }
    }
  }

  /// Rules of mappings have codes of their own, which contain an underscore or whatever their author likes: only what looks like one of
  /// ours is checked.
  private mutating func checkCode(_ code: String, at place: SourcePlace, _ what: String) {
    let known = ProblemCode.allCases.map(\.slug)
    guard !known.contains(exactly: code), let near = NearestName.hint(code, in: known) else { return }
    diagnostics.add(
      .init(.warning, .unknownWord, at: place, "\(what): there is no code '\(code)', unless a rule has this name", hint: near))
  }

  private mutating func readFreshness(_ entry: YAMLEntry) -> GateDocument? {
    read(entry, PipelineKeywords.freshness) { reader, node, what in
      let seconds = node["max_age"].flatMap { reader.seconds($0, "\(what).max_age", in: 1...Self.mostSeconds) }
      var field: GateField?
      if let node = node["field"] {
        guard let name = reader.text(node, "\(what).field"), let found = reader.field(name, at: node.place, what) else {
          return nil
        }
        field = found
        reader.gateReferences.append(GateReference(gate: entry.key, place: node.place, mappings: [], field: found))
      }
      return seconds.map { .freshness(maxSeconds: $0, field: field) }
    }
  }

  /// A year.
  private static let mostSeconds = 366 * 86_400

  // MARK: Fields

  private mutating func readField(_ gate: String, _ entry: YAMLEntry) -> GateDocument? {
    guard let field = field(entry.key, at: entry.keyPlace, "gates.\(gate)") else { return nil }
    gateReferences.append(GateReference(gate: gate, place: entry.keyPlace, mappings: [], field: field))
    let what = "gates.\(gate).\(entry.key)"
    if gate == "unique" {
      return read(entry, PipelineKeywords.unique, what) { reader, node, what in
        reader.ceiling(node, what, entry.keyPlace).map { .unique(field, $0) }
      }
    }
    return read(entry, PipelineKeywords.complete, what) { reader, node, what in
      let percent = node["min_percent"].flatMap { reader.percent($0, "\(what).min_percent") }
      let (records, most) = (reader.count(node, "min_records", what), reader.count(node, "max", what))
      guard reader.hasLimit(node, what, "min_percent", entry.keyPlace) else { return nil }
      return .complete(field, minPercent: percent, max: most, minRecords: records ?? 0)
    }
  }

  /// `MAPPING.FIELD`; the field may have dots in it.
  private mutating func field(_ text: String, at place: SourcePlace, _ what: String) -> GateField? {
    let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty }) else {
      report(
        .badArgument, at: place, "\(what): '\(text)' does not name a field",
        hint: "write MAPPING.FIELD, for example contacts.email")
      return nil
    }
    return GateField(mapping: Name(parts[0]), name: Name(parts[1]))
  }

  // MARK: What several gates have

  private mutating func read(
    _ entry: YAMLEntry, _ group: KeywordGroup, _ name: String? = nil,
    _ rule: (inout PipelineReader, YAMLNode, String) -> GateDocument.Rule?
  ) -> GateDocument? {
    let (node, what) = (entry.value, name ?? "gates.\(entry.key)")
    guard node.entries(what, &diagnostics) != nil else { return nil }
    checkKeys(node, what, group, at: entry.keyPlace)
    let severity =
      node["severity"].flatMap { word($0, "\(what).severity", oneOf: group.words(of: "severity")) }.flatMap {
        GateDocument.Severity(rawValue: $0)
      } ?? .error
    let message = node["message"].flatMap { text($0, "\(what).message") }
    let mappings = group.keyword("mappings") == nil ? nil : node["mappings"].map { readNames($0, "\(what).mappings") }
    if let mappings {
      gateReferences.append(GateReference(gate: entry.key, place: entry.keyPlace, mappings: mappings))
    } else if ["failed", "pending", "quota"].contains(entry.key) {
      gateReferences.append(GateReference(gate: entry.key, place: entry.keyPlace, mappings: []))
    }
    return rule(&self, node, what).map {
      GateDocument($0, severity: severity, message: message, mappings: mappings?.map { Name($0.name) })
    }
  }

  private mutating func readNames(_ node: YAMLNode, _ what: String) -> [DestinationDocument.NamedPlace] {
    guard let elements = node.elements(what, &diagnostics) else { return [] }
    if elements.isEmpty { node.reportWrongKind(what, wanted: "a list of at least one mapping", &diagnostics) }
    return elements.compactMap { element in
      text(element, "a mapping's name").map { DestinationDocument.NamedPlace(name: $0, place: element.place) }
    }
  }

  private mutating func count(_ node: YAMLNode, _ key: String, _ what: String) -> Int? {
    node[key].flatMap { integer($0, "\(what).\(key)", in: 0 ... .max) }
  }

  /// `max_percent`, `max` or both, with `min_records`.
  private mutating func ceiling(
    _ node: YAMLNode, _ what: String, _ place: SourcePlace, mostPercent: Double = 100
  ) -> GateCeiling? {
    let share = node["max_percent"].flatMap { number($0, "\(what).max_percent", in: 0...mostPercent) }
    let (records, most) = (count(node, "min_records", what), count(node, "max", what))
    guard hasLimit(node, what, "max_percent", place) else { return nil }
    return GateCeiling(maxPercent: share, minRecords: records ?? 0, max: most)
  }

  /// `key` is the share.
  private mutating func hasLimit(_ node: YAMLNode, _ what: String, _ key: String, _ place: SourcePlace) -> Bool {
    if node[key] == nil, node["max"] == nil {
      report(.missingKeyword, at: place, "\(what) needs '\(key)', 'max' or both")
      return false
    }
    if let records = node["min_records"], node[key] == nil {
      report(.badArgument, at: records.place, "\(what).min_records needs '\(key)', for inputs with at least that many records")
    }
    return true
  }
}
