import Control
import Core
import Extract
import Files
import Records
import Report
import State
import Transform

/// One mapping of a run, bound to its input, with the files of its transform in the run's folder.
struct StagedMapping {
  let program: Program
  /// `staging/MAPPING.ndjson`: target records with key, line and digest.
  let records: String
  /// `staging/MAPPING`, without an extension: where the item log is.
  let base: String
  /// The input's records in the snapshot; nil if the snapshot has none of this entity.
  var input: StoredRecords?
  /// The entity's records in the snapshot, and those that the source reports.
  var fetched = 0
  var expected = 0
  /// Lists that broke off with an unknown number of missing records.
  var unknown = 0

  /// The longest suffix of the file names that are made from a mapping's name.
  static let longestSuffix = ".success.csv"

  init(_ program: Program, folder: String) {
    self.program = program
    base = Self.base(program.model.name, folder: folder)
    records = "\(base).ndjson"
  }

  var name: String { program.model.name }
  var entity: String { program.model.entity }

  static func base(_ mapping: String, folder: String) -> String { "\(folder)/\(SortableName.safe(mapping))" }

  /// Describes its staged records for code that reads them without the mapping.
  func form(records: Int) -> StagedForm {
    StagedForm(
      mapping: name, records: records,
      columns: program.loadColumns.enumerated().map { index, column in
        .init(column, program.field(of: .field(Int32(index)))?.privacy ?? .never)
      },
      key: program.keyColumns)
  }

  /// - Parameter last: What the last complete run let through.
  func gateFacts(_ counts: MappingCounts, last: GateResult.Last?) -> GateJudge.Facts {
    .init(
      mapping: name, read: counts.read, written: counts.written, rejected: counts.rejected, fetched: fetched,
      expected: expected, unknown: unknown, last: last)
  }

  /// What it loads into a destination.
  ///
  /// - Parameters:
  ///   - keptIn: as in `LoadPart`.
  ///   - isNarrowed: as in `LoadPart`.
  func part(
    _ counts: MappingCounts, run: String, started: String, pipeline: String, location: String, keptIn: String? = nil,
    isNarrowed: Bool = false
  ) -> LoadPart {
    LoadPart(
      run: run, date: String(started.prefix(10)), pipeline: pipeline, location: location, mapping: name,
      columns: program.loadColumns, key: program.keyColumns, count: counts.written, keptIn: keptIn, isNarrowed: isNarrowed)
  }
}

extension Program {
  /// The columns of its target records, with the types that the target schema allows.
  var loadColumns: [LoadColumn] {
    layout.columns.enumerated().map { index, column in
      let node = field(of: .field(Int32(index)))?.node
      return LoadColumn(
        path: column.path, types: node.flatMap { model.target?.nodes[$0].types } ?? .all, omitsNull: column.omitsNull,
        isVouchedFor: column.isVouchedFor)
    }
  }
}

extension MappingCounts {
  init(_ mapping: String, _ counts: TransformCounts, ledgerStart: Int) {
    self.init(
      Name(mapping), read: counts.read, written: counts.written, filtered: counts.filtered, merged: counts.merged,
      rejected: counts.rejected, warnings: counts.warnings, codes: counts.slugs, ledgerStart: ledgerStart,
      notes: counts.inputNotes.isEmpty ? nil : counts.inputNotes.map(\.text))
  }
}
