import Core
import GHL
import TestSupport
import Testing

@testable import Load

/// `before: save`, and what `waybill undo` makes of it, where that depends on how GHL is read.
@Suite struct GHLUndoTests {
  typealias Created = (name: String, match: [GHLPartDocument.Identifier], records: [String])

  static let created: [Created] = [
    ("nothing identifies contacts", [], [#""email":"ann@x.io""#]),
    ("an address that is not looked up", [.email], [#""phone":"+14155550101""#]),
    ("no address", [.email, .phone], [#""firstName":"Ann""#]),
    ("two contacts with one address", [.email, .phone], [#""email":"ann@x.io""#, #""email":"ann@x.io""#]),
    ("an address", [.email, .phone], [#""email":"ann@x.io""#]),
  ]

  @Test("undo removes what a run has created and not read back, although the search is late", arguments: created)
  func removed(_ created: Created) async throws {
    let bench = try Self.bench(faults: ["search-lag=5"]) { ($0.match, $0.readBack) = (created.match, nil) }
    let records = created.records.enumerated().map { #"{"key":"k\#($0)","city":"Rome","source":"\#($0)",\#($1)}"# }
    let staged = try GHLBench.staged(records, "contacts", nil)
    #expect(try await bench.load(staged).words == records.map { _ in "created" }, "\(created.name)")
    // After each create, one request shows what it has made.
    let sent = bench.api.sent
    let creates = sent.indices.filter { sent[$0].isCreate }
    #expect(creates.count == records.count)
    for index in creates {
      let next = sent.indices.contains(index + 1) ? sent[index + 1] : nil
      #expect(next?.method == "GET" && next?.target.split(separator: "/").count == 2, "\(created.name)")
    }
    #expect(creates.last == sent.count - 2)
    #expect(try await bench.undo(staged) == records.indices.map { "k\($0) removed" }, "\(created.name)")
    #expect(try bench.contacts().isEmpty)
  }

  @Test func `an activity is not a change, also if before was removed from the file since the run`() async throws {
    for isRemoved in [false, true] {
      var bench = try Self.bench()
      try bench.create(#""email":"k1@x.io","city":"Bonn""#)
      let records = ["k1", "k2"].map { #"{"key":"\#($0)","email":"\#($0)@x.io","city":"Rome"}"# }
      let staged = try GHLBench.staged(records, "contacts", nil)
      #expect(try await bench.load(staged).words == ["updated", "created"])
      // Only the date of the last change is another one.
      bench.timekeeper.advance(by: .seconds(60))
      for key in ["k1", "k2"] {
        let id = try bench.id(key)
        let before = try bench.contact(id)
        try bench.ask("PUT", "/contacts/\(id)", #"{"city":"Rome"}"#)
        let after = try bench.contact(id)
        #expect(after?["dateUpdated"] != before?["dateUpdated"] && after?["city"] == before?["city"])
      }
      if isRemoved { bench.document.parts[0].before = nil }
      #expect(try await bench.undo(staged) == ["k1 restored", "k2 removed"])
      #expect(try bench.values("city") == ["Bonn"])
    }
  }

  private static func bench(
    faults: [String] = [], _ change: (inout GHLPartDocument) -> Void = { _ in }
  ) throws -> GHLBench {
    var bench = try GHLBench(faults: faults) { part in
      part.before = .init()
      change(&part)
    }
    bench.document.allowsDelete = true
    return bench
  }
}
