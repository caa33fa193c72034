import Core
import GHL
import HTTP
import TestSupport
import Testing

@testable import Load

/// Contacts under every fault at once, and under kills: nothing is lost, and nothing is there twice.
@Suite struct GHLContactChaosTests {
  static let faults = [
    "5xx=0.05", "html=0.03", "disconnect=0.05", "truncated=0.03", "429=0.05", "slow=0.02", "422-created=0.1", "timeout-after=0.1",
    "5xx-after=0.1", "search-lag=5",
  ]

  /// Most have an address, some share one, and some have none.
  static func records(_ count: Int, city: String) -> [String] {
    (0..<count).map { number in
      let name = #""key":"k\#(number)","city":"\#(city)","firstName":"Ann \#(number % 7)","lastName":"Lee""#
      return switch number % 10 {
      case 3: #"{\#(name),"email":"shared@x.io"}"#
      case 5: #"{\#(name),"phone":"+1415555\#(1_000 + number)"}"#
      case 8: "{\(name)}"
      default: #"{\#(name),"email":"a\#(number)@x.io","phone":"+1415555\#(1_000 + number)"}"#
      }
    }
  }

  /// What a contact has of a record, in the order of the records.
  static func shown(_ contact: JSONValue) -> String {
    ["firstName", "city", "email", "phone"].map { contact[$0]?.stringValue ?? "-" }.joined(separator: " ")
  }

  static func check(_ bench: GHLBench, _ records: [String]) throws {
    let expected = try records.map { shown(try JSONReader.read($0)) }.sorted()
    #expect(try bench.contacts().map(shown).sorted() == expected)
  }

  @Test(arguments: [UInt64(1), 2, 3], [GHLPartDocument.Write.create, .upsert])
  func `with every fault, each record is one contact`(seed: UInt64, write: GHLPartDocument.Write) async throws {
    let bench = try GHLBench(faults: Self.faults, seed: seed) { $0.write = write }
    for city in ["Rome", "Oslo"] {
      let records = Self.records(40, city: city)
      var words: [String] = []
      for _ in 0..<8 where words != records.map({ _ in "unchanged" }) { words = try await bench.load(records).words }
      #expect(words == records.map { _ in "unchanged" })
      try Self.check(bench, records)
      let writes = bench.writes.count
      try await bench.load(records)
      #expect(bench.writes.count == writes)
    }
  }

  @Test(arguments: KillPoint.allCases) func `with kills and faults, each record is one contact`(point: KillPoint) async throws {
    let bench = try GHLBench(faults: Self.faults)
    let records = Self.records(20, city: "Rome")
    for number in [1, 3, 2, 5] { _ = try? await bench.load(records, by: DyingProcess(at: point, of: number)) }
    var words: [String] = []
    for _ in 0..<8 where words != records.map({ _ in "unchanged" }) { words = try await bench.load(records).words }
    #expect(words == records.map { _ in "unchanged" })
    try Self.check(bench, records)
  }
}
