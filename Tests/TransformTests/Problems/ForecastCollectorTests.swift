import Control
import Core
import Foundation
import Load
import TestSupport
import Testing

@testable import Report
@testable import Transform

/// What a destination predicts goes into the change log at once, however much it reports in one go.
@Suite struct ForecastCollectorTests {
  private let folder = TemporaryFolder()

  private func collector(_ count: Int, privacy: Privacy = .show) throws -> ForecastCollector {
    let fields = ["id", "name"].map { TestMapping.field($0, TestMapping.source($0), privacy: privacy) }
    let program = try Program(TestMapping.model(fields))
    return try ForecastCollector(
      RunPart(mapping: "test", destination: "x"), program: program, count: count,
      encoder: ProblemLines(program, context: .init()),
      log: "\(folder.path)/log/test.changes")
  }

  /// Of the log, which has no name of its own yet.
  private var written: Int {
    folder.names(in: "log").reduce(0) { sum, name in
      let size = try? FileManager.default.attributesOfItem(atPath: "\(folder.path)/log/\(name)")[.size] as? Int
      return sum + (size ?? 0)
    }
  }

  @Test func `a large table is not kept in memory`() async throws {
    let count = 20_000
    let name = String(repeating: "n", count: 100)
    let records = StagedRecords(
      (0..<count).map { #"{"id":"k\#($0)","name":"\#(name)"}"# },
      columns: [LoadColumn(path: ["id"], types: .string), LoadColumn(path: ["name"], types: .string)], mapping: "test")
    try folder.write("staged", records.text)
    let destination = SQLiteDestination(
      name: "x", path: try PathTemplate("\(folder.path)/all.sqlite"), table: try PathTemplate("{mapping}"), mode: .replace)
    let collector = try collector(count)
    var session = try await destination.forecast(
      records.part(), ForecastRequest(staged: "\(folder.path)/staged"), to: collector)
    try await records.submit(to: &session, in: folder)
    try await session.finish()
    await session.close()
    // All has been reported, and less than a tenth of it is not in the file yet.
    #expect(collector.reported == count && written > count * name.count * 9 / 10)
    try collector.check()
    try collector.finish(isWhole: true)
    let reader = try ChangeLogReader(path: "\(folder.path)/log/test.changes")
    #expect(try (0..<count).allSatisfy { try reader.entry(of: UInt64($0))?.outcome == .created })
  }

  @Test func `a record without a prediction, or with two, is a fault`() throws {
    for ordinals in [[0], [0, 1, 1], [0, 1, 7]] as [[UInt64]] {
      let collector = try collector(2)
      for ordinal in ordinals { collector.forecast(ordinal, Forecast("k", .created)) }
      let failure = #expect(throws: OperationFailure.self) { try collector.finish(isWhole: true) }
      #expect(failure?.code == .fault)
    }
  }

  @Test func `values are masked before they are written`() throws {
    let collector = try collector(1, privacy: .mask)
    var forecast = Forecast("k", .updated)
    forecast.fields = [.init(column: 1, path: ["name"], old: .value(.string("Ada")), new: .string("Eva"))]
    collector.forecast(0, forecast)
    try collector.finish(isWhole: true)
    let log = String(decoding: try Data(contentsOf: URL(filePath: "\(folder.path)/log/test.changes")), as: UTF8.self)
    #expect(!log.contains("Ada") && !log.contains("Eva") && log.contains("Xxx"))
  }
}
