import Core
import Profiles

/// A profile for people: a row for each field, then what its values are.
struct ProfileText {
  private let document: ProfileDocument
  /// Most values, shapes and ranges of each field, unless one field is shown alone.
  private static let mostListed = 5
  private static let longestBar = 24

  init(_ document: ProfileDocument) { self.document = document }

  func text(fitting width: Int?) -> String {
    guard let side = document.source else { return header }
    var parts = [header]
    var table = TextTable([
      .init("FIELD"), .init("TYPE"), .init("PRESENT", isNumber: true), .init("BLANK", isNumber: true),
      .init("DISTINCT", isNumber: true), .init("LENGTH"), .init("SHAPE"),
    ])
    for field in side.fields {
      table.add([
        field.name, Self.type(of: field), Wording.count(field.present), Wording.count(field.nulls + field.blanks),
        field.distinct.map { Self.text(of: $0) } ?? "",
        field.lengths.map { "\(Wording.count($0.shortest))..\(Wording.count($0.longest))" } ?? "",
        field.shapes?.values.first?.text ?? "",
      ])
    }
    parts.append(table.text(fitting: width).trimmingLineBreak)
    if side.moreFields > 0 { parts.append("About \(Wording.count(side.moreFields, "more field")) not profiled.") }
    parts += side.fields.compactMap { block(of: $0, isWhole: false, width) }
    return parts.filter { !$0.isEmpty }.joined(separator: "\n\n")
  }

  /// One field alone.
  func details(of field: FieldSummary, fitting width: Int?) -> String {
    var lines: [(String, String)] = [
      ("type", Self.type(of: field)),
      ("present", "\(Wording.count(field.present)) of \(Wording.count(field.present + field.missing)) records"),
      ("filled", "\(Wording.count(field.filled)) records (\(Self.percent(field.filled, of: field.present + field.missing)))"),
      ("empty", "\(Wording.count(field.nulls)) null, \(Wording.count(field.blanks)) blank"),
    ]
    if let distinct = field.distinct { lines.append(("distinct", Self.sentence(of: distinct))) }
    let head = lines.map { "  \(CellText.padded($0.0, to: 9))\($0.1)" }.joined(separator: "\n")
    let rest = block(of: field, isWhole: true, width) ?? field.name
    let body = rest.split(separator: "\n", omittingEmptySubsequences: false).dropFirst()
    return
      ([header, ""] + [VisibleText.escaped(field.name) + (field.isMasked ? " (masked)" : ""), head] + body.map(String.init))
      .joined(separator: "\n")
  }

  private var header: String {
    let records = document.source?.records ?? 0
    var text = "\(VisibleText.escaped(document.input)): \(Wording.count(records, "record")) profiled"
    if document.notProfiled > 0 { text += ", \(Wording.count(document.notProfiled)) not profiled" }
    if let mapping = document.mapping { text += ", masked as \(VisibleText.escaped(mapping)) requires" }
    return document.isUnmasked ? "UNMASKED: values that would be masked are shown (--unmask).\n\(text)" : text
  }

  /// What there is to say beyond the row; nil if nothing.
  private func block(of field: FieldSummary, isWhole: Bool, _ width: Int?) -> String? {
    let most = isWhole ? Int.max : Self.mostListed
    var lines: [String] = []
    func add(_ title: String, _ text: String) {
      let rows = width.map { CellText.wrapped(text, to: max(20, $0 - 11)) } ?? [text]
      for (index, row) in rows.enumerated() { lines.append("  \(CellText.padded(index == 0 ? title : "", to: 9))\(row)") }
    }
    if let top = field.top, !top.values.isEmpty {
      let values = top.values.prefix(most).map { value in
        let shown = value.text.map { Self.quoted(value.isCut ? $0 + "…" : $0, isWhole) } ?? "masked"
        return "\(shown) \(Wording.count(value.count))"
      }
      add("values", values.joined(separator: ", ") + Self.text(of: top.sample))
    }
    if let numbers = field.numbers {
      var text = Wording.count(numbers.count)
      if let smallest = numbers.smallest, let largest = numbers.largest { text += " from \(smallest) to \(largest)" }
      add("numbers", text)
      if isWhole { lines += Self.histogram(numbers.bins.map { ("\($0.from ?? "") to \($0.to ?? "")", $0.count) }) }
    }
    if let dates = field.dates {
      var text = Wording.count(dates.count)
      if let earliest = dates.earliest, let latest = dates.latest { text += " from \(earliest) to \(latest)" }
      if dates.future > 0 { text += ", \(Wording.count(dates.future)) in the future" }
      if dates.before1900 > 0 { text += ", \(Wording.count(dates.before1900)) before 1900" }
      add("dates", text)
      if isWhole { lines += Self.histogram(dates.bins.map { (Self.period($0.from ?? "", dates.unit), $0.count) }) }
    }
    if isWhole, let texts = field.texts {
      add("first", Self.quoted(texts.smallest, true))
      add("last", Self.quoted(texts.largest, true))
    }
    if isWhole, let lengths = field.lengths {
      add("length", "\(Wording.count(lengths.shortest)) to \(Wording.count(lengths.longest))")
      lines += Self.histogram(
        lengths.bins.map { ($0.from == $0.to ? $0.from ?? "" : "\($0.from ?? "") to \($0.to ?? "")", $0.count) })
    }
    if let shapes = field.shapes, isWhole || shapes.values.count > 1 {
      var items = shapes.values.prefix(most).map { "\($0.text) \(Wording.count($0.count))" }
      let rest = shapes.other + shapes.values.dropFirst(items.count).reduce(0) { $0 + $1.count }
      if rest > 0 { items.append("others \(Wording.count(rest))") }
      add("shapes", items.joined(separator: "   ") + Self.text(of: shapes.sample))
    }
    guard !lines.isEmpty else { return nil }
    return ([VisibleText.escaped(field.name) + (field.isMasked ? " (masked)" : "")] + lines).joined(separator: "\n")
  }

  // MARK: Words

  static func type(of field: FieldSummary) -> String {
    let seen = field.types.seen
    guard let first = seen.first else { return field.nulls > 0 ? "null" : "" }
    if seen.count == 1, first.name == "text", field.values > 0 {
      if field.readsAs.date == field.values { return "date" }
      if field.readsAs.number == field.values { return "number" }
    }
    return seen.map(\.name).joined(separator: "/")
  }

  private static func text(of distinct: FieldSummary.Distinct) -> String {
    (distinct.isExact ? "" : distinct.isAtLeast ? "≥" : "~") + Wording.count(distinct.estimate)
  }

  private static func sentence(of distinct: FieldSummary.Distinct) -> String {
    if distinct.isExact { return "\(Wording.count(distinct.estimate)), exactly" }
    if distinct.isAtLeast { return "at least \(Wording.count(distinct.estimate))" }
    return "about \(Wording.count(distinct.estimate)), at most \(distinct.errorPercent) % off"
  }

  private static func text(of sample: FieldSummary.Sample) -> String {
    sample.isExact ? "" : " (of \(Wording.count(sample.count)) in a sample of 1 record in \(Wording.count(sample.oneIn)))"
  }

  private static func quoted(_ text: String, _ isWhole: Bool) -> String {
    "'\(isWhole ? VisibleText.escaped(text) : CellText.cut(VisibleText.escaped(text), to: 32))'"
  }

  private static func percent(_ part: Int, of whole: Int) -> String {
    guard whole > 0 else { return "0 %" }
    let tenths = part * 1000 / whole
    return "\(tenths / 10).\(tenths % 10) %"
  }

  private static func period(_ day: String, _ unit: FieldSummary.Dates.Unit) -> String {
    switch unit {
    case .day: day
    case .month: String(day.prefix(7))
    case .year: String(day.prefix(4))
    case .decade: "\(day.prefix(4))s"
    case .century: "\(day.prefix(2))00 to \(day.prefix(2))99"
    }
  }

  /// A line with a bar for each range; of many, only the largest.
  private static func histogram(_ bins: [(name: String, count: Int)]) -> [String] {
    let most = 20
    let least = bins.map(\.count).sorted(by: >).prefix(most).last ?? 0
    var left = most
    let shown = bins.filter { bin in
      guard bin.count >= least, left > 0 else { return false }
      left -= 1
      return true
    }
    let largest = shown.map(\.count).max() ?? 1
    let name = shown.map { CellWidth.of($0.name) }.max() ?? 0
    let count = shown.map { Wording.count($0.count).count }.max() ?? 0
    var lines = shown.map { bin in
      let bar = String(repeating: "▇", count: max(1, bin.count * longestBar / max(1, largest)))
      return
        "           \(CellText.padded(bin.name, to: name))  \(CellText.padded(Wording.count(bin.count), to: count, isNumber: true))  \(bar)"
    }
    if shown.count < bins.count { lines.append("           and \(Wording.count(bins.count - shown.count)) smaller ones") }
    return lines
  }
}

extension String {
  fileprivate var trimmingLineBreak: String { hasSuffix("\n") ? String(dropLast()) : self }
}
