import Control
import Core
import Foundation
import PipelineFile
import Report
import State
import TestSupport
import Testing

@testable import Pipeline

/// Runs with gates about fields and about the load, and judging them again.
@Suite struct GateRunTests {
  static let pipeline = """
    pipeline: test
    source: {ndjson: {contact: in/contacts.ndjson}}
    mappings: [contacts.yaml]
    destinations:
      files: {csv: {path: "out/{mapping}.csv"}}
      app: {csv: {path: "app/{mapping}.csv"}}
    gates:
      complete: {contacts.email: {min_percent: 60}}
      unique: {contacts.email: {max: 1}}
      failed: {max: 0, message: "Ask Ada."}
      pending: {max: 0}
      reconciled: {max: 0}
    """

  /// Five contacts: four with an email address, one of which repeats another.
  static let input = (1...5).map { number in
    let email = ["a", "b", "c", "A", ""][number - 1]
    return #"{"id":"c\#(number)","firstName":"Ann \#(number)","email":"\#(email.isEmpty ? "" : email + "@example.com")"}"# + "\n"
  }.joined()

  private func run(
    _ project: Project, refusing key: String? = nil, _ change: (inout RunEngine.Options) -> Void = { _ in }
  ) async throws -> RunEngine.Report {
    let app = ScriptedDestination("app") { _, found in
      found == key ? .refuse(LoadProblem(.destinationRefused, record: "", line: 0, status: 422)) : .take
    }
    return try await project.run { options in
      options.makeDestination = { document in document.name == "app" ? app : nil }
      change(&options)
    }
  }

  private func verdicts(_ gates: [GateResult]) -> [String] {
    gates.map { "\($0.gate) \($0.destination ?? $0.field ?? "") \($0.verdict.rawValue)" }
  }

  private func judgeAgain(_ project: Project, _ report: RunEngine.Report) throws -> GatesReport {
    let state = project.options.source.state
    let runs = try state.openRuns(isReadOnly: true)
    return try GatesEngine(try project.document(), state: state).judge(try #require(try runs.run(report.summary.run)))
  }

  @Test func `gates pass before and after the load, and are judged again in the same way`() async throws {
    let project = try Project(pipeline: Self.pipeline, input: Self.input)
    let report = try await run(project)
    #expect(report.exitCode == .done, "\(report.summary.messages)")
    let expected = [
      "complete email passed", "unique email passed", "written  passed", "failed app passed", "pending files passed",
      "pending app passed", "reconciled files not-judged", "reconciled app not-judged",
    ]
    #expect(verdicts(report.summary.gates) == expected)
    let complete = try #require(report.summary.gates.first)
    #expect(complete.actual == 80 && complete.margin == 20 && complete.count == 4 && complete.of == 5)
    #expect(report.summary.gates[1].actual == 1)
    try Agreement.check(report, in: project)
    let facts = try JSONReader.read(try #require(project.file("gates.json", of: report)))
    #expect(facts["mappings"]?.arrayValue?.first?["fields"]?.arrayValue?.first?["distinct"] == .number(3))
    let again = try judgeAgain(project, report)
    // The document says that `app` is a file, which refuses nothing.
    #expect(verdicts(again.gates) == expected.filter { $0 != "failed app passed" })
    #expect(again.exitCode == .done && again.gates.prefix(3) == report.summary.gates.prefix(3))
  }

  @Test func `a gate that fails after the load takes nothing back`() async throws {
    let project = try Project(pipeline: Self.pipeline, input: Self.input)
    let report = try await run(project, refusing: "c3")
    #expect(report.exitCode == .gateFailed && report.summary.status == .gateFailed && !report.canResume)
    #expect(
      report.summary.messages == [
        "gate failed of contacts at app: 1 record, at most 0 required; the records are published: Ask Ada.",
        "1 record of 'contacts' at 'app' failed",
      ])
    #expect(project.folder.read("out/contacts.csv")?.split(separator: "\n").count == 6)
    try Agreement.check(report, in: project)
    // What is published is what the next run is compared with.
    let next = try await run(project) { $0.acceptedGates = ["failed"] }
    #expect(next.summary.gates.first { $0.last != nil }?.last == .init(run: report.summary.run, count: 5))
    let accepted = try await run(project, refusing: "c3") { $0.acceptedGates = ["failed"] }
    #expect(accepted.exitCode == .done && accepted.summary.notes.count == 1)
  }

  @Test func `a field that is not complete publishes nothing, and gates about the load are not judged`() async throws {
    let project = try Project(
      pipeline: Self.pipeline.replacing("min_percent: 60", with: "min_percent: 80.1"), input: Self.input)
    let report = try await run(project)
    #expect(report.exitCode == .gateFailed && project.folder.names(in: "out") == [])
    #expect(report.summary.messages == ["gate complete email of contacts: 80 percent, at least 80.1 required"])
    #expect(report.summary.gates.filter(\.isAfterLoad).allSatisfy { $0.verdict == .notJudged })
    try Agreement.check(report, in: project)
  }

  @Test func `a dry run has nothing to judge after the load`() async throws {
    let project = try Project(pipeline: Self.pipeline, input: Self.input)
    let report = try await run(project, refusing: "c3") { $0.isDryRun = true }
    #expect(report.exitCode == .done, "\(report.summary.messages)")
    let after = report.summary.gates.filter(\.isAfterLoad)
    #expect(!after.isEmpty && after.allSatisfy { $0.reason == "nothing was loaded: a dry run" })
  }

  @Test func `other gates than the run's are judged by what it recorded`() async throws {
    let project = try Project(pipeline: Self.pipeline, input: Self.input)
    let report = try await run(project)
    try project.folder.write(
      "waybill.yaml",
      Self.pipeline.replacing(
        "complete: {contacts.email: {min_percent: 60}}", with: "complete: {contacts.name: {min_percent: 60}}"
      )
      .replacing("unique: {contacts.email: {max: 1}}", with: "unique: {contacts.email: {max: 0}}"))
    // As if an earlier version had made the run, which kept no profiles.
    let profile = ".waybill/runs/\(report.summary.run)/profiles/contacts.json"
    try FileManager.default.removeItem(atPath: "\(project.folder.path)/\(profile)")
    let again = try judgeAgain(project, report)
    #expect(again.exitCode == .gateFailed)
    let results = Array(again.gates.prefix(2))
    #expect(verdicts(results) == ["complete name not-judged", "unique email failed"])
    #expect(results.first?.reason == "not recorded" && results.last?.margin == -1)
    // A profile of the run knows the field, and a comparison the destination.
    let folder = ".waybill/runs/\(report.summary.run)"
    try project.folder.write(
      profile,
      #"{"version":1,"input":"contacts","records":5,"not_profiled":0,"today":"2026-11-30","target":{"records":5,"fields":[{"name":"name","#
        + #""masked":false,"present":5,"missing":0,"filled":4,"null":0,"blank":1,"values":5}]}}"#)
    try project.folder.write(
      "\(folder)/reconcile.json",
      #"{"run":"r","equal":false,"parts":[{"destination":"files","mapping":"contacts","loaded":5,"stored":4,"missing":1,"totals":[{"equal":false}]}]}"#
    )
    let known = try judgeAgain(project, report)
    #expect(verdicts(Array(known.gates.prefix(1))) == ["complete name passed"])
    #expect(known.gates.first { $0.gate == "reconciled" }?.actual == 1)
    #expect(known.gates.first { $0.gate == "reconciled" }?.stops == true)
  }

  @Test(
    arguments: [
      ("2026-11-30", "2026-11-30T00:00:00Z"), ("2026-11-30T10:00:00.5+02:00", "2026-11-30T08:00:00Z"),
      ("2026-11-30T10:00:00", "2026-11-30T10:00:00Z"), ("2026-11-30 10:00:00Z", "2026-11-30T10:00:00Z"), ("yesterday", nil),
      ("", nil),
    ] as [(String, String?)])
  func `a date is read as a moment`(_ text: String, _ expected: String?) {
    #expect(GateFieldCounter.date(text)?.ISO8601Format() == expected)
  }
}
