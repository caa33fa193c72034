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
