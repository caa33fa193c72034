import Core
import Testing

@testable import Report
@testable import Transform

/// Source values and target values of fields with a fixed list of values.
@Suite struct CrosstabTests {
  private static let table = LookupTable(
    name: "t", columns: [""], entries: [Name("a"): [.string("A")], Name("b"): [.string("B")]], keys: ["a", "b"])
  private static let lookup = FunctionCall.lookup(table: 0, column: 0, miss: .value(.string("other")))

  private static func model(_ calls: [FunctionCall] = [lookup], privacy: Privacy = .show) -> MappingModel {
    TestMapping.model(
      [
        TestMapping.field("id", TestMapping.source("id")),
        TestMapping.field("s", TestMapping.source("s"), calls, privacy: privacy),
      ], lookups: [table])
  }

  private static func text(_ values: [String]) -> String {
    values.enumerated().map { #"{"id":"c\#($0)","s":\#($1)}"# + "\n" }.joined()
  }

  @Test func `each pair is counted, the most frequent first, and keys that nothing had are named`() async throws {
    let document = try await TestObservations.of(Self.model(), Self.text([#""z""#, #""a""#, "null", #""a""#, #"["a"]"#]))
    let crosstab = try #require(document.crosstabs.first)
    #expect(document.crosstabs.count == 1 && crosstab.field == "s" && crosstab.source == "s" && !crosstab.isMasked)
    #expect(TestObservations.cells(crosstab) == ["a!>A 2", "->- 1", "z>other 1"])
    // A list is not one of few values.
    #expect(crosstab.total == 5 && crosstab.other == 1 && crosstab.unused == ["b"])
  }

  @Test func `where a function comes before the lookup, its keys are not the source's values`() async throws {
    let document = try await TestObservations.of(Self.model([.lower, Self.lookup]), Self.text([#""A""#, #""a""#]))
    let crosstab = try #require(document.crosstabs.first)
    #expect(TestObservations.cells(crosstab) == ["A>A 1", "a!>A 1"] && crosstab.unused == [])
  }

  @Test func `masked values that look the same are one`() async throws {
    let document = try await TestObservations.of(
      Self.model(privacy: .never), Self.text([#""a""#, #""b""#, #""secret""#, "null"]))
    let crosstab = try #require(document.crosstabs.first)
    #expect(crosstab.isMasked && crosstab.unused == [] && crosstab.total == 4)
    #expect(TestObservations.cells(crosstab) == ["<hidden>><hidden> 3", "->- 1"])
  }

  @Test func `a field that reads two paths has none`() async throws {
    var model = Self.model()
    model.fields[1].fallback = FallbackModel(value: TestMapping.source("other"), steps: [], place: TestMapping.place(20))
    #expect(try await TestObservations.of(model, Self.text([#""a""#])).crosstabs == [])
  }

  @Test func `the limits hold, and the rest is one number`() async throws {
    let values = (0..<100).map { #""v\#($0)""# } + [#""\#(String(repeating: "x", count: 201))""#]
    let crosstab = try #require(try await TestObservations.of(Self.model(), Self.text(values)).crosstabs.first)
    #expect(crosstab.cells.count == 64 && crosstab.cells.allSatisfy { $0.count == 1 && $0.target == "other" })
    #expect(crosstab.other == 37 && crosstab.total == 101)
  }

  @Test func `threads and batches make no difference`() async throws {
    let values = (0..<600).map { number in
      number % 7 == 0 ? #""a""# : number % 5 == 0 ? "null" : #""v\#(number % 150)""#
    }
    let text = Self.text(values)
    let model = Self.model([.truncate(max: 3), Self.lookup])
    let expected = try await TestObservations.of(model, text).json.text
    for threads in [1, 2, 5] {
      for size in [700, 4096] {
        #expect(try await TestObservations.of(model, text, threads: threads, batchSize: size).json.text == expected)
      }
    }
  }

  @Test func `the counts that are kept do not depend on the order`() {
    let sources = (0..<300).map { Array("value \($0 % 120)".utf8) }
    var forward = CrosstabCounts(known: ["value 3"])
    var backward = CrosstabCounts(known: ["value 3"])
    for source in sources { forward.add(source, [1], 1) }
    for source in sources.reversed() { backward.add(source, [1], 1) }
    #expect(forward.cells == backward.cells && forward.other == backward.other && forward.total == 300)
    #expect(forward.cells.count == CrosstabCounts.mostOthers + 1 && forward.cells.contains { $0.isKnown && $0.count == 3 })
  }
}
