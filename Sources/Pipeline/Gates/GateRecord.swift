import Control
import Core
import Files
import FoundationEssentials
import Records
import State

/// `gates.json` of a run: what was known when its gates were judged, so that they can be judged again. Numbers only.
struct GateRecord {
  private static let version = 1

  var run = GateJudge.RunFacts()
  /// By mapping. Only what the summary does not say.
  var mappings: [Name: GateJudge.Facts] = [:]

  init(_ run: GateJudge.RunFacts, _ facts: [GateJudge.Facts]) {
    self.run = run
    for fact in facts { mappings[Name(fact.mapping)] = fact }
  }

  /// Nil if the run did not record it, or the file is damaged: it is then not recorded.
  init?(in folder: RunFolder) {
    guard let bytes = FileManager.default.contents(atPath: folder.gateFacts), let json = try? JSONReader.read(Array(bytes)),
      let version = json["version"]?.intValue, version <= Self.version
    else { return nil }
    run = .init(
      quotaRemaining: json["quota_remaining"]?.intValue, isQuotaKnown: json["quota_known"]?.boolValue ?? false,
      snapshotAge: json["snapshot_age_seconds"]?.intValue)
    for mapping in json["mappings"]?.arrayValue ?? [] {
      if let facts = Self.facts(mapping) { mappings[Name(facts.mapping)] = facts }
    }
  }

  func write(to folder: RunFolder) throws {
    let file = try OutputFile(path: folder.gateFacts, mode: 0o600)
    try file.write(Redactor.process.redacted(json).prettyText)
    try file.commit()
  }

  private var json: JSONValue {
    .object([
      .init("version", .number(Self.version)), .init("quota_remaining", Self.number(run.quotaRemaining)),
      .init("quota_known", .bool(run.isQuotaKnown)), .init("snapshot_age_seconds", Self.number(run.snapshotAge)),
      .init("mappings", .array(mappings.sorted { $0.key < $1.key }.map { Self.json($0.value) })),
    ])
  }

  private static func json(_ facts: GateJudge.Facts) -> JSONValue {
    var members: [JSONValue.Member] = [
      .init("mapping", .string(facts.mapping)), .init("fetched", number(facts.fetched)),
      .init("expected", number(facts.expected)),
      .init("unknown", .number(facts.unknown)), .init("warnings", .number(facts.warnings)),
      .init("codes", .object(facts.codes.sorted { Name($0.key) < Name($1.key) }.map { .init($0.key, .number($0.value)) })),
    ]
    if let last = facts.last {
      members.append(.init("last", .object([.init("run", .string(last.run)), .init("count", .number(last.count))])))
    }
    let fields = facts.fields.sorted { $0.key < $1.key }.map { name, count in
      var members: [JSONValue.Member] = [
        .init("field", .string(name.text)), .init("records", .number(count.records)), .init("present", .number(count.present)),
        .init("null", .number(count.null)), .init("blank", .number(count.blank)),
      ]
      if let distinct = count.distinct { members.append(.init("distinct", .number(distinct))) }
      if let age = facts.ages[name] { members.append(.init("newest_age_seconds", .number(age))) }
      return JSONValue.object(members)
    }
    members.append(.init("fields", .array(fields)))
    return .object(members)
  }

  private static func facts(_ json: JSONValue) -> GateJudge.Facts? {
    guard let mapping = json["mapping"]?.stringValue else { return nil }
    var facts = GateJudge.Facts(
      mapping: mapping, read: 0, rejected: 0, fetched: json["fetched"]?.intValue, expected: json["expected"]?.intValue,
      unknown: json["unknown"]?.intValue ?? 0)
    facts.warnings = json["warnings"]?.intValue ?? 0
    facts.codes = (json["codes"]?.objectValue ?? []).reduce(into: [:]) { $0[$1.name] = $1.value.intValue }
    if let run = json["last"]?["run"]?.stringValue, let count = json["last"]?["count"]?.intValue {
      facts.last = .init(run: run, count: count)
    }
    for field in json["fields"]?.arrayValue ?? [] {
      guard let name = field["field"]?.stringValue.map({ Name($0) }), let records = field["records"]?.intValue,
        let present = field["present"]?.intValue
      else { continue }
      facts.fields[name] = GateFieldCount(
        records: records, present: present, null: field["null"]?.intValue ?? 0, blank: field["blank"]?.intValue ?? 0,
        distinct: field["distinct"]?.intValue)
      facts.ages[name] = field["newest_age_seconds"]?.intValue
    }
    return facts
  }

  private static func number(_ value: Int?) -> JSONValue { value.map { .number($0) } ?? .null }
}
