package import Control
import Core

/// Open items that a replay left as they are, for people.
package enum ReplayText {
  /// Nil if nothing has to be said: what is replayed or resolved is counted.
  package static func note(_ standing: ReplayedItem.Standing, count: Int) -> String? {
    let isOne = count == 1
    let again = "run the pipeline to read \(isOne ? "it" : "them") again"
    switch standing {
    case .known(.replay), .known(.resolved): return nil
    case .known(.newerOpen(let run, let isPending)):
      let what = isOne ? "a newer version of 1 record, which is" : "newer versions of \(count) records, which are"
      return "run \(run) has read \(what) "
        + (isPending ? "pending: the next run sends \(isOne ? "it" : "them")" : "not loaded either: replay that run")
    case .known(.keyless(let run)):
      return
        "\(isOne ? "1 record has" : "\(count) records have") no key, or had another one in run \(run), so newer versions read by that run cannot be recognized: \(again)"
    case .known(.undone(let run)):
      return
        "run \(run) loaded \(isOne ? "a newer version of 1 record" : "newer versions of \(count) records"), and was then undone: the next run sends \(isOne ? "it" : "them")"
    case .known(.undoneCorrection(let run)):
      return
        "run \(run) loaded corrected values of \(isOne ? "1 record" : "\(count) records"), and was then undone: replay the corrected table again"
    case .known(.olderSnapshot(let run)):
      return
        "run \(run) has read \(isOne ? "an older version of 1 record" : "older versions of \(count) records") since, so \(isOne ? "it is" : "they are") not sent: \(again)"
    case .indistinct:
      return
        "\(isOne ? "1 record" : "\(count) records") cannot be told apart from others on the same line: \(again)"
    }
  }

  /// What people should know about a table that they have corrected.
  ///
  /// - Parameter file: of the table.
  package static func notes(_ counts: CorrectionCounts, in file: String, at destination: String) -> [String] {
    var notes: [String] = []
    if counts.skipped > 0 {
      let isOne = counts.skipped == 1
      notes.append(
        "\(isOne ? "1 row" : "\(counts.skipped) rows") of \(file) \(isOne ? "was" : "were") skipped: nothing is open for \(isOne ? "its record" : "their records") at '\(destination)'"
      )
    }
    if !counts.reformatted.isEmpty {
      notes.append(
        "\(file) has cells that a spreadsheet may have reformatted (\(list(counts.reformatted))): the values of the source were used; if they are corrections, confirm the column with --changed"
      )
    }
    if !counts.missing.isEmpty {
      let names = counts.missing.prefix(mostColumns).map(\.text).joined(separator: ", ")
      let more = counts.missing.count > mostColumns ? " and \(counts.missing.count - mostColumns) more" : ""
      notes.append("\(file) lacks columns of the source (\(names)\(more)): the values of the source were used")
    }
    if counts.corrected > 0 {
      notes.append(
        "the source still has the old values: correct them there as well, or the next run reads them again")
    }
    return notes
  }

  /// The most columns that a note names.
  private static let mostColumns = 10

  private static func list(_ columns: [CorrectionCounts.Column]) -> String {
    let names = columns.prefix(mostColumns).map { "\($0.name) \($0.rows)" }.joined(separator: ", ")
    return columns.count > mostColumns ? "\(names) and \(columns.count - mostColumns) more" : names
  }
}
