import Core
import Files

/// One file that is being written. It appears with `publish`; every record then has its outcome.
final class FileSession: LoadSession {
  private let part: LoadPart
  private let destination: String
  private let file: OutputFile
  private let encoder: RowEncoder
  private let sink: any OutcomeSink
  private var out = ByteArena(capacity: 512 * 1024)
  private var count = 0
  private var isPublished = false
  /// Why it could not be published. A file cannot be renamed a second time.
  private var failure: (any Error)?

  private static let flushBytes = 256 * 1024

  /// - Throws: `OperationFailure`, `CancellationError`.
  init(_ part: LoadPart, path: String, format: FileFormat, destination: String, sink: any OutcomeSink) throws {
    self.part = part
    self.destination = destination
    self.sink = sink
    encoder = RowEncoder(format, columns: part.columns)
    file = try OutputFile(path: path, mode: part.keptIn == nil ? 0o666 : 0o600)
    out.begin()
    encoder.appendHeader(into: &out)
  }

  func submit(_ batch: StagedBatch) async throws {
    try Task.checkCancellation()
    for index in 0..<batch.count {
      let cells = batch.record(index)
      encoder.append(cells, isFirst: count == 0, into: &out) { column in
        sink.warn(
          LoadWarning(
            .formulaEscaped, column: column, key: batch.key(index), line: batch.line(index), value: cells[column].text))
      }
      count += 1
      if out.pendingCount > Self.flushBytes { try flush() }
    }
  }

  func finish() async throws {
    try Task.checkCancellation()
    try part.check(count: count, for: destination)
    encoder.appendFooter(into: &out)
    try flush()
    try file.seal()
  }

  func publish() async throws {
    guard !isPublished else { return }
    if let failure { throw failure }
    try Task.checkCancellation()
    do {
      try checkTarget()
      try file.commit()
    } catch {
      failure = error
      throw error
    }
    isPublished = true
    let outcome = LoadOutcome(part.keptIn == nil ? .written : .pending)
    for ordinal in 0..<UInt64(count) { sink.report(ordinal, outcome) }
  }

  func close() async { file.abandon() }

  /// Somebody may have written the file after it was compared with what a dry run found.
  private func checkTarget() throws {
    guard part.keptIn == nil, let applied = part.applied, let target = applied.target, FileStamp(of: file.path) != target.stamp
    else { return }
    throw OperationFailure.differs(
      applied.run, mapping: part.mapping, destination: destination, key: nil,
      "the file has changed since the dry run, so it was left as it is")
  }

  var stamps: [FileStamp] { [FileStamp(of: file.unfinishedPath)].compactMap(\.self) }
  var files: [String] { isPublished ? [file.path] : [] }
  var warnings: [String] { file.warnings }

  private func flush() throws {
    try file.write(out.withPending { $0 })
    out.reset()
    out.begin()
  }
}
