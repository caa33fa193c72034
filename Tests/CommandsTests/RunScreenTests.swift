import Core
import Testing

@testable import Commands

/// The end of a run on a screen of 24 lines with 80 columns.
@Suite("Screen of a run")
struct RunScreenTests {
  /// A run with this many mappings, each at this many destinations; each third mapping rejects two records.
  private static func summary(mappings: Int, destinations: Int = 1, gates: String = "") throws -> JSONValue {
    let entities = (1...mappings).map { number in
      let rejected = number % 3 == 0 ? 2 : 0
      let names = (1...destinations).map { "\"d\($0)\":{\"written\":\(1000 - rejected),\"rejected\":\(rejected)}" }
      return "\"m\(number)\":{\"read\":1000,\"destinations\":{\(names.joined(separator: ","))},\"warnings\":1,"
        + "\"codes\":{\"required\":\(number),\"email-invalid\":\(number)}}"
    }
    let passed = (1...12).map { "{\"gate\":\"coverage\",\"mapping\":\"m\($0)\",\"limit\":1,\"actual\":1,\"passed\":true}" }
    return try JSONReader.read(
      """
      {"run":"20260725T020000000Z-00kq2m","pipeline":"nightly","status":"done","exit_code":0,
      "started":"2026-07-25T02:00:00Z","finished":"2026-07-25T02:00:09Z","durations":{"extract":22.1,"transform":0.2,"load":0.1},
      "entities":{\(entities.joined(separator: ","))},"unaccounted":0,
      "requests":{"made":1300,"retried":2,"throttled":0,"quota_remaining":198700},
      "gates":[\((passed + (gates.isEmpty ? [] : [gates])).joined(separator: ","))]}
      """)
  }

  @Test func `the first line is the verdict, and gates that passed are counted`() throws {
    let text = RunSummaryText.text(of: try Self.summary(mappings: 4))
    #expect(
      text.hasPrefix("run 20260725T020000000Z-00kq2m  nightly  done: 4 mappings, 4,000 read, 3,998 written, 2 rejected\n"),
      "\(text)")
    #expect(
      text.contains(
        "\nmost frequent: email-invalid 4 (m4), required 4 (m4), email-invalid 3 (m3), required 3 (m3), email-invalid 2 (m2), "
          + "and 3 more codes: waybill ledger\n1,300 requests made"), "\(text)")
    #expect(text.hasSuffix("left today\n12 gates passed\n"), "\(text)")
  }

  @Test(arguments: [(4, 1), (4, 2), (12, 1), (40, 2), (9, 3)])
  func `the result leaves room for the next command`(_ mappings: Int, _ destinations: Int) throws {
    let text = RunSummaryText.text(of: try Self.summary(mappings: mappings, destinations: destinations), fitting: 80)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count <= (mappings == 4 && destinations == 1 ? 17 : 24), "\(text)")
    for line in lines { #expect(CellWidth.of(line) <= 80, "\(line)") }
  }

  @Test func `mappings with problems stay when others are folded, and nothing is lost in the sums`() throws {
    let summary = try Self.summary(mappings: 12)
    let folded = RunSummaryText.folded(summary["entities"])?.objectValue ?? []
    #expect(folded.map(\.name) == ["m3", "m6", "m9", "m12", "8 more"])
    let reads = folded.map { $0.value["read"]?.intValue ?? 0 }
    #expect(reads.reduce(0, +) == 12_000)
    #expect(folded.last?.value["destinations"]?["d1"]?["written"] == .number(8000))
    #expect(folded.last?.value["destinations"]?["d1"]?["rejected"] == .number(0))
    let whole = RunSummaryText.text(of: summary, hasMessages: true)
    #expect(whole.contains("\nm12 ") && !whole.contains("more  ") && whole.contains("coverage  m12"), "\(whole)")
  }

  @Test func `the sum at a destination has what the mappings with this destination read`() throws {
    let mappings = (1...10).map { number in
      #""m\#(number)":{"read":10,"destinations":{"\#(number < 4 ? "a" : "b")":{"written":10}},"warnings":0}"#
    }
    let entities = try JSONReader.read("{\(mappings.joined(separator: ","))}")
    let text = RunSummaryText.table(of: RunSummaryText.folded(entities), fitting: nil)
    #expect(text.contains(#/all 10 +a +30 +30 /#) && text.contains(#/\n +b +70 +70 /#), "\(text)")
  }

  @Test(arguments: [
    (#"{"gate":"read","limit":1,"actual":0,"passed":false,"severity":"error"}"#, "FAILED\n12 other gates passed\n"),
    (#"{"gate":"read","limit":1,"actual":0,"passed":null,"judged":false}"#, "not enforced\n12 other gates passed\n"),
    (#"{"gate":"read","limit":1,"actual":1,"passed":true,"verdict":"passed"}"#, "left today\n13 gates passed\n"),
  ])
  func `gates that did not pass are shown`(_ gate: String, _ end: String) throws {
    let text = RunSummaryText.text(of: try Self.summary(mappings: 4, gates: gate))
    #expect(text.hasSuffix(end), "\(text)")
  }

  @Test(arguments: [
    (#"{"m":{"read":0,"destinations":{"d":{"written":0}}}}"#, ""),
    (#"{"m":{"read":5,"destinations":{"d":{"created":2,"unchanged":2,"failed":1}}}}"#, ": 1 mapping, 5 read, 4 loaded, 1 failed"),
    (
      #"{"m":{"read":5,"destinations":{"d":{"written":4,"rejected":1},"e":{"created":3,"failed":1,"rejected":1}}}}"#,
      ": 1 mapping, 5 read, 1 rejected, 1 failed"
    ),
    (
      #"{"m":{"read":5,"destinations":{"d":{"filtered":3,"merged":1,"pending":1}}},"n":{"read":1,"destinations":{"d":{"updated":1}}}}"#,
      ": 2 mappings, 6 read, 1 updated, 3 filtered, 1 merged, 1 pending"
    ),
  ])
  func `the verdict counts each item once`(_ entities: String, _ text: String) throws {
    #expect(RunSummaryText.verdict(of: try JSONReader.read(entities)) == text)
  }
}
