import Core
import Foundation
import TestSupport
import Testing

@testable import Mapping

private func read(_ text: String) -> (node: YAMLNode?, messages: [String], diagnostics: Diagnostics) {
  var diagnostics = Diagnostics()
  let node = YAMLReader.read(file: "m.yaml", text: text, &diagnostics)
  return (node, messages(diagnostics), diagnostics)
}

private func messages(_ diagnostics: Diagnostics) -> [String] {
  diagnostics.sorted.map { "\($0.place.line):\($0.place.column)+\($0.place.length) \($0.code.rawValue)" }
}

struct YAMLReaderTests {
  @Test func aTreeKeepsOrderPlacesAndStyles() throws {
    let (node, messages, _) = read("b: 1\na:\n  - x\n  - \"y z\"\nc: {d: e}\n")
    #expect(messages == [])
    let entries = try #require(node?.entries)
    #expect(entries.map(\.key) == ["b", "a", "c"])
    let elements = try #require(entries[1].value.elements)
    #expect(elements[1].place == SourcePlace(file: "m.yaml", line: 4, column: 5, length: 5))
    #expect(elements[1].scalar == YAMLScalar("y z", .quoted))
    #expect(entries[2].value.entry("d")?.keyPlace == SourcePlace(file: "m.yaml", line: 5, column: 5, length: 1))
    #expect(node?.jsonValue.text == #"{"b":1,"a":["x","y z"],"c":{"d":"e"}}"#)
  }

  @Test func keysInTwoUnicodeFormsAreTwoKeys() throws {
    let (node, messages, _) = read("caf\u{E9}: 1\n\"cafe\\u0301\": 2\nCaf\u{E9}: 3\n")
    #expect(messages == [])
    #expect(node?.entries?.count == 3)
    #expect(node?["caf\u{E9}"]?.scalar?.text == "1" && node?["cafe\u{301}"]?.scalar?.text == "2")
    #expect(read("caf\u{E9}: 1\n\"caf\\u00e9\": 2\n").messages == ["2:1+11 duplicate-key"])
  }

  @Test(arguments: [
    ("null", "null"), ("~", "null"), ("", "null"), ("true", "true"), ("False", "false"), ("NO", #""NO""#),
    ("12", "12"), ("-0", "0"), ("+7", "7"), ("0123", "123"), ("0x1F", "31"), ("0o17", "15"), ("1e5", "1e5"),
    ("1.50", "1.50"), (".5", "0.5"), ("5.", "5"), ("1_000", #""1_000""#), ("12:30:00", #""12:30:00""#),
    ("'12'", #""12""#), (#"".inf""#, #"".inf""#), ("2024-01-01", #""2024-01-01""#), ("1e", #""1e""#), ("-", "[null]"),
    ("99999999999999999999", "99999999999999999999"),
  ])
  func aPlainScalarMeansWhatTheCoreSchemaSays(_ text: String, _ json: String) {
    #expect(read("x: \(text == "-" ? "\n  -" : text)").node?["x"]?.jsonValue.text == json)
  }

  @Test(arguments: [
    ("NO", "write \"NO\""), ("yes", "write \"yes\""), ("0123", "write \"0123\""), ("1e5", "write \"1e5\""),
    ("12:30:00", "write \"12:30:00\""), ("true", "write \"true\""), ("41", "write \"41\""),
  ])
  func aWordThatIsReadDifferentlyIsNamedWithItsQuotedForm(_ text: String, _ hint: String) throws {
    var (node, _, diagnostics) = read("region: \(text)")
    #expect(node?["region"]?.text("settings.region", &diagnostics) == nil)
    let found = try #require(diagnostics.all.first)
    #expect(found.code == .wrongKind)
    #expect(found.hint == hint)
    #expect(found.place == SourcePlace(file: "m.yaml", line: 1, column: 9, length: text.count))
  }

  @Test(arguments: [
    ("a: 1\nb: 2\na: 3\nb: 4\na: 5\n", ["3:1+1 duplicate-key", "4:1+1 duplicate-key", "5:1+1 duplicate-key"]),
    ("a: &x 1\nb: *x\n", ["1:4+1 yaml-syntax", "2:4+2 yaml-syntax"]),
    ("a: !!str 1\n", ["1:4+1 yaml-syntax"]),
    ("a: 1\n---\nb: 2\n", ["2:1+3 yaml-syntax"]),
    ("a: [1, 2\nb: 3\n", ["2:2+1 yaml-syntax"]), ("a:\n  - {b: 2\n", ["2:5+1 yaml-syntax"]),
    ("a:\n\t- b\n", ["2:1+1 yaml-syntax"]),
    ("a: b: c\n", ["1:5+1 yaml-syntax"]),
    ("a: \"open\nb: 2\n", ["1:4+1 yaml-syntax"]),
    ("a: @x\n", ["1:4+1 yaml-syntax"]),
    ("? [a, b]\n: c\n", ["1:3+1 yaml-syntax"]),
    ("", ["1:1+1 input-missing"]), ("# only a comment\n", ["1:1+1 input-missing"]),
    ("a: \u{1}\n", ["1:4+1 yaml-syntax"]),
    (String(repeating: "[", count: 80) + String(repeating: "]", count: 80), ["1:66+1 yaml-syntax"]),
  ])
  func whatCannotBeReadHasAPlace(_ text: String, _ expected: [String]) {
    #expect(read(text).messages == expected)
  }

  @Test func columnsCountCharactersNotBytes() throws {
    let (node, messages, _) = read("{é👩‍👩‍👧: ü, zwei: drei, zwei: 1}\n")
    #expect(messages == ["1:21+4 duplicate-key"])
    #expect(node?["zwei"]?.place.column == 15)
  }

  @Test func invalidUTF8IsReportedWhereItStands() {
    var diagnostics = Diagnostics()
    let bytes = Array("a: 1\nb: ü".utf8) + [0xFF] + Array("x\n".utf8)
    #expect(YAMLReader.read(file: "m.yaml", bytes: bytes, &diagnostics) == nil)
    #expect(messages(diagnostics) == ["2:5+1 yaml-syntax"])
  }

  @Test func aByteOrderMarkIsSkipped() {
    #expect(read("\u{FEFF}a: 1").node?["a"]?.place.column == 4)
  }

  @Test func partsOfAScalarHavePlacesOfTheirOwn() throws {
    let (node, _, _) = read("a: custom.plan\nb: 'custom.plan'\nc: \"cust\\x6Fm.plan\"\n")
    let (a, b, c) = (try #require(node?["a"]), try #require(node?["b"]), try #require(node?["c"]))
    #expect(a.place(at: 7, count: 4).column == 11)
    #expect(b.place(at: 7, count: 4).column == 12)
    #expect(c.place(at: 7, count: 4).column == 15)
    #expect(c.place(at: 0, count: 6).length == 9)
  }

  @Test func unknownAndMissingKeysAreReportedOnce() {
    var (node, _, diagnostics) = read("entty: contact\nkey: id\nzzz: 1\n")
    node?.checkKeys("source", known: ["entity", "key", "each"], required: ["entity", "key", "each"], &diagnostics)
    #expect(Set(messages(diagnostics)) == ["1:1+5 unknown-key", "1:1+1 missing-keyword", "3:1+3 unknown-key"])
    #expect(diagnostics.all.first?.hint == "did you mean 'entity'?")
    #expect(diagnostics.all.last?.message == "source needs the key 'each'")
  }

  @Test func aMissingFileAndAFolderAreNamed() {
    var diagnostics = Diagnostics()
    #expect(YAMLReader.load(path: "/no/such/file.yaml", &diagnostics) == nil)
    #expect(YAMLReader.load(path: "/tmp", &diagnostics) == nil)
    #expect(diagnostics.all.map(\.code) == [.inputMissing, .inputMissing])
    #expect(diagnostics.all[0].message == "there is no file '/no/such/file.yaml'")
  }
}

/// Files that are not YAML at all.
@Suite struct TextFileTests {
  static let encodings: [[UInt8]] = [
    [0xFF, 0xFE, 0x61, 0], [0x61, 0, 0x3A, 0, 0x20, 0], [0, 0x61, 0, 0x3A], [0xFF, 0xFE, 0, 0, 0x61, 0, 0, 0], [0x61, 0, 0, 0],
  ]

  @Test("a file in UTF-16 or UTF-32 is read", arguments: encodings)
  func encoding(bytes: [UInt8]) throws {
    let folder = TemporaryFolder()
    try Data(bytes).write(to: URL(filePath: "\(folder.path)/m.yaml"))
    var diagnostics = Diagnostics()
    let read = try #require(TextFile.read("\(folder.path)/m.yaml", &diagnostics))
    #expect(TextFile.decode(file: "m.yaml", bytes: read, &diagnostics)?.hasPrefix("a") == true)
    #expect(diagnostics.all == [])
  }

  @Test("a device is refused in words")
  func device() {
    var diagnostics = Diagnostics()
    #expect(TextFile.read("/dev/null", &diagnostics) == nil)
    #expect(diagnostics.all.first?.message.contains("is not a regular file") == true)
    #expect(diagnostics.all.first?.code == .notRegularFile)
  }
}
