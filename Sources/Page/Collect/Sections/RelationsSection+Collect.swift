import Core
import Report

extension RelationsSection {
  /// Entities that belong to a contact.
  private static let children: Set<String> = ["task", "note", "appointment"]

  mutating func add(_ run: RunMaterial) {
    for mapping in run.summary?.mappings ?? [] {
      let fields = run.fields[Name(mapping.name)]
      let references = fields?.fields.compactMap(\.references) ?? []
      guard !references.isEmpty || fields?.entity.map({ Self.children.contains($0) }) == true else { continue }
      let ends = run.childEnds[Name(mapping.name)] ?? [:]
      for destination in mapping.destinations {
        let lost = ends[Name(destination.name)] ?? [:]
        let orphans = lost[ProblemCode.orphan.slug] ?? 0
        let waiting = lost[ProblemCode.parentNotLoaded.slug] ?? 0
        let left = destination.counts[.filtered] + destination.counts[.merged]
        rows.append(
          Row(
            run: run.id, mapping: mapping.name, destination: destination.name, parents: references, read: mapping.read,
            arrived: destination.arrived, orphans: orphans, parentNotLoaded: waiting, filtered: left,
            other: mapping.read - destination.arrived - orphans - waiting - left))
      }
    }
    if run.fields.isEmpty, run.summary?.mappings.isEmpty == false {
      missing.append(
        .init(run: run.id, text: "Which mapping refers to which is not recorded: an earlier version made the run."))
    }
  }
}

extension RunMaterial {
  typealias Ends = [Name: [Name: [String: Int]]]

  /// Items that did not arrive because of their parent: by mapping, destination and code of their first error, from `outcomes.ndjson`.
  static func childEnds(in path: String, _ ledger: LedgerFigures) -> Ends {
    // Reading all outcomes takes a second for a million.
    guard ledger.groups.contains(where: { RejectReachSection.codes.contains(exactly: $0.code) }) else { return [:] }
    var ends: Ends = [:]
    let marks = RejectReachSection.codes.map { Array("\"code\":\"\($0)\"".utf8) }
    PageFiles.lines(path, with: marks) { line in
      guard let mapping = line["mapping"]?.stringValue, let destination = line["destination"]?.stringValue,
        let code = line["code"]?.stringValue, RejectReachSection.codes.contains(exactly: code)
      else { return true }
      ends[Name(mapping), default: [:]][Name(destination), default: [:]][code, default: 0] += 1
      return true
    }
    return ends
  }
}
