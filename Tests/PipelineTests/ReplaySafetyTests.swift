import Control
import Core
import Foundation
import Report
import State
import TestSupport
import Testing

@testable import Pipeline

/// What a replay must never do: send an older version, bypass a gate, confuse items, or end well with something left.
@Suite struct ReplaySafetyTests {
  private static let broken = ReplayTests.broken
  private static let fixed = ReplayTests.fixed

  private func refusal(_ body: () async throws -> Void) async -> OperationFailure? {
    do {
      try await body()
      return nil
    } catch {
      return OperationFailure(error)
    }
  }

  // MARK: Versions

  @Test func `a later run that was killed while it sent keeps older versions from being sent`() async throws {
    let bench = try ReplayBench(records: 20, mapping: Self.broken)
    let first = try await bench.run()
    // The next run reads corrected records, sends them, and dies.
    try bench.project.folder.write("in/contacts.ndjson", ReplayBench.input(20).replacing(#""X""#, with: #""A""#))
    let second = try await bench.run()
    #expect(second.exitCode == .done)
    try bench.kill(second.summary.run)
    bench.clear()
    try bench.project.folder.write("contacts.yaml", Self.fixed)
    let replay = try await bench.replay(first.summary.run)
    #expect(replay.exitCode == .usage && bench.sent() == [], "\(replay.summary.messages)")
    #expect(
      replay.summary.messages.contains {
        $0.contains("run \(second.summary.run) was killed") && $0.contains("run --resume \(second.summary.run)")
      }, "\(replay.summary.messages)")
    // It can be resumed nevertheless, and then decides.
    try bench.project.folder.write("contacts.yaml", Self.broken)
    let resumed = try await bench.run { $0.resume = second.summary.run }
    #expect(resumed.exitCode == .done, "\(resumed.summary.messages)")
    bench.clear()
    let again = try await bench.replay(first.summary.run)
    #expect(again.exitCode == .done && bench.sent() == [] && again.summary.replay?.counts.superseded == 2)
  }

  @Test func `a later run that was killed before it sent changes nothing, and neither does one of another destination`()
    async throws
  {
    for other in [false, true] {
      let bench = try ReplayBench(records: 20, mapping: Self.broken)
      let first = try await bench.run()
      let second = try await bench.run { if other { $0.destinations = ["files"] } }
      try bench.kill(second.summary.run)
      if !other {
        let path = ".waybill/runs/\(second.summary.run)/facts.ndjson"
        let facts = try #require(bench.project.folder.read(path)).split(separator: "\n")
        try bench.project.folder.write(path, facts.dropLast().map { $0 + "\n" }.joined())
      }
      bench.clear()
      try bench.project.folder.write("contacts.yaml", Self.fixed)
      let replay = try await bench.replay(first.summary.run)
      #expect(replay.exitCode == .done && bench.sent() == ["contacts c0", "contacts c10"], "\(replay.summary.messages)")
    }
  }

  @Test func `records without a key are not replayed once a later run has read newer versions`() async throws {
    let bench = try ReplayBench(records: 5, mapping: Self.fixed.replacing("key: id", with: "key: idd"))
    let valid = #"{"id":"v","idd":"v","name":"V","state":"A"}"# + "\n"
    try bench.project.folder.write("in/contacts.ndjson", ReplayBench.input(5) + valid)
    let first = try await bench.run()
    try #require(bench.counts(first)[.rejected] == 5, "\(first.summary.messages)")
    try bench.project.folder.write("contacts.yaml", Self.fixed)
    let second = try await bench.run()
    bench.clear()
    let replay = try await bench.replay(first.summary.run)
    #expect(bench.sent() == [] && replay.summary.replay?.counts == ReplayCounts(open: 5, indistinct: 5))
    #expect(
      replay.summary.notes.contains { $0.contains("5 records have no key, or had another one in run \(second.summary.run)") },
      "\(replay.summary.notes)")
  }

  @Test func `a newer version that is pending is left to the next run`() async throws {
    let bench = try ReplayBench(records: 20, mapping: Self.broken)
    let first = try await bench.run()
    try bench.project.folder.write("in/contacts.ndjson", ReplayBench.input(20).replacing(#""X""#, with: #""A""#))
    bench.react { $0 == "c0" ? .leave(LoadProblem(.resultUnknown, severity: .warning, record: "", line: 0)) : .take }
    let second = try await bench.run()
    bench.react { _ in .take }
    bench.clear()
    try bench.project.folder.write("contacts.yaml", Self.fixed)
    let replay = try await bench.replay(first.summary.run)
    #expect(bench.sent() == [] && replay.summary.replay?.counts.newerOpen == 1)
    #expect(
      replay.summary.notes.contains {
        $0.contains("run \(second.summary.run) has read a newer version of 1 record, which is pending: the next run sends it")
      }, "\(replay.summary.notes)")
  }

  @Test func `a run that a gate stopped is refused`() async throws {
    let bench = try ReplayBench(records: 20, mapping: Self.broken, gates: "gates: {rejected: {max: 0}}")
    let first = try await bench.run()
    try #require(first.exitCode == .gateFailed && bench.app.keys.isEmpty, "\(first.summary.messages)")
    try bench.project.folder.write("contacts.yaml", Self.fixed)
    let failure = await refusal { _ = try await bench.plan() }
    #expect(failure?.exitCode == .usage)
    let advice = "a gate stopped run \(first.summary.run), so nothing was loaded: once the cause is fixed, run the pipeline"
    #expect(
      failure?.description.contains("\(advice) with --snapshot \(first.summary.snapshot ?? "?")") == true,
      "\(String(describing: failure))")
    #expect(try bench.runs().runs().count == 1)
  }

  // MARK: Items

  private static let each = """
    mapping: 1
    name: contacts
    source: {entity: person, key: id, each: items}
    target: {entity: contact, key: contactId}
    lookups: {states: {A: active}}
    fields:
      contactId: item.n
      status: {from: item.state, do: [{lookup: {table: states}}]}
    """

  private func write(_ records: [String], _ bench: ReplayBench) throws {
    try bench.project.folder.write("in/contacts.ndjson", records.map { $0 + "\n" }.joined())
  }

  @Test func `elements of a record without a key are resolved one by one`() async throws {
    let bench = try ReplayBench(records: 1, mapping: Self.each)
    try write(
      [#"{"items":[{"n":"a","state":"A"},{"n":"b","state":"X"}]}"#, #"{"id":"k","items":[{"n":"k0","state":"A"}]}"#], bench)
    let first = try await bench.run()
    try #require(bench.counts(first)[.rejected] == 2, "\(first.summary.messages)")
    let lines = try bench.runs().ledger(LedgerQuery(run: first.summary.run, severity: .error))
    #expect(Set(lines.map(\.element)) == [0, 1] && lines.allSatisfy { $0.record == nil })
    // The fix reads the key elsewhere, so that one of the two is valid.
    try bench.project.folder.write("contacts.yaml", Self.each.replacing("key: id", with: "key: items"))
    let none = try await bench.replay()
    #expect(none.exitCode == .recordsFailed && none.summary.replay?.resolved == 0)
    bench.clear()
    let keyed = Self.each.replacing("source: {entity: person, key: id", with: "source: {entity: person, key: code")
    try write([#"{"id":"k","items":[]}"#], bench)
    try bench.project.folder.write("contacts.yaml", keyed)
    let left = try await bench.replay(first.summary.run)
    #expect(left.exitCode == .recordsFailed && left.summary.replay?.left == 2 && bench.sent() == [])
    #expect(try bench.runs().ledger(LedgerQuery(run: first.summary.run, isOpen: true)).count == lines.count)
  }

  @Test func `an element without a key that was resolved leaves the record's others open`() throws {
    let bench = try ReplayBench(records: 1, mapping: Self.each)
    let path = "\(bench.project.folder.path)/outcomes.ndjson"
    let lines = (0..<2).map { number in
      #"{"mapping":"contacts","destination":"app","outcome":"rejected","line":1,"element":\#(number)}"# + "\n"
    }
    try bench.project.folder.write("outcomes.ndjson", lines.joined())
    let resolution = Resolution(
      run: "r", mapping: "contacts", destination: nil, record: nil, line: 1, element: 0, resolver: "n", outcome: .created,
      time: "t")
    #expect(try OpenItems.all(in: path, resolutions: [resolution])["app"]?.items.map(\.element) == [1])
  }

  @Test func `records of a JSON document that share their key are not replayed`() async throws {
    let bench = try ReplayBench(records: 1, mapping: Self.broken, source: "{person: in/contacts.json}", format: "json")
    let records = [("c1", "A"), ("c1", "X"), ("c2", "X")].map { #"{"id":"\#($0)","name":"N","state":"\#($1)"}"# }
    try bench.project.folder.write("in/contacts.json", "[" + records.joined(separator: ",") + "]")
    let first = try await bench.run()
    try #require(bench.counts(first)[.rejected] == 2, "\(first.summary.messages)")
    bench.clear()
    try bench.project.folder.write("contacts.yaml", Self.fixed)
    let replay = try await bench.replay()
    #expect(bench.sent() == ["contacts c2"], "\(replay.summary.messages)")
    #expect(replay.summary.replay?.counts == ReplayCounts(open: 2, selected: 1, indistinct: 1))
    #expect(replay.summary.notes.contains { $0.contains("1 record cannot be told apart") }, "\(replay.summary.notes)")
    #expect(try bench.runs().resolutions(of: first.summary.run).allSatisfy { $0.record == "c2" })
  }

  private static let records = [
    #"{"id":"a","address":{"city":"X"},"items":[{"n":"a0","state":"A"},{"n":"a1","state":"A"}]}"#,
    #"{"id":"b","address":{"city":"X"},"items":[{"n":"b0","state":"A"},{"n":"b1","state":"X"}]}"#,
  ]

  /// Valid where `address` is the list.
  private static let valid = #"{"id":"v","address":[{"n":"v0","state":"A"}],"items":[]}"#

  @Test func `a wrong each is replayed once it is fixed, and a record is resolved when all its elements have ended well`()
    async throws
  {
    let bench = try ReplayBench(records: 1, mapping: Self.each.replacing("each: items", with: "each: address"))
    try write(Self.records + [Self.valid], bench)
    let first = try await bench.run()
    try #require(bench.counts(first)[.rejected] == 2, "\(first.summary.messages)")
    let same = try await bench.replay()
    #expect(same.exitCode == .recordsFailed && bench.counts(same)[.rejected] == 2 && same.summary.replay?.left == 2)
    bench.clear()
    try bench.project.folder.write("contacts.yaml", Self.each)
    let half = try await bench.replay()
    #expect(half.exitCode == .recordsFailed && bench.sent() == ["contacts a#0", "contacts a#1", "contacts b#0"])
    #expect(half.summary.replay?.resolved == 1 && half.summary.replay?.left == 1, "\(half.summary.messages)")
    try bench.project.folder.write("contacts.yaml", Self.each.replacing("{A: active}", with: "{A: active, X: other}"))
    bench.clear()
    let whole = try await bench.replay()
    #expect(whole.exitCode == .done && whole.summary.replay?.left == 0, "\(whole.summary.messages)")
    #expect(bench.sent() == ["contacts b#0", "contacts b#1"] && bench.app.keys.count == 5)
    #expect(try bench.runs().ledger(LedgerQuery(run: first.summary.run, isOpen: true)).isEmpty)
    try Agreement.check(whole, in: bench.project)
  }

  @Test(arguments: [false, true]) func `a key that looks like that of an element is the key of the record`(_ isLoaded: Bool)
    async throws
  {
    let bench = try ReplayBench(records: 1, mapping: Self.each.replacing("each: items", with: "each: address"))
    try write([Self.records[0].replacing(#""id":"a""#, with: #""id":"o#1""#), Self.valid], bench)
    let first = try await bench.run()
    try #require(bench.counts(first)[.rejected] == 1, "\(first.summary.messages)")
    try bench.project.folder.write("contacts.yaml", Self.each)
    if isLoaded { #expect(try await bench.run().exitCode == .done) }
    bench.clear()
    let replay = try await bench.replay(first.summary.run)
    #expect(replay.exitCode == .done && replay.summary.replay?.left == 0, "\(replay.summary.messages)")
    #expect(replay.summary.replay?.counts.superseded == (isLoaded ? 1 : 0))
    #expect(bench.sent() == (isLoaded ? [] : ["contacts o#1#0", "contacts o#1#1"]))
  }

  @Test func `elements are replayed as their record if the mapping has no each any more`() async throws {
    let bench = try ReplayBench(records: 1, mapping: Self.each)
    try write([Self.records[1], #"{"id":"c","items":[{"n":"c0","state":"A"}]}"#], bench)
    let first = try await bench.run()
    try #require(bench.counts(first)[.rejected] == 1, "\(first.summary.messages)")
    bench.clear()
    let plain = Self.each.replacing(", each: items", with: "").replacing("item.n", with: "id")
      .replacing("status: {from: item.state, do: [{lookup: {table: states}}]}", with: "status: {const: none}")
    try bench.project.folder.write("contacts.yaml", plain.replacing("lookups: {states: {A: active}}\n", with: ""))
    let replay = try await bench.replay()
    #expect(replay.exitCode == .done && bench.sent() == ["contacts b"], "\(replay.summary.messages)")
    #expect(try bench.runs().ledger(LedgerQuery(run: first.summary.run, isOpen: true)).isEmpty)
  }

  @Test func `an item that the mapping no longer makes is reported, and stays open`() async throws {
    let bench = try ReplayBench(records: 1, mapping: Self.each.replacing("each: items", with: "each: address"))
    try write(Self.records + [Self.valid], bench)
    let first = try await bench.run()
    bench.clear()
    // Its list has no elements.
    try bench.project.folder.write("contacts.yaml", Self.each.replacing("each: items", with: "each: others"))
    let replay = try await bench.replay()
    #expect(replay.exitCode == .recordsFailed && bench.sent() == [])
    #expect(
      replay.summary.messages.contains {
        $0.hasPrefix("2 records of 'contacts' were not replayed: the mapping no longer makes them")
      },
      "\(replay.summary.messages)")
    #expect(replay.summary.replay?.left == 2 && replay.summary.status == .partial)
    #expect(try !bench.runs().ledger(LedgerQuery(run: first.summary.run, isOpen: true)).isEmpty)
    let lenient = try await bench.replay { $0.isLenient = true }
    #expect(lenient.exitCode == .done && lenient.summary.replay?.left == 2)
  }

  // MARK: Resuming

  @Test func `the replay of another destination does not keep one from being resumed, and a newer one of its own does`()
    async throws
  {
    let bench = try ReplayBench(records: 20, mapping: Self.broken, more: "  crm: {csv: {path: \"crm/{mapping}.csv\"}}\n")
    let first = try await bench.run()
    try bench.project.folder.write("contacts.yaml", Self.fixed)
    let plan = try await bench.plan()
    try #require(plan.parts.map(\.destination) == ["app", "crm"])
    bench.react { $0 == "c10" ? .stop(OperationFailure(.unreachable, "no connection")) : .take }
    let stopped = await bench.engine().run(plan.parts[0])
    #expect(stopped.canResume && stopped.exitCode == .unreachable)
    #expect(await bench.engine().run(plan.parts[1]).exitCode == .done)
    bench.react { _ in .take }
    bench.app.restart()
    let resumed = try await bench.run { $0.resume = stopped.summary.run }
    #expect(resumed.exitCode == .done, "\(resumed.summary.messages)")
    #expect(try bench.runs().ledger(LedgerQuery(run: first.summary.run, isOpen: true)).isEmpty)
  }

  @Test func `a replay is not resumed once a newer one has sent its records`() async throws {
    let bench = try ReplayBench(records: 20, mapping: Self.broken)
    let first = try await bench.run()
    try bench.project.folder.write("contacts.yaml", Self.fixed)
    bench.react { $0 == "c10" ? .stop(OperationFailure(.unreachable, "no connection")) : .take }
    let stopped = try await bench.replay()
    bench.react { _ in .take }
    bench.app.restart()
    let newer = try await bench.replay(first.summary.run)
    #expect(newer.exitCode == .done)
    let resumed = try await bench.run { $0.resume = stopped.summary.run }
    #expect(resumed.exitCode == .usage)
    #expect(
      resumed.summary.messages.contains {
        $0.contains("run \(newer.summary.run), a replay of run \(first.summary.run), is newer and has published")
      }, "\(resumed.summary.messages)")
  }
}
