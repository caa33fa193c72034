import Core
import Files
import GRDB

/// The load of one table: rows collect beside the target, and one transaction applies them.
final class SQLiteSession: LoadSession {
  private let part: LoadPart
  private let destination: SQLiteDestination
  private let table: SQLiteTable
  private let path: String
  private let sink: any OutcomeSink
  private let staging: SQLiteStaging
  private var count = 0
  private var isPublished = false
  private(set) var warnings: [String] = []

  /// - Throws: `OperationFailure`.
  init(_ part: LoadPart, to destination: SQLiteDestination, table: SQLiteTable, path: String, sink: any OutcomeSink) throws {
    self.part = part
    self.destination = destination
    self.table = table
    self.path = path
    self.sink = sink
    staging = try SQLiteStaging(table, of: part.mapping, for: path, keepsMissing: destination.mode == .upsert)
  }

  var files: [String] { isPublished ? [path] : [] }

  func submit(_ batch: StagedBatch) async throws {
    try await staging.insert(batch)
    count += batch.count
  }

  func finish() async throws {
    try part.check(count: count, for: destination.name)
    try await staging.finish()
  }

  func publish() async throws {
    guard !isPublished else { return }
    if try await !publishFile() { try await apply(to: SQLiteFile.open(path, patienceSeconds: destination.patienceSeconds)) }
    isPublished = true
    report()
  }

  func close() async { staging.abandon() }

  /// Makes the whole database beside its path, so that it appears with its table or not at all. False, with nothing done, if
  /// there is a database already.
  private func publishFile() async throws -> Bool {
    let isKept = part.keptIn != nil
    guard isKept || !FilePath.exists(path) else { return false }
    let file = try OutputFile(path: path, mode: isKept ? 0o600 : 0o666)
    defer { file.abandon() }
    try await apply(to: SQLiteFile.openScratch(file.unfinishedPath))
    try file.seal()
    // Another process may have made one in the meantime, which is kept.
    guard try isKept || file.commitUnlessPresent() else { return false }
    try file.commit()
    warnings = file.warnings
    return true
  }

  /// Applies the rows to a database in one transaction, and closes it.
  private func apply(to open: @autoclosure () throws -> DatabaseQueue) async throws {
    let publication = SQLitePublication(table: table, mode: destination.mode, mapping: part.mapping, path: path)
    let staging = SQLiteFile.plain(staging.path)
    let guarded = part.applied.map { AppliedPlanSink($0) }
    let prediction = guarded.map {
      SQLitePrediction(part: part, destination: destination, table: table, path: path, sink: $0)
    }
    let (mapping, name) = (part.mapping, destination.name)
    let isCommitted = Locked(false)
    do {
      let queue = try open()
      // When the last connection closes, the files of a write-ahead log are removed.
      defer { try? queue.close() }
      try await queue.writeWithoutTransaction { database in
        // Only one of the two databases has a journal, so that the transaction needs none that spans both.
        try database.execute(sql: "ATTACH ? AS part", arguments: [staging])
        try database.execute(sql: "PRAGMA part.journal_mode = MEMORY; PRAGMA part.synchronous = OFF")
        try database.inTransaction(.immediate) {
          try prediction?.compare(database)
          if let guarded, let key = guarded.difference {
            throw OperationFailure.differs(
              guarded.plan.run, mapping: mapping, destination: name, key: key,
              "the table has changed since the dry run, so it was left as it is")
          }
          try publication.run(database)
          return .commit
        }
        isCommitted.withLock { $0 = true }
      }
    } catch {
      // A cancellation that comes after the commit is too late.
      guard isCommitted.withLock({ $0 }) else { throw SQLiteFailure.error(path, error) }
    }
  }

  private func report() {
    guard part.keptIn == nil else {
      for ordinal in 0..<UInt64(count) { sink.report(ordinal, LoadOutcome(.pending)) }
      return
    }
    var next: UInt64 = 0
    let isComplete = staging.forEachFate { ordinal, fate in
      sink.report(ordinal, LoadOutcome(fate.outcome))
      next = ordinal + 1
    }
    // The table has the records, whether or not it is known which of them are new.
    if !isComplete { for ordinal in next..<UInt64(count) { sink.report(ordinal, LoadOutcome(.written)) } }
  }
}
