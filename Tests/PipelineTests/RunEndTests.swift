import Core
import Foundation
import Report
import State
import TestSupport
import Testing

@testable import Pipeline

/// However a run ends, everything that reports on it agrees.
@Suite struct RunEndTests {
  private static func input(_ count: Int) -> String {
    (0..<count).map { number in
      number % 5 == 0
        ? #"{"id":"c\#(number)","firstName":""}"# : #"{"id":"c\#(number)","firstName":"Ada","source":"=\#(number)"}"#
    }.joined(separator: "\n")
  }

  /// Cancels the current task when a stage has reached a certain point.
  private final class Interrupting: RunObserver {
    let stage: Stage
    let atStart: Bool

    init(_ stage: Stage, atStart: Bool) { (self.stage, self.atStart) = (stage, atStart) }

    func receive(_ event: RunEvent) {
      switch event {
      case .stageBegan(let stage, _, _) where atStart: end(stage)
      case .stageAdvanced(let stage, _, _) where !atStart: end(stage)
      default: break
      }
    }

    private func end(_ stage: Stage) { if stage == self.stage { withUnsafeCurrentTask { $0?.cancel() } } }
  }

  @Test(arguments: [Stage.extract, .transform, .load], [true, false])
  func `interrupted anywhere`(_ stage: Stage, _ atStart: Bool) async throws {
    let project = try Project(pipeline: Project.pipeline.replacing("max: 3", with: "max: 9000"), input: Self.input(9_000))
    try project.folder.write("out/contacts.csv", "yesterday\n")
    let document = try project.document()
    var options = project.options
    options.threads = 2
    let final = options
    let task = Task { await RunEngine(document, options: final, observer: Interrupting(stage, atStart: atStart)).run() }
    let report = await task.value
    try Agreement.check(report, in: project)
    // Files have no steps in their extraction, so nothing interrupts it.
    guard stage != .extract || atStart else { return }
    #expect(report.exitCode == .tryLater, "\(report.summary.messages)")
    #expect(project.folder.read("out/contacts.csv") == "yesterday\n")
    #expect(try await project.run().exitCode == .done)
  }

  /// What is wrong, and the exit code.
  static let faults: [(name: String, pipeline: @Sendable (String) -> String, code: ExitCode)] = [
    ("a full disk behind an output", { $0.replacing("out/{mapping}.json", with: "/dev/full") }, .cannotWrite),
    ("a gate", { $0.replacing("max: 9000", with: "max: 9") }, .gateFailed),
    ("no gate for rejects", { $0.replacing("\n  rejected: {max: 9000}", with: "") }, .recordsFailed),
    ("nothing", { $0 }, .done),
  ]

  @Test(arguments: 0..<4) func `with a fault of any kind`(_ index: Int) async throws {
    let fault = Self.faults[index]
    let pipeline = fault.pipeline(Project.pipeline.replacing("max: 3", with: "max: 9000"))
    let project = try Project(pipeline: pipeline, input: Self.input(900))
    let report = try await project.run { $0.threads = 2 }
    #expect(report.exitCode == fault.code, "\(fault.name): \(report.summary.messages)")
    #expect(report.summary.entities.first?.codes["formula-escaped"] ?? 0 > 0)
    try Agreement.check(report, in: project)
  }
}
