import Core
import Report
import Testing

@Suite("Figures of runs")
struct RunFiguresTests {
  /// A summary with one mapping and two destinations.
  static func summary(_ run: String = "r1", status: String = "partial", more: String = "") throws -> JSONValue {
    try JSONReader.read(
      """
      {"version":2,"run":"\(run)","pipeline":"nightly","status":"\(status)","exit_code":4,"started":"2026-07-25T02:00:00Z",
       "finished":"2026-07-25T02:01:00Z","snapshot":"s1","narrowed":null,
       "entities":{"contacts":{"read":10,"destinations":{
         "app":{"created":6,"updated":1,"rejected":2,"failed":1},"files":{"written":8,"rejected":2}},
         "warnings":3,"codes":{"email-invalid":2,"phone-invalid":3},"unchecked":[],"key":"contact id"}},
       "requests":{"made":12},"gates":[
         {"gate":"rejected","mapping":"contacts","stage":"transform","limit":2,"actual":20,"unit":"percent","passed":false,
          "severity":"warning"},
         {"gate":"read","stage":"extract","limit":1,"actual":10,"unit":"records","passed":true,"severity":"error"}],
       "locations":[{"id":"loc1"}],"durations":{"extract":1.5,"load":2},"definitions":{"m.yaml":"ab"}\(more)}
      """)
  }

  @Test func `a summary has the figures of its mappings, gates and stages`() throws {
    let figures = try #require(RunFigures(summary: try Self.summary()))
    #expect(figures.kind == .whole && figures.coversAll && figures.location == "loc1" && figures.exitCode == 4)
    let mapping = try #require(figures.mappings?.first)
    #expect(mapping.name == "contacts" && mapping.key == "contact id" && mapping.read == 10 && mapping.warnings == 3)
    #expect(mapping.destinations.map(\.name) == ["app", "files"])
    #expect(mapping.codes == ["email-invalid": 2, "phone-invalid": 3])
    #expect(figures.read == 10 && figures.warnings == 3 && figures.requests == 12 && figures.seconds == 3.5)
    #expect(figures.total(of: Outcome.loaded) == 15 && figures.total(of: .rejected) == 4 && figures.total(of: .failed) == 1)
    #expect(figures.counts(of: "email-invalid").map(\.count) == [2])
    #expect(figures.gates.map(\.verdict) == [.warning, .passed] && figures.gates.map(\.subject) == ["contacts", ""])
    #expect(figures.definitions == ["m.yaml": "ab"])
    #expect(figures.only("contacts").gates.count == 1 && figures.only("tasks").mappings == [])
    #expect(try JSONReader.read(figures.json.text)["mappings"]?["contacts"]?["destinations"]?["app"]?["updated"] == .number(1))
  }

  @Test(
    arguments: [
      ("", RunFigures.Kind.whole, true), (#","input":"-""#, .load, false), (#","dry_run":true"#, .dry, false),
      (#","forecast":{"contacts":{"app":{"created":9}}}"#, .dry, false),
      (#","replay":{"of":"r0"}"#, .replay, false),
    ] as [(String, RunFigures.Kind, Bool)])
  func `what a run covers follows from its summary`(more: String, kind: RunFigures.Kind, coversAll: Bool) throws {
    let figures = try #require(RunFigures(summary: try Self.summary(more: more)))
    #expect(figures.kind == kind && figures.coversAll == coversAll)
  }

  @Test func `a run that read everything and published nothing covers everything, and a broken one does not`() throws {
    #expect(try RunFigures(summary: Self.summary(status: "gate-failed"))?.coversAll == true)
    #expect(try RunFigures(summary: Self.summary(status: "gate-failed"))?.kind == .incomplete)
    #expect(try RunFigures(summary: Self.summary(status: "interrupted"))?.coversAll == false)
    #expect(RunFigures(summary: .object([])) == nil)
  }

  @Test func `the outcomes of a dry run are those that it predicts`() throws {
    let forecast = #","dry_run":true,"forecast":{"contacts":{"app":{"created":9,"rejected":1}}}"#
    let figures = try #require(RunFigures(summary: try Self.summary(more: forecast)))
    #expect(figures.mappings?.first?.destinations.map { $0.outcomes[.created] } == [9, 0])
    #expect(figures.mappings?.first?.destinations.map { $0.outcomes[.written] } == [0, 8])
  }

  @Test(
    arguments: [
      (#""verdict":"not-judged","passed":null"#, RunFigures.Gate.Verdict.notEnforced), (#""verdict":"failed""#, .failed),
      (#""judged":false"#, .notEnforced), (#""passed":true"#, .passed), (#""passed":false"#, .failed),
      (#""passed":false,"accepted":true"#, .accepted), (#""passed":false,"severity":"warning""#, .warning),
    ] as [(String, RunFigures.Gate.Verdict)])
  func `the verdict of a gate is read from every version`(members: String, verdict: RunFigures.Gate.Verdict) throws {
    let text = try Self.summary().text.replacing(
      #""gates":["#, with: #""gates":[{"gate":"complete","mapping":"contacts","field":"email",\#(members)},"#)
    let gate = try #require(RunFigures(summary: try JSONReader.read(text))?.gates.first)
    #expect(gate.verdict == verdict && gate.subject == "contacts email" && gate.limit == nil)
  }

  /// A record of the state, with the summary of the same run.
  private static func record(
    _ id: String, pipeline: String = "nightly", location: String? = "loc1", isWhole: Bool? = true, narrowed: String? = nil,
    replayOf: String? = nil
  ) throws -> RunRecord {
    RunRecord(
      id: id, pipeline: pipeline, status: .done, exitCode: 0, started: "2026-07-25T02:00:00Z", location: location,
      narrowed: narrowed, isWhole: isWhole, summary: try summary(id, status: "done").text, replayOf: replayOf)
  }

  @Test func `a run is compared with the last whole one of its pipeline and location`() throws {
    let killed = RunRecord(id: "r9", pipeline: "nightly", status: .interrupted, started: "t", location: "loc1")
    let history = RunHistory([
      killed, try Self.record("r8"), try Self.record("r7", isWhole: false, narrowed: #"{"limit":5}"#),
      try Self.record("r6", pipeline: "other"), try Self.record("r5", location: "loc2"),
      try Self.record("r4", isWhole: false, replayOf: "r1"), try Self.record("r3", isWhole: nil), try Self.record("r2"),
      try Self.record("r1", location: nil),
    ])
    #expect(history.runs.map(\.kind) == [.incomplete, .whole, .narrowed, .whole, .whole, .replay, .incomplete, .whole, .whole])
    #expect(history.runs[0].mappings == nil && !history.runs[0].coversAll)
    #expect(history.runs[2].narrowing == "at most 5 records")
    // The location of the summary, as the state has none.
    #expect(history.runs[8].location == "loc1")
    let previous = history.runs.map { history.previous(to: $0)?.run }
    #expect(previous == ["r8", "r2", "r2", nil, nil, "r2", "r2", "r1", nil])
  }
}
