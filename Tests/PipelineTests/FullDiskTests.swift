import Core
import Extract
import Foundation
import Records
import State
import TestSupport
import Testing
import Transform

@testable import Pipeline
@testable import Report

/// A disk that is full, or a folder that cannot be written, in the middle of a run.
@Suite struct FullDiskTests {
  private static func staged(_ project: Project, in folder: String) throws -> StagedMapping {
    let model = try #require(PipelineCompilation.compile(try project.document()).units.first?.model)
    let mapping = StagedMapping(try Program(model, context: ProgramContext()), folder: "\(folder)/staging")
    mapping.input = StoredRecords(file: "\(project.folder.path)/in/contacts.ndjson", format: .ndjson)
    return mapping
  }

  private static func transform(_ mapping: StagedMapping, _ project: Project, in folder: String) async throws {
    let state = try SQLiteRunStore(folder: "\(folder)/state")
    try state.begin(RunRecord(id: "r", pipeline: "test", started: "t"))
    let writer = StagingWriter(
      mapping: mapping, encoder: LedgerLineEncoder(mapping.program, context: .init(run: "r")),
      ledger: try RunLedgerWriter(run: "r", path: "\(folder)/ledger.ndjson", state: state), observer: SilentObserver(), threads: 1
    )
    try await writer.run(try #require(mapping.input).open())
  }

  /// The file that finds no space.
  @Test(arguments: [
    "staging/contacts.ndjson", "staging/contacts.items", "staging/contacts.keys", "outcomes.ndjson", "ledger.ndjson",
  ])
  func `a full disk ends with 73, and every item has an outcome`(_ file: String) async throws {
    let project = try Project()
    let folder = "\(project.folder.path)/run"
    try project.folder.write("run/staging/keep", "")
    try FileManager.default.createSymbolicLink(atPath: "\(folder)/\(file)", withDestinationPath: "/dev/full")
    let mapping = try Self.staged(project, in: folder)
    let execution = RunExecution(try project.document(), options: project.options, observer: SilentObserver())
    execution.folder = folder
    execution.staged = [mapping]
    do {
      try await Self.transform(mapping, project, in: folder)
      #expect(file == "outcomes.ndjson")
    } catch {
      #expect("\(error)".contains("\(folder)/\(file)"))
      execution.failures.append(OperationFailure(error))
    }
    execution.end(nil, nil)
    #expect(execution.summary.exitCode == .cannotWrite, "\(execution.summary.messages)")
    #expect(execution.summary.unaccounted == 0)
    let entity = try #require(execution.summary.entities.first)
    guard file == "outcomes.ndjson" else { return }
    #expect(entity.destinations.map { $0.counts[.rejected] } == [3, 3])
    #expect(entity.destinations.map { $0.counts[.pending] } == [3, 3])
  }
}
