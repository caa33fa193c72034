import Control
import Core
import Extract
import Files
import Records
import Report
import Transform

/// One mapping of a run, with the files of its transform in the run's folder.
final class StagedMapping {
  let program: Program
  /// `staging/MAPPING.ndjson`: target records with key, line and digest.
  let records: String
  /// `staging/MAPPING`, without an extension: where the item log is.
  let base: String
  /// Where its lines begin in the run's ledger.
  var ledgerStart = 0
  /// The input's records in the snapshot; nil until there is one.
  var input: StoredRecords?
  var fetched = 0
  var expected = 0
  /// Lists that broke off with an unknown number of missing records.
  var unknown = 0
  var counts = TransformCounts()
  /// Problems that the transform does not count, by slug: those of extraction and encoding.
  var otherCodes: [String: Int] = [:]
  var otherWarnings = 0
  var refusals = 0

  /// The longest suffix of the file names that are made from a mapping's name.
  static let longestSuffix = ".success.csv"

  init(_ program: Program, folder: String) {
    self.program = program
    let name = SortableName.safe(program.model.name)
    base = "\(folder)/\(name)"
    records = "\(base).ndjson"
  }

  var name: String { program.model.name }
  var entity: String { program.model.entity }

  /// - Parameter last: What the last complete run let through.
  func facts(last: GateResult.Last?) -> GateJudge.Facts {
    .init(
      mapping: name, read: counts.read, written: counts.written, rejected: counts.rejected, fetched: fetched,
      expected: expected, unknown: unknown, last: last)
  }

  func note(_ code: String, _ severity: Severity) {
    otherCodes[code, default: 0] += 1
    if severity == .warning { otherWarnings += 1 }
    if severity == .error { refusals += 1 }
  }

  /// Problems by slug, of all stages.
  var codes: [String: Int] {
    otherCodes.merging(counts.slugs, uniquingKeysWith: +)
  }
}
