package import Core
import Files
import Records

/// Writes a run's ledger: `ledger.ndjson` in its folder, and the same lines into the state, a few hundred at a time.
///
/// Both have the same lines, exactly those that the run's counts include: `mark` records that everything appended so far is
/// counted, and `rollBack` removes what was appended since.
package final class RunLedgerWriter {
  private let run: String
  private let file: CheckpointFile
  private let state: any RunStore
  private var batch = LedgerBatch()
  private var pending: [LedgerEntry] = []
  /// The part of the file and of `pending` that is counted.
  private var marked = (bytes: 0, pending: 0)

  /// The number of entries worth a transaction.
  private static let enough = 500

  /// - Throws: `OperationFailure`.
  package init(run: String, path: String, state: any RunStore) throws {
    self.run = run
    self.state = state
    file = try CheckpointFile(path: path)
  }

  /// Continues the ledger of a run that was stopped: what was written after `position` is removed, in both places.
  ///
  /// - Parameter position: as returned by `checkpoint`.
  /// - Throws: `OperationFailure`: `damaged` if the file is shorter.
  package init(run: String, path: String, state: any RunStore, continuingAt position: Int) throws {
    self.run = run
    self.state = state
    // The state first: if it cannot be written, the file stays as it is.
    let present = try CheckpointFile.present(path, atLeast: position)
    try state.replaceLedger(of: run) { record in
      if let present { try Self.read(present, position, run: run, record) }
    }
    file = try CheckpointFile(path: path, continuingAt: position)
    marked.bytes = position
  }

  /// Reads the lines in the first `end` bytes of a ledger, a few hundred at a time.
  private static func read(
    _ path: String, _ end: Int, run: String, _ record: ([LedgerEntry]) throws -> Void
  ) throws {
    var source = NDJSONSource(PrefixInput(try FileInput(path: path), count: end), maximumRecord: .max)
    let batch = RecordBatch()
    while try source.fill(batch) {
      try record(
        batch.items.map { item in
          let bytes = Array(batch.bytes[item.start..<item.end])
          guard item.fault == nil, let line = try? JSONReader.read(bytes) else {
            throw OperationFailure(.damaged, "\(path):\(item.line) is not a valid ledger line: start over")
          }
          return LedgerEntry(run: run, line: line, text: String(decoding: bytes, as: UTF8.self))
        })
    }
  }

  /// The position in the file after everything that was appended.
  package var byteCount: Int { file.byteCount }

  /// - Throws: `OperationFailure`; the line is then not in the file, not even in part.
  package func append(_ line: LedgerLine) throws { try append([line]) }

  /// Appends a batch of lines with one write.
  ///
  /// - Returns: the position in the file after each line.
  /// - Throws: `OperationFailure`; none of the lines is then in the file.
  @discardableResult
  package func append(_ lines: [LedgerLine]) throws -> [Int] {
    guard !lines.isEmpty else { return [] }
    let start = file.byteCount
    batch.removeAll()
    let shown = lines.map { batch.append($0) }
    try file.write(batch.text.buffer)
    for (index, line) in shown.enumerated() { pending.append(LedgerEntry(line, of: run, json: batch.json(of: index))) }
    return batch.ends.map { start + $0 }
  }

  /// Everything appended so far is counted.
  ///
  /// - Throws: `OperationFailure`; the lines are tried again later.
  package func mark() throws {
    marked = (file.byteCount, pending.count)
    if pending.count >= Self.enough { try flush() }
  }

  /// Removes the lines appended since the last mark: what they report is not counted.
  package func rollBack() {
    file.truncate(to: marked.bytes)
    pending.removeLast(max(0, pending.count - marked.pending))
  }

  private func flush() throws {
    try state.record(pending)
    pending.removeAll(keepingCapacity: true)
    marked.pending = 0
  }

  /// Makes everything appended so far durable, in the file and in the state.
  ///
  /// - Returns: the position from which another process can continue.
  /// - Throws: `OperationFailure`.
  package func checkpoint() throws -> Int {
    marked = (file.byteCount, pending.count)
    try flush()
    return try file.checkpoint()
  }

  /// Completes the ledger. If one of the two places fails, the other still gets its lines.
  ///
  /// - Throws: `OperationFailure`.
  package func finish() throws {
    let inFile = Result { try file.commit() }
    try flush()
    try inFile.get()
  }
}

extension LedgerEntry {
  /// A line that has no secrets.
  fileprivate init(_ line: LedgerLine, of run: String, json: String) {
    self.init(
      run: run, mapping: line.mapping ?? "", record: line.record, stage: line.stage.rawValue, severity: line.severity.rawValue,
      code: line.code, field: line.field, line: line.at?.line, element: line.at?.element, destination: line.destination,
      text: json)
  }

  /// A line that is read back from the file.
  fileprivate init(run: String, line: JSONValue, text: String) {
    self.init(
      run: run, mapping: line["mapping"]?.stringValue ?? "", record: line["record"]?.stringValue,
      stage: line["stage"]?.stringValue ?? "", severity: line["severity"]?.stringValue ?? "",
      code: line["code"]?.stringValue ?? "", field: line["field"]?.stringValue, line: line["at"]?["line"]?.intValue,
      element: line["at"]?["element"]?.intValue, destination: line["destination"]?.stringValue, text: text)
  }
}
