package import Core
package import Load

/// Target records as a run stages them, for tests of destinations.
///
///     let records = StagedRecords([#"{"id":"1"}"#, #"{"id":"2"}"#], columns: [LoadColumn(path: ["id"])])
///     try await records.submit(to: &session, of: part, in: folder)
package struct StagedRecords: Sendable {
  package var mapping: String
  package var columns: [LoadColumn]
  /// Indices of columns.
  package var key: [Int]
  /// JSON objects.
  package var records: [String]

  package init(_ records: [String], columns: [LoadColumn], key: [Int] = [0], mapping: String = "people") {
    self.records = records
    self.columns = columns
    self.key = key
    self.mapping = mapping
  }

  package func part(location: String = "loc1", run: String = "run1", keptIn: String? = nil) -> LoadPart {
    LoadPart(
      run: run, date: "2026-11-29", pipeline: "tests", location: location, mapping: mapping, columns: columns, key: key,
      count: records.count,
      keptIn: keptIn)
  }

  /// Lines whose keys are `r1`, `r2`, …
  package var text: String {
    records.enumerated().map { index, record in
      #"{"key":"r\#(index + 1)","line":\#(index + 1),"record":\#(record),"digest":"0"}"# + "\n"
    }.joined()
  }

  package func reader(in folder: TemporaryFolder, batchCells: Int = 32 * 1024) throws -> StagedReader {
    let name = "staged-\(UInt64.random(in: .min ... .max)).ndjson"
    try folder.write(name, text)
    return try StagedReader(
      "\(folder.path)/\(name)", mapping: mapping, columns: columns, count: records.count, batchCells: batchCells)
  }

  /// Submits all records. The staged file is written to `folder`.
  ///
  /// - Parameter size: the number of records of a batch; nil: as many as the reader gives.
  package func submit(to session: inout any LoadSession, in folder: TemporaryFolder, size: Int? = nil) async throws {
    let reader = try reader(in: folder)
    while let batch = try reader.next() {
      for piece in size.map(batch.pieces(of:)) ?? [batch] { try await session.submit(piece) }
    }
  }
}

extension StagedRecords {
  /// The same for a comparison.
  package func submit(to session: inout any ComparisonSession, in folder: TemporaryFolder, size: Int? = nil) async throws {
    let reader = try reader(in: folder)
    while let batch = try reader.next() {
      for piece in size.map(batch.pieces(of:)) ?? [batch] { try await session.expect(piece) }
    }
  }
}

extension StagedBatch {
  /// The same records in batches of at most `size`.
  fileprivate func pieces(of size: Int) -> [StagedBatch] {
    stride(from: 0, to: count, by: size).map { self[$0..<Swift.min($0 + size, count)] }
  }
}
