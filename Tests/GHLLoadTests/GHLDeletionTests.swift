import Core
import GHL
import TestSupport
import Testing

@testable import Load

/// Mappings with `delete`: contacts, tasks and notes are removed by name, up to a share of them.
@Suite struct GHLDeletionTests {
  private static func bench(
    contacts: Int = 4, maxPercent: Double = 100, faults: [String] = [], allows: Bool = true
  ) async throws -> GHLBench {
    var bench = try GHLBench(faults: faults)
    bench.document.allowsDelete = allows
    bench.add(.tasks)
    bench.add(.notes)
    bench.add(.contacts, as: "leavers") {
      $0.deletion = .init(mapping: "contacts", maxPercent: maxPercent, place: GHLBench.place)
    }
    bench.add(.tasks, as: "done") { $0.deletion = .init(mapping: "tasks", maxPercent: maxPercent, place: GHLBench.place) }
    bench.add(.notes, as: "old") { $0.deletion = .init(mapping: "notes", maxPercent: maxPercent, place: GHLBench.place) }
    try await bench.load(GHLBench.contacts(1...contacts))
    return bench
  }

  private static func leavers(_ keys: [String]) -> [String] { keys.map { #"{"key":"\#($0)"}"# } }

  @Test func `contacts are removed by name, and are not there for the mapping that loaded them`() async throws {
    let bench = try await Self.bench()
    let before = bench.calls.count
    let result = try await bench.load(Self.leavers(["c2", "c9"]), into: "leavers")
    #expect(result.words == ["removed", "failed"] && result.codes == ["request-impossible"])
    #expect(bench.calls.count == before + 1 && bench.writes.last?.method == "DELETE")
    #expect(try bench.values("email").sorted() == ["c1@x.io", "c3@x.io", "c4@x.io"])
    #expect(try await bench.load(Self.leavers(["c2"]), into: "leavers").words == ["unchanged"])
    #expect(try await bench.load(GHLBench.contacts([1, 3, 4])).words == ["unchanged", "unchanged", "unchanged"])
    // Children of a contact that was removed wait for it.
    #expect(try await bench.load([GHLBench.note("n1", of: "c2")], into: "notes").words == ["pending"])
  }

  @Test func `tasks and notes are removed by name`() async throws {
    let bench = try await Self.bench()
    try await bench.load([GHLBench.task("t1", of: "c1"), GHLBench.task("t2", of: "c1")], into: "tasks")
    try await bench.load([GHLBench.note("n1", of: "c2"), GHLBench.note("n2", of: "c2", "Other")], into: "notes")
    #expect(try await bench.load([#"{"key":"t2","contact":"c1"}"#], into: "done").words == ["removed"])
    #expect(try await bench.load([#"{"key":"n1","contact":"c2"}"#], into: "old").words == ["removed"])
    #expect(try bench.children("tasks", of: "c1").count == 1)
    #expect(try bench.children("notes", of: "c2").map { $0["body"]?.stringValue } == ["Other"])
    #expect(bench.writes.suffix(2).map(\.method) == ["DELETE", "DELETE"])
  }

  @Test(arguments: [(1.0, 1, false), (25, 1, true), (25, 2, false), (24.99, 1, false), (100, 4, true)])
  func `nothing is removed above max_percent`(_ maxPercent: Double, _ count: Int, _ isAllowed: Bool) async throws {
    let bench = try await Self.bench(maxPercent: maxPercent)
    let result = try await bench.load(Self.leavers((1...count).map { "c\($0)" }), into: "leavers")
    #expect(result.words == Array(repeating: isAllowed ? "removed" : "pending", count: count))
    #expect(result.failure?.code == (isAllowed ? nil : .gateFailed))
    #expect(try bench.contacts().count == (isAllowed ? 4 - count : 4))
  }

  @Test func `nothing is removed without permission`() async throws {
    let bench = try await Self.bench(allows: false)
    let result = try await bench.load(Self.leavers(["c1"]), into: "leavers")
    #expect(result.words == ["failed"] && result.codes == ["request-impossible"])
    #expect(try bench.contacts().count == 4 && bench.writes.allSatisfy { $0.method != "DELETE" })
  }

  @Test(arguments: ["gone=1", "gone-404,gone=1", "5xx=0.3", "5xx-after=0.3", "timeout-after=0.3", "disconnect=0.3", "429=0.3"])
  func `faults leave nothing behind`(_ faults: String) async throws {
    let bench = try await Self.bench(faults: faults.split(separator: ",").map(String.init))
    var result = try await bench.load(Self.leavers(["c1", "c2"]), into: "leavers")
    if result.words.contains("pending") { result = try await bench.load(Self.leavers(["c1", "c2"]), into: "leavers") }
    #expect(Set(result.words).isSubset(of: ["removed", "unchanged"]), "\(result.codes)")
    #expect(try bench.contacts().count == 2)
  }

  @Test(arguments: KillPoint.allCases) func `a killed load is finished by the next one`(_ point: KillPoint) async throws {
    for number in 1...2 {
      let bench = try await Self.bench()
      _ = try? await bench.load(Self.leavers(["c1", "c2"]), into: "leavers", by: DyingProcess(at: point, of: number))
      let result = try await bench.load(Self.leavers(["c1", "c2"]), into: "leavers")
      #expect(Set(result.words).isSubset(of: ["removed", "unchanged"]), "\(point): \(result.codes)")
      #expect(try bench.values("email").sorted() == ["c3@x.io", "c4@x.io"])
      #expect(try bench.stores.journal.openIntents(bench.scope("contacts")).isEmpty)
    }
  }

  @Test(arguments: [false, true])
  func `a contact that a create met, and that no update has changed, is not removed`(isKilled: Bool) async throws {
    let bench = try await Self.bench(faults: ["no-duplicates"])
    // The lookup before the create does not show it.
    let id = try bench.create(#""email":"other@x.io","phone":"+14155550101","city":"Oslo""#)
    let record = [#"{"key":"k1","email":"ann@x.io","city":"Rome"}"#]
    bench.api.setScript { sent in
      if sent.isCreate { _ = try? bench.ask("PUT", "/contacts/\(id)", #"{"email":"ann@x.io"}"#) }
      return sent.method == "PUT" ? .respond(422, #"{"statusCode":422,"message":["no"]}"#) : nil
    }
    // The second call is the update.
    let result = try? await bench.load(record, by: isKilled ? DyingProcess(at: .afterIntent, of: 2) : nil)
    #expect(result?.codes == (isKilled ? nil : ["destination-refused"]))
    let leavers = try GHLBench.staged(Self.leavers(["k1", "c4"]), "leavers", nil)
    let predicted = try await leavers.forecast(by: bench.destination()).sink
    let removed = try await bench.load(leavers)
    // While the result of the update is not known, the contact may be ours.
    #expect(removed.words == [isKilled ? "pending" : "failed", "removed"] && predicted.words == removed.words)
    #expect(removed.codes == [isKilled ? "result-unknown" : "already-exists"])
    #expect(try bench.contact(id)?["city"]?.stringValue == "Oslo")
    // Once it has been changed, it is ours.
    bench.api.setScript { _ in nil }
    #expect(["updated", "unchanged"].contains(try await bench.load(record).words[0]))
    #expect(try bench.contact(id)?["city"]?.stringValue == "Rome")
    #expect(try await bench.load(Self.leavers(["k1"]), into: "leavers").words == ["removed"])
  }

  @Test func `what went with its contact is gone, and the mapping that removes it is done`() async throws {
    let bench = try await Self.bench()
    try await bench.load([GHLBench.task("t1", of: "c1")], into: "tasks")
    try await bench.load([GHLBench.note("n1", of: "c1")], into: "notes")
    #expect(try await bench.load(Self.leavers(["c1"]), into: "leavers").words == ["removed"])
    // What went with one contact did not belong to another one.
    try await bench.load([GHLBench.task("t2", of: "c2")], into: "tasks")
    let wrong = try await bench.load([#"{"key":"t2","contact":"c1"}"#], into: "done")
    #expect(wrong.words == ["failed"] && wrong.codes == ["request-impossible"])
    let writes = bench.writes.count
    for (key, mapping, loaded) in [("t1", "done", "tasks"), ("n1", "old", "notes")] {
      let staged = try GHLBench.staged([#"{"key":"\#(key)","contact":"c1"}"#], mapping, nil)
      #expect(try await staged.forecast(by: bench.destination()).sink.words == ["unchanged"])
      #expect(try await bench.load(staged).words == ["unchanged"])
      #expect(try bench.stores.journal.accepted(Name(key), in: bench.scope(loaded))?.isPresent == false)
      #expect(try await bench.load(staged).words == ["unchanged"])
    }
    #expect(bench.writes.count == writes)
  }

  /// A call of a task that a process leaves open, and the mapping whose load finds out about it.
  enum OpenCall: CaseIterable, Sendable { case create, removalFoundByLoad, removalFoundByDeletion }

  @Test(
    "an open call of a task is resolved although its contact has been removed", arguments: OpenCall.allCases, KillPoint.allCases)
  func resolved(_ call: OpenCall, _ point: KillPoint) async throws {
    let bench = try await Self.bench()
    let task = [GHLBench.task("t1", of: "c1")]
    let done = [#"{"key":"t1","contact":"c1"}"#]
    let process = DyingProcess(at: point, of: 1)
    if call == .create {
      _ = try? await bench.load(task, into: "tasks", by: process)
    } else {
      try await bench.load(task, into: "tasks")
      _ = try? await bench.load(done, into: "done", by: process)
    }
    #expect(process.isDead)
    #expect(try await bench.load(Self.leavers(["c1"]), into: "leavers").words == ["removed"])
    if call != .removalFoundByDeletion {
      let result = try await bench.load(task, into: "tasks")
      #expect(result.words == ["pending"] && result.codes == ["parent-not-loaded"])
      #expect(try bench.stores.journal.openIntents(bench.scope("tasks")).isEmpty)
    }
    let isKnown = call != .create || point != .beforeIntent
    #expect(try await bench.load(done, into: "done").words == [isKnown ? "unchanged" : "failed"])
    #expect(try bench.stores.journal.openIntents(bench.scope("tasks")).isEmpty)
  }

  @Test(arguments: [false, true], KillPoint.allCases)
  func `an open call of tags is resolved although a contact has been removed`(isBulk: Bool, _ point: KillPoint) async throws {
    var bench = try await Self.bench()
    bench.add(.tags)
    let tags = (isBulk ? [1, 2] : [1]).map { #"{"key":"g\#($0)","contact":"c\#($0)","tags":["vip"]}"# }
    let process = DyingProcess(at: point, of: 1)
    _ = try? await bench.load(tags, into: "tags", by: process)
    #expect(process.isDead)
    #expect(try await bench.load(Self.leavers(["c1"]), into: "leavers").words == ["removed"])
    let result = try await bench.load(tags, into: "tags")
    #expect(result.words.first == "pending" && result.codes.first == "parent-not-loaded")
    #expect(try !isBulk || bench.tags(of: "c2") == "vip")
    #expect(try bench.stores.journal.openIntents(bench.scope("tags")).isEmpty)
  }

  @Test(arguments: [GHLPartDocument.Target.tasks, .notes])
  func `a deletion that names other contacts removes nothing`(_ target: GHLPartDocument.Target) async throws {
    var bench = try await Self.bench(contacts: 1)
    bench.add(.contacts, as: "leads")
    bench.add(.contacts, as: "lost") { $0.deletion = .init(mapping: "leads", maxPercent: 100, place: GHLBench.place) }
    bench.add(target, as: "wrong") {
      $0.deletion = .init(mapping: Name(target.rawValue), maxPercent: 100, place: GHLBench.place)
      $0.contact?.mapping = "leads"
    }
    // Both have a contact with this key.
    try await bench.load([#"{"key":"c1","email":"lead@x.io"}"#], into: "leads")
    try await bench.load([target == .tasks ? GHLBench.task("1", of: "c1") : GHLBench.note("1", of: "c1")], into: target.rawValue)
    let wrong = try GHLBench.staged([#"{"key":"1","contact":"c1"}"#], "wrong", nil)
    for isRemoved in [false, true] {
      if isRemoved { #expect(try await bench.load(Self.leavers(["c1"]), into: "lost").words == ["removed"]) }
      let writes = bench.writes.count
      #expect(try await wrong.forecast(by: bench.destination()).sink.words == ["failed"])
      let result = try await bench.load(wrong)
      #expect(result.words == ["failed"] && result.codes == ["request-impossible"] && bench.writes.count == writes)
    }
    #expect(try bench.children(target.rawValue, of: "c1").count == 1)
    #expect(try bench.stores.journal.accepted("1", in: bench.scope(target.rawValue))?.isPresent == true)
  }

  @Test(arguments: [KillPoint.afterIntent, .beforeResponse])
  func `the load of the records finds out about a removal under another name of the contact`(_ point: KillPoint) async throws {
    var bench = try await Self.bench()
    bench.add(.tasks, as: "closed") {
      $0.deletion = .init(mapping: "tasks", maxPercent: 100, place: GHLBench.place)
      $0.contact?.field = "person"
    }
    let task = [GHLBench.task("t1", of: "c1")]
    try await bench.load(task, into: "tasks")
    let closed = [#"{"key":"t1","person":"c1"}"#]
    _ = try? await bench.load(closed, into: "closed", by: DyingProcess(at: point, of: 1))
    let isThere = point == .afterIntent
    #expect(try await bench.load(task, into: "tasks").words == [isThere ? "unchanged" : "created"])
    #expect(try await bench.load(closed, into: "closed").words == ["removed"])
    #expect(try bench.children("tasks", of: "c1").isEmpty)
  }

  @Test func `a dry run predicts what the load removes, and removes nothing`() async throws {
    for (maxPercent, word) in [(100.0, "removed"), (1, "pending")] {
      let bench = try await Self.bench(maxPercent: maxPercent)
      let staged = try GHLBench.staged(Self.leavers(["c1", "c9"]), "leavers", nil)
      let forecast = try await staged.forecast(by: bench.destination())
      #expect(forecast.sink.words == [word, "failed"])
      #expect(forecast.failure?.code == (word == "removed" ? nil : .gateFailed))
      #expect(try bench.contacts().count == 4)
      #expect(try await bench.load(staged).words == forecast.sink.words)
    }
  }
}
