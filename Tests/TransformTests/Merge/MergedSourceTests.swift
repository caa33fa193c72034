import Core
import Files
import Records
import TestSupport
import Testing

@testable import Transform

/// The second pass of a merge as a source of batches.
@Suite struct MergedSourceTests {
  private func source(_ program: Program, _ rule: ProgramRules.Merge, _ text: String) throws -> MergedSource {
    let spool = try MergeSpool(rule, memory: 8192, folder: SpillFolder.standard)
    let lane = TransformLane(
      program, encoding: .staged(program), options: .init(threads: 1), links: ProgramLinks(), role: .spooling)
    var source = NDJSONSource(MemoryInput(Array(text.utf8)), batchSize: 4096)
    while try source.fill(lane.batch) {
      lane.process()
      try lane.settle(nil)
      try spool.append(lane.output.withPending { $0 }, lane.entries)
    }
    return try MergedSource(program, rule, spool)
  }

  @Test(arguments: [0, 1, 3000]) func `the records of a merge honor the contract of the seam`(count: Int) throws {
    let text = (0..<count).map { #"{"id":"c\#($0)","email":"e\#($0 * 7 % 1900)"}"# }.joined(separator: "\n")
    var model = TestMapping.model(["id", "email"].map { TestMapping.field($0, TestMapping.source($0)) })
    model.merge = MergeRule(by: ["email"], keep: .last, fields: [:], others: nil, place: TestMapping.place(30))
    let program = try Program(model)
    let rule = try #require(program.rules.merge)
    let shapes = [1, 2].map { RecordSourceConformance.Shape(piece: $0, batchSize: 1) }
    let suite = RecordSourceConformance("merged", expected: nil, shapes: shapes) { _ in try source(program, rule, text) }
    #expect(try suite.violations() == [])
    var all = try source(program, rule, text)
    let batch = RecordBatch()
    var batches = 0
    while try all.fill(batch) { batches += 1 }
    // Those that were swallowed are there, too; many records take several batches.
    #expect(all.cursor.records == count && (batches > 1) == (count > 1000))
  }
}
