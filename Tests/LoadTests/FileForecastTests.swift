import Core
import Load
import TestSupport
import Testing

/// What a dry run predicts for a file.
@Suite struct FileForecastTests {
  private let folder = TemporaryFolder()

  private static func records(_ texts: [String]) -> StagedRecords {
    StagedRecords(texts, columns: [LoadColumn(path: ["id"], types: .string), LoadColumn(path: ["name"])])
  }

  private func destination() throws -> FileDestination {
    FileDestination(name: "x", path: try PathTemplate("\(folder.path)/out/{mapping}"), format: .ndjson)
  }

  private func load(_ records: StagedRecords) async throws {
    var session = try await destination().begin(records.part(), reporting: RecordingSink())
    try await records.submit(to: &session, in: folder)
    try await session.finish()
    try await session.publish()
    await session.close()
  }

  @Test func `records with the same key are compared one by one, in their order`() async throws {
    let before = Self.records(
      [#"{"id":"a","name":"1"}"#, #"{"id":"b","name":"2"}"#, #"{"id":"a","name":"3"}"#, #"{"id":"a","name":"4"}"#])
    try await load(before)
    let same = try await before.forecast(by: destination(), after: before, in: folder).sink
    #expect(same.all.map(\.change) == [.same, .same, .same, .same] && same.removals == [])
    let after = Self.records([
      #"{"id":"a","name":"1"}"#, #"{"id":"a","name":"5"}"#, #"{"id":"b","name":"2"}"#, #"{"id":"b","name":"6"}"#,
    ])
    let changed = try await after.forecast(by: destination(), after: before, in: folder).sink
    #expect(changed.all.map(\.change) == [.same, .changed, .same, .new])
    #expect(changed.all[1].fields == [.init(column: 1, path: ["name"], old: .value(.string("3")), new: .string("5"))])
    #expect(changed.removals == ["a"])
  }

  @Test func `what an earlier run staged is not compared with a file that has changed since`() async throws {
    let before = Self.records([#"{"id":"a","name":"1"}"#])
    try await load(before)
    let sink = RecordingForecasts()
    try folder.write("staged-now", before.text)
    try folder.write("staged-last", before.text)
    for isPublished in [false, true] {
      let stamps = isPublished ? [FileStamp(size: 1, modified: 2)] : []
      let kept = ForecastRequest.Kept(path: "\(folder.path)/staged-last", columns: before.columns, published: stamps)
      let request = ForecastRequest(staged: "\(folder.path)/staged-now", kept: [kept])
      var session = try await destination().forecast(before.part(), request, to: sink)
      try await before.submit(to: &session, in: folder)
      try await session.finish()
      await session.close()
    }
    #expect(sink.all.count == 2 && sink.all.allSatisfy { $0.outcome == .written && $0.change == nil })
  }
}
