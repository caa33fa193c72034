import Control
import Core
import Foundation
import State
import TestSupport
import Testing

@testable import Pipeline
@testable import Report

/// The gate `written`: what is let through, on its own and compared with the last complete run.
@Suite struct WrittenGateTests {
  static let gate = GateDocument(.written(min: 1, minPercentOfLast: 50))

  struct Case: Sendable {
    var rule: GateDocument.Rule = .written(min: 1, minPercentOfLast: 50)
    var written: Int
    var rejected = 0
    var last: Int?
    /// Whether each result passed.
    var passed: [Bool]
  }

  static let cases: [Case] = [
    Case(written: 0, rejected: 3, passed: [false]), Case(written: 0, rejected: 0, passed: [true]),
    Case(written: 1, rejected: 999, passed: [true]), Case(written: 50, last: 100, passed: [true, true]),
    Case(written: 49, last: 100, passed: [true, false]), Case(written: 0, last: 100, passed: [true, false]),
    Case(written: 0, rejected: 100, last: 100, passed: [false, false]), Case(written: 3, last: 0, passed: [true]),
    Case(rule: .written(min: 5, minPercentOfLast: 0), written: 4, last: 100, passed: [false]),
    Case(rule: .written(min: 5, minPercentOfLast: 0), written: 5, passed: [true]),
    Case(rule: .written(min: 0, minPercentOfLast: 0), written: 0, rejected: 9, last: 9, passed: []),
    Case(rule: .written(min: 0, minPercentOfLast: 100), written: 199, last: 200, passed: [false]),
  ]

  @Test(arguments: cases) func `the gate written is evaluated`(_ item: Case) {
    let last = item.last.map { GateResult.Last(run: "r", count: $0) }
    let facts = GateJudge.Facts(
      mapping: "m", read: item.written + item.rejected, written: item.written, rejected: item.rejected, fetched: 0, expected: 0,
      last: last)
    #expect(GateJudge([GateDocument(item.rule)]).judge([facts]).map(\.passed) == item.passed)
    #expect(GateJudge([GateDocument(item.rule)], accepted: ["written"]).judge([facts]).allSatisfy { !$0.stops })
    #expect(GateJudge([GateDocument(item.rule)], isNarrowed: true).judge([facts]).allSatisfy { $0.last == nil })
  }

  static let good = NarrowedRunTests.input
  static let bad = (1...4).map { #"{"id":"c\#($0)","firstName":""}"# }.joined(separator: "\n")

  @Test func `a run that rejects every record publishes nothing`() async throws {
    let project = try Project(pipeline: Project.pipeline.replacing("max: 3", with: "max: 100"), input: Self.bad)
    try project.folder.write("out/contacts.csv", "yesterday\n")
    let report = try await project.run()
    #expect(report.exitCode == .gateFailed)
    #expect(report.summary.messages == ["gate written of contacts: 0 records, at least 1 required"])
    #expect(project.folder.read("out/contacts.csv") == "yesterday\n")
    try Agreement.check(report, in: project)
    let accepted = try await project.run { $0.acceptedGates = ["written"] }
    #expect(accepted.exitCode == .done && accepted.published.count == 2)
    #expect(accepted.summary.json["accepted_gates"] == .array([.string("written")]))
    #expect(accepted.summary.gates.last?.json["accepted"] == .bool(true))
    #expect(accepted.summary.notes.count == 1)
    try Agreement.check(accepted, in: project)
    // Accepted once: the next run is checked again.
    #expect(try await project.run().exitCode == .gateFailed)
  }

  @Test(arguments: ["written: {min: 0}", "written: {severity: warning}", "written: {min: 0, min_percent_of_last: 0}"])
  func `the gate can be turned off`(_ gate: String) async throws {
    let project = try Project(
      pipeline: Project.pipeline.replacing("rejected: {max: 3}", with: "rejected: {max: 100}\n  \(gate)"), input: Self.bad)
    #expect(try await project.run().exitCode == .done)
  }

  @Test func `a run is compared with the last complete one of its pipeline and mapping`() async throws {
    let project = try Project(input: Self.good)
    let first = try await project.run()
    func put(_ count: Int) throws {
      try project.folder.write("in/contacts.ndjson", Self.good.split(separator: "\n").prefix(count).joined(separator: "\n"))
    }
    try put(2)
    // Runs are not compared with narrowed, dry or failed ones.
    _ = try await project.run { $0.source.limit = 1 }
    _ = try await project.run { $0.isDryRun = true }
    let less = try await project.run()
    #expect(less.exitCode == .gateFailed)
    let result = try #require(less.summary.gates.last)
    #expect(result.last == .init(run: first.summary.run, count: 6) && result.actual == 33.3333)
    #expect(result.text.contains("33.3333 percent of the 6 that run \(first.summary.run) let through"))
    #expect(project.folder.read("out/contacts.csv")?.split(separator: "\n").count == 7)
    // Another pipeline has its own history.
    try project.folder.write("waybill.yaml", Project.pipeline.replacing("pipeline: test", with: "pipeline: other"))
    #expect(try await project.run().exitCode == .done)
    try project.folder.write("waybill.yaml", Project.pipeline)
    let accepted = try await project.run { $0.acceptedGates = ["written"] }
    #expect(accepted.exitCode == .done)
    // From now on, compared with that one.
    try put(1)
    let next = try await project.run()
    #expect(next.exitCode == .done)
    #expect(next.summary.gates.last?.last == .init(run: accepted.summary.run, count: 2))
    for report in [first, less, accepted, next] { try Agreement.check(report, in: project) }
  }

  @Test func `the next run is compared with an accepted run that wrote nothing`() async throws {
    let project = try Project(pipeline: Project.pipeline.replacing("read: {min: 1}", with: "read: {min: 0}"), input: Self.good)
    _ = try await project.run()
    try project.folder.write("in/contacts.ndjson", "")
    #expect(try await project.run().exitCode == .gateFailed)
    #expect(try await project.run { $0.acceptedGates = ["written"] }.exitCode == .done)
    #expect(try await project.run().exitCode == .done)
  }

  @Test(arguments: [("writen", "did you mean 'written'?"), ("coverage", "its gates are: read, rejected, written")])
  func `a gate that the pipeline does not have cannot be accepted`(_ name: String, _ hint: String) async throws {
    let project = try Project(input: Self.good)
    let report = try await project.run { $0.acceptedGates = [name] }
    #expect(report.exitCode == .usage)
    #expect(report.summary.messages == ["--accept-gate \(name): the pipeline has no such gate; \(hint)"])
    #expect(project.folder.names(in: "out") == [])
  }

  @Test func `any gate of the pipeline can be accepted`() async throws {
    let project = try Project(pipeline: Project.pipeline.replacing("max: 3", with: "max: 2"))
    #expect(try await project.run().exitCode == .gateFailed)
    let report = try await project.run { $0.acceptedGates = ["rejected"] }
    #expect(report.exitCode == .done && report.summary.status == .done && report.published.count == 2)
  }
}
