import Control
import Core
import Files
import FoundationEssentials
import PipelineFile
import Profiles
import Records
import State

/// What a finished run has left that gates can be judged by: its summary, and what its folder still has.
struct PastRun {
  private let summary: JSONValue
  private let folder: RunFolder
  private let document: PipelineDocument
  private let record: GateRecord?
  private let state: RunState?
  private let comparisons: [RunPart: GateJudge.Comparison]

  init(_ summary: JSONValue, folder: RunFolder, document: PipelineDocument) {
    self.summary = summary
    self.folder = folder
    self.document = document
    record = GateRecord(in: folder)
    state = (try? folder.knownState()) ?? nil
    comparisons = Reconciliation(in: folder).comparisons
  }

  /// A load of target records is a part of what a destination has, unless it replaces a whole file or table.
  var isPartOfLoad: Bool {
    summary["input"]?.stringValue != nil && entities.allSatisfy { $0.loads.allSatisfy { $0.delivery == .incremental } }
  }

  var run: GateJudge.RunFacts {
    if let record { return record.run }
    let requests = summary["requests"]
    return .init(
      quotaRemaining: requests?["quota_remaining"]?.intValue, isQuotaKnown: requests?["made"]?.intValue ?? 0 > 0)
  }

  /// As they were before the load.
  var facts: [GateJudge.Facts] {
    entities.map { entity in
      var facts = entity
      let known = record?.mappings[Name(entity.mapping)]
      let coverage = coverage(of: entity.mapping)
      facts.fetched = known?.fetched ?? coverage?.count
      facts.expected = known?.expected ?? coverage?.of
      facts.unknown = known?.unknown ?? 0
      (facts.last, facts.isLastKnown) = (known?.last, known != nil)
      if let known { (facts.warnings, facts.codes, facts.ages) = (known.warnings, known.codes, known.ages) }
      facts.fields = (known?.fields ?? [:]).merging(profiled(entity.mapping)) { recorded, profiled in
        var count = recorded
        count.distinct = recorded.distinct ?? profiled.distinct
        return count
      }
      return facts
    }
  }

  /// As they are after it.
  var loadFacts: [GateJudge.Facts] { entities }

  private var entities: [GateJudge.Facts] {
    (summary["entities"]?.objectValue ?? []).map { entity in
      let destinations = (entity.value["destinations"]?.objectValue ?? []).map { (name: $0.name, counts: counts($0.value)) }
      let written = destinations.map { one in Outcome.letThrough.map { one.counts[$0] }.reduce(0, +) }.max() ?? 0
      var facts = GateJudge.Facts(
        mapping: entity.name, read: entity.value["read"]?.intValue ?? 0, written: written,
        rejected: destinations.map { $0.counts[.rejected] }.max() ?? 0, fetched: nil, expected: nil)
      if destinations.isEmpty, let counts = state?.counts(of: Name(entity.name)) {
        (facts.written, facts.rejected) = (counts.written, counts.rejected)
      }
      facts.warnings = entity.value["warnings"]?.intValue ?? 0
      facts.codes = (entity.value["codes"]?.objectValue ?? []).reduce(into: [:]) { $0[$1.name] = $1.value.intValue }
      facts.loads = destinations.map { one in
        let part = RunPart(mapping: Name(entity.name), destination: Name(one.name))
        return GateJudge.Load(
          one.name, delivery(of: one.name, one.counts), counts: one.counts, obstacle: obstacle(of: part, one.counts),
          comparison: comparisons[part])
      }
      return facts
    }
  }

  private func counts(_ json: JSONValue) -> OutcomeCounts {
    Outcome.allCases.reduce(into: OutcomeCounts()) { $0[$1] = json[$1.rawValue]?.intValue ?? 0 }
  }

  /// Of a destination that the pipeline no longer has, as its outcomes tell.
  private func delivery(of destination: String, _ counts: OutcomeCounts) -> DestinationTraits.Delivery {
    if let found = document.destinations.first(where: { $0.name.isExactly(destination) }) { return found.kind.delivery }
    return [.created, .updated, .unchanged, .failed].contains { counts[$0] > 0 } ? .incremental : .atomic
  }

  private func obstacle(of part: RunPart, _ counts: OutcomeCounts) -> String? {
    if summary["forecast"] != nil { return GateJudge.Load.dryRun }
    if let state { return state.loadObstacle(of: part) }
    return (Outcome.loaded + [.failed]).contains { counts[$0] > 0 } || counts[.pending] == 0 ? nil : GateJudge.Load.notLoaded
  }

  /// As a gate of the run was judged by it.
  private func coverage(of mapping: String) -> (count: Int, of: Int)? {
    for gate in summary["gates"]?.arrayValue ?? []
    where gate["gate"]?.stringValue == "coverage" && gate["mapping"]?.stringValue?.isExactly(mapping) == true {
      if let count = gate["count"]?.intValue, let of = gate["of"]?.intValue { return (count, of) }
    }
    return nil
  }

  /// The target fields of the mapping's profile; empty if the run has none.
  private func profiled(_ mapping: String) -> [Name: GateFieldCount] {
    let path = "\(folder.path)/profiles/\(SortableName.safe(mapping)).json"
    guard let bytes = FileManager.default.contents(atPath: path), let target = ProfileDocument.read(Array(bytes))?.target else {
      return [:]
    }
    return target.fields.reduce(into: [:]) { found, field in
      found[Name(field.name)] = GateFieldCount(
        records: target.records, present: field.filled, null: field.nulls, blank: field.blanks,
        distinct: field.distinct.flatMap { $0.isExact ? $0.estimate : nil })
    }
  }
}
