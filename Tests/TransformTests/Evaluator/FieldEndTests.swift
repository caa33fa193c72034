import Core
import Files
import Records
import Testing
import Values

@testable import Report
@testable import Transform

/// How a field ends: null, `nulls: omit`, `required`, keys; and what is told of it.
@Suite struct FieldEndTests {
  private let id = TestMapping.field("id", TestMapping.source("id"))

  @Test("required is not broken by nullify: null is null")
  func nullifiedRequired() async throws {
    let field = TestMapping.field("n", TestMapping.source("n"), [.int(.plain)], required: true, onError: .nullify)
    let result = try await TestMapping.run(TestMapping.model([id, field]), #"{"id":"c","n":"x"}"#)
    #expect(result.output == "")
    #expect(result.problems == ["1 c warning number-invalid n x", "1 c error required n x"])
  }

  @Test(
    "a target record without its key is rejected, whatever the mapping says of the field",
    arguments: [
      (#"{"id":"c","k":null}"#, FieldModel.OnError.reject, ["1 c error required k -"]),
      (#"{"id":"c"}"#, .reject, ["1 c error required k -"]),
      (#"{"id":"c","k":" "}"#, .reject, ["1 c error required k  "]),
      (#"{"id":"c","k":"x"}"#, .nullify, ["1 c warning number-invalid k x", "1 c error required k x"]),
      (#"{"id":"c","k":"7"}"#, .reject, []),
    ])
  func targetKey(record: String, onError: FieldModel.OnError, problems: [String]) async throws {
    let key = TestMapping.field("k", TestMapping.source("k"), [.int(.plain)], onError: onError)
    let result = try await TestMapping.run(TestMapping.model([key, id]), record)
    #expect(result.problems == problems)
    #expect(result.output == (problems.isEmpty ? "{\"k\":7,\"id\":\"c\"}\n" : ""))
  }

  @Test("where nulls are left out, a null is a missing member before anybody judges it")
  func omittedNulls() async throws {
    var root = TargetNode()
    root.required = ["must"]
    var text = TargetNode()
    text.types = [.string]
    root.properties = [.init(name: "id", node: 1), .init(name: "may", node: 1), .init(name: "must", node: 1)]
    let target = TargetSchema(file: "x.json", nodes: [root, text])
    func run(_ record: String, omits: Bool) async throws -> (String, [String]) {
      let model = TestMapping.model(
        [
          TestMapping.field("id", TestMapping.source("id"), node: 1),
          TestMapping.field("may", TestMapping.source("may"), omitsNull: omits, node: 1),
          TestMapping.field("must", TestMapping.source("must"), omitsNull: omits, node: 1),
        ], target: target)
      let result = try await TestMapping.run(model, record)
      return (result.output, result.problems)
    }
    #expect(try await run(#"{"id":"c","may":null,"must":"x"}"#, omits: true) == ("{\"id\":\"c\",\"must\":\"x\"}\n", []))
    #expect(try await run(#"{"id":"c","may":"y","must":null}"#, omits: true) == ("", ["1 c error schema-required must -"]))
    #expect(try await run(#"{"id":"c","may":null,"must":"x"}"#, omits: false) == ("", ["1 c error schema-type may -"]))
  }

  @Test("every warning of a list is reported with its element")
  func warningsOfAList() async throws {
    let call = FunctionCall.datetime(formats: [.iso], zone: .named("America/New_York"), gap: .reject, overlap: nil)
    let field = TestMapping.field("t", TestMapping.source("t"), [call])
    let program = try Program(TestMapping.model([id, field]))
    let record = #"{"id":"c","t":["2024-11-03 01:30:00","2024-07-01 00:00:00","2024-11-03 01:40:00"]}"#
    let result = try await TestMapping.run(program.model, record)
    #expect(
      result.problems == ["1 c warning date-overlap t 2024-11-03 01:30:00", "1 c warning date-overlap t 2024-11-03 01:40:00"])
  }

  private func lines(_ model: MappingModel, _ record: String) throws -> [LedgerLine] {
    let program = try Program(model)
    let lane = TransformLane(program, encoding: .ndjson(program))
    let text = Array(record.utf8)
    lane.batch.reserve(text.count)
    lane.batch.base.update(from: text, count: text.count)
    lane.batch.count = text.count
    lane.batch.items = [.init(start: 0, end: text.count, line: 1, offset: 0)]
    lane.process()
    let encoder = ProblemLines(program, context: .init(digestKey: nil))
    return lane.log.problems.map { encoder.line(of: $0, in: lane.log) }
  }

  @Test(
    "a ledger line names the path that it is about",
    arguments: [
      (.list([TestMapping.source("a"), TestMapping.source("b")]), [.int(.plain)], nil, "b", "x"),
      (.list([TestMapping.source("a"), TestMapping.source("b", [.integer, .absent])]), [.int(.plain)], nil, "b", "x"),
      (.list([TestMapping.source("a"), TestMapping.source("b")]), [.sort, .int(.plain)], nil, "a, b", nil),
      (.list([TestMapping.source("a"), TestMapping.source("b")]), [.join(with: ""), .int(.plain)], nil, "a, b", nil),
      (.list([TestMapping.source("b")]), [.join(with: ""), .int(.plain)], nil, "b", "x"),
      (.source(SourcePath(steps: [.member("none")]), accepts: .any), [], TestMapping.source("b"), "b", "x"),
      (.variable(0), [.int(.plain)], nil, "b", "x"), (.constant(.string("x")), [.int(.plain)], nil, nil, "x"),
    ] as [(ValueModel, [FunctionCall], ValueModel?, String?, String?)])
  func sources(
    value: ValueModel, calls: [FunctionCall], fallback: ValueModel?, source: String?, shown: String?
  ) async throws {
    let steps = [StepModel(call: .int(.plain), place: TestMapping.place(1))]
    let field = TestMapping.field(
      "f", value, calls, fallback: fallback.map { .init(value: $0, steps: steps, place: TestMapping.place(1)) })
    let variable = TestMapping.field("v", TestMapping.source("b"))
    let line = try #require(try lines(TestMapping.model([id, field], vars: [variable]), #"{"id":"c","a":"1","b":"x"}"#).first)
    #expect(line.field == "f")
    #expect(line.source == source)
    #expect(line.value == shown)
  }

  @Test("long values are masked as a whole", arguments: [600, 5000])
  func longValues(count: Int) throws {
    func shown(_ value: String, _ privacy: Privacy) throws -> String? {
      let field = TestMapping.field("f", TestMapping.source("f"), [.int(.plain)], privacy: privacy)
      let program = try Program(TestMapping.model([id, field]))
      let lane = TransformLane(program, encoding: .ndjson(program))
      let text = Array(#"{"id":"c","f":"\#(value)"}"#.utf8)
      lane.batch.reserve(text.count)
      lane.batch.base.update(from: text, count: text.count)
      lane.batch.count = text.count
      lane.batch.items = [.init(start: 0, end: text.count, line: 1, offset: 0)]
      lane.process()
      let problem = try #require(lane.log.problems.first)
      let key = DigestKey(Array(repeating: 7, count: 32))
      return ProblemLines(program, context: .init(digestKey: key)).line(of: problem, in: lane.log).value
    }
    let head = String(repeating: "\u{1F600}", count: count)
    #expect(try shown(head + "äbcd", .last4) == "…äbcd")
    #expect(try shown(head + "1", .hash) != shown(head + "2", .hash))
    #expect(try shown(head, .show) == String(head.prefix(200)) + "…")
    #expect(try shown(head, .never) == "<hidden>")
  }

  @Test(
    "the place of a record that cannot be read counts from the beginning of its line",
    arguments: [
      ("{\"id\":1}\n  {\"id\":tru}\n", 2, 9), ("\u{FEFF}{\"id\":tru}", 1, 10), ("{\"id\":\"\u{1}\"}", 1, 8),
    ])
  func places(text: String, line: Int, byte: Int) async throws {
    let program = try Program(TestMapping.model([id]))
    let lane = TransformLane(program, encoding: .ndjson(program))
    var source = NDJSONSource(MemoryInput(Array(text.utf8)))
    #expect(try source.fill(lane.batch))
    lane.process()
    let problem = try #require(lane.log.problems.first)
    let at = ProblemLines(program, context: .init()).line(of: problem, in: lane.log).at
    #expect(at?.line == line)
    #expect(at?.byte == byte)
  }

  @Test("no place within is reported if it is unknown: elements, rows of CSV, JSON texts, records that are too large")
  func unknownPlaces() throws {
    let each = TestMapping.model(
      [TestMapping.field("x", .source(SourcePath(root: .item, steps: [.member("x")]), accepts: .any))],
      each: SourcePath(steps: [.member("l")]))
    let twice = try lines(each, #"{"id":"c","l":[{"x":1,"x":2}]}"#)
    #expect(twice.map { $0.at?.byte } == [nil])
    let program = try Program(TestMapping.model([id]))
    let encoder = ProblemLines(program, context: .init())
    func places(_ source: inout some RecordSource) throws -> [Int?] {
      let lane = TransformLane(program, encoding: .ndjson(program))
      var found: [Int?] = []
      while try source.fill(lane.batch) {
        lane.process()
        found += lane.log.problems.map { encoder.line(of: $0, in: lane.log).at?.byte }
      }
      return found
    }
    var json = JSONSource(MemoryInput(Array("[ {\"id\":tru}]".utf8)))
    #expect(try places(&json) == [nil])
    var rows = CSVSource(MemoryInput(Array("id,x\n1,2,3\n".utf8)), path: "x.csv")
    #expect(try places(&rows) == [nil])
    var large = NDJSONSource(MemoryInput(Array("{\"id\":\"xxxxxxxxx\"}\n".utf8)), maximumRecord: 5)
    #expect(try places(&large) == [nil])
  }

  @Test("each over a blank text is each over nothing")
  func blankList() async throws {
    let model = TestMapping.model(
      [TestMapping.field("x", .source(SourcePath(root: .item), accepts: .any))], each: SourcePath(steps: [.member("l")]))
    let result = try await TestMapping.run(model, #"{"id":"c","l":" "}"#)
    #expect(result.counts.read == 0 && result.problems.isEmpty)
    var strict = model
    strict.settings.blankIsNull = false
    #expect(try await TestMapping.run(strict, #"{"id":"c","l":" "}"#).problems == ["1 c error wrong-type - -"])
  }

  @Test("a rejected overlap does not mention a chosen time")
  func overlapText() throws {
    let call = FunctionCall.datetime(formats: [], zone: .named("America/New_York"), gap: .reject, overlap: .reject)
    let field = TestMapping.field("t", TestMapping.source("t"), [call])
    let line = try #require(try lines(TestMapping.model([id, field]), #"{"id":"c","t":"2024-11-03 01:30:00"}"#).first)
    #expect(line.message == "'t': this local time occurred twice in the zone")
  }

  @Test(
    "cells stay vouched for where white space or elements are taken away",
    arguments: [
      ([.phone(region: nil, mustBeValid: false), .trim], true),
      ([.phone(region: nil, mustBeValid: false), .collapse, .first], true),
      ([.int(.plain), .unique, .sort, .last], true), ([.int(.plain), .join(with: "")], false), ([.trim], false), ([], false),
    ] as [([FunctionCall], Bool)])
  func vouching(calls: [FunctionCall], isVouchedFor: Bool) throws {
    let program = try Program(TestMapping.model([id, TestMapping.field("f", TestMapping.source("f"), calls)]))
    #expect(program.layout.columns[1].isVouchedFor == isVouchedFor)
  }

  @Test("violations of the target schema name the limit, the element or the member")
  func schemaTexts() throws {
    var (root, short, list, object, any) = (TargetNode(), TargetNode(), TargetNode(), TargetNode(), TargetNode())
    short.types = [.string]
    short.maxLength = 3
    list.types = [.array]
    list.items = 1
    object.types = [.object]
    object.required = ["b"]
    object.properties = [.init(name: "a", node: 1)]
    any.types = .all
    root.properties = [
      .init(name: "s", node: 1), .init(name: "l", node: 2), .init(name: "o", node: 3), .init(name: "id", node: 4),
    ]
    let target = TargetSchema(file: "x.json", nodes: [root, short, list, object, any])
    let fields = [("s", 1), ("l", 2), ("o", 3)].map { TestMapping.field($0, TestMapping.source($0), node: $1) }
    let found = try lines(
      TestMapping.model([id] + fields, target: target), #"{"id":"c","s":"abcd","l":["abc",7,"abcd","abcde"],"o":{"a":"abcd"}}"#)
    #expect(
      found.map(\.message) == [
        "'s': must have at most 3 characters, according to the target schema",
        "'l' (element 2 of the list): must be string, according to the target schema",
        "'l' (element 3 of the list): must have at most 3 characters, according to the target schema",
        "'o': must have the member 'b', according to the target schema",
        "'o': at /a, must have at most 3 characters, according to the target schema",
      ])
    #expect(found.map(\.value) == ["abcd", "7", "abcd", #"{"a":"abcd"}"#, #"{"a":"abcd"}"#])
  }

  @Test("a list that is an element of a list is checked like any other")
  func nestedList() async throws {
    var (root, text, list) = (TargetNode(), TargetNode(), TargetNode())
    text.types = [.string]
    list.types = [.array]
    list.items = 1
    root.properties = [.init(name: "l", node: 2)]
    let target = TargetSchema(file: "x.json", nodes: [root, text, list])
    let field = TestMapping.field("l", .source(SourcePath(root: .item), accepts: .any), node: 2)
    let model = TestMapping.model([field], each: SourcePath(steps: [.member("a")]), target: target)
    let result = try await TestMapping.run(model, #"{"id":"c","a":[["x"],[1],[null],[],[["x"]],"x"]}"#)
    #expect(result.output == "{\"l\":[\"x\"]}\n{\"l\":[]}\n")
    #expect(result.problems.map { $0.prefix(25) } == [1, 2, 4, 5].map { "1 c#\($0) error schema-type l" })
  }

  @Test("the ledger line has the reason for a bad CSV row")
  func rowTexts() throws {
    let program = try Program(TestMapping.model([id]))
    let lane = TransformLane(program, encoding: .ndjson(program))
    var source = CSVSource(MemoryInput(Array("id,x\n1,2,3\n1\n4,\"x\ny".utf8)), path: "x.csv")
    let encoder = ProblemLines(program, context: .init())
    var found: [String?] = []
    while try source.fill(lane.batch) {
      lane.process()
      found += lane.log.problems.map { encoder.line(of: $0, in: lane.log).message }
    }
    #expect(
      found == [
        "the row has 3 cells, the header has 2", "the row has 1 cell, the header has 2",
        "the quoted cell that opens on line 4 is never closed; it would have swallowed 1 line",
        "the row has 1 cell, the header has 2",
      ])
  }
}
