import Control
import Core
import Extract
import Foundation
import PipelineFile
import Report
import State
import TestSupport
import Testing

@testable import Pipeline

/// Replaying the open records of a run, with a destination that stands for an API.
@Suite struct ReplayTests {
  /// The states are those of `ReplayBench.input`; the mistake is that one of them is missing.
  static let broken = """
    mapping: 1
    name: contacts
    source: {entity: person, key: id}
    target: {entity: contact, key: contactId}
    lookups: {states: {A: active}}
    fields: {contactId: id, name: name, status: {from: state, do: [{lookup: {table: states}}]}}
    """
  /// The fix also changes what every other record would be sent as.
  static let fixed = broken.replacing("{A: active}", with: "{A: active, X: other}")
    .replacing("name: name", with: "name: {from: name, do: [upper]}")

  @Test func `exactly the rejected records are sent once the mapping is fixed, and the old ledger is resolved`() async throws {
    let bench = try ReplayBench(records: 5_000, mapping: Self.broken)
    let first = try await bench.run()
    #expect(first.exitCode == .recordsFailed && bench.counts(first)[.rejected] == 500)
    #expect(bench.app.keys.count == 4_500)
    let before = bench.content()
    bench.clear()
    try bench.project.folder.write("contacts.yaml", Self.fixed)
    let plan = try await bench.plan()
    #expect(plan.run == first.summary.run && plan.parts.map(\.open) == [500] && plan.parts.map(\.destination) == ["app"])
    let replay = try await bench.replay()
    #expect(replay.exitCode == .done, "\(replay.summary.messages)")
    try Agreement.check(replay, in: bench.project)
    #expect(bench.counts(replay)[.created] == 500 && replay.summary.entities.map(\.read) == [500])
    // Nothing else moves.
    #expect(bench.sent() == (0..<500).map { "contacts c\($0 * 10)" }.sorted())
    #expect(bench.app.keys.count == 5_000)
    let after = bench.content()
    #expect(before.allSatisfy { after[$0.key] == $0.value })
    let summary = try #require(replay.summary.replay)
    #expect(summary.of == first.summary.run && summary.resolved == 500 && summary.left == 0)
    #expect(summary.counts == ReplayCounts(open: 500, selected: 500))
    let runs = try bench.runs()
    #expect(try runs.ledger(LedgerQuery(run: first.summary.run, isOpen: true)).isEmpty)
    let lines = try runs.ledger(LedgerQuery(run: first.summary.run))
    #expect(
      lines.count == 500 && lines.allSatisfy { $0.resolution?.run == replay.summary.run && $0.resolution?.outcome == "created" })
    // It is not the last complete run, and there is nothing left to do.
    let record = try #require(try runs.run(replay.summary.run))
    #expect(record.isWhole == false && record.replayOf == first.summary.run)
    #expect(try runs.lastWritten("contacts", pipeline: "replays", location: "files")?.run == first.summary.run)
    let rest = try await bench.plan()
    #expect(rest.parts.isEmpty && rest.resolved == 500)
  }

  @Test(arguments: [1, 2, 5]) func `the number of threads does not matter`(_ threads: Int) async throws {
    let bench = try ReplayBench(records: 3_000, mapping: Self.broken)
    try await bench.run()
    bench.clear()
    try bench.project.folder.write("contacts.yaml", Self.fixed)
    let replay = try await bench.replay { $0.threads = threads }
    #expect(bench.sent() == (0..<300).map { "contacts c\($0 * 10)" }.sorted())
    try Agreement.check(replay, in: bench.project)
    let rows = Agreement.rows(of: try #require(bench.project.file("app/contacts.success.csv", of: replay)))
    #expect(rows.count == 301 && rows[1].prefix(6) == ["c0", "created", "1", "c0", "Name 0", "X"], "\(rows[1])")
    #expect(rows[300].prefix(6) == ["c2990", "created", "2991", "c2990", "Name 2990", "X"])
  }

  @Test func `what is rejected again stays open, and gates are only reported`() async throws {
    let bench = try ReplayBench(records: 40, mapping: Self.broken, gates: "gates: {rejected: {max_percent: 50}, read: {min: 30}}")
    let first = try await bench.run()
    bench.clear()
    let replay = try await bench.replay()
    #expect(replay.exitCode == .recordsFailed && bench.sent() == [])
    #expect(replay.summary.gates.count >= 2 && replay.summary.gates.allSatisfy { !$0.isJudged })
    #expect(replay.summary.replay?.resolved == 0 && replay.summary.replay?.left == 4)
    #expect(try bench.runs().resolutions(of: first.summary.run).isEmpty)
    // Half of it is fixed. The ID of a replay stands for the run that it replays.
    try bench.project.folder.write(
      "contacts.yaml", Self.fixed.replacing("fields:", with: "where: id != \"c10\"\nfields:"))
    let second = try await bench.replay(replay.summary.run)
    #expect(second.exitCode == .done, "\(second.summary.messages)")
    #expect(bench.sent() == ["contacts c0", "contacts c20", "contacts c30"])
    let outcomes = try bench.runs().resolutions(of: first.summary.run).filter { $0.destination == nil }.map(\.outcome)
    #expect(outcomes == [.created, .filtered, .created, .created])
    // The ledger of the first replay shows it, too.
    #expect(try bench.runs().ledger(LedgerQuery(run: replay.summary.run, isOpen: true)).isEmpty)
  }

  @Test func `records that the destination refused are sent again by a replay, and pending ones are left to the next run`()
    async throws
  {
    let bench = try ReplayBench(records: 20, mapping: Self.fixed)
    bench.react { key in
      switch key {
      case "c3": .refuse(LoadProblem(.destinationRefused, record: "", line: 0, detail: "is taken", status: 422))
      case "c4": .leave(LoadProblem(.resultUnknown, severity: .warning, record: "", line: 0))
      default: .take
      }
    }
    let first = try await bench.run()
    #expect(bench.counts(first)[.failed] == 1 && bench.counts(first)[.pending] == 1)
    bench.react { _ in .take }
    bench.clear()
    let replay = try await bench.replay()
    #expect(replay.exitCode == .done && bench.sent() == ["contacts c3"])
    #expect(replay.summary.replay?.counts.pending == 1)
    let lines = try bench.runs().ledger(LedgerQuery(run: first.summary.run, severity: .error))
    #expect(lines.map { "\($0.record ?? "") \($0.destination ?? "") \($0.resolution?.outcome ?? "")" } == ["c3 app created"])
  }

  @Test func `only what is asked for is replayed`() async throws {
    let bench = try ReplayBench(records: 40, mapping: Self.broken)
    let first = try await bench.run()
    bench.clear()
    try bench.project.folder.write("contacts.yaml", Self.fixed)
    let one = try await bench.replay(choice: .init(record: "c20"))
    #expect(bench.sent() == ["contacts c20"] && one.summary.replay?.counts.open == 1)
    #expect(try await bench.plan(choice: .init(code: "missing-key")).parts.isEmpty)
    let rest = try await bench.replay(first.summary.run, choice: .init(code: "lookup-miss"))
    #expect(rest.summary.replay?.counts.open == 3)
    #expect(bench.sent() == ["contacts c0", "contacts c10", "contacts c20", "contacts c30"])
  }

  @Test func `a newer version that was loaded supersedes an older one, and one that is open keeps it from being sent`()
    async throws
  {
    let bench = try ReplayBench(records: 40, mapping: Self.broken)
    let first = try await bench.run()
    // Tomorrow c0 is valid, c10 is refused, c20 is gone, and c30 is rejected again.
    let lines = ReplayBench.input(40).split(separator: "\n").map(String.init)
    try bench.project.folder.write(
      "in/contacts.ndjson",
      lines.enumerated().filter { $0.offset != 20 }.map { index, line in
        (index == 0 || index == 10 ? line.replacing(#""X""#, with: #""A""#) : line) + "\n"
      }.joined())
    bench.react { key in
      key == "c10" ? .refuse(LoadProblem(.destinationRefused, record: "", line: 0, status: 422)) : .take
    }
    let second = try await bench.run()
    bench.react { _ in .take }
    bench.clear()
    try bench.project.folder.write("contacts.yaml", Self.fixed)
    let replay = try await bench.replay(first.summary.run)
    #expect(bench.sent() == ["contacts c20"])
    #expect(replay.summary.replay?.counts == ReplayCounts(open: 4, selected: 1, superseded: 1, newerOpen: 2))
    #expect(replay.summary.replay?.resolved == 2 && replay.summary.replay?.left == 2)
    #expect(replay.summary.notes.contains { $0.contains("run \(second.summary.run) has read newer versions of 2 records") })
    let resolutions = try bench.runs().resolutions(of: first.summary.run).filter { $0.destination == nil }
    #expect(
      resolutions.map { "\($0.record?.text ?? "") \($0.resolver)" } == [
        "c0 \(second.summary.run)", "c20 \(replay.summary.run)",
      ])
    // The newest run that is not a replay has the other two; its lines are other ones.
    let newest = try await bench.replay()
    #expect(newest.summary.replay?.of == second.summary.run && newest.exitCode == .done)
    #expect(bench.sent() == ["contacts c10", "contacts c20", "contacts c30"])
    // And so they are superseded in the first one.
    let again = try await bench.replay(first.summary.run)
    #expect(again.summary.replay?.counts == ReplayCounts(open: 2, superseded: 2) && again.summary.replay?.left == 0)
    #expect(try bench.runs().ledger(LedgerQuery(run: first.summary.run, isOpen: true)).isEmpty)
  }

  @Test func `each destination has a replay of its own, and an error of the mapping is resolved when all have the record`()
    async throws
  {
    let bench = try ReplayBench(records: 20, mapping: Self.broken, more: "  crm: {csv: {path: \"crm/{mapping}.csv\"}}\n")
    let crm = bench.second
    bench.reactSecond { key in key == "c5" ? .refuse(LoadProblem(.destinationRefused, record: "", line: 0, status: 422)) : .take }
    let first = try await bench.run()
    try bench.project.folder.write("contacts.yaml", Self.fixed)
    bench.reactSecond { _ in .take }
    bench.clear()
    let plan = try await bench.plan()
    #expect(plan.parts.map { "\($0.destination) \($0.open)" } == ["app 2", "crm 3"] && plan.whole == ["files"])
    let one = await bench.engine().run(plan.parts[0])
    #expect(one.exitCode == .done && crm.keys.count == 17)
    // The records are not at `crm` yet.
    #expect(try bench.runs().ledger(LedgerQuery(run: first.summary.run, isOpen: true)).map(\.record) == ["c0", "c10", "c5"])
    let two = await bench.engine().run(plan.parts[1])
    #expect(two.exitCode == .done && crm.keys.count == 20)
    #expect(try bench.runs().ledger(LedgerQuery(run: first.summary.run, isOpen: true)).isEmpty)
    #expect(bench.sent() == ["contacts c0", "contacts c10"])
    // The file is as the run left it.
    #expect(bench.project.folder.read("out/contacts.csv")?.split(separator: "\n").count == 19)
  }

  @Test func `keys that must be unique are judged among all records`() async throws {
    let bench = try ReplayBench(
      records: 20, mapping: Self.broken.replacing("fields:", with: "unique: [name]\nfields:"))
    let first = try await bench.run()
    try #require(bench.counts(first)[.rejected] == 2, "\(first.summary.messages)")
    bench.clear()
    // The fix gives c10 the name of a record that is not replayed.
    try bench.project.folder.write(
      "contacts.yaml",
      Self.fixed.replacing("fields:", with: "unique: [name]\nfields:")
        .replacing("do: [upper]", with: "do: [{replace: {pattern: \"^Name 10$\", with: \"Name 1\"}}, upper]"))
    let replay = try await bench.replay()
    #expect(bench.sent() == ["contacts c0"], "\(replay.summary.messages)")
    #expect(replay.summary.entities.first?.codes == ["not-unique": 1])
    try Agreement.check(replay, in: bench.project)
  }

  @Test func `a record that is merged into another one is resolved without being sent`() async throws {
    let merge = "merge: {by: [name], keep: newest}\nfields:"
    let dated = Self.broken.replacing("key: id}\ntarget", with: "key: id, updated_at: at}\ntarget")
    let bench = try ReplayBench(records: 20, mapping: dated.replacing("fields:", with: merge))
    let lines = ReplayBench.input(20).split(separator: "\n").map { $0.dropLast() + #","at":"2026-01-01T00:00:00Z"}"# + "\n" }
    let older = #"{"id":"old","name":"Name 3","state":"X","at":"2025-01-01T00:00:00Z"}"# + "\n"
    try bench.project.folder.write("in/contacts.ndjson", lines.joined() + older)
    let first = try await bench.run()
    try #require(bench.counts(first)[.rejected] == 3, "\(first.summary.messages)")
    bench.clear()
    try bench.project.folder.write(
      "contacts.yaml", dated.replacing("fields:", with: merge).replacing("{A: active}", with: "{A: active, X: other}"))
    let replay = try await bench.replay()
    #expect(replay.exitCode == .done && bench.sent() == ["contacts c0", "contacts c10"], "\(replay.summary.messages)")
    #expect(bench.counts(replay)[.merged] == 1)
    let outcomes = try bench.runs().resolutions(of: first.summary.run).filter { $0.destination == nil }
    #expect(outcomes.map { "\($0.record?.text ?? "") \($0.outcome)" }.sorted() == ["c0 created", "c10 created", "old merged"])
    try Agreement.check(replay, in: bench.project)
  }

  @Test(arguments: [false, true])
  func `a record that gives values to one that is not replayed stays open`(_ isSurvivorOpen: Bool) async throws {
    let merge = "merge: {by: [name], keep: oldest, others: filled}\nfields:"
    let mapping = Self.broken.replacing("key: id}\ntarget", with: "key: id, updated_at: at}\ntarget")
      .replacing("fields:", with: merge).replacing("name: name", with: "name: name, phone: phone")
    let bench = try ReplayBench(records: 1, mapping: mapping)
    let records = [
      ("c1", "N", isSurvivorOpen ? "X" : "A", "2025", ""), ("c2", "M", "A", "2025", #","phone":"1""#),
      ("c9", "N", "X", "2026", #","phone":"555""#),
    ]
    try bench.project.folder.write(
      "in/contacts.ndjson",
      records.map { #"{"id":"\#($0)","name":"\#($1)","state":"\#($2)","at":"\#($3)-01-01T00:00:00Z"\#($4)}"# + "\n" }.joined())
    let first = try await bench.run()
    try #require(bench.counts(first)[.rejected] == (isSurvivorOpen ? 2 : 1), "\(first.summary.messages)")
    bench.clear()
    try bench.project.folder.write("contacts.yaml", mapping.replacing("{A: active}", with: "{A: active, X: other}"))
    let replay = try await bench.replay()
    #expect(replay.exitCode == (isSurvivorOpen ? .done : .recordsFailed), "\(replay.summary.messages)")
    #expect(bench.sent() == (isSurvivorOpen ? ["contacts c1"] : []) && replay.summary.replay?.left == (isSurvivorOpen ? 0 : 1))
    try Agreement.check(replay, in: bench.project)
    if isSurvivorOpen { return #expect(bench.content()["contacts c1"]?.contains("555") == true, "\(bench.content())") }
    #expect(replay.summary.messages.contains { $0.contains("or merges it into others that are not replayed") })
    #expect(try !bench.runs().ledger(LedgerQuery(run: first.summary.run, isOpen: true)).isEmpty)
    // A complete run sends what it gives.
    try await bench.run()
    let last = try await bench.replay(first.summary.run)
    #expect(last.exitCode == .done && last.summary.replay?.left == 0, "\(last.summary.messages)")
  }

  @Test func `elements of a list are replayed one by one`() async throws {
    let mapping = """
      mapping: 1
      name: contacts
      source: {entity: person, key: id, each: items}
      target: {entity: contact, key: [contactId, number]}
      lookups: {states: {A: active}}
      fields:
        contactId: parent.id
        number: item.n
        status: {from: item.state, do: [{lookup: {table: states}}]}
      """
    let bench = try ReplayBench(records: 1, mapping: mapping)
    try bench.project.folder.write(
      "in/contacts.ndjson",
      #"{"id":"a","items":[{"n":"0","state":"A"},{"n":"1","state":"X"},{"n":"2","state":"A"}]}"# + "\n"
        + #"{"id":"b","items":[]}"# + "\n" + #"{"id":"c","items":[{"n":"0","state":"X"},{"n":"1","state":"X"}]}"# + "\n")
    let first = try await bench.run()
    try #require(bench.counts(first)[.rejected] == 3, "\(first.summary.messages)")
    bench.clear()
    try bench.project.folder.write("contacts.yaml", mapping.replacing("{A: active}", with: "{A: active, X: other}"))
    let replay = try await bench.replay()
    #expect(bench.sent() == ["contacts a#1", "contacts c#0", "contacts c#1"], "\(replay.summary.messages)")
    #expect(replay.exitCode == .done && replay.summary.replay?.left == 0)
    try Agreement.check(replay, in: bench.project)
    let rows = Agreement.rows(of: try #require(bench.project.file("app/contacts.success.csv", of: replay)))
    #expect(rows.dropFirst().map { "\($0[0]) \($0[2]) \($0[3])" } == ["a#1 1 a", "c#0 3 c", "c#1 3 c"])
  }

  @Test func `a record that refers to one that is not replayed is no orphan`() async throws {
    let notes = """
      mapping: 1
      name: notes
      source: {entity: remark, key: id}
      target: {entity: note, key: noteId}
      lookups: {states: {A: active}}
      fields: {noteId: id, contactId: {from: person, references: contacts}, status: {from: state, do: [{lookup: {table: states}}]}}
      """
    let bench = try ReplayBench(
      records: 20, mapping: Self.broken, source: "{person: in/contacts.ndjson, remark: in/notes.ndjson}",
      mappings: "[notes.yaml, contacts.yaml]", appTakes: "[notes]")
    try bench.project.folder.write("notes.yaml", notes)
    try bench.project.folder.write(
      "in/notes.ndjson",
      (1..<4).map { #"{"id":"n\#($0)","person":"c\#($0)","state":"\#($0 == 2 ? "X" : "A")"}"# + "\n" }.joined())
    let first = try await bench.run()
    #expect(first.exitCode == .recordsFailed && bench.app.keys == ["notes n1", "notes n3"], "\(first.summary.messages)")
    bench.clear()
    try bench.project.folder.write("notes.yaml", notes.replacing("{A: active}", with: "{A: active, X: other}"))
    let replay = try await bench.replay(choice: .init(mappings: ["notes"]))
    #expect(replay.exitCode == .done && bench.sent() == ["notes n2"], "\(replay.summary.messages)")
    #expect(replay.summary.entities.map { "\($0.name) \($0.read)" } == ["notes 1", "contacts 0"])
  }

  @Test func `records of a JSON document are found by their keys, and those without one are not replayed`() async throws {
    let bench = try ReplayBench(records: 1, mapping: Self.broken, source: "{person: in/contacts.json}", format: "json")
    let records =
      (0..<4).map { #"{"id":"c\#($0)","name":"N","state":"\#($0 % 2 == 0 ? "X" : "A")"}"# } + [#"{"name":"N","state":"A"}"#]
    try bench.project.folder.write("in/contacts.json", "[" + records.joined(separator: ",") + "]")
    let first = try await bench.run()
    try #require(bench.counts(first)[.rejected] == 3, "\(first.summary.messages)")
    bench.clear()
    try bench.project.folder.write("contacts.yaml", Self.fixed)
    let replay = try await bench.replay()
    #expect(bench.sent() == ["contacts c0", "contacts c2"], "\(replay.summary.messages)")
    #expect(replay.summary.replay?.counts == ReplayCounts(open: 3, selected: 2, indistinct: 1))
    #expect(replay.summary.notes.contains { $0.contains("1 record cannot be told apart") })
    try Agreement.check(replay, in: bench.project)
  }

  @Test func `a dry run changes nothing`() async throws {
    let bench = try ReplayBench(records: 20, mapping: Self.broken)
    let first = try await bench.run()
    bench.clear()
    try bench.project.folder.write("contacts.yaml", Self.fixed)
    let dry = try await bench.replay { $0.isDryRun = true }
    #expect(dry.exitCode == .done && bench.sent() == [] && dry.summary.replay?.left == 2)
    #expect(try bench.runs().resolutions(of: first.summary.run).isEmpty)
    // Neither run replays the dry run.
    let replay = try await bench.replay()
    #expect(replay.summary.replay?.of == first.summary.run && bench.sent() == ["contacts c0", "contacts c10"])
  }

  // MARK: Refusals

  private func refusal(_ bench: ReplayBench, _ id: String? = nil, to names: [String]? = nil) async -> OperationFailure? {
    do {
      var options = bench.options
      options.destinations = names
      var diagnostics = Diagnostics()
      let plan = try await ReplayEngine(try bench.project.document(), options: options).plan(
        id, .init(), diagnostics: &diagnostics)
      Issue.record("\(plan)")
      return nil
    } catch {
      return OperationFailure(error)
    }
  }

  @Test func `a snapshot that was pruned, an unknown run and files alone are refused, and nothing is written`() async throws {
    let bench = try ReplayBench(records: 20, mapping: Self.broken)
    let unknown = await refusal(bench)
    #expect(unknown?.exitCode == .inputMissing, "\(String(describing: unknown))")
    let first = try await bench.run()
    let missing = await refusal(bench, "2031")
    #expect(missing?.exitCode == .inputMissing && missing?.description.contains("there is no run '2031'") == true)
    let files = await refusal(bench, to: ["files"])
    #expect(files?.exitCode == .usage && files?.description.contains("'files' is written as a whole") == true)
    #expect(files?.description.contains("--snapshot \(first.summary.snapshot ?? "?")") == true)
    let other = await refusal(bench, to: ["fiels"])
    #expect(other?.exitCode == .usage && other?.description.contains("did you mean 'files'?") == true)
    try FileManager.default.removeItem(atPath: "\(bench.project.folder.path)/.waybill/snapshots/\(first.summary.snapshot ?? "?")")
    let pruned = await refusal(bench)
    #expect(pruned?.exitCode == .inputMissing)
    #expect(pruned?.description.contains("which no longer exists: run the pipeline, which reads its records again") == true)
    #expect(try bench.runs().runs().count == 1)
  }

  @Test func `a run that can be resumed is refused, and one that ended early has nothing to replay`() async throws {
    let bench = try ReplayBench(records: 20, mapping: Self.broken)
    bench.react { $0 == "c7" ? .stop(OperationFailure(.unreachable, "no connection")) : .take }
    let first = try await bench.run()
    #expect(first.canResume)
    let stopped = await refusal(bench)
    #expect(stopped?.exitCode == .usage)
    #expect(stopped?.description.contains("can be continued: waybill run --resume \(first.summary.run)") == true)
    try bench.project.folder.write("contacts.yaml", "mapping: 1\n")
    let broken = try await bench.run()
    let early = await refusal(bench, broken.summary.run)
    #expect(early?.exitCode == .inputMissing && early?.description.contains("ended before its outcomes were recorded") == true)
  }

  @Test func `a snapshot that changed is refused, and the mapping of today must compile`() async throws {
    let bench = try ReplayBench(records: 20, mapping: Self.broken)
    let first = try await bench.run()
    bench.clear()
    let path = ".waybill/snapshots/\(first.summary.snapshot ?? "?")/files/person.ndjson"
    let text = try #require(bench.project.folder.read(path))
    try bench.project.folder.write(path, text.replacing("Name 3", with: "Name 4"))
    let damaged = try await bench.replay()
    #expect(damaged.exitCode == .inputMissing && bench.sent() == [], "\(damaged.summary.messages)")
    try bench.project.folder.write(path, text)
    try bench.project.folder.write("contacts.yaml", Self.fixed.replacing("from: state", with: "from: [state"))
    let wrong = await refusal(bench)
    #expect(wrong?.exitCode == .wrongFile)
    try bench.project.folder.write("contacts.yaml", Self.fixed.replacing("name: contacts", with: "name: people"))
    let renamed = await refusal(bench)
    #expect(renamed?.exitCode == .usage && renamed?.description.contains("'contacts', which the pipeline no longer has") == true)
  }
}
