import Core
import Testing
import Values

@testable import Schema

/// Cells as the evaluator makes them; their text lives in an arena.
struct ScalarChecksTests {
  struct Row: Sendable, CustomTestStringConvertible {
    var schema: String
    var kind: CellKind
    var text: String
    var codes: [ProblemCode]
    var testDescription: String { "\(schema) \(kind) \(text)" }

    init(_ schema: String, _ kind: CellKind, _ text: String, _ codes: [ProblemCode] = []) {
      self.schema = schema
      self.kind = kind
      self.text = text
      self.codes = codes
    }
  }

  @Test(arguments: [
    Row(#"{"type": "string"}"#, .missing, ""),
    Row(#"{"type": "string"}"#, .null, "", [.schemaType]),
    Row(#"{"type": ["string", "null"]}"#, .null, ""),
    Row(#"{"type": "string"}"#, .string, "Müller"),
    Row(#"{"type": "string", "format": "date"}"#, .date, "2024-03-10"),
    Row(#"{"type": "string", "format": "date-time"}"#, .datetime, "2024-03-10T12:30:00Z"),
    Row(#"{"type": "string", "format": "date"}"#, .datetime, "2024-03-10T12:30:00Z", [.schemaFormat]),
    Row(#"{"type": "integer"}"#, .date, "2024-03-10", [.schemaType]),
    Row(#"{"type": "boolean"}"#, .true, ""), Row(#"{"type": "boolean"}"#, .integer, "1", [.schemaType]),
    Row(#"{"enum": [true, null]}"#, .true, ""), Row(#"{"enum": [true, null]}"#, .null, ""),
    Row(#"{"enum": [true, null]}"#, .false, "", [.schemaEnum]),
    Row(#"{"type": "integer"}"#, .integer, "42"), Row(#"{"type": "integer"}"#, .decimal, "42"),
    Row(#"{"type": "integer"}"#, .number, "4.20e1"), Row(#"{"type": "integer"}"#, .number, "99999999999999999999"),
    Row(#"{"type": "integer"}"#, .decimal, "4.2", [.schemaType]), Row(#"{"type": "number"}"#, .integer, "42"),
    Row(#"{"type": "string"}"#, .integer, "42", [.schemaType]),
    Row(#"{"enum": [1, 2.5]}"#, .integer, "1"), Row(#"{"enum": [1, 2.5]}"#, .decimal, "2.50"),
    Row(#"{"enum": [1, 2.5]}"#, .number, "10e-1"), Row(#"{"enum": [1, 2.5]}"#, .integer, "2", [.schemaEnum]),
    Row(#"{"enum": [1]}"#, .string, "1", [.schemaEnum]),
    Row(#"{"minimum": 10, "maximum": 20.5}"#, .integer, "10"),
    Row(#"{"minimum": 10, "maximum": 20.5}"#, .integer, "21", [.schemaMaximum]),
    Row(#"{"minimum": 10, "maximum": 20.5}"#, .decimal, "20.50"), Row(#"{"minimum": 10}"#, .decimal, "9.99", [.schemaMinimum]),
    Row(#"{"minimum": -9223372036854775808}"#, .integer, "-9223372036854775808"),
    Row(#"{"exclusiveMaximum": 9223372036854775807}"#, .integer, "9223372036854775807", [.schemaExclusiveMaximum]),
    Row(#"{"exclusiveMinimum": 1, "multipleOf": 2}"#, .integer, "1", [.schemaExclusiveMinimum, .schemaMultipleOf]),
    Row(#"{"minimum": 10, "minLength": 10}"#, .string, "x", [.schemaMinLength]),
    Row(#"{"type": "array"}"#, .object, "[1]"), Row(#"{"type": "array"}"#, .object, "{}", [.schemaType]),
    Row(#"{"type": "object"}"#, .object, "{}"), Row(#"{"type": "object"}"#, .object, "[1]", [.schemaType]),
    Row(#"{"type": "string"}"#, .list, "", [.schemaType]), Row(#"{"type": "array"}"#, .list, ""),
    Row("false", .string, "x", [.schemaFalse]), Row("false", .missing, ""),
    Row(#"{"type": "string", "maxLength": 2, "enum": ["q"]}"#, .string, "日本語", [.schemaEnum, .schemaMaxLength]),
  ])
  func aCellGetsEveryCodeThatItDeserves(_ row: Row) throws {
    let checks = ScalarChecks(try compiled(row.schema), node: 0)
    var arena = ByteArena(capacity: 64)
    arena.begin()
    for byte in row.text.utf8 { arena.append(byte) }
    let text = arena.finish()
    let cell = Cell(kind: row.kind, text: text, number: row.kind == .integer ? Int64(row.text) ?? 0 : 0)
    #expect(checks.failures(of: cell, PatternWorkspace()).codes == row.codes)
  }

  @Test(arguments: [
    ("{}", true), ("true", true), (#"{"title": "t"}"#, true), ("false", false), (#"{"type": "string"}"#, false),
    (#"{"maxLength": 3}"#, false), (#"{"minimum": 3}"#, false), (#"{"enum": [1]}"#, false), (#"{"pattern": "a"}"#, false),
    (#"{"type": ["null", "boolean", "integer", "number", "string", "array", "object"]}"#, true),
  ])
  func checksThatCannotFailAreKnownToBeEmpty(_ text: String, _ isEmpty: Bool) throws {
    #expect(ScalarChecks(try compiled(text), node: 0).isEmpty == isEmpty)
  }

  @Test func failedChecksComeOutOneByOne() {
    var failed: FailedChecks = [.pattern, .type, .multipleOf]
    #expect(failed.popFirst() == .schemaType)
    #expect(failed.popFirst() == .schemaPattern)
    #expect(failed.popFirst() == .schemaMultipleOf)
    #expect(failed.popFirst() == nil)
  }

  @Test func aLargeEnumerationFindsEachMemberAndNothingElse() throws {
    let members = (0..<5000).map { "member-\($0 * 7)" }
    let set = ByteSet(members.map { Array($0.utf8) })
    for member in members { #expect(member.withBytes { set.contains($0) }) }
    for index in 0..<5000 { #expect(!"member-\(index * 7 + 1)".withBytes { set.contains($0) }) }
    #expect(!"".withBytes { set.contains($0) })
    #expect(!"".withBytes { ByteSet([]).contains($0) })
    #expect("".withBytes { ByteSet([[]]).contains($0) })
  }
}
