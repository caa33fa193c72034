import Core
import Files
import Records
import TestSupport
import Testing
import Values

@testable import Report
@testable import Transform

@Suite struct UniqueTests {
  private func model(_ rules: [UniqueRule], each: SourcePath? = nil) -> MappingModel {
    var model = TestMapping.model(
      [
        TestMapping.field("id", TestMapping.source("id")),
        TestMapping.field("email", TestMapping.source("email"), onError: .nullify),
        TestMapping.field("n", TestMapping.source("n"), [.int(.plain)]),
      ], each: each)
    model.unique = rules
    return model
  }

  private func rule(_ fields: [String], _ severity: Severity = .error) -> UniqueRule {
    UniqueRule(fields: fields, severity: severity, place: TestMapping.place(20))
  }

  @Test("the first that was let through stays, later ones are rejected and name its line")
  func first() async throws {
    let text = """
      {"id":"c1","email":"a"}
      {"id":"c2","email":"a"}
      {"id":"c3","email":"b","n":"x"}
      {"id":"c4","email":"b"}
      {"id":"c5","email":null}
      {"id":"c6"}
      {"id":"c7","email":"b"}
      {"id":"c8","email":""}
      """
    let result = try await TestMapping.run(model([rule(["email"])]), text)
    #expect(
      result.output == """
        {"id":"c1","email":"a"}
        {"id":"c4","email":"b"}
        {"id":"c5","email":null}
        {"id":"c6"}
        {"id":"c8","email":null}

        """)
    #expect(
      result.problems == ["2 c2 error not-unique email a", "3 c3 error number-invalid n x", "7 c7 error not-unique email b"])
    #expect(result.counts.read == 8 && result.counts.written == 5 && result.counts.rejected == 3)
    #expect(result.counts.codes == [.notUnique: 2, .numberInvalid: 1])
  }

  @Test("a rule with a warning lets both pass, and an item with an error claims none of its keys")
  func severities() async throws {
    let text = """
      {"id":"c1","email":"a"}
      {"id":"c1","email":"b"}
      {"id":"c2","email":"b"}
      {"id":"c3","email":"b"}
      {"id":"c3","email":"b"}
      """
    let result = try await TestMapping.run(model([rule(["id"]), rule(["email"], .warning)]), text)
    #expect(result.output == #"{"id":"c1","email":"a"}\#n{"id":"c2","email":"b"}\#n{"id":"c3","email":"b"}\#n"#)
    #expect(
      result.problems == [
        "2 c1 error not-unique id c1", "4 c3 warning not-unique email b", "5 c3 error not-unique id c3",
      ])
    #expect(result.counts.warnings == 1)
    #expect(result.counts.unaccounted == 0)
  }

  @Test("1 and \"1\" are two keys, 1 and 1.0 are one; several fields count together")
  func keys() async throws {
    let text = """
      {"id":"c1","email":1}
      {"id":"c2","email":"1"}
      {"id":"c3","email":1.0}
      {"id":"c4","email":10e-1}
      {"id":"c5","email":["1",2]}
      {"id":"c6","email":["1",2.00]}
      {"id":"c7","email":true}
      {"id":"c1","email":false}
      """
    let one = try await TestMapping.run(model([rule(["email"])]), text)
    #expect(one.problems.map { $0.prefix(4) } == ["3 c3", "4 c4", "6 c6"])
    let both = try await TestMapping.run(model([rule(["id", "email"])]), text)
    #expect(both.counts.written == 8)
  }

  @Test(
    "numbers are one key where they are one number",
    arguments: [
      ("0", "-0.0"), ("0", "0e99"), ("1200", "1.2e3"), ("1200", "12E+2"), ("-0.50", "-5e-1"),
      ("123456789012345678901234567890", "123456789012345678901234567890.0"),
    ])
  func numbers(left: String, right: String) {
    func key(_ text: String) -> String {
      let bytes = Array(text.utf8)
      var out = ByteArena()
      out.begin()
      bytes.withUnsafeBufferPointer { KeyText.appendNumber(Text(start: $0.baseAddress!, count: $0.count), into: &out) }
      return out.finish().string
    }
    #expect(key(left) == key(right))
    #expect(key(left) != key("-" + right + "1") || left == "0")
    #expect(key(left) != key("9" + right))
  }

  @Test("each form of output loses the rejected records and nothing else", arguments: [1, 2, 5], [300, 5000, 1 << 20])
  func sameBytes(threads: Int, batchSize: Int) async throws {
    let lines = (0..<1000).map { index in
      index % 40 == 3 ? "{" : #"{"id":"c\#(index % 300)","email":"=e\#(index % 430)","n":"\#(index % 70 == 0 ? "x" : "1")"}"#
    }
    let model = model([rule(["id"]), rule(["email"], .warning), rule(["email", "n"])])
    let forms: [(Program) -> TargetEncoding] = [
      { .ndjson($0) }, { .csv($0, options: .init()) }, { .json($0) }, { .staged($0) },
    ]
    for form in forms {
      let text = lines.joined(separator: "\n")
      let expected = try await TestMapping.run(model, text, encoding: form)
      let result = try await TestMapping.run(model, text, encoding: form, threads: threads, batchSize: batchSize)
      #expect(records(result.output) == records(expected.output))
      #expect(records(result.output).count == result.counts.written)
      #expect(result.problems == expected.problems)
      #expect(result.counts == expected.counts)
      #expect(result.counts.unaccounted == 0)
      #expect(result.counts.codes[.formulaEscaped] ?? result.counts.written == result.counts.written)
    }
  }

  private func records(_ output: String) -> [Substring] {
    output.replacing(",\n{", with: "\n{").replacing("}{", with: "}\n{").split(separator: "\n")
  }

  @Test("the items end as was decided")
  func outcomes() async throws {
    let program = try Program(model([rule(["id"])]))
    var options = TransformRunner.Options(threads: 1)
    options.recordsItems = true
    options.setMemory = 1024
    var source = NDJSONSource(MemoryInput(Array(#"{"id":"a"}\#n{"id":"a"}\#n{}\#n{"id":"b"}"#.utf8)))
    var outcomes = ""
    var message: String?
    _ = try await TransformRunner(program, encoding: .json(program), options: options).run(&source) { lane in
      outcomes += lane.items.lines
      #expect(lane.output.withPending(\.string) == "{\"id\":\"a\"},\n{\"id\":\"b\"}")
      let line = ProblemLines(program, context: .init()).line(of: lane.log.problems[0], in: lane.log)
      message = line.message
      #expect(line.stage == .validate)
      #expect(line.rule?.line == 20)
    }
    #expect(
      outcomes == """
        {"record":"a","outcome":"written","line":1}
        {"record":"a","outcome":"rejected","line":2}
        {"outcome":"rejected","line":3}
        {"record":"b","outcome":"written","line":4}

        """)
    #expect(message == "'id' is already used, by the record on line 1; the first one was kept")
  }

  @Test("the target key of each is unique by itself, over all records")
  func each() async throws {
    var model = TestMapping.model(
      [
        TestMapping.field("id", TestMapping.source("id")),
        TestMapping.field("tag", .source(SourcePath(root: .item), accepts: .any)),
      ], each: SourcePath(steps: [.member("tags")]))
    model.unique = [UniqueRule(fields: ["id", "tag"], place: TestMapping.place(4))]
    let text = #"{"id":"a","tags":["x","y","x"]}\#n{"id":"b","tags":["x"]}\#n{"id":"a","tags":["y","z",null]}"#
    let result = try await TestMapping.run(model, text)
    #expect(result.problems == ["1 a#2 error not-unique id a", "3 a#0 error not-unique id a"])
    #expect(result.counts.read == 7 && result.counts.written == 5)
  }
}
