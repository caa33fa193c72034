import Core
import Files
import Foundation
import Testing
import Transform

@testable import Mapping

/// A folder of its own with one CSV file, gone when the test is done.
private final class Folder {
  let path: String

  init(_ file: String, _ content: String) throws {
    path = NSTemporaryDirectory() + "lookup-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    try Data(content.utf8).write(to: URL(fileURLWithPath: path + "/" + file))
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}

private func load(
  _ yaml: String, in directory: String = "", within boundary: FileBoundary? = nil
) throws -> (loaded: LoadedLookup?, diagnostics: Diagnostics) {
  var diagnostics = Diagnostics()
  let node = try #require(YAMLReader.read(file: "m.yaml", text: yaml, &diagnostics))
  let lookup = try #require(node["t"])
  return (
    LookupLoader.loadWithPlaces(
      name: "t", node: lookup, relativeTo: directory, catalog: TestCatalog(), within: boundary, diagnostics: &diagnostics),
    diagnostics
  )
}

@Suite struct LookupLoaderTests {
  @Test func `an inline table keeps its keys as text and its values as they are`() throws {
    let (loaded, diagnostics) = try load("t: {lead: prospect, true: done, 7: 1, none: null}\n")
    let table = try #require(loaded?.table)
    #expect(diagnostics.all == [])
    #expect(table.columns == [""])
    #expect(table.keys == ["lead", "true", "7", "none"])
    #expect(table.entries == ["lead": [.string("prospect")], "true": [.string("done")], "7": [.number("1")], "none": [.null]])
    #expect(loaded?.place(ofKey: "true") == SourcePlace(file: "m.yaml", line: 1, column: 21, length: 4))
    #expect(loaded?.place(ofValueFor: "lead", column: 0)?.column == 11)
  }

  @Test func `an inline table may have the key file`() throws {
    let (loaded, _) = try load("t: {file: document, mail: letter}\n")
    #expect(loaded?.table.keys == ["file", "mail"])
  }

  @Test(arguments: [
    ("t: {}\n", DiagnosticCode.wrongKind), ("t: [a]\n", .wrongKind), ("t: word\n", .wrongKind), ("t: {a: [1]}\n", .wrongKind),
    ("t: {a: no}\n", .wrongKind), ("t: {entity: usr, key: id, values: [email]}\n", .unknownSourceEntity),
    ("t: {file: a.csv}\n", .missingKeyword), ("t: {file: a.csv, key: id, valeus: [x]}\n", .unknownKey),
    ("t: {file: missing.csv, key: id}\n", .inputMissing), ("t: {file: {delimiter: tab}, key: id}\n", .missingKeyword),
    ("t: {file: {path: a.csv, records: /a}, key: id}\n", .unknownKey),
    ("t: {file: {path: a.csv, delimiter: ab}, key: id}\n", .badArgument),
  ])
  func `a lookup that cannot be a table is refused`(yaml: String, code: DiagnosticCode) throws {
    let (loaded, diagnostics) = try load(yaml)
    #expect(loaded == nil)
    #expect(diagnostics.all.map(\.code) == [code])
  }

  @Test func `a pipe in place of a lookup's file is reported as such`() throws {
    let folder = try Folder("o.csv", "id,name\n")
    #expect(mkfifo("\(folder.path)/pipe.csv", 0o600) == 0)
    let (loaded, diagnostics) = try load(
      "t: {file: pipe.csv, key: id}\n", in: folder.path, within: FileBoundary([folder.path]))
    #expect(loaded == nil)
    #expect(diagnostics.all.map(\.code) == [.notRegularFile])
    #expect(diagnostics.all.first?.place == SourcePlace(file: "m.yaml", line: 1, column: 11, length: 8))
    #expect(diagnostics.all.first?.hint == "save its content to a regular file and name that file")
  }

  @Test func `a file may be a map of its path and how it is read`() throws {
    let folder = try Folder("o.csv", "id^name\n1^Ada, Countess\n")
    let (loaded, diagnostics) = try load("t: {file: {path: o.csv, delimiter: \"^\"}, key: id}\n", in: folder.path)
    #expect(diagnostics.all == [])
    #expect(loaded?.table.columns == ["name"])
    #expect(loaded?.table.entries == ["1": [.string("Ada, Countess")]])
  }

  @Test(
    arguments: [
      (
        "key,val\na,6\"2\u{7}\nb,c\n", Severity.warning, "a quote inside, which is taken as text; 1 row has a cell with a control"
      ),
      ("key,val\n", .warning, "it has no rows below its header, so no key will be found"),
      ("key;val\n", .warning, "so no key will be found; delimiter ';' detected"),
    ])
  func `possible mistakes in a file are reported together, in one place`(_ content: String, _ severity: Severity, _ text: String)
    throws
  {
    let folder = try Folder("o.csv", content)
    let (loaded, diagnostics) = try load("t: {file: o.csv, key: key}\n", in: folder.path)
    #expect(loaded != nil && diagnostics.all.count == 1)
    #expect(
      diagnostics.all.first?.severity == severity && diagnostics.all.first?.message.contains(text) == true, "\(diagnostics.all)")
  }

  @Test(arguments: [
    "id;name;team\n1;Ada, Countess;a\n", "sep=;\nid;name;team\n1;Ada, Countess;a\n", "id\tname\tteam\n1\tAda, Countess\ta\n",
    "id,name,team,\n,,,\n\n1,\"Ada, Countess\",a,\n",
  ])
  func `a file is read as its first lines say`(content: String) throws {
    let folder = try Folder("o.csv", content)
    let (loaded, diagnostics) = try load("t: {file: o.csv, key: id}\n", in: folder.path)
    #expect(diagnostics.all.allSatisfy { $0.code == .lookupFile })
    #expect(loaded?.table.columns == ["name", "team"])
    #expect(loaded?.table.entries == ["1": [.string("Ada, Countess"), .string("a")]])
  }

  @Test(arguments: [
    ("x;a|b\n1;2|3\n", "the delimiter may be ';' or '|'"), ("Owners of 2026\nid,name\n1,Ada\n", "skip_lines: 1"),
  ])
  func `a file whose first lines do not say how it is read is refused at its path`(content: String, cause: String) throws {
    let folder = try Folder("o.csv", content)
    let (loaded, diagnostics) = try load("t: {file: o.csv, key: id}\n", in: folder.path)
    #expect(loaded == nil)
    #expect(diagnostics.all.map(\.code) == [.wrongKind])
    #expect(diagnostics.all.first?.message.contains(cause) == true)
    #expect(diagnostics.all.first?.place == SourcePlace(file: "m.yaml", line: 1, column: 11, length: 5))
  }

  @Test func `a file's cells are trimmed and empty ones are null`() throws {
    let folder = try Folder("o.csv", "\u{FEFF}ghl_user_id, app_user_id ,team\r\n u1 , 1001,\" north \"\r\n\r\nu2,,\"\"\r\n")
    let (loaded, diagnostics) = try load("t: {file: o.csv, key: ghl_user_id, values: [team, app_user_id]}\n", in: folder.path)
    let table = try #require(loaded?.table)
    #expect(diagnostics.all == [])
    #expect(table.columns == ["team", "app_user_id"])
    #expect(table.keys == ["u1", "u2"])
    #expect(table.entries == ["u1": [.string("north"), .string("1001")], "u2": [.null, .null]])
    #expect(loaded?.place(ofKey: "u2")?.line == 4)
    #expect(loaded?.place(ofValueFor: "u1", column: 1)?.column == 7)
  }

  @Test(arguments: [
    ("t: {file: o.csv, key: id, values: name}\n", ["name"]), ("t: {file: o.csv, key: id}\n", ["name", "team"]),
    ("t: {file: o.csv, key: name, values: [id]}\n", ["id"]),
  ])
  func `values are one column, several, or all others`(yaml: String, columns: [String]) throws {
    let folder = try Folder("o.csv", "id,name,team\n1,Zoë,a\n")
    let (loaded, diagnostics) = try load(yaml, in: folder.path)
    #expect(diagnostics.all == [])
    #expect(loaded?.table.columns == columns)
  }

  @Test(arguments: [
    ("id,name\n1,a\n2,b\n1,c\n", DiagnosticCode.duplicateKey, 4),
    ("id,name\n1,a\n2\n", .wrongKind, 3),
    ("id,name\n1,a\n,b\n", .wrongKind, 3),
    ("id,name\n1,\"a\nb\"x\n2,c\n", .wrongKind, 2),
    ("id,name,id\n1,a,b\n", .duplicateKey, 1),
    ("\n\n", .inputMissing, 1),
  ])
  func `a fault in the file is shown at its line`(content: String, code: DiagnosticCode, line: Int) throws {
    let folder = try Folder("o.csv", content)
    let (loaded, diagnostics) = try load("t: {file: o.csv, key: id, values: name}\n", in: folder.path)
    #expect(loaded == nil)
    #expect(diagnostics.all.map(\.code) == [code])
    let place = try #require(diagnostics.all.first?.place)
    #expect(place.file == folder.path + "/o.csv")
    #expect(place.line == line)
    #expect(diagnostics.files[place.file] != nil)
  }

  @Test func `an unknown column is named with the nearest one`() throws {
    let folder = try Folder("o.csv", "id,name\n1,a\n")
    let (loaded, diagnostics) = try load("t: {file: o.csv, key: id, values: [nmae, team]}\n", in: folder.path)
    #expect(loaded == nil)
    #expect(diagnostics.all.map(\.code) == [.unknownColumn, .unknownColumn])
    #expect(diagnostics.all.map(\.hint) == ["did you mean 'name'?", "it has: id, name"])
    #expect(diagnostics.all.map(\.place.line) == [1, 1])
  }

  @Test func `all faults of a file are reported together`() throws {
    let folder = try Folder("o.csv", "id,name\n1,a\n1,b\n2\n1,c\n")
    let (_, diagnostics) = try load("t: {file: o.csv, key: id}\n", in: folder.path)
    #expect(diagnostics.all.map(\.place.line) == [3, 4, 5])
    #expect(diagnostics.text(of: diagnostics.all[0]).contains("the key '1' is already on line 2"))
  }

  @Test(
    arguments: [
      ("id;name\na;1\n", ["1:1 note lookup 't': delimiter ';' detected"]),
      (
        "\u{FEFF}id,name,\na,1,\n,,\nb,2,\n",
        [
          "1:1 note lookup 't': 1 empty row skipped; 2 rows have empty cells after the last column; the header ends with 1 column without a name"
        ]
      ),
      (
        "id,name\na,6'2\"\nb,5'\"\n",
        [
          "2:1 warning lookup 't': 2 rows have an unquoted cell with a quote inside, which is taken as text"
        ]
      ),
      ("id,name\na,1\nb,\u{7}\n", ["3:1 warning lookup 't': 1 row has a cell with a control character, which is kept"]),
      ("id,name\na,1\n", []),
    ] as [(String, [String])])
  func `what is noticed in the file is reported`(content: String, expected: [String]) throws {
    let folder = try Folder("a.csv", content)
    let (loaded, diagnostics) = try load("t: {file: a.csv, key: id, values: name}", in: folder.path)
    #expect(loaded != nil)
    #expect(diagnostics.all.allSatisfy { $0.code == .lookupFile })
    #expect(diagnostics.all.map { "\($0.place.line):\($0.place.column) \($0.severity) \($0.message)" } == expected)
  }

  @Test func `the named columns help to detect the delimiter`() throws {
    let folder = try Folder("a.csv", "id,a;b;c\n1,2;3;4\n2,5;6;7\n")
    let (first, _) = try load("t: {file: a.csv, key: id, values: 'a;b;c'}", in: folder.path)
    #expect(first?.table.entries["1"] == [.string("2;3;4")])
    let (second, _) = try load("t: {file: a.csv, key: 'id,a', values: [c]}", in: folder.path)
    #expect(second?.table.entries["1,2"] == [.string("4")])
  }

  @Test func `a preamble is refused with the keys that a lookup takes`() throws {
    let folder = try Folder("a.csv", "Export of May\n\nid,name\na,1\nb,2\n")
    let (loaded, diagnostics) = try load("t: {file: a.csv, key: id, values: name}", in: folder.path)
    #expect(loaded == nil)
    let message = try #require(diagnostics.all.first?.message)
    #expect(
      message.contains(
        #"if so, write {path: FILE, skip_lines: 2}; if it has one column, write {path: FILE, delimiter: ","}"#))
  }
}
