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
  /// How many records with each key have come.
  private var occurrences: ForecastKeys
  private var count = 0

  /// - Throws: `OperationFailure`, `CancellationError`.
  init(_ part: LoadPart, path: String, format: FileFormat, _ request: ForecastRequest, to sink: any ForecastSink) async throws {
    self.part = part
    self.sink = sink
    encoder = JSONRecordEncoder(layout: RecordLayout(part.columns.map { .init(path: $0.path, omitsNull: $0.omitsNull) }))
    if case .csv = format { isTable = true } else { isTable = false }
    isNew = !FilePath.exists(path)
    // Somebody may have written the file since, even a run that was killed before it could note that.
    let stamp = FileStamp(of: path)
    let digest = isNew ? "" : String(try await BlockingWork.perform { check in try Self.hash(of: path, check) }, radix: 16)
    sink.target(TargetVersion(digest: digest, stamp: stamp))
    let own = request.kept.first { kept in stamp.map(kept.published.contains) ?? false }
    if let own {
      let key = part.key.map { part.columns[$0].path }
      kept = try await KeptFileRecords(own, key: key, beside: request.staged)
    } else {
      kept = nil
    }
    occurrences = ForecastKeys(count: part.count)
  }

  func submit(_ batch: StagedBatch) async throws {
    try Task.checkCancellation()
    for index in 0..<batch.count {
      let record = record(batch.record(index))
      let key = FileRecordKey.of(record, part.key.map { part.columns[$0].path }) ?? Name(batch.key(index).string)
      let earlier = count(of: key)
      occurrences.set(key, .accepted(ordinal: earlier + 1))
      var forecast = Forecast(key, .written)
      forecast.evidence = .known
      compare(record, try kept?.record(of: key, after: earlier), &forecast)
      sink.forecast(batch.first + UInt64(index), forecast)
      count += 1
    }
  }

  func finish() async throws {
    try part.check(count: count, for: "the file")
    guard let kept else { return }
    let (occurrences, sink) = (occurrences, sink)
    try await BlockingWork.perform { check in
      try kept.forEachKey { key, count in
        try check()
        for _ in 0..<max(0, count - Int(Self.count(of: key, in: occurrences))) { sink.removal(key) }
      }
    }
  }

  private func count(of key: Name) -> UInt64 { Self.count(of: key, in: occurrences) }

  private static func count(of key: Name, in occurrences: ForecastKeys) -> UInt64 {
    if case .accepted(let count)? = occurrences[key] { count } else { 0 }
  }

  func close() async { kept?.close() }

  private static func hash(of path: String, _ check: () throws -> Void) throws -> UInt64 {
    let input = try FileInput(path: path)
    var buffer = [UInt8](repeating: 0, count: 256 * 1024)
    var hash: UInt64 = 0
    while true {
      let count = try buffer.withUnsafeMutableBufferPointer { bytes in
        try bytes.baseAddress.map { try input.read(into: $0, count: bytes.count) } ?? 0
      }
      if count == 0 { return hash }
      try check()
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
final class KeptFileRecords: Sendable {
  let columns: [LoadColumn]
  private let table: RecordTable

  private static let longestLine = 512 << 20

  /// Nil if the records cannot be read any more.
  ///
  /// - Parameters:
  ///   - key: the paths of the target key; empty: the source's key counts.
  ///   - path: they are kept beside this file meanwhile.
  /// - Throws: `OperationFailure` if the disk is full; `CancellationError`.
  init?(_ kept: ForecastRequest.Kept, key: [[String]], beside path: String) async throws {
    columns = kept.columns
    let table = try await BlockingWork.perform { check -> RecordTable? in
      let table = try RecordTable(beside: path)
      do {
        try KeptRecords.fill(table, from: kept.path, number: 0, check) { line in
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
      return table
    }
    guard let table else { return nil }
    self.table = table
  }

  /// The next record with the key; nil if there are no more.
  ///
  /// - Parameter count: how many came before.
  func record(of key: Name, after count: UInt64) throws -> JSONValue? {
    try table.row(of: key, after: Int(count)).flatMap { try? JSONReader.read($0.record) }
  }

  func close() { table.close() }

  /// Each key once, with the number of its records.
  func forEachKey(_ body: (Name, Int) throws -> Void) throws { try table.forEachKey(body) }
}
