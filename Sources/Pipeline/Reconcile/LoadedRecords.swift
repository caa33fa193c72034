import Core
import Load
import Records
import Report
import State

/// The records of one run that a destination has accepted: the staged ones with such an outcome, in their order.
struct LoadedRecords {
  private let load: LoadedPart.Load
  private let part: LoadedPart
  private let form: StagedForm
  private let records: String
  private let fates: Fates
  /// The key of a source record.
  private let record: String?

  /// - Throws: `OperationFailure` if they are no longer kept.
  init(_ load: LoadedPart.Load, of part: LoadedPart, record: String?) throws {
    self.load = load
    self.part = part
    self.record = record
    let base = StagedMapping.base(part.form.mapping, folder: load.folder.staging)
    records = "\(base).ndjson"
    let log = load.folder.fates(of: part.part)
    guard let form = try StagedForm.read(StagedForm.path(base)), KeptFile.exists(records), KeptFile.exists(log) else {
      throw OperationFailure.notKept(load.run)
    }
    // The mapping may have been fixed in between, as long as it writes the same fields.
    guard form.fields == part.form.fields, form.keyFields == part.form.keyFields else {
      throw OperationFailure(
        .inputMissing,
        "run \(load.run) loaded different fields of '\(form.mapping)' than the run before it: run the whole pipeline, then reconcile"
      )
    }
    self.form = form
    fates = try Self.readable { try Fates(path: log, count: form.records) }
  }

  /// What is compared is the record with the key, or everything; the others are there beside it.
  func forEach(_ body: (StagedBatch, ComparisonRole) async throws -> Void) async throws {
    let reader = try StagedReader(
      records, mapping: form.mapping, columns: part.form.loadColumns, count: form.records)
    while let batch = try Self.readable({ try reader.next() }) {
      var turn: (start: Int, role: ComparisonRole)?
      for index in 0...batch.count {
        let next = index < batch.count ? role(batch, index) : nil
        if next == turn?.role { continue }
        if let turn { try await body(batch[turn.start..<index], turn.role) }
        turn = next.map { (index, $0) }
      }
    }
  }

  /// Nil: the destination has not accepted the record.
  private func role(_ batch: StagedBatch, _ index: Int) -> ComparisonRole? {
    guard let fate = fates[Int(batch.first) + index] else { return nil }
    let isSelected = record.map { Self.isKey(batch.key(index).string, of: $0) } ?? true
    if isSelected, fate.code == .resultUnknown { return .uncertain }
    return Outcome.loaded.contains(fate.outcome) ? (isSelected ? .loaded : .beside) : nil
  }

  /// Elements of `each` have the key of their record, with their number.
  private static func isKey(_ key: String, of record: String) -> Bool {
    if key.isExactly(record) { return true }
    guard key.hasPrefix(exactly: record + "#") else { return false }
    return key.utf8.dropFirst(record.utf8.count + 1).allSatisfy { (0x30...0x39).contains($0) }
  }

  /// What a run has kept and cannot be read is damaged: nothing is wrong with the program.
  private static func readable<Value>(_ read: () throws -> Value) throws -> Value {
    do { return try read() } catch let failure as OperationFailure where failure.code == .fault {
      throw OperationFailure(.damaged, failure.description, underlying: failure)
    }
  }
}

extension StagedForm {
  fileprivate var fields: Set<[Name]> { Set(loadColumns.map { $0.path.map { Name($0) } }) }
  fileprivate var keyFields: [[Name]] { key.map { loadColumns[$0].path.map { Name($0) } } }
}

extension OperationFailure {
  static func notKept(_ run: String) -> OperationFailure {
    OperationFailure(
      .inputMissing,
      "what run \(run) loaded is no longer kept, or an earlier version of Waybill loaded it: reconcile the last run, or run the pipeline again"
    )
  }
}
