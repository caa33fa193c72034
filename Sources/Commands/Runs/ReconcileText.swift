import Core
import Pipeline

/// The report of `waybill reconcile` for people.
enum ReconcileText {
  static func text(of report: ReconcileReport, fitting width: Int?) -> String {
    var text = "run \(report.run)  \(VisibleText.escaped(report.pipeline))"
    if !report.overlaid.isEmpty { text += ", and \(Wording.count(report.overlaid.count, "other run"))" }
    text += "\n\n" + parts(report).text(fitting: width)
    let totals = totals(report)
    if !totals.rows.isEmpty { text += "\n" + totals.text(fitting: width) }
    let remarks = report.parts.flatMap { self.remarks($0) } + uncompared(report)
    if !remarks.isEmpty { text += "\n" + remarks.map { $0 + "\n" }.joined() }
    let lines = report.count + report.remarks
    if lines > 0 {
      text += "\n" + differences(report).text(fitting: width)
      let hidden = lines - report.differences.count
      if hidden > 0 { text += "and \(Wording.count(hidden)) more\n" }
      let counts = [(report.count, "difference"), (report.remarks, "remark")].filter { $0.0 > 0 }
      let what = counts.map { Wording.count($0.0, $0.1) }.joined(separator: " and ")
      text += report.file.map { "\(what): \(VisibleText.escaped($0))\n" } ?? "\(what)\n"
    }
    if report.count == 0 {
      text += lines > 0 ? "" : "\n"
      text += report.isEqual && report.isComplete ? "no differences\n" : "no differences in what was compared\n"
    }
    return width.map { CellText.prose(text, to: $0) } ?? text
  }

  private static func parts(_ report: ReconcileReport) -> TextTable {
    let isOfSeveral = report.parts.contains { $0.location != nil }
    var columns: [TextTable.Column] = [.init("DESTINATION"), .init("MAPPING")]
    if isOfSeveral { columns.append(.init("LOCATION")) }
    columns += ["LOADED", "STORED", "MISSING", "EXTRA", "DIFFERENT"].map { .init($0, isNumber: true) }
    var table = TextTable(columns + [.init("READ BY")])
    for part in report.parts {
      let counts = part.counts
      let names = [part.destination, part.mapping] + (isOfSeveral ? [part.location ?? ""] : [])
      table.add(
        names + [
          Wording.count(counts.loaded), Wording.count(counts.stored), Wording.count(counts.missing),
          counts.judgesExtras ? Wording.count(counts.extra) : "", Wording.count(counts.different), counts.readBy,
        ])
    }
    return table
  }

  /// Parts that are not in the table.
  private static func uncompared(_ report: ReconcileReport) -> [String] {
    report.failures.map { failure in
      let place = [failure.destination, failure.mapping] + (failure.location.map { [$0] } ?? [])
      return VisibleText.escaped("\(place.joined(separator: " ")) was not compared: \(failure.failure.description)")
    }
      + report.missing.map {
        VisibleText.escaped(
          "\($0.destination) \($0.mapping) was not compared: no run whose records are kept has loaded all of it")
      }
  }

  /// What a count in the table does not say.
  private static func remarks(_ part: ReconcileReport.Part) -> [String] {
    let counts = part.counts
    let app = VisibleText.escaped(part.destination)
    func records(_ count: Int) -> String { Wording.count(count, "record") }
    var remarks = (part.interruption.map { [VisibleText.escaped($0)] } ?? [])
    func add(_ count: Int, _ text: @autoclosure () -> String) { if count > 0 { remarks.append(text()) } }
    if part.matchesTotals == false {
      remarks.append(
        "\(app) \(VisibleText.escaped(part.mapping)): the kept records are not those of the run's control totals; they have been changed"
      )
    }
    add(counts.duplicate, "\(app) has \(records(counts.duplicate)) with a key that another record has too")
    add(counts.withoutKey, "\(app) has \(records(counts.withoutKey)) without our key; these are not differences")
    add(counts.leftBehind, "\(app) has \(records(counts.leftBehind)) from earlier loads that this run did not include")
    add(counts.leftAlone, "\(records(counts.leftAlone)) left as they were, because of `conflict`: not compared")
    add(counts.loadedSince, "\(records(counts.loadedSince)) changed by another run or an undo since: not compared")
    add(counts.uncertain, "\(records(counts.uncertain)) whose last call has no known result: not compared")
    add(counts.notRead, "\(records(counts.notRead)) cannot be looked up at \(app): not compared")
    add(
      counts.changedWhileRead,
      "\(app) changed while it was read: \(records(counts.changedWhileRead)) were read again and agree")
    if !counts.notShown.isEmpty {
      let names = counts.notShown.map { VisibleText.escaped(part.fields[$0]) }.joined(separator: ", ")
      remarks.append("the list of \(app) does not show \(names): not compared")
    }
    if !counts.judgesExtras, counts.readBy == "key" { remarks.append("extra records at \(app) cannot be found by key") }
    return remarks
  }

  private static func differences(_ report: ReconcileReport) -> TextTable {
    var table = TextTable([
      .init("KEY"), .init("MAPPING"), .init("WHAT"), .init("FIELD"), .init("LOADED"), .init("STORED"),
    ])
    for line in report.differences {
      let key = line["key"]?.stringValue ?? line["remote_id"]?.stringValue.map { "(ID \($0))" } ?? ""
      let isField = line["field"] != nil
      let (loaded, stored) = (line["loaded"] ?? .null, line["stored"] ?? .null)
      table.add([
        key, line["mapping"]?.stringValue ?? "", line["what"]?.stringValue ?? "", line["field"]?.stringValue ?? "",
        isField ? shown(loaded, beside: stored) : "", isField ? shown(stored, beside: loaded) : "",
      ])
    }
    return table
  }

  /// A text stands as it is, unless it could be taken for another value: `"12.5"` beside 12.5, an empty one, one with spaces at an end.
  private static func shown(_ value: JSONValue, beside other: JSONValue) -> String {
    guard value != .null else { return "(none)" }
    guard let text = value.stringValue else { return value.text }
    let isPlain = !text.isEmpty && text.first?.isWhitespace == false && text.last?.isWhitespace == false
    return isPlain && other.stringValue != nil || isPlain && other == .null ? text : value.text
  }
}
