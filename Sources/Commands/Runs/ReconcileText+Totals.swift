import Core
import Pipeline

/// The control totals of both sides, row by row.
extension ReconcileText {
  static func totals(_ report: ReconcileReport) -> TextTable {
    var table = TextTable([
      .init("DESTINATION"), .init("MAPPING"), .init("TOTAL"), .init("LOADED", isNumber: true), .init("STORED", isNumber: true),
      .init("RESULT"),
    ])
    for part in report.parts {
      for row in rows(part) {
        table.add([
          part.destination, part.mapping, row.title, row.loaded, row.stored,
          row.isEqual.map { $0 ? "equal" : "differ" } ?? "unknown",
        ])
      }
    }
    return table
  }

  private typealias Row = (title: String, loaded: String, stored: String, isEqual: Bool?)

  private static func rows(_ part: ReconcileReport.Part) -> [Row] {
    let counts = part.counts
    // Without a target key, only the bytes were compared.
    if counts.loadedDigest.isEmpty { return [] }
    func numbers(_ title: String, _ loaded: Int, _ stored: Int) -> Row {
      (title, Wording.count(loaded), Wording.count(stored), loaded == stored)
    }
    var rows = [
      numbers("records", counts.loaded, counts.stored), numbers("distinct keys", counts.loadedKeys, counts.storedKeys),
    ]
    for total in counts.totals {
      let (field, loaded, stored) = (part.fields[total.column], total.loaded, total.stored)
      let isSameCount = loaded.records == stored.records
      if !isSameCount { rows.append(numbers("values of \(field)", loaded.records, stored.records)) }
      rows.append(
        (
          "sum of \(field)", shown(part.sum(loaded.sum, of: total.column)), shown(part.sum(stored.sum, of: total.column)),
          isSameCount ? total.isEqual : sameSum(loaded.sum, stored.sum)
        ))
    }
    for total in counts.dates {
      let (field, isHidden) = (part.fields[total.column], part.hidden.contains(total.column))
      let (loaded, stored) = (total.loaded, total.stored)
      if loaded.records != stored.records { rows.append(numbers("values of \(field)", loaded.records, stored.records)) }
      for (what, one, other) in [("earliest", loaded.earliest, stored.earliest), ("latest", loaded.latest, stored.latest)] {
        func shown(_ date: String?) -> String { isHidden ? "<hidden>" : date ?? "not dates" }
        rows.append(("\(what) \(field)", shown(one), shown(other), one.map { Name($0) } == other.map { Name($0) }))
      }
    }
    let (loaded, stored) = (counts.loadedDigest, counts.storedDigest)
    rows.append(("hash total", "\(loaded.prefix(8))…", "\(stored.prefix(8))…", loaded == stored))
    return rows
  }

  private static func sameSum(_ one: StoredCounts.Sum, _ other: StoredCounts.Sum) -> Bool? {
    guard case .exactly(let first) = one, case .exactly(let second) = other else { return other == .notNumbers ? false : nil }
    return first.isExactly(second)
  }

  private static func shown(_ sum: StoredCounts.Sum?) -> String {
    switch sum {
    case .exactly(let text): text
    case .tooLong: "too long"
    case .notNumbers: "not numbers"
    case nil: "<hidden>"
    }
  }
}
