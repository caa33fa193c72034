import Core
import Testing
import Values

@testable import Report
@testable import Transform

/// What is counted as a change of a value, kind by kind.
@Suite struct ValueChangeTests {
  private static let id = TestMapping.field("id", TestMapping.source("id"))
  private static let table = LookupTable(
    name: "t", columns: [""], entries: [Name("a"): [.string("A")], Name("b"): [.string("B")]], keys: ["a", "b"])

  private static func lookup(_ miss: FunctionCall.LookupMiss) -> FunctionCall { .lookup(table: 0, column: 0, miss: miss) }

  private static func fallback(_ value: JSONValue) -> FallbackModel {
    FallbackModel(value: .constant(value), steps: [], place: TestMapping.place(20))
  }

  private static func model(
    _ calls: [FunctionCall], fallback: FallbackModel? = nil, onError: FieldModel.OnError = .reject
  ) -> MappingModel {
    TestMapping.model(
      [id, TestMapping.field("x", TestMapping.source("x"), calls, fallback: fallback, onError: onError)], lookups: [table])
  }

  private static func changes(_ model: MappingModel, _ values: [String]) async throws -> [String] {
    let text = values.enumerated().map { #"{"id":"c\#($0)"\#($1.isEmpty ? "" : ",\"x\":\($1)")}"# + "\n" }.joined()
    return TestObservations.changes(try await TestObservations.of(model, text))
  }

  @Test(arguments: [
    (["null", "", #"" ""#, #""7""#], []),
    ([#""one""#, #""2""#, #""three""#], ["x: nullified 2"]),
  ])
  func `nullify counts values that the source has and the target has not`(values: [String], expected: [String]) async throws {
    #expect(try await Self.changes(Self.model([.int(.plain)], onError: .nullify), values) == expected)
  }

  @Test(arguments: [
    ([#""v""#], []), (["null", "", #"" ""#, #""v""#], ["x: defaulted 3"]),
  ])
  func `a default counts where it stands in`(values: [String], expected: [String]) async throws {
    #expect(try await Self.changes(Self.model([], fallback: Self.fallback(.string("d"))), values) == expected)
  }

  @Test func `after an error, the default, null or the source's value are counted`() async throws {
    let values = [#""one""#, #""2""#]
    let number = Self.fallback(.number(0))
    #expect(try await Self.changes(Self.model([.int(.plain)], fallback: number, onError: .default), values) == ["x: defaulted 1"])
    let null = Self.fallback(.null)
    #expect(try await Self.changes(Self.model([.int(.plain)], fallback: null, onError: .default), values) == ["x: nullified 1"])
    #expect(try await Self.changes(Self.model([.int(.plain)], onError: .keep), values) == ["x: kept 1"])
  }

  @Test(arguments: [
    ([#""abc""#, #""äöü""#], []), ([#""abcd""#, #""äöüß""#, "null"], ["x: truncated 2"]),
    // One per item, however many elements there are.
    ([#"["abcd","abcde","a"]"#], ["x: truncated 1"]),
  ])
  func `a text that truncate made shorter is counted`(values: [String], expected: [String]) async throws {
    #expect(try await Self.changes(Self.model([.truncate(max: 3)]), values) == expected)
  }

  @Test func `a text that slice made shorter is counted`() async throws {
    let model = try Self.model([call("{slice: {from: 0, to: 2}}")])
    #expect(try await Self.changes(model, [#""abc""#, #""ab""#, #""a""#]) == ["x: truncated 1"])
  }

  @Test func `what a chain did to a value that is not used does not count`() async throws {
    let model = Self.model([.truncate(max: 3), .int(.plain)], fallback: Self.fallback(.number(0)), onError: .default)
    #expect(try await Self.changes(model, [#""abcd""#, #""1234""#]) == ["x: defaulted 1, truncated 1"])
  }

  @Test func `the else of a lookup is counted, and a miss that becomes null`() async throws {
    let values = [#""a""#, #""z""#, "null", #""b""#]
    #expect(try await Self.changes(Self.model([Self.lookup(.value(.string("other")))]), values) == ["x: lookup_fallback 1"])
    #expect(try await Self.changes(Self.model([Self.lookup(.nullify)]), values) == ["x: nullified 1"])
    #expect(try await Self.changes(Self.model([Self.lookup(.keep)]), values) == [])
  }

  @Test func `an item counts once per field, so no sum is larger than the number of items`() async throws {
    let model = Self.model([Self.lookup(.value(.string("other"))), .truncate(max: 3)])
    let text = #"{"id":"1","x":"z"}"# + "\n" + #"{"id":"2","x":"a"}"#
    let document = try await TestObservations.of(model, text)
    #expect(TestObservations.changes(document) == ["x: lookup_fallback 1"])
    for field in document.fields { #expect(ChangeKind.allCases.reduce(0) { $0 + field.counts[$1] } <= document.items) }
  }

  @Test func `a field that begins with a var has the var's changes`() async throws {
    func model(_ variable: FieldModel, fallback: FallbackModel? = nil) -> MappingModel {
      TestMapping.model([Self.id, TestMapping.field("x", .variable(0), fallback: fallback)], vars: [variable])
    }
    let defaulted = TestMapping.field("v", TestMapping.source("x"), fallback: Self.fallback(.string("d")))
    #expect(
      try await Self.changes(model(defaulted), ["null", #""v""#]) == ["x: defaulted 1", "vars.v: defaulted 1"])
    let nullified = TestMapping.field("v", TestMapping.source("x"), [.int(.plain)], onError: .nullify)
    #expect(
      try await Self.changes(model(nullified), [#""one""#, #""2""#]) == ["x: nullified 1", "vars.v: nullified 1"])
    #expect(
      try await Self.changes(model(nullified, fallback: Self.fallback(.number(0))), [#""one""#, #""2""#])
        == ["x: defaulted 1", "vars.v: nullified 1"])
  }

  @Test func `only items that are let through count`() async throws {
    let fields = [
      Self.id, TestMapping.field("x", TestMapping.source("x"), [.truncate(max: 1)]),
      TestMapping.field("n", TestMapping.source("n"), [.int(.plain)]),
    ]
    var model = TestMapping.model(fields)
    let text = """
      {"id":"a","x":"long","n":"one"}
      {"id":"b","x":"long","n":"1"}
      {"id":"c","x":"long","n":"1"}
      {"id":"d","x":"s","n":"2"}
      """
    let document = try await TestObservations.of(model, text)
    #expect(document.items == 3 && TestObservations.changes(document) == ["x: truncated 2"])
    // A record that is rejected once the others are known.
    model.unique = [UniqueRule(fields: ["n"], place: TestMapping.place(30))]
    let unique = try await TestObservations.of(model, text)
    #expect(unique.items == 2 && TestObservations.changes(unique) == ["x: truncated 1"])
  }

  @Test func `each element of a list is an item`() async throws {
    let path = SourcePath(root: .item, steps: [.member("n")])
    let model = TestMapping.model(
      [Self.id, TestMapping.field("x", .source(path, accepts: .any), [.truncate(max: 2)])],
      each: SourcePath(steps: [.member("items")]))
    let document = try await TestObservations.of(model, #"{"id":"c","items":[{"n":"abc"},{"n":"ab"},{"n":"abcd"}]}"#)
    #expect(document.items == 3 && TestObservations.changes(document) == ["x: truncated 2"])
  }

  @Test(arguments: [
    (MergeRule.Keep.first, MergeRule.Preference?.none, ["x: truncated 1"], ["a!>A 1"]),
    (.last, nil, ["s: lookup_fallback 1"], ["z>other 1"]),
    // A value that the survivor takes from another record brings what happened to it.
    (.last, .first, ["x: truncated 1"], ["a!>A 1"]),
  ])
  func `of a merge, the values of the survivor count`(
    keep: MergeRule.Keep, others: MergeRule.Preference?, changes: [String], cells: [String]
  ) async throws {
    var model = TestMapping.model(
      [
        Self.id, TestMapping.field("email", TestMapping.source("email")),
        TestMapping.field("x", TestMapping.source("x"), [.truncate(max: 3)]),
        TestMapping.field("s", TestMapping.source("s"), [Self.lookup(.value(.string("other")))]),
      ], lookups: [Self.table])
    model.merge = MergeRule(by: ["email"], keep: keep, fields: [:], others: others, place: TestMapping.place(30))
    let text = """
      {"id":"a","email":"e","x":"abcd","s":"a"}
      {"id":"b","email":"e","x":"abc","s":"z"}
      """
    for threads in [1, 2] {
      let document = try await TestObservations.of(model, text, threads: threads, batchSize: 64)
      #expect(document.items == 1 && TestObservations.changes(document) == changes)
      #expect(document.crosstabs.map { TestObservations.cells($0) } == [cells])
    }
  }
}
