import Graphics

/// Control totals, and what the comparison with the destinations has found.
extension PageWriter {
  mutating func controlTotals() {
    let totals = page.controlTotals
    section("control_totals", totals, isEmpty: totals.rows.rows.isEmpty) { writer in
      let compared = totals.rows.rows.count { $0.isEqual != nil }
      writer.markup.element("p") { markup in
        if totals.unequal > 0 {
          Self.status(
            "Target and destination differ in \(NumberText.count(totals.unequal, "total")).", .bad, &markup)
        } else if compared > 0 {
          Self.status("Target and destination agree in all totals that are known for both.", .good, &markup)
        } else {
          Self.status("Not compared: no total is known for both the target and the destination.", .open, &markup)
        }
      }
      writer.slopes(totals.rows.rows)
      writer.table("Control totals", totals.rows.rows.filter { $0.measure != .hash }) {
        $0
          .run { $0.run }
          .text("Total") { Self.name($0.measure) }
          .optionalCode("Field") { $0.field }
          .text("Mapping") { $0.mapping }
          .optionalText("Destination") { $0.destination }
          .number("Source") { Self.figure($0.source, $0.measure) }
          .number("Target") { Self.figure($0.target, $0.measure) }
          .number("Destination has") { Self.figure($0.stored, $0.measure) }
          .cell("Target and destination") { Self.agreement($0.isEqual) }
      }
      writer.table("Hash totals", totals.rows.rows.filter { $0.measure == .hash }) {
        $0
          .run { $0.run }
          .text("Mapping") { $0.mapping }
          .optionalText("Destination") { $0.destination }
          .optionalCode("Source") { $0.source }
          .code("Target") { $0.target }
          .code("Destination has") { $0.stored }
          .cell("Target and destination") { Self.agreement($0.isEqual) }
      }
      writer.omitted(totals.rows.omitted, totals.rows.command)
    }
  }

  private static func agreement(_ isEqual: Bool?) -> PageCell {
    guard let isEqual else { return .status("not compared", .open) }
    return isEqual ? .status("equal", .good) : .status("different", .bad)
  }

  private static func name(_ measure: ControlTotalsSection.Measure) -> String {
    switch measure {
    case .records: "records"
    case .distinctKeys: "distinct keys"
    case .withValue: "records with a value"
    case .sum: "sum"
    case .earliest: "earliest"
    case .latest: "latest"
    case .hash: "hash total"
    }
  }

  /// Counts and sums get separators, and keep every digit.
  private static func figure(_ text: String?, _ measure: ControlTotalsSection.Measure) -> PageCell {
    guard let text else { return .faint("–") }
    switch measure {
    case .records, .distinctKeys, .withValue, .sum: return .number(grouped(text))
    case .earliest, .latest: return .text(text)
    case .hash: return .code(text)
    }
  }

  /// `-1234567.50` as `−1,234,567.50`; what is not a plain decimal stays as it is.
  static func grouped(_ text: String) -> String {
    let isNegative = text.utf8.first == UInt8(ascii: "-")
    let parts = text.dropFirst(isNegative ? 1 : 0).split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count <= 2, let whole = parts.first,
      parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy { (48...57).contains($0) } })
    else { return text }
    var digits = ""
    for (index, digit) in whole.enumerated() {
      if index > 0, (whole.count - index).isMultiple(of: 3) { digits += "," }
      digits.append(digit)
    }
    return (isNegative ? "−" : "") + digits + (parts.count == 2 ? "." + parts[1] : "")
  }

  /// One picture for each mapping and destination, of the totals that are numbers.
  private mutating func slopes(_ rows: [ControlTotalsSection.Row]) {
    var groups: [(head: ControlTotalsSection.Row, rows: [ControlTotalsSection.Row])] = []
    for row in rows where [.records, .distinctKeys, .withValue, .sum].contains(row.measure) {
      let known = [row.source, row.target, row.stored].count { $0 != nil }
      guard known > 1 else { continue }
      let index = groups.firstIndex {
        $0.head.run == row.run && $0.head.mapping == row.mapping && $0.head.destination == row.destination
      }
      if let index { groups[index].rows.append(row) } else { groups.append((row, [row])) }
    }
    for group in groups.prefix(PageLimits.pictures) {
      let head = group.head
      let name = (showsRuns ? "\(head.run): " : "") + head.mapping + (head.destination.map { " → \($0)" } ?? "")
      picture(
        TotalSlopes(
          title: "\(name): totals on their way", stops: ["source", "target", head.destination ?? "destination"],
          totals: group.rows.prefix(30).map { row in
            .init(
              row.field.map { "\(Self.name(row.measure)) of \($0)" } ?? Self.name(row.measure),
              [row.source, row.target, row.stored].map { text in
                text.map { .init(Self.grouped($0), Double($0) ?? .nan) }
              })
          }))
    }
  }

  mutating func keyDifferences() {
    let keys = page.keyDifferences
    section("key_differences", keys, isEmpty: keys.rows.isEmpty) { writer in
      writer.table("Records compared key by key", keys.rows) {
        $0
          .run { $0.run }
          .text("Mapping") { $0.mapping }
          .text("Destination") { $0.destination }
          .cell("Result") { $0.isEqual ? .status("equal", .good) : .status("different", .bad) }
          .count("Missing") { $0.missing }
          .count("Extra", or: "not judged") { $0.extra }
          .count("Different") { $0.different }
          .count("Duplicate") { $0.duplicate }
          .count("Without a key") { $0.withoutKey }
          .count("Not read") { $0.notRead }
          .count("Uncertain") { $0.uncertain }
      }
      writer.table("Records that differ", keys.examples) {
        $0
          .run { $0.run }
          .code("Key") { $0.key }
          .text("What") { $0.what }
          .text("Mapping") { $0.mapping }
          .text("Destination") { $0.destination }
          .optionalCode("Field") { $0.field }
          .optionalText("Loaded") { $0.loaded }
          .optionalText("Destination has") { $0.stored }
      }
    }
  }
}
