import Core
import Foundation
import TestSupport
import Testing
import Transform

@testable import Mapping
@testable import Report

/// A function that is added to the library by one line: it is read, checked, run and documented as those of the language are.
@Suite struct AddedFunctionTests {
  private static let library = FunctionLibrary(FunctionLibrary.standard.groups + [.init("More functions", [.repeat])])

  private func compile(_ field: String, in folder: String = "", target: String = "key: id") -> MappingCompilation {
    MappingCompiler.compile(
      file: folder + "m.yaml",
      text: "mapping: 1\nname: m\nsource: {entity: contact}\ntarget: {\(target)}\nfields:\n  id: id\n  x: \(field)\n",
      catalog: TestCatalog(), options: .init(functions: Self.library))
  }

  private func errors(_ compilation: MappingCompilation) -> [String] {
    compilation.diagnostics.all.filter { $0.severity == .error }.map { "\($0.code.rawValue): \($0.message)" }
  }

  @Test(arguments: [
    ("{from: city, do: [{repeat: 2}]}", #""city":"é""#, #""éé""#),
    ("{from: visits, do: [{repeat: {times: 3, between: \"-\"}}]}", #""visits":7"#, #""7-7-7""#),
    ("{from: tags, do: [{repeat: 2}, upper]}", #""tags":["a",null,"b"]"#, #"["AA",null,"BB"]"#),
    ("{from: city, do: [trim, {repeat: 2}, {truncate: 3}]}", #""city":" ab ""#, #""aba""#),
    ("{from: city, do: [{repeat: 2}]}", #""city":null"#, "null"),
    ("{from: city, do: [{repeat: 2}], on_error: nullify}", #""city":"@""#, "null"),
  ])
  func `it is evaluated`(field: String, member: String, expected: String) throws {
    let compilation = compile(field)
    let program = try Program(#require(compilation.model, "\(errors(compilation))"))
    let lane = TransformLane(program, encoding: .ndjson(program))
    let bytes = Array("{\"id\":\"c\",\(member)}".utf8)
    lane.batch.base.update(from: bytes, count: bytes.count)
    lane.batch.count = bytes.count
    lane.batch.items = [.init(start: 0, end: bytes.count, line: 1, offset: 0)]
    lane.process()
    #expect(lane.output.withPending(\.string) == "{\"id\":\"c\",\"x\":\(expected)}\n")
    let messages = lane.log.problems.map { ProblemText.message(of: $0, in: lane.log, of: program) }
    #expect(messages == (member.contains("@") ? ["'x': repeat does not accept this value"] : []))
  }

  @Test(arguments: [
    ("{from: city, do: [{repeat: 10}]}", "bad-argument: 'times' of repeat must be from 1 to 9, not 10"),
    ("{from: city, do: [repeat]}", "bad-argument: repeat needs 'times': 1 to 9"),
    ("{from: dnd, do: [{repeat: 2}]}", "type-mismatch: repeat takes string or integer, but the value is a boolean"),
    ("{from: city, do: [{repeat: {tims: 2}}]}", "unknown-key: repeat has no parameter 'tims'"),
    ("{from: city, do: [{repaet: 2}]}", "unknown-function: there is no function 'repaet'"),
  ])
  func `its calls are checked`(field: String, expected: String) { #expect(errors(compile(field)) == [expected]) }

  @Test func `what it guarantees is compared with the target`() throws {
    let folder = TemporaryFolder()
    let schema = #"{"properties": {"id": {"type": "string"}, "x": {"type": "string", "maxLength": 5}}}"#
    try folder.write("s.json", schema)
    func found(_ field: String) -> [String] { errors(compile(field, in: folder.path + "/", target: "key: id, schema: s.json")) }
    #expect(found("{from: city, do: [{truncate: 2}, {repeat: 2}]}") == [])
    #expect(
      found("{from: city, do: [{truncate: 2}, {repeat: 3}]}") == [
        "too-long-for-target: the value has up to 6 characters, but the target accepts 5"
      ])
  }

  @Test func `its errors are part of the explanation`() throws {
    let field = try #require(compile("{from: city, do: [{repeat: 2}]}").explanation.last)
    #expect(field.errors == ["wrong-type"])
    #expect(field.chain.map { "\($0.step): \($0.type)" } == ["city: string", "{repeat: 2}: string"])
  }

  @Test func `it is in the reference and in the editors' schema`() throws {
    let function = try #require(Self.library.find("repeat"))
    #expect(FunctionReference.rows(of: Self.library.functions).contains { $0[0] == "repeat{times,between}" })
    #expect(FunctionReference.text(of: function).contains("takes       string or integer; of a list, each element"))
    #expect(MappingSchema.json(of: Self.library).text.contains(#""repeat":{"description":"The text as many times"#))
    #expect(!MappingSchema.json.text.contains(#""repeat":"#))
  }
}
