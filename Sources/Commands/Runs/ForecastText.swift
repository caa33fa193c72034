import ArgumentParser
import Control
import Core
import Report

/// What `--against` takes.
enum ForecastBasis: String, ExpressibleByArgument, CaseIterable, Sendable {
  case destination
}

/// What a dry run would do, for people: the first records of each kind, field by field.
///
///     contacts at app
///       created   c5001
///       updated   c17     email    xxx@xxxxxxx.xxx -> xxxx@xxxxxxx.xxx
///                         phone    not kept -> …2671
///     and 83 more, in changes.ndjson and changes.csv
enum ForecastText {
  /// - Parameter width: cells of the terminal; nil: without limit.
  static func text(of sample: ChangeSample, _ summary: RunSummary, fitting width: Int?) -> String {
    var text = ""
    var groups: [(title: String, rows: [(kind: String, line: JSONValue)])] = []
    for (kind, line) in sample.shown {
      let title = "\(word(line["mapping"])) at \(word(line["destination"]))"
      let row = ("\(kind)", line)
      if let index = groups.firstIndex(where: { $0.title == title }) {
        groups[index].rows.append(row)
      } else {
        groups.append((title, [row]))
      }
    }
    for group in groups { text += "\n\(group.title)\n" + records(group.rows, fitting: width) }
    let rest = sample.count - sample.shown.count
    if rest > 0 { text += "and \(Wording.count(rest)) more, in changes.ndjson and changes.csv\n" }
    for forecast in summary.forecast where forecast.drift > 0 {
      let (mapping, destination) = (
        VisibleText.escaped(forecast.part.mapping.text), VisibleText.escaped(forecast.part.destination.text)
      )
      let what =
        forecast.drift == 1
        ? "1 unchanged record of '\(mapping)' differs"
        : "\(Wording.count(forecast.drift)) unchanged records of '\(mapping)' differ"
      text += "\(what) at '\(destination)', and a run leaves \(forecast.drift == 1 ? "it as it is" : "them as they are")\n"
    }
    return text
  }

  private static func records(_ rows: [(kind: String, line: JSONValue)], fitting width: Int?) -> String {
    let kinds = rows.map(\.kind.count).max() ?? 0
    let keys = min(24, rows.map { CellWidth.of(name(of: $0.line)) }.max() ?? 0)
    var text = ""
    for (kind, line) in rows {
      let start =
        "  \(CellText.padded(kind, to: kinds))  \(CellText.padded(CellText.shortened(name(of: line), to: keys), to: keys))"
      let details = details(of: line)
      if details.isEmpty { text += cut(start, width) }
      for (index, detail) in details.enumerated() {
        text += cut((index == 0 ? start : String(repeating: " ", count: CellWidth.of(start))) + "  " + detail, width)
      }
    }
    return text
  }

  /// A record is known by its key in the source; one that is removed has none there.
  private static func name(of line: JSONValue) -> String { word(line["record"] ?? line["key"]) }

  private static func details(of line: JSONValue) -> [String] {
    if let code = line["code"]?.stringValue {
      return [VisibleText.escaped("\(code): \(line["reason"]?.stringValue ?? "")")]
    }
    if line["missing"] != nil { return ["it is no longer there"] }
    if line["why"] != nil { return ["no field changes, but its requests have changed"] }
    guard line["outcome"] != .string(Outcome.created.rawValue), line["change"] != .string(Forecast.Change.new.rawValue) else {
      return []
    }
    let fields = (line["fields"]?.arrayValue ?? []) + (line["drift"]?.arrayValue ?? [])
    let names = fields.map { VisibleText.escaped(ChangeText.name(of: $0)) }
    let longest = min(32, names.map { CellWidth.of($0) }.max() ?? 0)
    return zip(names, fields).map { name, field in
      let (old, new) = ChangeText.values(of: field)
      return
        "\(CellText.padded(CellText.shortened(name, to: longest), to: longest))  \(VisibleText.escaped(old)) -> \(VisibleText.escaped(new))"
    }
  }

  private static func cut(_ line: String, _ width: Int?) -> String { (width.map { CellText.cut(line, to: $0) } ?? line) + "\n" }

  /// Without control characters.
  private static func word(_ value: JSONValue?) -> String { VisibleText.escaped(LedgerPrinter.text(value)) }
}
