import Core
import Load
import TestSupport

/// A database in a folder of its own, and how tests load records into it.
struct SQLiteBench {
  let folder = TemporaryFolder()

  var path: String { "\(folder.path)/app.sqlite" }

  func destination(_ mode: SQLiteMode = .upsert, path: String = "app.sqlite", table: String = "{mapping}") throws
    -> SQLiteDestination
  {
    var destination = SQLiteDestination(
      name: "app", path: try PathTemplate("\(folder.path)/\(path)"), table: try PathTemplate(table), mode: mode)
    destination.patienceSeconds = 0.05
    return destination
  }

  /// Loads records as a run does, and returns what was reported.
  @discardableResult
  func load(_ records: StagedRecords, into destination: SQLiteDestination, keptIn: String? = nil) async throws -> RecordingSink {
    let sink = RecordingSink()
    let part = records.part(keptIn: keptIn)
    try destination.check(part)
    var session = try await destination.begin(part, reporting: sink)
    do {
      try await records.submit(to: &session, in: folder)
      try await session.finish()
      try await session.publish()
    } catch {
      await session.close()
      throw error
    }
    await session.close()
    return sink
  }

  /// The failure with which `load` is refused.
  func refusal(_ records: StagedRecords, into destination: SQLiteDestination) async throws -> OperationFailure? {
    do {
      try await load(records, into: destination)
      return nil
    } catch {
      return OperationFailure(error)
    }
  }

  func content(_ table: String = "people", in name: String = "app.sqlite") throws -> String {
    try SQLiteContent.text(of: table, in: "\(folder.path)/\(name)")
  }

  /// Files other than the staged records.
  var names: [String] { folder.names().filter { !$0.hasPrefix("staged-") } }
}

extension StagedRecords {
  /// Records with a text `id` and one other field.
  static func pairs(_ records: String..., field: String = "x", types: JSONTypes = .string) -> StagedRecords {
    StagedRecords(records, columns: [LoadColumn(path: ["id"], types: .string), LoadColumn(path: [field], types: types)])
  }
}
