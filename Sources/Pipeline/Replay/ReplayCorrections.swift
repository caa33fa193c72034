import Control
import Core
import Extract
import PipelineFile
import Report
import State
import Transform

/// What people have corrected of a run's rejects, in a table.
struct ReplayCorrections {
  let mapping: Name
  let rows: CorrectedRows
  private let items: Set<OpenItems.Item>

  /// - Parameters:
  ///   - outcomes: the path of the run's `outcomes.ndjson`.
  ///   - snapshot: what the run read.
  ///   - path: of the corrections; nil: they are only checked.
  /// - Throws: `OperationFailure`: 65 with the line and the column of what cannot be used.
  init(
    _ table: CorrectedFile, of mapping: String, changed: [String], outcomes: String, _ models: [MappingModel],
    _ snapshot: Snapshot,
    writingTo path: String?
  ) throws {
    guard let model = models.first(where: { $0.name.isExactly(mapping) }), let input = snapshot.records(of: model.entity) else {
      throw OperationFailure(
        .inputMissing, "snapshot \(snapshot.id) has no records of '\(mapping)': \(SourceOptions.replayAdvice)")
    }
    let context = ProgramContext(
      customFields: try snapshot.customFields(),
      entityTables: try EntityLookupLoader.tables(for: [model]) { snapshot.records(of: $0) })
    let columns = SourceColumns(input, program: try Program(model, context: context), limit: nil)
    self.mapping = Name(mapping)
    rows = try CorrectedRows(
      table, of: self.mapping, in: outcomes, over: .init(columns), confirmed: changed, writingTo: path)
    items = rows.items
  }

  /// Whether the table has a row of an item.
  func has(_ item: OpenItems.Item) -> Bool { items.contains(item) }

  // MARK: The table

  /// The mapping whose rejects a table has.
  ///
  /// - Parameter source: the run that is replayed.
  /// - Throws: `OperationFailure`: 65 if the table is of another run, 64 if it does not say of which mapping.
  static func mapping(
    of table: CorrectedFile, _ wanted: [String]?, _ source: RunRecord, in state: StateFolder, _ runs: any RunStore
  ) throws -> String {
    if let run = try table.value(of: "run"), !run.isExactly(source.id) {
      guard try runs.run(run)?.replayOf?.isExactly(source.id) ?? false else {
        throw OperationFailure(
          .wrongFile, "\(table.path) has rejects of run \(run), not of \(source.id): replay the run whose rejects were corrected")
      }
      if RunFolder(path: state.run(run)).request?.replay?.corrections != nil {
        throw OperationFailure(
          .wrongFile,
          "\(table.path) has rejects of run \(run), which replayed a corrected table: correct that table, or the one that `waybill rejects \(source.id)` writes"
        )
      }
    }
    let own = try table.value(of: "mapping")
    guard let chosen = own ?? (wanted?.count == 1 ? wanted?.first : nil) else {
      throw OperationFailure(
        .usage, "\(table.path) has no column 'mapping': name the mapping with \(CommandOption.mapping)")
    }
    if let wanted, !wanted.contains(exactly: chosen) {
      throw OperationFailure(
        .usage, "\(table.path) has rejects of '\(chosen)': remove \(CommandOption.mapping), or set it to that name")
    }
    let known = Set(try runs.counts(of: source.id).map { Name($0.mapping) }).sorted().map(\.text)
    guard known.contains(exactly: chosen) else {
      let hint = NearestName.hint(chosen, in: known) ?? "restore the column 'mapping'"
      throw OperationFailure(.wrongFile, "\(table.path): run \(source.id) has no mapping '\(chosen)'; \(hint)")
    }
    return chosen
  }

  /// The run that a table names.
  ///
  /// - Throws: `OperationFailure` 65 if there is no such run.
  static func run(of table: CorrectedFile, _ runs: any RunStore) throws -> String? {
    guard let run = try table.value(of: "run") else { return nil }
    guard let record = try runs.run(run), record.id.isExactly(run) else {
      throw OperationFailure(
        .wrongFile, "\(table.path) has rejects of run \(run), which this project does not have: restore the column 'run'")
    }
    return run
  }
}
