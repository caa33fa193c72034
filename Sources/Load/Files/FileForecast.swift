import Core
import Files
import Records
import Values

/// Predicts what publishing a part would do to a file: which records are new, changed or the same, and which are no longer in it. The
/// file is replaced as a whole, so what it had is known from what the last run that published it staged.
final class FileForecast: LoadSession {
  private let part: LoadPart
  private let encoder: JSONRecordEncoder
  private let isTable: Bool
  private let sink: any ForecastSink
  /// What the file has; nil if nobody knows.
  private let kept: KeptFileRecords?
  private let isNew: Bool
  /// Of the file's content: somebody may edit it.
  private let basis: UInt64
  private var keys: ForecastKeys
  private var count = 0

  /// - Throws: `OperationFailure`.
  init(_ part: LoadPart, path: String, format: FileFormat, _ request: ForecastRequest, to sink: any ForecastSink) throws {
    self.part = part
    self.sink = sink
    encoder = JSONRecordEncoder(layout: RecordLayout(part.columns.map { .init(path: $0.path, omitsNull: $0.omitsNull) }))
    if case .csv = format { isTable = true } else { isTable = false }
    isNew = !FilePath.exists(path)
    basis = isNew ? 0 : try Self.hash(of: path)
    kept =
      isNew
      ? nil : try request.kept.first.flatMap { try KeptFileRecords($0, key: part.key.map { part.columns[$0].path }, request) }
    keys = ForecastKeys(count: part.count)
  }

  func submit(_ batch: StagedBatch) async throws {
    try Task.checkCancellation()
    for index in 0..<batch.count {
      let record = record(batch.record(index))
      let key = FileRecordKey.of(record, part.key.map { part.columns[$0].path }) ?? Name(batch.key(index).string)
      keys.set(key, .accepted(ordinal: batch.first + UInt64(index)))
      var forecast = Forecast(key, .written)
      forecast.basis = basis
      compare(record, try kept?.record(of: key), &forecast)
      sink.forecast(batch.first + UInt64(index), forecast)
      count += 1
    }
  }

  func finish() async throws {
    try part.check(count: count, for: "the file")
    try kept?.forEachKey { key in if keys[key] == nil { sink.removal(key) } }
  }

  func close() async {}

  private static func hash(of path: String) throws -> UInt64 {
    let input = try FileInput(path: path)
    var buffer = [UInt8](repeating: 0, count: 256 * 1024)
    var hash: UInt64 = 0
    while true {
      let count = try buffer.withUnsafeMutableBufferPointer { bytes in
        try bytes.baseAddress.map { try input.read(into: $0, count: bytes.count) } ?? 0
      }
      if count == 0 { return hash }
      try Task.checkCancellation()
      hash = Hash64.of(buffer.span.extracting(0..<count), seed: hash)
    }
  }

  private func record(_ cells: UnsafeBufferPointer<Cell>) -> JSONValue {
    var out = ByteArena(capacity: 1024)
    out.begin()
    encoder.encode(cells, into: &out)
    return (try? JSONReader.read(out.finish().string)) ?? .object([])
  }

  private func compare(_ record: JSONValue, _ old: JSONValue?, _ forecast: inout Forecast) {
    guard isNew || kept != nil else { return }
    let own = part.columns.map(\.path)
    let former = (kept?.columns ?? []).map(\.path).filter { path in
      !own.contains { $0.elementsEqual(path, by: { $0.isExactly($1) }) }
    }
    for (index, path) in (own + former).enumerated() {
      let (before, now) = (old.flatMap { value(at: path, in: $0) }, value(at: path, in: record))
      guard before != now else { continue }
      forecast.fields.append(
        .init(column: index < own.count ? index : nil, path: path, old: before.map { .value($0) } ?? .absent, new: now))
    }
    forecast.change = old == nil ? .new : forecast.fields.isEmpty ? .same : .changed
  }

  /// A table does not tell null from a missing field.
  private func value(at path: [String], in record: JSONValue) -> JSONValue? {
    let value = ResponsePath(path.map { .member(Name($0)) }).value(in: record)
    return isTable && value == .null ? nil : value
  }
}

/// The key of a target record: that of the mapping, or of several fields as a list.
enum FileRecordKey {
  /// Nil if the mapping has no target key.
  static func of(_ record: JSONValue, _ paths: [[String]]) -> Name? {
    guard !paths.isEmpty else { return nil }
    let values = paths.map { ResponsePath($0.map { .member(Name($0)) }).value(in: record)?.idText ?? "" }
    return values.count == 1 ? Name(values[0]) : Name(JSONValue.array(values.map { .string($0) }).text)
  }
}

/// The target records that an earlier run staged, by their keys.
final class KeptFileRecords {
  let columns: [LoadColumn]
  private let table: RecordTable

  private static let longestLine = 512 << 20

  /// Nil if the records cannot be read any more.
  ///
  /// - Parameter key: the paths of the target key; empty: the source's key counts.
  /// - Throws: `OperationFailure` if the disk is full.
  init?(_ kept: ForecastRequest.Kept, key: [[String]], _ request: ForecastRequest) throws {
    columns = kept.columns
    table = try RecordTable(beside: request.staged)
    do {
      try KeptRecords.fill(table, from: kept.path, number: 0) { line in
        guard let record = line["record"] else { return nil }
        return (FileRecordKey.of(record, key) ?? Name(line["key"]?.stringValue ?? ""), record)
      }
    } catch let failure as OperationFailure where failure.code == .cannotWrite {
      throw failure
    } catch is CancellationError {
      throw CancellationError()
    } catch {
      return nil
    }
    try table.seal()
  }

  /// The last one with the key, as the file's readers find it.
  func record(of key: Name) throws -> JSONValue? {
    try table.rows(of: key).last.flatMap { try? JSONReader.read($0.record) }
  }

  func forEachKey(_ body: (Name) -> Void) throws { try table.forEachKey(body) }
}
