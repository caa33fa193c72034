import Core
import Report

extension ValueChangesSection {
  private static let mostRows = 500

  mutating func add(_ run: RunMaterial) {
    for mapping in run.summary?.mappings ?? [] {
      guard let changes = run.changes[Name(mapping.name)] else {
        missing.append(.init(run: run.id, text: "\(mapping.name): what the mapping changed is not recorded."))
        continue
      }
      let before = run.previous?.changes[Name(mapping.name)]
      let of = changes["items"]?.intValue ?? 0
      for field in (changes["fields"]?.arrayValue ?? []) + (changes["vars"]?.arrayValue ?? []) {
        func count(_ member: String) -> Int { field[member]?.intValue ?? 0 }
        guard let name = field["field"]?.stringValue else { continue }
        let row = Row(
          run: run.id, mapping: mapping.name, field: name, nullified: count("nullified"), defaulted: count("defaulted"),
          truncated: count("truncated"), lookupFallback: count("lookup_fallback"), kept: count("kept"),
          leftOut: count("left_out"), of: of, sources: (field["sources"]?.arrayValue ?? []).compactMap(\.stringValue),
          defaultedBefore: before.flatMap { Self.defaulted($0, name) }, ofBefore: before?["items"]?.intValue)
        if row.sum > 0 { rows.rows.append(row) }
      }
    }
  }

  mutating func close() {
    let sorted = rows.rows.enumerated().sorted { left, right in
      let (one, other) = (left.element.sum, right.element.sum)
      return one == other ? left.offset < right.offset : one > other
    }
    rows = PageList(sorted.map(\.element), limit: Self.mostRows)
  }

  private static func defaulted(_ document: JSONValue, _ field: String) -> Int? {
    document["fields"]?.arrayValue?.first { $0["field"]?.stringValue?.isExactly(field) == true }?["defaulted"]?.intValue
  }
}

extension ValueChangesSection.Row {
  var sum: Int { nullified + defaulted + truncated + lookupFallback + kept + leftOut }
}
