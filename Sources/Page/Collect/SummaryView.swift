import Core

/// A run's summary, as `summary.json` has it, whichever version wrote it.
struct SummaryView {
  struct Mapping {
    var name: String
    var read: Int
    var destinations: [Destination]
    var warnings: Int
  }

  struct Destination {
    var name: String
    var counts: OutcomeCounts
    var verified: JSONValue?

    var arrived: Int { Outcome.loaded.reduce(0) { $0 + counts[$1] } }
    var lost: Int { counts[.rejected] + counts[.failed] }
  }

  let json: JSONValue
  /// In the order of the pipeline file.
  let mappings: [Mapping]

  init(_ json: JSONValue) {
    self.json = json
    mappings = (json["entities"]?.objectValue ?? []).map { entity in
      Mapping(
        name: entity.name, read: entity.value["read"]?.intValue ?? 0,
        destinations: (entity.value["destinations"]?.objectValue ?? []).map { destination in
          var counts = OutcomeCounts()
          for outcome in Outcome.allCases { counts[outcome] = destination.value[outcome.rawValue]?.intValue ?? 0 }
          return Destination(name: destination.name, counts: counts, verified: destination.value["verified"])
        },
        warnings: entity.value["warnings"]?.intValue ?? 0)
    }
  }

  func mapping(_ name: String) -> Mapping? { mappings.first { $0.name.isExactly(name) } }
  func read(_ name: String) -> Int? { mapping(name)?.read }
  func texts(_ member: String) -> [String] { (json[member]?.arrayValue ?? []).compactMap(\.stringValue) }
}
