import Core
import GHL
import TestSupport
import Testing

@testable import Load

/// Mappings `to: tags`: tags are added or removed, one contact at a time or many, and others stay.
@Suite struct GHLTagTests {
  private static func bench(
    _ action: GHLPartDocument.TagAction = .add, _ generation: GHLVersions.Generation = .dated, faults: [String] = [],
    contacts: Int = 3, theirs: [String] = ["theirs"], _ change: (inout GHLPartDocument) -> Void = { _ in }
  ) async throws -> GHLBench {
    var bench = try GHLBench(faults: faults, generation)
    bench.add(.tags) {
      $0.action = action
      change(&$0)
    }
    try await bench.load(GHLBench.contacts(1...contacts))
    for number in 1...contacts where !theirs.isEmpty {
      try bench.ask("POST", "/contacts/\(try bench.id("c\(number)"))/tags", #"{"tags":\#(json(theirs))}"#)
    }
    return bench
  }

  private static func json(_ tags: [String]) -> String { JSONValue.array(tags.map { .string($0) }).text }

  private static func records(_ tags: [[String]]) -> [String] {
    tags.enumerated().map { index, tags in #"{"key":"t\#(index + 1)","contact":"c\#(index + 1)","tags":\#(json(tags))}"# }
  }

  private static func load(_ bench: GHLBench, _ tags: [[String]], run: String = "run1") async throws -> GHLBench.Result {
    try await bench.load(GHLBench.whole(records(tags), "tags", ["contact", "tags"]), run: run)
  }

  @Test(arguments: TrapTests.generations)
  func `tags that others have set survive`(_ generation: GHLVersions.Generation) async throws {
    let bench = try await Self.bench(.add, generation)
    let before = bench.calls.count
    let first = try await Self.load(bench, [["vip"]])
    #expect(first.words == ["updated"] && first.codes == [])
    #expect(bench.calls.dropFirst(before) == ["POST tags"] && bench.writes.last?.body?.text == #"{"tags":["vip"]}"#)
    #expect(try bench.tags(of: "c1") == "theirs vip")
    #expect(try await Self.load(bench, [["vip"]]).words == ["unchanged"])
    // A tag that the record no longer has stays, too.
    #expect(try await Self.load(bench, [["new"]]).words == ["updated"])
    #expect(try bench.tags(of: "c1") == "new theirs vip")
  }

  @Test(arguments: TrapTests.generations)
  func `tags are removed with a body, and others stay`(_ generation: GHLVersions.Generation) async throws {
    let bench = try await Self.bench(.remove, generation, theirs: ["a", "b", "c"])
    let before = bench.calls.count
    let result = try await Self.load(bench, [["a", "x"]])
    #expect(result.words == ["updated"] && result.codes == [])
    #expect(bench.calls.dropFirst(before) == ["DELETE tags"] && bench.writes.last?.body?["tags"]?.arrayValue?.count == 2)
    #expect(try bench.tags(of: "c1") == "b c")
    #expect(try await Self.load(bench, [["a", "x"]]).words == ["unchanged"])
  }

  @Test func `what a contact has already is not sent`() async throws {
    let bench = try await Self.bench()
    let before = bench.writes.count
    #expect(try await Self.load(bench, [["Theirs"], [], [""]]).words == ["unchanged", "unchanged", "unchanged"])
    #expect(bench.writes.count == before)
    let removal = try await Self.bench(.remove)
    #expect(try await Self.load(removal, [["other"]]).words == ["unchanged"])
  }

  @Test func `a text is one tag`() async throws {
    let bench = try await Self.bench()
    let records = [#"{"key":"t1","contact":"c1","tags":"vip"}"#, #"{"key":"t2","contact":"c2","tags":null}"#]
    let result = try await bench.load(GHLBench.whole(records, "tags", ["contact", "tags"]))
    #expect(result.words == ["updated", "unchanged"])
    #expect(try bench.tags(of: "c1") == "theirs vip")
  }

  @Test(arguments: [1, 3]) func `tags of a record that moves to another contact stay at the old one, and the ledger says so`(
    _ count: Int
  ) async throws {
    let bench = try await Self.bench(contacts: 6)
    func staged(_ offset: Int, _ tag: String = "vip") -> StagedRecords {
      let records = (1...count).map { #"{"key":"t\#($0)","contact":"c\#($0 + offset)","tags":["\#(tag)"]}"# }
      return GHLBench.whole(records, "tags", ["contact", "tags"])
    }
    #expect(Set(try await bench.load(staged(0)).words) == ["updated"])
    // Another tag of the same contact is no move.
    #expect(try await bench.load(staged(0, "new")).codes == [])
    // A call that fails is repeated without a second line.
    bench.api.once(.respond(500, "{}")) { $0.isWrite }
    let moved = try await bench.load(staged(3, "new"))
    #expect(Set(moved.words) == ["updated"] && moved.codes == Array(repeating: "not-applied", count: count))
    #expect(moved.problems.allSatisfy { $0.severity == .warning && $0.detail.contains("do: remove") && $0.column == 1 })
    #expect(try bench.tags(of: "c1") == "new theirs vip" && bench.tags(of: "c4") == "new theirs")
    let again = try await bench.load(staged(3, "new"))
    #expect(Set(again.words) == ["unchanged"] && again.codes == [])
  }

  @Test func `a removal that moves to another contact leaves nothing behind`() async throws {
    let bench = try await Self.bench(.remove)
    func staged(_ contact: String) -> StagedRecords {
      GHLBench.whole([#"{"key":"t1","contact":"\#(contact)","tags":["theirs"]}"#], "tags", ["contact", "tags"])
    }
    try await bench.load(staged("c1"))
    let moved = try await bench.load(staged("c2"))
    #expect(moved.words == ["updated"] && moved.codes == [])
    #expect(try bench.tags(of: "c1") == "" && bench.tags(of: "c2") == "")
  }

  // MARK: Bulk

  @Test(arguments: [GHLPartDocument.TagAction.add, .remove], TrapTests.generations)
  func `contacts with the same tags share a call`(
    _ action: GHLPartDocument.TagAction, _ generation: GHLVersions.Generation
  ) async throws {
    let bench = try await Self.bench(action, generation, contacts: 5, theirs: action == .add ? ["x"] : ["a", "b", "x"])
    let before = bench.calls.count
    let result = try await Self.load(bench, [["a"], ["a"], ["b", "a"], ["a", "b"], ["b"]])
    #expect(result.words == Array(repeating: "updated", count: 5) && result.codes == [])
    let calls = bench.calls.dropFirst(before).sorted()
    let single = action == .add ? "POST tags" : "DELETE tags"
    #expect(calls == [single, "POST bulk/tags/update/\(action)", "POST bulk/tags/update/\(action)"].sorted())
    let tags = try (1...5).map { try bench.tags(of: "c\($0)") }
    #expect(tags == (action == .add ? ["a x", "a x", "a b x", "a b x", "b x"] : ["b x", "b x", "x", "x", "a x"]))
    #expect(
      try await Self.load(bench, [["a"], ["a"], ["b", "a"], ["a", "b"], ["b"]]).words == Array(repeating: "unchanged", count: 5))
  }

  @Test(arguments: TrapTests.generations)
  func `every item of a bulk answer has its own outcome`(_ generation: GHLVersions.Generation) async throws {
    let bench = try await Self.bench(.add, generation, contacts: 4)
    let gone = try bench.id("c2")
    bench.api.once(.first { _ = try? bench.ask("DELETE", "/contacts/\(gone)") }) { $0.target.contains("/bulk/") }
    let tags = Array(repeating: ["vip"], count: 4)
    let result = try await Self.load(bench, tags)
    #expect(result.words == ["updated", "failed", "updated", "updated"] && result.codes == ["gone"])
    #expect(try [1, 3, 4].map { try bench.tags(of: "c\($0)") } == Array(repeating: "theirs vip", count: 3))
    #expect(try await Self.load(bench, tags).words[0] == "unchanged")
  }

  @Test func `an item that is refused fails, and one that is missing is looked up`() async throws {
    let bench = try await Self.bench(contacts: 3)
    let ids = try (1...3).map { try bench.id("c\($0)") }
    // The third one is not mentioned, and has its tag.
    let answer = #"""
      {"succeded":true,"errorCount":1,"responses":[{"contactId":"\#(ids[1])","message":"contact does not belong to location",
      "type":"error"},{"contactId":"\#(ids[0])","message":"Tags updated","type":"success"}]}
      """#
    bench.api.once(.respondAfter(201, answer)) { $0.target.contains("/bulk/") }
    let result = try await Self.load(bench, [["vip"], ["vip"], ["vip"]])
    #expect(result.words == ["updated", "failed", "updated"] && result.codes == ["destination-refused"])
    #expect(result.problems.first?.detail == "contact does not belong to location")
  }

  @Test func `a bulk call that is refused as a whole ends with the culprit alone`() async throws {
    let bench = try await Self.bench(contacts: 4)
    let culprit = try bench.id("c3")
    bench.api.setScript { sent in
      let isAbout = sent.target.contains(culprit) || sent.body?["contacts"]?.arrayValue?.contains(.string(culprit)) == true
      return sent.isWrite && isAbout ? .respond(422, #"{"statusCode":422,"message":["no"]}"#) : nil
    }
    let result = try await Self.load(bench, Array(repeating: ["vip"], count: 4))
    #expect(result.words == ["updated", "updated", "failed", "updated"] && result.codes == ["destination-refused"])
  }

  @Test func `errors that say nothing are tried again, in the end one by one`() async throws {
    let bench = try await Self.bench(faults: ["bulk-error=0.7"], contacts: 12)
    let tags = Array(repeating: ["vip"], count: 12)
    #expect(try await Self.load(bench, tags).words == Array(repeating: "updated", count: 12))
    #expect(try (1...12).map { try bench.tags(of: "c\($0)") } == Array(repeating: "theirs vip", count: 12))
  }

  @Test func `a DELETE whose body was stripped on the way says so`() async throws {
    let bench = try await Self.bench(.remove)
    let answer = #"{"statusCode":422,"message":["tags should not be empty"],"error":"Unprocessable Entity"}"#
    bench.api.once(.respond(422, answer)) { $0.method == "DELETE" }
    let result = try await Self.load(bench, [["theirs"]])
    #expect(result.words == ["failed"] && result.codes == ["destination-refused"])
    #expect(result.problems.first?.detail.contains("proxy") == true)
  }

  // MARK: Trouble

  @Test(arguments: 0..<4) func `a call without a response is repeated`(_ index: Int) async throws {
    for count in [1, 3] {
      let bench = try await Self.bench()
      bench.api.once(GHLChildrenTests.faults[index]) { $0.isWrite }
      let result = try await Self.load(bench, Array(repeating: ["vip"], count: count))
      #expect(result.words == Array(repeating: "updated", count: count), "\(result.codes)")
      #expect(try (1...count).map { try bench.tags(of: "c\($0)") } == Array(repeating: "theirs vip", count: count))
    }
  }

  @Test(arguments: KillPoint.allCases, [GHLPartDocument.TagAction.add, .remove])
  func `a killed load is finished by the next one`(_ point: KillPoint, _ action: GHLPartDocument.TagAction) async throws {
    for number in 1...2 {
      let bench = try await Self.bench(action, theirs: action == .add ? ["x"] : ["a", "x"])
      let tags = [["a"], ["a"], ["a"]]
      _ = try? await bench.load(
        GHLBench.whole(Self.records(tags), "tags", ["contact", "tags"]), by: DyingProcess(at: point, of: number))
      let result = try await Self.load(bench, tags)
      #expect(Set(result.words).isSubset(of: ["updated", "unchanged"]), "\(point): \(result.codes)")
      #expect(try (1...3).map { try bench.tags(of: "c\($0)") } == Array(repeating: action == .add ? "a x" : "x", count: 3))
      #expect(try await Self.load(bench, tags).words == ["unchanged", "unchanged", "unchanged"])
    }
  }

  // MARK: Undo

  @Test(arguments: [GHLPartDocument.TagAction.add, .remove])
  func `undo takes back what the run has done, and nothing else`(_ action: GHLPartDocument.TagAction) async throws {
    let bench = try await Self.bench(action, contacts: 2, theirs: action == .add ? ["b", "x"] : ["a", "x"]) {
      $0.before = .init()
    }
    let staged = GHLBench.whole(Self.records([["a", "b"], ["a"]]), "tags", ["contact", "tags"])
    #expect(try await bench.load(staged).words == ["updated", "updated"])
    #expect(try bench.tags(of: "c1") == (action == .add ? "a b x" : "x"))
    // Whatever others do with their tags is no change of ours.
    try bench.ask("POST", "/contacts/\(try bench.id("c1"))/tags", #"{"tags":["z"]}"#)
    #expect(try await bench.undo(staged) == ["t1 restored", "t2 restored"])
    #expect(try bench.tags(of: "c1") == (action == .add ? "b x z" : "a x z"))
    #expect(try bench.tags(of: "c2") == (action == .add ? "b x" : "a x"))
    let writes = bench.writes.count
    #expect(try await bench.undo(staged) == ["t1 unchanged", "t2 unchanged"] && bench.writes.count == writes)
    #expect(try await bench.load(staged, run: "run2").words == ["updated", "updated"])
  }
}
