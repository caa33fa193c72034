import Core
import Records
import Testing
import Values

@testable import Transform

@Suite struct TransformRunnerTests {
  private let model = TestMapping.model([
    TestMapping.field("id", TestMapping.source("id")), TestMapping.field("n", TestMapping.source("n"), [.int(.plain)]),
    TestMapping.field("address.city", TestMapping.source("city"), [.trim]),
  ])

  private var text: String {
    (0..<3000).map(line).joined(separator: "\n")
  }

  private func line(_ index: Int) -> String {
    let id = "{\"id\":\"c\(index)\""
    return switch index % 50 {
    case 7: id + ",\"n\":\"x\"}"
    case 11: id + ",,}"
    case 13: "[]"
    case 17: id + ",\"city\":\"a\u{1}\"}"
    default: id + ",\"n\":\"\(index)\",\"city\":\" =Ber,lin \"}"
    }
  }

  @Test("the result is the same for any number of threads and any batch size", arguments: [1, 2, 5], [300, 5000, 1 << 20])
  func sameBytes(threads: Int, batchSize: Int) async throws {
    let forms: [(Program) -> TargetEncoding] = [
      { .ndjson($0) }, { .csv($0, options: .init()) }, { .json($0) }, { .staged($0) },
    ]
    for form in forms {
      let expected = try await TestMapping.run(model, text, encoding: form)
      let result = try await TestMapping.run(model, text, encoding: form, threads: threads, batchSize: batchSize)
      // Commas between the batches of a JSON array are the writer's.
      #expect(records(result.output) == records(expected.output))
      #expect(result.problems == expected.problems)
      #expect(result.counts == expected.counts)
    }
  }

  private func records(_ output: String) -> [Substring] {
    output.replacing(",\n{", with: "\n{").replacing("}{", with: "}\n{").split(separator: "\n")
  }

  @Test("every line is accounted for, broken ones with their place")
  func accounting() async throws {
    let result = try await TestMapping.run(model, text)
    #expect(result.counts.read == 3000)
    #expect(result.counts.written == 3000 - 4 * 60)
    #expect(result.counts.rejected == 4 * 60)
    #expect(result.counts.unaccounted == 0)
    #expect(
      result.counts.codes == [.numberInvalid: 60, .invalidJSON: 120, .notAnObject: 60])
    #expect(result.problems.first == "8 c7 error number-invalid n x")
    #expect(result.problems[1] == "12 - error invalid-json - -")
  }

  @Test("an integer key in exponent notation is the same for every element")
  func wholeKeyOfElements() async throws {
    let model = TestMapping.model(
      [
        TestMapping.field("contact", .source(SourcePath(root: .parent, steps: [.member("id")]), accepts: .any)),
        TestMapping.field("tag", .source(SourcePath(root: .item), accepts: .any), [.lower], required: true),
      ], each: SourcePath(steps: [.member("tags")]))
    let result = try await TestMapping.run(model, #"{"id":2.5E+3,"tags":["ABCDEFGH","IJKLMNOP",null]}"#)
    #expect(result.output == "{\"contact\":2500,\"tag\":\"abcdefgh\"}\n{\"contact\":2500,\"tag\":\"ijklmnop\"}\n")
    #expect(result.problems == ["1 2500#2 error required tag -"])
  }

  @Test("each makes one record per element, and counts elements")
  func each() async throws {
    let model = TestMapping.model(
      [
        TestMapping.field("tag", .source(SourcePath(root: .item), accepts: .any), [.lower]),
        TestMapping.field("contact", .source(SourcePath(root: .parent, steps: [.member("id")]), accepts: .any)),
      ], each: SourcePath(steps: [.member("tags")]))
    let result = try await TestMapping.run(
      model, #"{"id":"c1","tags":["A","B"]}"# + "\n" + #"{"id":"c2"}"# + "\n" + #"{"id":"c3","tags":"x"}"#)
    #expect(result.output == "{\"tag\":\"a\",\"contact\":\"c1\"}\n{\"tag\":\"b\",\"contact\":\"c1\"}\n")
    #expect(result.counts.read == 3 && result.counts.written == 2 && result.counts.rejected == 1)
    #expect(result.problems == ["3 c3 error wrong-type - -"])
    let objects = TestMapping.model(
      [TestMapping.field("name", .source(SourcePath(root: .item, steps: [.member("name")]), accepts: .any), required: true)],
      each: SourcePath(steps: [.member("tags")]))
    let named = try await TestMapping.run(objects, #"{"id":"c1","tags":[{"name":"x"},{"other":1},{"name":"\u0041"}]}"#)
    #expect(named.output == "{\"name\":\"x\"}\n{\"name\":\"A\"}\n")
    #expect(named.problems == ["1 c1#1 error required name -"])
    let twice = try await TestMapping.run(objects, #"{"id":"c1","tags":[{"name":"x","name":"y"},{"name":"z"}]}"#)
    #expect(twice.output == "{\"name\":\"z\"}\n")
    #expect(twice.problems == ["1 c1#0 error duplicate-member - -"])
    #expect(twice.counts.read == 2 && twice.counts.rejected == 1)
    let whole = TestMapping.model(
      [TestMapping.field("item", .source(SourcePath(root: .item), accepts: .any))], each: SourcePath(steps: [.member("tags")]))
    let copies = try await TestMapping.run(whole, #"{"id":"c1","tags":[{"a":1,"a":2},{"b":[3]},[{"c":1}],"x"]}"#)
    #expect(copies.output == "{\"item\":{\"b\":[3]}}\n{\"item\":[{\"c\":1}]}\n{\"item\":\"x\"}\n")
    #expect(copies.problems == ["1 c1#0 error duplicate-member - -"])
    let lists = TestMapping.model(
      [TestMapping.field("first", .source(SourcePath(root: .item, steps: [.index(0)]), accepts: .any))],
      each: SourcePath(steps: [.member("tags")]))
    #expect(try await TestMapping.run(lists, #"{"id":"c1","tags":[["a","b"]]}"#).output == "{\"first\":\"a\"}\n")
  }

  @Test("members that the schema requires are asked for where their object is there")
  func requiredMembers() async throws {
    var root = TargetNode()
    root.required = ["id", "n"]
    root.properties = [.init(name: "id", node: 1), .init(name: "n", node: 1), .init(name: "address", node: 2)]
    var address = TargetNode()
    address.required = ["city"]
    address.properties = [.init(name: "city", node: 1), .init(name: "zip", node: 3)]
    var short = TargetNode()
    short.types = [.string]
    short.maxLength = 3
    let target = TargetSchema(file: "x.json", nodes: [root, TargetNode(), address, short])
    let model = TestMapping.model(
      [
        TestMapping.field("id", TestMapping.source("id"), node: 1), TestMapping.field("n", TestMapping.source("n"), node: 1),
        TestMapping.field("address.city", TestMapping.source("city"), node: 1),
        TestMapping.field("address.zip", TestMapping.source("zip"), node: 3),
      ], target: target)
    let text = """
      {"id":"c1","n":1}
      {"id":"c2"}
      {"id":"c3","n":1,"zip":"abc"}
      {"id":"c4","n":1,"city":"x","zip":"äbcd"}
      {"id":"c5","n":1,"city":"x","zip":null}
      """
    let result = try await TestMapping.run(model, text)
    #expect(result.output == "{\"id\":\"c1\",\"n\":1}\n")
    #expect(
      result.problems == [
        "2 c2 error schema-required n -", "3 c3 error schema-required address.city -",
        "4 c4 error schema-maxLength address.zip äbcd", "5 c5 error schema-type address.zip -",
      ])
  }
}
