import Core
import GHL
import Sandbox
import TestSupport
import Testing

@testable import Load

/// Mappings `to: business`: contacts are linked to businesses, by ID or name, fifty at a time.
@Suite struct GHLLinkTests {
  private static func bench(
    contacts: Int = 3, _ generation: GHLVersions.Generation = .dated, _ change: (inout GHLPartDocument) -> Void = { _ in }
  ) async throws -> GHLBench {
    var bench = try GHLBench(generation)
    bench.add(.business, as: "links", change)
    try await bench.load(GHLBench.contacts(1...contacts))
    return bench
  }

  private static func businesses(_ bench: GHLBench) throws -> [(id: String, name: String)] {
    let list = try bench.ask("GET", "/businesses/?locationId=\(bench.document.location)&limit=100&skip=0")["businesses"]?
      .arrayValue
    return try #require(list).compactMap { business in
      business["id"]?.stringValue.map { ($0, business["name"]?.stringValue ?? "") }
    }
  }

  private static func staged(_ businesses: [String?]) -> StagedRecords {
    GHLBench.whole(
      businesses.enumerated().map { index, business in
        let value = business.map { JSONValue.string($0) } ?? .null
        return #"{"key":"l\#(index + 1)","contact":"c\#(index + 1)","business":\#(value.text)}"#
      }, "links", ["contact", "business"])
  }

  private static func linked(_ bench: GHLBench, _ count: Int) throws -> [String?] {
    try (1...count).map { try bench.contact(try bench.id("c\($0)"))?["businessId"]?.stringValue }
  }

  @Test(arguments: TrapTests.generations)
  func `contacts are linked by ID or name, and unlinked by null`(_ generation: GHLVersions.Generation) async throws {
    let bench = try await Self.bench(generation)
    let businesses = try Self.businesses(bench)
    let before = bench.calls.count
    let result = try await bench.load(Self.staged([businesses[0].name, businesses[0].id, nil]))
    // The third contact has no business.
    #expect(result.words == ["updated", "updated", "unchanged"] && result.codes == [])
    #expect(bench.calls.dropFirst(before) == ["POST bulk/business"])
    #expect(try Self.linked(bench, 3) == [businesses[0].id, businesses[0].id, nil])
    #expect(
      try await bench.load(Self.staged([businesses[0].name, businesses[0].id, nil])).words
        == Array(repeating: "unchanged", count: 3))
    let changed = try await bench.load(Self.staged([nil, businesses[1].name, businesses[1].name]))
    #expect(changed.words == ["updated", "updated", "updated"] && changed.codes == [])
    #expect(try Self.linked(bench, 3) == [nil, businesses[1].id, businesses[1].id])
    #expect(bench.writes.last { $0.body?["businessId"] == .null } != nil && bench.statistics.byStatus[422] == nil)
  }

  @Test func `120 links are three calls`() async throws {
    let bench = try await Self.bench(contacts: 120) { $0.readBack = nil }
    let business = try Self.businesses(bench)[0]
    let before = bench.writes.count
    let result = try await bench.load(Self.staged(Array(repeating: business.name, count: 120)))
    #expect(Set(result.words) == ["updated"] && result.codes == [])
    let calls = bench.writes.dropFirst(before)
    #expect(calls.count == 3 && calls.allSatisfy { ($0.body?["ids"]?.arrayValue?.count ?? 99) <= 50 })
    #expect(Set(try Self.linked(bench, 120)) == [business.id])
  }

  @Test func `of two businesses of a contact, the later one counts`() async throws {
    let bench = try await Self.bench(contacts: 4)
    let businesses = try Self.businesses(bench)
    let names = (1...4).flatMap { contact in [0, 1].map { (contact, businesses[$0].name) } }
    let records = names.enumerated().map { index, link in
      #"{"key":"l\#(index)","contact":"c\#(link.0)","business":\#(JSONValue.string(link.1).text)}"#
    }
    let staged = GHLBench.whole(records, "links", ["contact", "business"])
    let result = try await bench.load(staged)
    #expect(result.words == Array(repeating: "updated", count: 8) && result.codes == [])
    #expect(Set(try Self.linked(bench, 4)) == [businesses[1].id])
    #expect(try await bench.load(staged).words == Array(repeating: "unchanged", count: 8))
  }

  @Test func `a business that is not there, and a value that is none`() async throws {
    let bench = try await Self.bench()
    let records = [#"{"key":"l1","contact":"c1","business":"Nobody"}"#, #"{"key":"l2","contact":"c2","business":7}"#]
    let before = bench.writes.count
    let result = try await bench.load(GHLBench.whole(records, "links", ["contact", "business"]))
    #expect(result.words == ["failed", "failed"] && result.codes == ["request-impossible", "request-impossible"])
    // Without a value, it is not said that the contact is to be unlinked.
    let missing = try await bench.load([#"{"key":"l3","contact":"c3"}"#], into: "links", columns: ["contact", "business"])
    #expect(missing.words == ["failed"] && missing.codes == ["request-impossible"] && bench.writes.count == before)
  }

  @Test func `a contact that the answer does not list is looked up`() async throws {
    let bench = try await Self.bench()
    let business = try Self.businesses(bench)[0]
    let first = try bench.id("c1")
    // All of them were linked.
    bench.api.once(.respondAfter(200, #"{"success":true,"ids":["\#(first)"]}"#)) { $0.isWrite }
    let result = try await bench.load(Self.staged(Array(repeating: business.id, count: 3)))
    #expect(result.words == ["updated", "updated", "updated"] && result.codes == [])
    // One of them was not.
    bench.api.once(.respond(200, #"{"success":true,"ids":[]}"#)) { $0.isWrite }
    let again = try await bench.load(Self.staged([nil, business.id, business.id]))
    #expect(again.words == ["updated", "unchanged", "unchanged"])
    #expect(try Self.linked(bench, 3) == [nil, business.id, business.id])
  }

  @Test func `a contact that is gone fails, and the others are linked`() async throws {
    let bench = try await Self.bench()
    let business = try Self.businesses(bench)[0]
    let gone = try bench.id("c2")
    bench.api.once(.first { _ = try? bench.ask("DELETE", "/contacts/\(gone)") }) { $0.isWrite }
    let result = try await bench.load(Self.staged(Array(repeating: business.id, count: 3)))
    #expect(result.words == ["updated", "failed", "updated"] && result.codes == ["gone"])
    // The next run does not try, unless it loads the contact.
    let writes = bench.writes.count
    let staged = Self.staged(Array(repeating: business.id, count: 3))
    let forecast = try await staged.forecast(by: bench.destination())
    #expect(forecast.sink.words == ["unchanged", "pending", "unchanged"])
    #expect(try await bench.load(staged).words == forecast.sink.words && bench.writes.count == writes)
    #expect(try await bench.load(GHLBench.contacts(1...3)).words == ["unchanged", "created", "unchanged"])
    #expect(try await bench.load(staged).words == ["unchanged", "updated", "unchanged"])
  }

  @Test func `a link that moves to another contact stays at the old one, and the ledger says so`() async throws {
    let bench = try await Self.bench()
    let business = try Self.businesses(bench)[0]
    func staged(_ contact: String) -> StagedRecords {
      let record = #"{"key":"l1","contact":"\#(contact)","business":"\#(business.id)"}"#
      return GHLBench.whole([record], "links", ["contact", "business"])
    }
    #expect(try await bench.load(staged("c1")).codes == [])
    let moved = try await bench.load(staged("c2"))
    #expect(moved.words == ["updated"] && moved.codes == ["not-applied"] && moved.problems.first?.severity == .warning)
    #expect(try Self.linked(bench, 3) == [business.id, business.id, nil])
    let again = try await bench.load(staged("c2"))
    #expect(again.words == ["unchanged"] && again.codes == [])
  }

  @Test(arguments: KillPoint.allCases) func `a killed load is finished by the next one`(_ point: KillPoint) async throws {
    for number in 1...2 {
      let bench = try await Self.bench()
      let business = try Self.businesses(bench)[0]
      let staged = Self.staged(Array(repeating: business.name, count: 3))
      _ = try? await bench.load(staged, by: DyingProcess(at: point, of: number))
      let result = try await bench.load(staged)
      #expect(Set(result.words).isSubset(of: ["updated", "unchanged"]), "\(point): \(result.codes)")
      #expect(Set(try Self.linked(bench, 3)) == [business.id])
      #expect(try await bench.load(staged).words == ["unchanged", "unchanged", "unchanged"])
    }
  }

  @Test func `undo links contacts as they were`() async throws {
    let bench = try await Self.bench { $0.before = .init() }
    let businesses = try Self.businesses(bench)
    try bench.ask(
      "POST", "/contacts/bulk/business",
      #"{"locationId":"\#(bench.document.location)","ids":["\#(try bench.id("c1"))"],"businessId":"\#(businesses[2].id)"}"#)
    let staged = Self.staged([businesses[0].name, businesses[1].name, nil])
    #expect(try await bench.load(staged).words == ["updated", "updated", "unchanged"])
    #expect(try Self.linked(bench, 2) == [businesses[0].id, businesses[1].id])
    #expect(try await bench.undo(staged) == ["l1 restored", "l2 restored"])
    #expect(try Self.linked(bench, 3) == [businesses[2].id, nil, nil])
  }
}
