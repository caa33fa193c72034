import Core
import Testing
import Values

@testable import Transform

/// What `wrong-type` says: what was expected, what is there, and the value as its field shows it.
@Suite struct WrongTypeTextTests {
  private func message(
    _ record: String, _ value: ValueModel, _ calls: [FunctionCall] = [], privacy: Privacy = .show
  ) async throws -> [String] {
    let model = TestMapping.model([
      TestMapping.field("id", TestMapping.source("id")), TestMapping.field("f", value, calls, privacy: privacy),
    ])
    return try await TestMapping.run(model, #"{"id":"c",\#(record)}"#).messages
  }

  private static let words = FunctionCall.bool(yes: ["true", "yes"], no: ["false", "no"])

  @Test(
    "bool names its words",
    arguments: [
      (#""maybe""#, Privacy.show, "'maybe'"), (#""maybe""#, .mask, "'xxxxx'"), (#""maybe""#, .never, "this value"),
      (#""maybe""#, .hash, "'<hidden>'"), (#""a\nb""#, .show, #"'a\nb'"#), ("7", .show, "'7'"), ("7.0", .show, "'7.0'"),
    ])
  func bool(value: String, privacy: Privacy, quoted: String) async throws {
    #expect(
      try await message(#""x":\#(value)"#, TestMapping.source("x"), [Self.words], privacy: privacy)
        == ["'f': bool accepts true, yes as true and false, no as false, not \(quoted)"])
  }

  @Test(
    "a value of another type than the declared one",
    arguments: [
      ("7", CellKinds.string, "a text, but the value is a number: '7'"), (#"["a"]"#, .string, "a text, but the value is a list"),
      (#"{"a":1}"#, .string, #"a text, but the value is an object: '{"a":1}'"#),
      ("true", .numeric, "a number, but the value is a boolean"),
      ("1.5", .integer, "an integer, but the value is a number: '1.5'"),
      (#""x""#, CellKinds.numeric.union(.boolean), "a number or a boolean, but the value is a text: 'x'"),
    ])
  func declared(value: String, accepts: CellKinds, end: String) async throws {
    #expect(
      try await message(#""x":\#(value)"#, TestMapping.source("x", accepts.union(.absent))) == ["'f': the source declares \(end)"]
    )
  }

  @Test("an element of a list, even where the list is changed later")
  func element() async throws {
    let list = ValueModel.source(
      SourcePath(steps: [.member("x")]), accepts: CellKinds.absent.union(.list), elements: CellKinds.absent.union(.string))
    #expect(
      try await message(#""x":["a",null,5]"#, list, [.join(with: ";")])
        == ["'f' (element 3 of the list): the source declares a list of texts, but the value is a number: '5'"])
  }

  @Test(
    "functions name what they take",
    arguments: [
      (FunctionCall.lower, "7", "lower takes string, but the value is a number: '7'"),
      (.email, "true", "email takes string, but the value is a boolean"),
      (.phone(region: "US", mustBeValid: false), "6502530000", "phone takes string, but the value is a number: '6502530000'"),
      (.date(formats: []), "true", "date takes string, a number (by `formats`), date or datetime, but the value is a boolean"),
      (
        .decimal(.plain), #"{"a":1}"#, #"decimal takes string, integer, decimal or number, but the value is an object: '{"a":1}'"#
      ),
      (.round(places: 0), #""7""#, "round takes integer, decimal or number, but the value is a text: '7'"),
      (
        .text(NumberWriter(decimals: 2)), #""7""#,
        "text takes any plain value; with parameters a number, but the value is a text: '7'"
      ),
    ])
  func functions(call: FunctionCall, value: String, expected: String) async throws {
    #expect(try await message(#""x":\#(value)"#, TestMapping.source("x"), [call]) == ["'f': \(expected)"])
  }

  @Test("an element that a function does not take")
  func elements() async throws {
    #expect(
      try await message(#""x":["a",5]"#, TestMapping.source("x"), [.lower])
        == ["'f' (element 2 of the list): lower takes string, but the value is a number: '5'"])
  }

  @Test("a long value is cut")
  func long() async throws {
    let text = String(repeating: "ä", count: 100)
    let found = try await message(#""x":"\#(text)""#, TestMapping.source("x", CellKinds.absent.union(.integer)))
    #expect(found == ["'f': the source declares an integer, but the value is a text: '\(String(repeating: "ä", count: 60))…'"])
  }
}
