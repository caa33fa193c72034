import Core
import Testing
import Transform

@testable import Mapping

/// Vars and functions that double a text or a list at each link of a chain end with an error of the record, in bounded memory.
@Suite struct GrowthTests {
  private static let chain = 40

  /// Forty vars, each made of the one before.
  private static func vars(_ first: String, _ next: (String) -> String) -> String {
    (["  v0: \(first)"] + (1..<chain).map { "  v\($0): \(next("vars.v\($0 - 1)"))" }).joined(separator: "\n")
  }

  private static let doublings: [(name: String, vars: String, code: String)] = [
    ("texts by +", vars("{expr: \"name != null ? name : ''\"}") { "{expr: \"\($0) + \($0)\"}" }, "expression-error"),
    ("lists by +", vars("{expr: \"tags != null ? tags : []\"}") { "{expr: \"\($0) + \($0)\"}" }, "expression-error"),
    ("lists of lists", vars("{expr: \"tags != null ? tags : []\"}") { "{expr: \"[\($0), \($0)]\"}" }, "record-too-large"),
    ("maps", vars("{expr: \"{'a': name}\"}") { "{expr: \"{'a': \($0), 'b': \($0)}\"}" }, "expression-error"),
    ("lists of paths", vars("name") { "{from: [\($0), \($0)]}" }, "record-too-large"),
    ("joined lists", vars("name") { "{from: [\($0), \($0)], do: [{join: \"\"}]}" }, "record-too-large"),
    // Each step writes all of it again.
    (
      "letters",
      (["  v0: {from: free, do: [upper]}"]
        + (1..<chain).map { "  v\($0): {from: vars.v\($0 - 1), do: [\(String(repeating: "lower, upper, ", count: 8))trim]}" })
        .joined(separator: "\n"), "record-too-large"
    ),
    ("replacements", vars("name") { "{from: \($0), do: [{replace: {pattern: \"^.*$\", with: \"$&$&\"}}]}" }, "record-too-large"),
  ]

  @Test(arguments: doublings.map(\.name)) func `what doubles at each link ends with an error`(name: String) throws {
    let (_, vars, code) = try #require(Self.doublings.first { $0.name == name })
    let last = "vars.v\(Self.chain - 1)"
    let text = """
      mapping: 1
      name: m
      source: {entity: contact}
      target: {key: key}
      vars:
      \(vars)
      fields:
        key: id
        f: {from: \(last), on_error: nullify}

      """
    let compilation = MappingCompiler.compile(file: "m.yaml", text: text, catalog: PropertySource())
    let errors = compilation.diagnostics.all.filter { $0.severity == .error }
    try #require(errors.isEmpty, "\(errors.map(\.message))")
    var context = ProgramContext()
    context.valueLimit = 1 << 20
    let program = try Program(try #require(compilation.model), context: context)
    let lane = TransformLane(program, encoding: .ndjson(program))
    let long = String(repeating: "x", count: 4_000)
    let record = #"{"id":"a","name":"\#(long)","tags":["\#(long)"],"free":"\#(long)\#(long)"}"#
    let bytes = Array((record + "\n").utf8)
    lane.batch.reserve(bytes.count)
    for (index, byte) in bytes.enumerated() { lane.batch.base[index] = byte }
    lane.batch.count = bytes.count
    lane.batch.items = [.init(start: 0, end: bytes.count - 1, line: 1, offset: 0)]
    lane.process()
    #expect(lane.log.problems.map(\.code.slug) == [code])
    #expect(lane.counts.unaccounted == 0)
    #expect(lane.output.withPending(\.count) < 1 << 20)
  }
}
