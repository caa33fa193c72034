import Core
import Files
import Glibc
import Records
import Report
import Transform

/// Transforms one mapping's input into the run's staging folder.
struct StagingWriter {
  let mapping: StagedMapping
  let encoder: LedgerLineEncoder
  let ledger: RunLedgerWriter
  let observer: any RunObserver
  let threads: Int
  var links = ProgramLinks()

  /// What has been read is in `mapping.counts`, and each of these items has its line in `mapping.outcomes` (as far as it
  /// can be written), also when this throws: `OperationFailure`, `CancellationError`.
  /// Returns the fields that no record has.
  @discardableResult
  func run(_ source: any RecordSource) async throws -> [NeverPresent] {
    let outcomes = try OutputFile(path: mapping.outcomes, mode: 0o600)
    let records = try OutputFile(path: mapping.records, mode: 0o600)
    var options = TransformRunner.Options(threads: threads)
    options.writesOutcomes = true
    options.spillFolder = FilePath.folder(of: mapping.records)
    let runner = TransformRunner(mapping.program, encoding: .staged(mapping.program), options: options, links: links)
    var source = source
    observer.stageBegan(.transform, of: mapping.name, expected: mapping.fetched)
    defer { observer.stageEnded(.transform, of: mapping.name) }
    let total: TransformCounts
    do {
      total = try await runner.run(&source) { lane in
        try records.write(lane.output.withPending { $0 })
        let reasons = try explain(lane.log)
        try write(lane, reasons, to: outcomes)
        mapping.counts += lane.counts
        try ledger.mark()
        observer.stageAdvanced(.transform, of: mapping.name, done: mapping.counts.read)
      }
    } catch {
      // The first error is the one to report. If the disk was full, a partial line is cut off; for a batch that was not
      // counted, the ledger has no lines.
      ledger.rollBack()
      outcomes.truncate(to: outcomes.byteCount)
      if (try? outcomes.commit()) != nil { truncate(mapping.outcomes, off_t(outcomes.byteCount)) }
      throw error
    }
    try records.commit()
    try outcomes.commit()
    return NeverPresent.all(total.absent, in: mapping.program)
  }

  /// Writes a batch's problems into the ledger. Gives the first error of each item that has one, as members of a JSON
  /// object (`"code":…,"field":…,"message":…}`): these items are the rejected ones, in their order.
  private func explain(_ log: ProblemLog) throws -> [String] {
    var reasons: [String] = []
    var last: RecordMark?
    for problem in log.problems {
      let line = encoder.line(of: problem, in: log)
      try ledger.append(line)
      guard problem.severity == .error, last?.isSameItem(as: problem.record) != true else { continue }
      last = problem.record
      let members = ["code", "field", "message"].compactMap { name in line[name].map { JSONValue.Member(name, $0) } }
      reasons.append(String(JSONValue.object(members).text.dropFirst()))
    }
    return reasons
  }

  /// Outcome lines, with the reason for rejected items. One write per batch, so that the file's length is always that of
  /// whole batches.
  private func write(_ lane: TransformLane, _ reasons: [String], to file: OutputFile) throws {
    let lines = lane.outcomes.withPending { $0 }
    guard lane.counts.rejected > 0 else { return try file.write(lines) }
    let out = OutcomeLines.explained(lines.buffer, reasons)
    try out.withUnsafeBufferPointer { bytes in
      guard let base = bytes.baseAddress else { return }
      try file.write(Text(start: base, count: bytes.count))
    }
  }
}

/// Outcome lines as bytes.
enum OutcomeLines {
  /// Each line ends like this, apart from its number; a key cannot imitate it.
  private static let rejected = Array(#""outcome":"rejected","line":"#.utf8)

  /// The lines, with the next of `reasons` as the last members of each rejected one.
  static func explained(_ lines: UnsafeBufferPointer<UInt8>, _ reasons: [String]) -> [UInt8] {
    var out: [UInt8] = []
    out.reserveCapacity(lines.count + reasons.count * 160)
    guard let base = lines.baseAddress else { return out }
    /// How far `lines` has been copied, and where the current line begins.
    var (copied, start, next) = (0, 0, 0)
    while start < lines.count, next < reasons.count {
      guard let found = memchr(base + start, 0x0A, lines.count - start) else { break }
      let end = base.distance(to: found.assumingMemoryBound(to: UInt8.self))
      if isRejected(base + start, end - start) {
        // Without the line's `}`: the reason has its own.
        out += UnsafeBufferPointer(rebasing: lines[copied..<(end - 1)])
        out.append(UInt8(ascii: ","))
        out += reasons[next].utf8
        copied = end
        next += 1
      }
      start = end + 1
    }
    out += UnsafeBufferPointer(rebasing: lines[copied...])
    return out
  }

  private static func isRejected(_ line: UnsafePointer<UInt8>, _ count: Int) -> Bool {
    // From the end: `}`, the digits of the line's number, and the text before them.
    var end = count - 1
    while end > 0, line[end - 1] >= UInt8(ascii: "0"), line[end - 1] <= UInt8(ascii: "9") { end -= 1 }
    guard end >= rejected.count else { return false }
    return rejected.withUnsafeBufferPointer { wanted in
      wanted.baseAddress.map { memcmp(line + (end - wanted.count), $0, wanted.count) == 0 } ?? false
    }
  }
}

extension RecordMark {
  fileprivate func isSameItem(as other: RecordMark) -> Bool {
    line == other.line && offset == other.offset && element == other.element
  }
}
