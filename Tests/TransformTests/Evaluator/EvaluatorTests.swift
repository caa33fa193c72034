import Core
import Testing
import Values

@testable import Transform

@Suite struct EvaluatorTests {
  private let id = TestMapping.field("id", TestMapping.source("id"))

  private func run(
    _ field: FieldModel, _ record: String, vars: [FieldModel] = [], lookups: [LookupTable] = []
  ) async throws -> (output: String, problems: [String]) {
    let result = try await TestMapping.run(TestMapping.model([id, field], vars: vars, lookups: lookups), record)
    #expect(result.counts.unaccounted == 0)
    return (result.output.trimmingSuffix("\n"), result.problems)
  }

  @Test(
    "values are copied as they are: kinds, digits, nulls, absence",
    arguments: [
      (#"{"id":"c","a":"x"}"#, #"{"id":"c","a":"x"}"#), (#"{"id":"c","a":1.50}"#, #"{"id":"c","a":1.50}"#),
      (#"{"id":"c","a":123456789012345678901234567890}"#, #"{"id":"c","a":123456789012345678901234567890}"#),
      (#"{"id":"c","a":null}"#, #"{"id":"c","a":null}"#), (#"{"id":"c"}"#, #"{"id":"c"}"#),
      (#"{"id":"c","a":"  "}"#, #"{"id":"c","a":null}"#), (#"{"id":"c","a":["x",""," y"]}"#, #"{"id":"c","a":["x",null," y"]}"#),
      (#"{"id":"c","a":{ "k" : [ 1 ] }}"#, #"{"id":"c","a":{"k":[1]}}"#), (#"{"id":7,"a":true}"#, #"{"id":7,"a":true}"#),
    ])
  func copies(record: String, expected: String) async throws {
    #expect(try await run(TestMapping.field("a", TestMapping.source("a")), record) == (expected, []))
  }

  @Test("spellings of a name that matches in any case are one path")
  func anyCase() async throws {
    func path(_ name: String) -> ValueModel {
      .source(SourcePath(steps: [.member("dnd"), .member(name), .member("status")], caseInsensitiveSteps: [1]), accepts: .any)
    }
    let model = TestMapping.model([id, TestMapping.field("a", path("sms")), TestMapping.field("b", path("SMS"))])
    let result = try await TestMapping.run(model, #"{"id":"c","dnd":{"Sms":{"status":"on"}}}"#)
    #expect(result.output == "{\"id\":\"c\",\"a\":\"on\",\"b\":\"on\"}\n")
  }

  @Test("constants that are canonically equivalent keep their own bytes")
  func constants() async throws {
    let model = TestMapping.model([
      id, TestMapping.field("a", .constant(.string("\u{E9}"))), TestMapping.field("b", .constant(.string("e\u{301}"))),
    ])
    let result = try await TestMapping.run(model, #"{"id":"c"}"#)
    #expect(Array(result.output.utf8) == Array("{\"id\":\"c\",\"a\":\"\u{E9}\",\"b\":\"e\u{301}\"}\n".utf8))
  }

  @Test("a source value of another kind than declared is a problem, never a silent change")
  func wrongType() async throws {
    let field = TestMapping.field("a", TestMapping.source("a", .string), [.trim])
    #expect(try await run(field, #"{"id":"c","a":4155552671}"#) == ("", ["1 c error wrong-type a 4155552671"]))
  }

  @Test(
    "on_error decides what becomes of a value that a function refuses",
    arguments: [
      (FieldModel.OnError.reject, "", "error"), (.nullify, #"{"id":"c","a":null}"#, "warning"),
      (.keep, #"{"id":"c","a":"12x"}"#, "warning"), (.default, #"{"id":"c","a":0}"#, "warning"),
    ])
  func onError(policy: FieldModel.OnError, expected: String, severity: String) async throws {
    let field = TestMapping.field(
      "a", TestMapping.source("a"), [.int(.plain)], fallback: .init(value: .constant(.number("0")), place: TestMapping.place(1)),
      onError: policy)
    #expect(
      try await run(field, #"{"id":"c","a":"12x"}"#) == (expected, ["1 c \(severity) number-invalid a 12x"]))
  }

  @Test("nullify ends the field: its default is not used")
  func nullifyEnds() async throws {
    let field = TestMapping.field(
      "a", TestMapping.source("a"), [.email], fallback: .init(value: .constant(.string("x")), place: TestMapping.place(1)),
      onError: .nullify)
    #expect(try await run(field, #"{"id":"c","a":"bad"}"#).output == #"{"id":"c","a":null}"#)
    #expect(try await run(field, #"{"id":"c","a":null}"#).output == #"{"id":"c","a":"x"}"#)
    #expect(try await run(field, #"{"id":"c"}"#).output == #"{"id":"c","a":"x"}"#)
  }

  @Test("a default may be a chain of its own")
  func fallbackChain() async throws {
    let field = TestMapping.field(
      "a", TestMapping.source("a"), [.trim],
      fallback: .init(
        value: TestMapping.source("b"), steps: [StepModel(call: .upper, place: TestMapping.place(1))],
        place: TestMapping.place(1)))
    #expect(try await run(field, #"{"id":"c","b":"é"}"#).output == #"{"id":"c","a":"É"}"#)
    #expect(try await run(field, #"{"id":"c","b":1}"#).problems == ["1 c error wrong-type a 1"])
  }

  @Test("required refuses null and absence, and reports it once")
  func required() async throws {
    let field = TestMapping.field("a", TestMapping.source("a"), required: true)
    #expect(try await run(field, #"{"id":"c"}"#) == ("", ["1 c error required a -"]))
    #expect(try await run(field, #"{"id":"c","a":" "}"#) == ("", ["1 c error required a  "]))
  }

  @Test("all the problems of a record are collected")
  func allProblems() async throws {
    let model = TestMapping.model([
      id, TestMapping.field("a", TestMapping.source("a"), [.int(.plain)]),
      TestMapping.field("b", TestMapping.source("b"), [.email]),
      TestMapping.field("c", TestMapping.source("c"), required: true),
    ])
    let result = try await TestMapping.run(model, #"{"id":"k","a":"x","b":"y"}"#)
    #expect(
      result.problems == [
        "1 k error number-invalid a x", "1 k error email-invalid b y", "1 k error required c -",
      ])
    #expect(result.counts.rejected == 1 && result.counts.read == 1)
  }

  @Test("a record without a key is refused", arguments: [#"{"a":1}"#, #"{"id":null}"#, #"{"id":" "}"#, #"{"id":true}"#])
  func missingKey(record: String) async throws {
    let result = try await run(TestMapping.field("a", TestMapping.source("a")), record)
    #expect(result == ("", ["1 - error missing-key - -"]))
  }

  @Test("a var that fails is one problem, not one per field that reads it")
  func poison() async throws {
    let variable = TestMapping.field("v", TestMapping.source("a"), [.int(.plain)])
    let model = TestMapping.model(
      [
        id, TestMapping.field("x", .variable(0), required: true),
        TestMapping.field("y", .list([.variable(0)]), [.join(with: " ")]),
      ],
      vars: [variable])
    #expect(try await TestMapping.run(model, #"{"id":"c","a":"q"}"#).problems == ["1 c error number-invalid vars.v q"])
    #expect(try await TestMapping.run(model, #"{"id":"c","a":"5"}"#).output == "{\"id\":\"c\",\"x\":5,\"y\":\"5\"}\n")
  }

  @Test("keep keeps a whole list, and the problem shows the part that failed")
  func keepList() async throws {
    let field = TestMapping.field(
      "k", .list([TestMapping.source("a"), TestMapping.source("b")]), [.int(.plain)], onError: .keep)
    #expect(
      try await run(field, #"{"id":"c","a":"1","b":"x"}"#)
        == (#"{"id":"c","k":["1","x"]}"#, ["1 c warning number-invalid k x"]))
  }

  @Test("the first of several paths is null where the first is absent, not missing")
  func firstOfAbsent() async throws {
    let field = TestMapping.field("d", .list([TestMapping.source("a"), TestMapping.source("b")]), [.first])
    #expect(try await run(field, #"{"id":"c","b":"x"}"#).output == #"{"id":"c","d":null}"#)
  }

  @Test("warnings of a default's chain are reported for its field")
  func fallbackWarning() async throws {
    let zone = FunctionCall.datetime(formats: [.iso], zone: .named("America/New_York"), gap: .reject, overlap: nil)
    let field = TestMapping.field(
      "d", TestMapping.source("a"),
      fallback: .init(
        value: TestMapping.source("b"), steps: [StepModel(call: zone, place: TestMapping.place(1))],
        place: TestMapping.place(1)))
    #expect(
      try await run(field, #"{"id":"c","b":"2024-11-03 01:30:00"}"#)
        == (#"{"id":"c","d":"2024-11-03T01:30:00-04:00"}"#, ["1 c warning date-overlap d 2024-11-03 01:30:00"]))
  }

  @Test("timestamps are sorted by instant, whatever their offsets")
  func sortMoments() async throws {
    let call = FunctionCall.datetime(formats: [.iso], zone: nil, gap: .reject, overlap: nil)
    let field = TestMapping.field("t", TestMapping.source("t"), [call, .sort])
    let record = #"{"id":"c","t":["2024-01-01T12:00:00.5Z","2024-01-01T12:00:00+02:00","2024-01-01T12:00:00.25Z"]}"#
    let sorted = #"{"id":"c","t":["2024-01-01T12:00:00+02:00","2024-01-01T12:00:00.25Z","2024-01-01T12:00:00.5Z"]}"#
    #expect(try await run(field, record).output == sorted)
  }

  @Test(
    "the record's country decides the region of a phone; an unreadable one does not select another country",
    arguments: [
      (#"" GB ""#, "020 7946 0958", #""+442079460958""#), (#""United Kingdom""#, "020 7946 0958", #""+442079460958""#),
      (#""de""#, "030 901820", #""+4930901820""#), ("null", "(415) 555-2671", #""+14155552671""#),
      (#""Narnia""#, "(415) 555-2671", "null"), (#""Narnia""#, "+1 415 555 2671", #""+14155552671""#),
    ])
  func phoneRegion(country: String, phone: String, expected: String) async throws {
    let field = TestMapping.field(
      "p", TestMapping.source("p"), [.phone(region: nil, mustBeValid: false)], onError: .nullify)
    let settings = MappingSettings(region: "US", regionFrom: SourcePath(steps: [.member("c")]))
    let result = try await TestMapping.run(
      TestMapping.model([id, field], settings: settings), #"{"id":"c","p":"\#(phone)","c":\#(country)}"#)
    #expect(result.output == "{\"id\":\"c\",\"p\":\(expected)}\n")
  }

  @Test("join skips nulls, and of nothing but nulls is null")
  func join() async throws {
    let field = TestMapping.field(
      "n", .list([TestMapping.source("f"), TestMapping.source("l")]), [.trim, .join(with: " ")])
    #expect(try await run(field, #"{"id":"c","f":" Ada ","l":"Byron"}"#).output == #"{"id":"c","n":"Ada Byron"}"#)
    #expect(try await run(field, #"{"id":"c","l":"Byron"}"#).output == #"{"id":"c","n":"Byron"}"#)
    #expect(try await run(field, #"{"id":"c","f":null}"#).output == #"{"id":"c","n":null}"#)
  }

  @Test("a function of one value works on each element, and names the one that fails")
  func elementwise() async throws {
    let field = TestMapping.field("t", TestMapping.source("t"), [.trim, .lower, .unique, .sort])
    #expect(try await run(field, #"{"id":"c","t":[" B","a","b ",null]}"#).output == #"{"id":"c","t":[null,"a","b"]}"#)
    let program = try Program(TestMapping.model([id, TestMapping.field("t", TestMapping.source("t"), [.int(.plain)])]))
    let lane = TransformLane(program, encoding: .ndjson(program))
    let text = #"{"id":"c","t":["1","x"]}"#
    lane.batch.base.update(from: Array(text.utf8), count: text.utf8.count)
    lane.batch.count = text.utf8.count
    lane.batch.items = [.init(start: 0, end: text.utf8.count, line: 1, offset: 0)]
    lane.process()
    #expect(lane.log.problems.map(\.element) == [1])
  }

  @Test(
    "a lookup gives its value, and a miss what it says",
    arguments: [
      (FunctionCall.LookupMiss.error, #"{"id":"c","s":"prospect"}"#, "", ["1 c error lookup-miss s zzz"]),
      (.value(.string("other")), #"{"id":"c","s":"prospect"}"#, #"{"id":"c","s":"other"}"#, []),
      (.keep, #"{"id":"c","s":"prospect"}"#, #"{"id":"c","s":"zzz"}"#, []),
      (.nullify, #"{"id":"c","s":"prospect"}"#, #"{"id":"c","s":null}"#, []),
    ])
  func lookup(miss: FunctionCall.LookupMiss, hit: String, missed: String, problems: [String]) async throws {
    let table = LookupTable(
      name: "statuses", columns: [""], entries: ["lead": [.string("prospect")], "customer": [.string("active")]],
      keys: ["lead", "customer"])
    let field = TestMapping.field("s", TestMapping.source("s"), [.lookup(table: 0, column: 0, miss: miss)])
    #expect(try await run(field, #"{"id":"c","s":"lead"}"#, lookups: [table]) == (hit, []))
    #expect(try await run(field, #"{"id":"c","s":"zzz"}"#, lookups: [table]) == (missed, problems))
  }

  @Test("values of problems are masked according to the field's privacy")
  func masking() async throws {
    let field = TestMapping.field("e", TestMapping.source("e"), [.email], privacy: .mask)
    #expect(try await run(field, #"{"id":"c","e":"Ada99"}"#).problems == ["1 c error email-invalid e Xxx99"])
  }
}

extension String {
  fileprivate func trimmingSuffix(_ suffix: String) -> String { hasSuffix(suffix) ? String(dropLast(suffix.count)) : self }
}
