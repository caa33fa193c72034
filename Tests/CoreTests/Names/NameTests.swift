import Core
import Testing

/// Texts that look the same but are not.
private let pairs: [(String, String)] = [
  ("caf\u{E9}", "cafe\u{301}"),
  ("\u{C5}ngstrom", "A\u{30A}ngstrom"), ("\u{212B}", "\u{C5}"), ("\u{2126}", "\u{3A9}"), ("\u{212A}", "K"),
  ("\u{D55C}\u{AE00}", "\u{1112}\u{1161}\u{11AB}\u{1100}\u{1173}\u{11AF}"),
  ("\u{1E69}", "s\u{307}\u{323}"), ("q\u{307}\u{323}", "q\u{323}\u{307}"),
]

@Suite struct NameTests {
  @Test("names are equal when their bytes are, whatever String considers equal", arguments: pairs)
  func equality(one: String, other: String) {
    #expect(one == other)
    #expect(Name(one) != Name(other))
    #expect(!one.isExactly(other))
    #expect(Name(one) == Name(String(Array(one).map { $0 })))
    #expect(Set([Name(one), Name(other), Name(one)]).count == 2)
    #expect(Name(one) < Name(other) || Name(other) < Name(one))
    var numbers: [Name: Int] = [:]
    numbers[one] = 1
    numbers[other, default: 5] += 1
    #expect(numbers[one] == 1 && numbers[other] == 6 && numbers.count == 2)
  }

  @Test("JSON values are equal when their texts and names have the same bytes", arguments: pairs)
  func json(one: String, other: String) throws {
    #expect(JSONValue.string(one) != .string(other))
    #expect(JSONValue.object([.init(one, .null)]) != .object([.init(other, .null)]))
    #expect(Set([JSONValue.string(one), .string(other)]).count == 2)
    let object = try JSONReader.read("{\"\(one)\": 1, \"\(other)\": 2}")
    #expect(object[one] == .number(1) && object[other] == .number(2))
    #expect(throws: JSONReader.Failure.self) { try JSONReader.read("{\"\(one)\": 1, \"\(one)\": 2}") }
  }

  @Test("an escape and the character it represents are the same bytes")
  func escapes() throws {
    let object = try JSONReader.read(#"{"caf\u00e9": 1, "cafe\u0301": 2}"#)
    #expect(object["caf\u{E9}"] == .number(1) && object["cafe\u{301}"] == .number(2))
    #expect(throws: JSONReader.Failure.self) { try JSONReader.read("{\"caf\\u00e9\": 1, \"caf\u{E9}\": 2}") }
  }

  @Test("shapes and target schemas find members by their bytes", arguments: pairs)
  func members(one: String, other: String) {
    let shape = ObjectShape([FieldShape(one, .string), FieldShape(other, .integer)])
    #expect(shape.field(named: one)?.type == .string && shape.field(named: other)?.type == .integer)
    #expect(ObjectShape([FieldShape(one, .string)]).field(named: other) == nil)
    #expect(ObjectShape([FieldShape(one, .string)]) != ObjectShape([FieldShape(other, .string)]))
    var node = TargetNode()
    node.properties = [.init(name: one, node: 1)]
    #expect(node.property(one)?.node == 1 && node.property(other) == nil)
  }

  @Test("members match in any case when records are read, for ASCII letters only")
  func anyCase() {
    let shape = ObjectShape([FieldShape("Kind", .string)], isCaseInsensitive: true)
    #expect(shape.field(named: "kIND") != nil && shape.field(named: "\u{212A}ind") == nil)
  }

  @Test("prefixes, suffixes and parts are found before a combining mark")
  func parts() {
    #expect("e\u{301}".hasPrefix(exactly: "e") && !"\u{E9}".hasPrefix(exactly: "e"))
    #expect("a/\u{301}b".hasSuffix(exactly: "\u{301}b") && !"b".hasSuffix(exactly: "ab"))
    #expect("a.\u{301}b.".split(exactly: ".") == ["a", "\u{301}b", ""])
    #expect(" \u{301}x \u{A0}".trimmedExactly.isExactly("\u{301}x"))
    #expect(["b", "a\u{301}", "\u{E1}"].sortedExactly().isExactly(["a\u{301}", "b", "\u{E1}"]))
  }
}
