import Core
import Extract
import Foundation
import State
import TestSupport
import Testing

@testable import Pipeline
@testable import Report

/// Checks that everything that reports on a run agrees: the report, `summary.json`, the state, `outcomes.ndjson`, the
/// success and reject files, and both ledgers.
struct Agreement {
  let report: RunEngine.Report
  let folder: TemporaryFolder

  /// - Parameter hasOutcomes: false if the outcome files could not be written.
  static func check(_ report: RunEngine.Report, in project: Project, hasOutcomes: Bool = true) throws {
    try Agreement(report: report, folder: project.folder).check(hasOutcomes: hasOutcomes)
  }

  private var summary: RunSummary { report.summary }
  private func file(_ name: String) -> String? { folder.read(".waybill/runs/\(summary.run)/\(name)") }

  private func check(hasOutcomes: Bool) throws {
    let state = try SQLiteRunStore(folder: "\(folder.path)/.waybill", isReadOnly: true)
    #expect(try JSONReader.read(try #require(file("summary.json"))) == summary.json)
    let record = try #require(try state.run(summary.run))
    #expect(record.status == summary.status && record.exitCode == summary.exitCode.rawValue)
    #expect(record.narrowed == summary.narrowing?.json.text)
    #expect(try JSONReader.read(try #require(record.summary)) == summary.json)
    #expect(summary.unaccounted == 0)
    try checkOutcomes(state, hasFiles: hasOutcomes)
    try checkLedger(state)
  }

  private func checkOutcomes(_ state: any RunStore, hasFiles: Bool) throws {
    var told: [String: Int] = [:]
    for entity in summary.entities {
      for destination in entity.destinations {
        #expect(destination.counts.total == entity.read, "\(entity.name) \(destination.name)")
        for outcome in Outcome.allCases where destination.counts[outcome] > 0 {
          told["\(entity.name) \(destination.name) \(outcome.rawValue)"] = destination.counts[outcome]
        }
      }
    }
    var stored: [String: Int] = [:]
    for count in try state.counts(of: summary.run) where count.count > 0 {
      stored["\(count.mapping) \(count.destination) \(count.outcome.rawValue)"] = count.count
    }
    #expect(stored == told)
    guard hasFiles, !told.isEmpty else { return }
    var lines: [String: Int] = [:]
    for line in try #require(file("outcomes.ndjson")).split(separator: "\n") {
      let line = try JSONReader.read(String(line))
      let key = ["mapping", "destination", "outcome"].map { line[$0]?.stringValue ?? "?" }.joined(separator: " ")
      lines[key, default: 0] += 1
      #expect((line["reason"]?.stringValue != nil) == ["pending", "rejected", "failed"].contains(line["outcome"]?.stringValue))
    }
    #expect(lines == told)
    var rows: [String: Int] = [:]
    for entity in summary.entities where entity.read > 0 {
      for destination in entity.destinations {
        for kind in ["success", "rejects"] {
          let text = try #require(file("\(destination.name)/\(entity.name).\(kind).csv"))
          for row in Self.rows(of: text).dropFirst() { rows["\(entity.name) \(destination.name) \(row[1])", default: 0] += 1 }
        }
      }
    }
    #expect(rows == told)
  }

  private func checkLedger(_ state: any RunStore) throws {
    let lines = try #require(file("ledger.ndjson")).split(separator: "\n").map(String.init)
    #expect(try state.ledger(LedgerQuery(run: summary.run)).map(\.text) == lines)
    var written: [String: Int] = [:]
    for line in lines {
      let line = try JSONReader.read(line)
      guard let mapping = line["mapping"]?.stringValue else { continue }
      written["\(mapping) \(line["code"]?.stringValue ?? "?")", default: 0] += 1
    }
    var counted: [String: Int] = [:]
    for entity in summary.entities {
      for (code, count) in entity.codes where count > 0 { counted["\(entity.name) \(code)"] = count }
    }
    #expect(written == counted)
  }

  /// The cells of a CSV text.
  static func rows(of text: String) -> [[String]] {
    var rows: [[String]] = []
    var row: [String] = []
    var cell = ""
    var isQuoted = false
    var wasQuote = false
    for character in text.unicodeScalars {
      if isQuoted {
        if character == "\"" { (isQuoted, wasQuote) = (false, true) } else { cell.unicodeScalars.append(character) }
        continue
      }
      switch character {
      case "\"":
        if wasQuote { cell += "\"" }
        isQuoted = true
      case ",":
        row.append(cell)
        cell = ""
      case "\n":
        rows.append(row + [cell])
        (row, cell) = ([], "")
      default: cell.unicodeScalars.append(character)
      }
      wasQuote = false
    }
    return rows
  }
}
