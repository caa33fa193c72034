import Core
import Report

extension IdentitySection {
  mutating func add(_ run: RunMaterial) {
    guard let summary = run.summary else {
      missing.append(.init(run: run.id, text: "The run has no summary, so the page cannot show where its records went."))
      return
    }
    for mapping in summary.mappings {
      for destination in mapping.destinations {
        rows.append(
          Row(
            run: run.id, mapping: mapping.name, destination: destination.name, read: mapping.read, counts: destination.counts))
      }
    }
    if summary.mappings.isEmpty {
      missing.append(.init(run: run.id, text: "The run ended before it read anything."))
    }
    unaccounted += summary.json["unaccounted"]?.intValue ?? rows.reduce(0) { $1.run == run.id ? $0 + abs($1.difference) : $0 }
  }

  /// Adds up the rows of several runs that are about the same mapping and destination.
  mutating func addTotals() {
    guard Set(rows.compactMap { $0.run.map { Name($0) } }).count > 1 else { return }
    var sums: [(row: Row, count: Int)] = []
    for row in rows {
      let place = sums.firstIndex {
        $0.row.mapping.isExactly(row.mapping) && $0.row.destination.isExactly(row.destination)
      }
      guard let place else {
        var sum = row
        sum.run = nil
        sums.append((sum, 1))
        continue
      }
      var counts = OutcomeCounts()
      for (index, outcome) in Outcome.allCases.enumerated() {
        counts[outcome] = sums[place].row.outcomes[index].count + row.outcomes[index].count
      }
      sums[place] = (
        Row(
          run: nil, mapping: row.mapping, destination: row.destination, read: sums[place].row.read + row.read, counts: counts),
        sums[place].count + 1
      )
    }
    totals = sums.filter { $0.count > 1 }.map(\.row)
  }
}

extension IdentitySection.Row {
  init(run: String?, mapping: String, destination: String, read: Int, counts: OutcomeCounts) {
    let outcomes = Outcome.allCases.map { PageCount($0.rawValue, counts[$0]) }
    let parts = outcomes.filter { $0.count > 0 }.map { "\($0.name) \(PageText.count($0.count))" }
    let sum = counts.total
    self.init(
      run: run, mapping: mapping, destination: destination, read: read, outcomes: outcomes, sum: sum, difference: read - sum,
      equation: "read \(PageText.count(read)) \(read == sum ? "=" : "≠") "
        + (parts.isEmpty ? "0" : parts.joined(separator: " + ")))
  }

  func count(_ outcome: Outcome) -> Int { outcomes.first { $0.name == outcome.rawValue }?.count ?? 0 }
  var arrived: Int { Outcome.loaded.reduce(0) { $0 + count($1) } }
}
