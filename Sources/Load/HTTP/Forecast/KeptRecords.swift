import Core
import Files
import Records

/// The target records that earlier runs staged, by their keys: where old values come from. They are read only once one of them is
/// needed.
///
/// What a run staged need not be what the destination has: it may have refused it, or a later run may have sent something else. So
/// each value is taken only if its hash is the one that the journal has.
final class KeptRecords {
  struct Kept {
    var record: JSONValue
    var digest: [UInt8]
    var fields: [UInt8]
    /// The hash of each field's value, by that of its path.
    var hashes: [UInt64: UInt64]
    /// The fields that it may have, by the hashes of their paths.
    var paths: [UInt64: [String]]
  }

  private let plan: PartPlan
  private let key: [Int]
  private let request: ForecastRequest
  private var table: RecordTable?
  /// Of the files, by their numbers.
  private var digests: [StoredDigests] = []
  private var paths: [[UInt64: [String]]] = []

  /// A staged line is longer than its source because of keys, digest and escapes.
  private static let longestLine = 512 << 20

  init(_ plan: PartPlan, key: [Int], _ request: ForecastRequest) {
    self.plan = plan
    self.key = key
    self.request = request
  }

  /// The records with a key, those of the newest run first.
  ///
  /// - Throws: `OperationFailure` if the disk is full.
  func records(of key: Name) async throws -> [Kept] {
    guard !request.kept.isEmpty else { return [] }
    if table == nil { try await fill() }
    return try (table?.rows(of: key) ?? []).compactMap { row in
      (try? JSONReader.read(row.record)).flatMap { kept($0, digests[row.source], paths[row.source]) }
    }
  }

  func close() { table?.close() }

  /// A record that this run has staged.
  func own(_ record: JSONValue) -> Kept? { kept(record, StoredDigests(plan), Self.paths(of: plan.columns)) }

  private func kept(_ record: JSONValue, _ digests: StoredDigests, _ paths: [UInt64: [String]]) -> Kept? {
    guard let result = digests.result(of: record), let hashes = FieldHashes.table(result.fields) else { return nil }
    return Kept(record: record, digest: result.digest, fields: result.fields, hashes: hashes, paths: paths)
  }

  private static func paths(of columns: [LoadColumn]) -> [UInt64: [String]] {
    columns.reduce(into: [:]) { $0[FieldHashes.hash(of: $1.path)] = $1.path }
  }

  private func fill() async throws {
    for file in request.kept {
      digests.append(StoredDigests(plan, columns: file.columns))
      paths.append(Self.paths(of: file.columns))
    }
    // The mapping may have had another key.
    let names = key.map { plan.columns[$0].path }
    let request = request
    table = try await BlockingWork.perform { check in
      let table = try RecordTable(beside: request.staged)
      for (number, file) in request.kept.enumerated() {
        do {
          try Self.fill(table, from: file.path, number: number, check) { line in
            line["record"].flatMap { record in FileRecordKey.of(record, names).map { ($0, record) } }
          }
        } catch let failure as OperationFailure where failure.code == .cannotWrite {
          throw failure
        } catch is CancellationError {
          throw CancellationError()
        } catch {
          // A file that can no longer be read is not a reason to predict nothing: its values are not kept.
        }
      }
      try table.seal()
      return table
    }
  }

  /// Adds the records of a staged file.
  ///
  /// - Parameters:
  ///   - check: called for each batch; what it throws ends the work.
  ///   - keyed: the record of a line, with its key; nil: it is left out.
  static func fill(
    _ table: RecordTable, from path: String, number: Int, _ check: () throws -> Void,
    _ keyed: (JSONValue) -> (key: Name, record: JSONValue)?
  ) throws {
    var source = NDJSONSource(try KeptFile.input(path), maximumRecord: longestLine)
    let batch = RecordBatch()
    while try source.fill(batch) {
      try check()
      let rows = batch.items.compactMap { item -> RecordTable.Row? in
        guard item.fault == nil, let line = try? JSONReader.read(Array(batch.bytes[item.start..<item.end])),
          let (key, record) = keyed(line)
        else { return nil }
        return RecordTable.Row(key: key, source: number, record: Array(record.text.utf8))
      }
      try table.add(rows)
    }
  }
}
