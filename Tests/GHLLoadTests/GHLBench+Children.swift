import Core
import TestSupport
import Testing

@testable import Load

/// Contacts with children, and what else can be done with a load: predict, apply, undo, compare.
extension GHLBench {
  /// Contacts `c1`, `c2`, …, each with an e-mail address of its own.
  static func contacts(_ numbers: some Sequence<Int>, city: String = "Rome") -> [String] {
    numbers.map { #"{"key":"c\#($0)","email":"c\#($0)@x.io","firstName":"Ann","city":"\#(city)"}"# }
  }

  static func task(_ key: String, of contact: String, title: String = "Call", _ more: String = #""completed":false"#) -> String {
    #"{"key":"\#(key)","contact":"\#(contact)","title":"\#(title)","dueDate":"2026-12-01T09:00:00Z",\#(more)}"#
  }

  static func note(_ key: String, of contact: String, _ body: String = "Likes tea") -> String {
    #"{"key":"\#(key)","contact":"\#(contact)","body":"\#(body)"}"#
  }

  func scope(_ mapping: String) -> JournalScope {
    JournalScope(pipeline: "tests", destination: "crm", mapping: mapping, location: "loc1")
  }

  /// GHL's ID of a record, as the journal knows it.
  func id(_ key: String, in mapping: String = "contacts") throws -> String {
    try #require(try stores.journal.accepted(Name(key), in: scope(mapping))?.remoteID?.text)
  }

  /// The tasks or notes of a contact.
  func children(_ kind: String, of key: String) throws -> [JSONValue] {
    try ask("GET", "/contacts/\(try id(key))/\(kind)")[kind]?.arrayValue ?? []
  }

  func tags(of key: String) throws -> String {
    (try contact(try id(key))?["tags"]?.arrayValue ?? []).compactMap(\.stringValue).sorted().joined(separator: " ")
  }

  /// The writes of loads, as `POST tasks`, with the last words of their paths.
  var calls: [String] {
    writes.map { sent in
      "\(sent.method) " + sent.target.split(separator: "/").filter { $0.count < 20 }.dropFirst().joined(separator: "/")
    }
  }

  // MARK: Whole records

  /// Records as a mapping without a schema writes them: null stays null.
  static func whole(_ records: [String], _ mapping: String, _ columns: [String]) -> StagedRecords {
    StagedRecords(
      records, columns: (["key"] + columns).map { LoadColumn(path: $0.split(separator: ".").map(String.init)) }, mapping: mapping)
  }

  @discardableResult
  func load(
    _ staged: StagedRecords, from location: String = "loc1", of pipeline: String = "tests", run: String = "run1",
    applying plan: (any AppliedPlan)? = nil, by process: DyingProcess? = nil
  ) async throws -> Result {
    let sink = RecordingSink()
    var part = staged.part(location: location, run: run)
    part.pipeline = pipeline
    (part.undoLog, part.applied) = (undoLog(of: staged.mapping), plan)
    var session = try await destination(by: process).begin(part, reporting: sink)
    do {
      try await staged.submit(to: &session, in: TemporaryFolder())
      try await session.finish()
      await session.acknowledge()
    } catch {
      await session.close()
      throw error
    }
    let result = Result(sink: sink, failure: session.failure, warnings: session.warnings)
    await session.close()
    return result
  }

  func undoLog(of mapping: String) -> @Sendable (String) -> String { { [logs] in "\(logs.path)/\($0)/\(mapping).ndjson" } }

  /// - Returns: `k1 restored`, in the order of the keys.
  @discardableResult
  func undo(_ staged: StagedRecords, _ run: String = "run1") async throws -> [String] {
    let found = Locked<[Name: UndoneRecord]>([:])
    var part = staged.part(run: run)
    part.undoLog = undoLog(of: staged.mapping)
    _ = try await destination().undo(part, UndoRequest(log: undoLog(of: staged.mapping)(run))) { record in
      found.withLock { $0[record.key] = record }
    }
    return found.withLock { $0.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value.outcome)" } }
  }

  /// What reconcile finds: `different k1 title`.
  func differences(_ staged: StagedRecords) async throws -> (lines: [String], counts: StoredCounts) {
    let options = ComparisonOptions(isWhole: false, scratch: TemporaryFolder().path)
    var session = try await destination().beginComparing(staged.part(), options)
    let reader = try staged.reader(in: TemporaryFolder())
    while let batch = try reader.next() { try await session.expect(batch) }
    var lines: [String] = []
    let counts = try await session.compare { difference in
      lines.append("\(difference.kind.rawValue) \(difference.key?.text ?? "-") \(difference.field ?? "-")")
    }
    await session.close()
    return (lines, counts)
  }
}
