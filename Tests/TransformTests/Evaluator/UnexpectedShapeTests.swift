import Core
import Records
import Testing

@testable import Transform

/// Values of an unexpected shape: at the end of a path, on the way to it, in lists, keys and elements.
@Suite struct UnexpectedShapeTests {
  private let id = TestMapping.field("id", TestMapping.source("id"))

  private func run(
    _ fields: [FieldModel], _ record: String, vars: [FieldModel] = [], settings: MappingSettings = .init(),
    each: SourcePath? = nil
  ) async throws -> (output: String, problems: [String], messages: [String], counts: TransformCounts) {
    try await TestMapping.run(TestMapping.model([id] + fields, vars: vars, settings: settings, each: each), record)
  }

  @Test(
    "an obstacle on the path is wrong-type, and the message says what it is and where",
    arguments: [
      (#""x""#, "'u': 'a' is a text, not an object"), ("5", "'u': 'a' is a number, not an object"),
      ("true", "'u': 'a' is a boolean, not an object"), (#"["x"]"#, "'u': 'a' is a list, not an object"),
      (#"{"b":"x"}"#, "'u': 'a.b' is a text, not an object"),
    ])
  func obstacle(value: String, message: String) async throws {
    for kinds in [CellKinds.any, .string, .list] {
      let result = try await run([TestMapping.field("u", TestMapping.source("a.b.c", kinds))], #"{"id":"1","a":\#(value)}"#)
      #expect(result.output == "")
      // What blocks the path belongs to another field, or to several, so it is not shown.
      #expect(result.problems == ["1 1 error wrong-type u -"])
      #expect(result.messages == [message])
    }
  }

  @Test(
    "the field's on_error decides",
    arguments: [
      (FieldModel.OnError.nullify, #"{"id":"1","u":null}"#), (.default, #"{"id":"1","u":"d"}"#), (.keep, #"{"id":"1"}"#),
    ])
  func onError(onError: FieldModel.OnError, output: String) async throws {
    let fallback = FallbackModel(value: .constant(.string("d")), place: TestMapping.place(9))
    let field = TestMapping.field(
      "u", TestMapping.source("a.b"), fallback: onError == .default ? fallback : nil, onError: onError)
    let result = try await run([field], #"{"id":"1","a":"x"}"#)
    #expect(result.output == output + "\n")
    #expect(result.problems == ["1 1 warning wrong-type u -"])
  }

  @Test("null and empty values on the way are missing", arguments: ["null", #""""#, "[]", "{}", "[ ]", #""  ""#, #""\n""#])
  func emptyOnTheWay(value: String) async throws {
    let fields = [
      TestMapping.field("u", TestMapping.source("a.b", .string)),
      TestMapping.field("v", .source(SourcePath(steps: [.member("a"), .index(0)]), accepts: .any)),
      TestMapping.field("w", .source(SourcePath(steps: [.member("a"), .select(member: "k", equals: "x")]), accepts: .any)),
    ]
    let result = try await run(fields, #"{"id":"1","a":\#(value)}"#)
    #expect(result.output == #"{"id":"1"}"# + "\n")
    #expect(result.problems == [])
  }

  @Test(
    "an empty value counts as missing only if it comes from the record: one that the mapping made is refused",
    arguments: [
      (
        ValueModel.source(SourcePath(steps: [.member("a")]), accepts: .any), "{}", [FunctionCall.bool(yes: ["yes"], no: ["no"])],
        true
      ),
      (
        .source(SourcePath(steps: [.member("a")]), accepts: .any), #""no digit""#, [.digits, .bool(yes: ["yes"], no: ["no"])],
        false
      ),
      (.constant(.string("")), "0", [.bool(yes: ["yes"], no: ["no"])], false),
    ])
  func madeByTheMapping(value: ValueModel, member: String, calls: [FunctionCall], isMissing: Bool) async throws {
    let result = try await run([TestMapping.field("u", value, calls)], #"{"id":"1","a":\#(member)}"#)
    #expect(result.output == (isMissing ? #"{"id":"1"}"# + "\n" : ""))
    #expect(result.problems.map { $0.prefix(22) } == (isMissing ? [] : ["1 1 error wrong-type u"]))
  }

  @Test("a blank text on the way is a text where blank is not null")
  func blankIsText() async throws {
    let field = TestMapping.field("u", TestMapping.source("a.b"))
    let settings = MappingSettings(blankIsNull: false)
    #expect(try await run([field], #"{"id":"1","a":" "}"#, settings: settings).problems == ["1 1 error wrong-type u -"])
    #expect(try await run([field], #"{"id":"1","a":""}"#, settings: settings).problems == [])
  }

  @Test(
    "empty values at the end of a path are missing, too, if the declaration does not allow them",
    arguments: [
      (CellKinds.string, "[]", ""), (.string, "{}", ""), (.boolean, "{ }", ""), (.numeric, "[]", ""), (.list, "{}", ""),
      (.object, "[]", ""),
      (.list, "[]", #","u":[]"#), (.object, "{}", #","u":{}"#), (.any, "[]", #","u":[]"#), (.string, #""""#, #","u":null"#),
      (.list, #""""#, #","u":null"#),
    ])
  func emptyAtTheEnd(kinds: CellKinds, value: String, member: String) async throws {
    let field = TestMapping.field("u", TestMapping.source("a", CellKinds.absent.union(kinds)))
    let result = try await run([field], #"{"id":"1","a":\#(value)}"#)
    #expect(result.output == "{\"id\":\"1\"\(member)}\n")
    #expect(result.problems == [])
  }

  @Test("a function does not receive empty values", arguments: [FunctionCall.trim, .first, .count, .email])
  func functions(call: FunctionCall) async throws {
    let result = try await run([TestMapping.field("u", TestMapping.source("a"), [call])], #"{"id":"1","a":{}}"#)
    #expect(result.output == #"{"id":"1"}"# + "\n")
    #expect(result.problems == [])
    let full = try await run([TestMapping.field("u", TestMapping.source("a"), [call])], #"{"id":"1","a":{"x":1}}"#)
    #expect(full.problems.map { $0.split(separator: " ")[3] } == ["wrong-type"])
  }

  @Test("a list of paths names the part, and so does a default")
  func parts() async throws {
    let parts = ValueModel.list([TestMapping.source("x"), TestMapping.source("a.b"), TestMapping.source("y.z")])
    let result = try await run([TestMapping.field("u", parts)], #"{"id":"1","x":"1","a":{"b":"2"},"y":"3"}"#)
    #expect(result.messages == ["'u': 'y' is a text, not an object"])
    let fallback = FallbackModel(value: TestMapping.source("y.z"), place: TestMapping.place(9))
    let other = try await run([TestMapping.field("u", TestMapping.source("n"), fallback: fallback)], #"{"id":"1","y":"3"}"#)
    #expect(other.messages == ["'u': 'y' is a text, not an object"])
    #expect(other.problems == ["1 1 error wrong-type u -"])
  }

  @Test("a var that meets an obstacle fails once, however many fields read it")
  func vars() async throws {
    let variable = TestMapping.field("v", TestMapping.source("a.b"))
    let fields = ["x", "y"].map { TestMapping.field($0, .variable(0)) }
    let result = try await run(fields, #"{"id":"1","a":[1]}"#, vars: [variable])
    #expect(result.problems == ["1 1 error wrong-type vars.v -"])
    #expect(result.counts.rejected == 1)
  }

  @Test(
    "a key behind an obstacle is not a key, and the message says what is there",
    arguments: [
      (#"{"meta":"x"}"#, "the record has no usable key: 'meta' is a text, not an object"),
      (#"{"meta":["x"]}"#, "the record has no usable key: 'meta' is a list, not an object"),
      (#"{"meta":{"id":{"x":1}}}"#, "the record has no usable key: 'meta.id' is an object, not a text or a number"),
      (#"{"meta":{"id":true}}"#, "the record has no usable key: 'meta.id' is a boolean, not a text or a number"),
      (#"{"meta":{"id":[]}}"#, "the record has no 'meta.id', which is its key"),
      (#"{"meta":[]}"#, "the record has no 'meta.id', which is its key"),
    ])
  func key(record: String, message: String) async throws {
    var model = TestMapping.model([TestMapping.field("id", TestMapping.source("meta.id"))])
    model.key = SourcePath(steps: [.member("meta"), .member("id")])
    let result = try await TestMapping.run(model, record)
    #expect(result.problems == ["1 - error missing-key - -"])
    #expect(result.messages == [message])
  }

  @Test(
    "each takes a list, and treats empty values as missing",
    arguments: [
      (#"{"l":"x"}"#, ["source.each: 'a.l' is a text, not a list"]),
      (#"{"l":{"x":1}}"#, ["source.each: 'a.l' is an object, not a list"]),
      (#""x""#, ["source.each: 'a' is a text, not an object"]), ("[1]", ["source.each: 'a' is a list, not an object"]),
      (#"{"l":{}}"#, []), (#"{"l":""}"#, []), ("{}", []), (#""""#, []), (#"{"l":null}"#, []),
    ])
  func each(value: String, messages: [String]) async throws {
    let each = SourcePath(steps: [.member("a"), .member("l")])
    let field = TestMapping.field("n", .source(SourcePath(root: .item, steps: [.member("n")]), accepts: .any))
    let result = try await run([field], #"{"id":"1","a":\#(value)}"#, each: each)
    #expect(result.messages == messages)
    #expect(result.counts.rejected == messages.count && result.counts.read == messages.count)
  }

  @Test("elements of each that are not objects block paths into them")
  func elements() async throws {
    let each = SourcePath(steps: [.member("l")])
    let fields = [
      TestMapping.field("whole", .source(SourcePath(root: .item), accepts: .any)),
      TestMapping.field("n", .source(SourcePath(root: .item, steps: [.member("n")]), accepts: .any), onError: .nullify),
    ]
    let result = try await run(fields, #"{"id":"1","l":[{"n":1},"x",[2],null,"",[],{},7]}"#, each: each)
    #expect(
      result.output.split(separator: "\n").map { $0.dropFirst(#"{"id":"1","#.count) } == [
        #""whole":{"n":1},"n":1}"#, #""whole":"x","n":null}"#, #""whole":[2],"n":null}"#, #""whole":null}"#, #""whole":null}"#,
        #""whole":[]}"#, #""whole":{}}"#, #""whole":7,"n":null}"#,
      ])
    #expect(
      result.messages == [
        "'n': the item is a text, not an object", "'n': the item is a list, not an object",
        "'n': the item is a number, not an object",
      ])
  }

  @Test("a region of an unexpected shape is not replaced by the one in the settings")
  func region() async throws {
    let settings = MappingSettings(region: "US", regionFrom: SourcePath(steps: [.member("place"), .member("country")]))
    let phone = TestMapping.field("p", TestMapping.source("p"), [.phone(region: nil, mustBeValid: false)])
    for (place, isWritten) in [
      ("null", true), ("{}", true), (#"{"country":[]}"#, true), (#""x""#, false), (#"{"country":5}"#, false),
    ] {
      let result = try await run([phone], #"{"id":"1","p":"(415) 555-2671","place":\#(place)}"#, settings: settings)
      #expect(result.problems.isEmpty == isWritten, "\(place)")
    }
  }

  @Test("a merge time on a blocked path is missing, with a warning")
  func mergeTime() async throws {
    var model = TestMapping.model([id, TestMapping.field("m", TestMapping.source("m"))])
    model.updatedAt = SourcePath(steps: [.member("t"), .member("at")])
    model.merge = MergeRule(by: ["m"], keep: .newest, place: TestMapping.place(30))
    let result = try await TestMapping.run(
      model,
      #"""
      {"id":"a","m":"x","t":{"at":"2020-01-01T00:00:00Z"}}
      {"id":"b","m":"x","t":"now"}
      {"id":"c","m":"x","t":[]}
      """#)
    #expect(result.output == #"{"id":"a","m":"x"}"# + "\n")
    #expect(result.problems.filter { $0.contains("date-invalid") } == ["2 b warning date-invalid - -"])
  }
}
