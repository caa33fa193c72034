import Core
import Foundation
import Testing

@testable import Commands

/// Files that are not what their names say, in every command that reads records: the message names what they are and what to do,
/// and never blames the mapping.
@Suite struct FileFormTests {
  struct Form: Sendable, CustomTestStringConvertible {
    var file: String
    var bytes: [UInt8]
    /// In every message.
    var cause: String
    var testDescription: String { "\(file): \(cause)" }

    init(_ file: String, _ text: String, _ cause: String) { self.init(file, Array(text.utf8), cause) }

    init(_ file: String, _ bytes: [UInt8], _ cause: String) {
      (self.file, self.bytes, self.cause) = (file, bytes, cause)
    }
  }

  private static let rows = [["id", "firstName", "city"], ["c1", "Ann", "x"], ["c2", "Bob", "y"]]
  private static func table(_ delimiter: String) -> String { rows.map { $0.joined(separator: delimiter) + "\n" }.joined() }
  private static let object = #"{"id":"c1","firstName":"Ann","city":"x"}"#
  private static let noise = (1..<6000).map { UInt8(truncatingIfNeeded: $0 * 7919 + $0 * $0 * 31) }

  static let forms: [Form] = [
    Form("in.csv", "[\(object),\n \(object)]\n", "is a JSON document, not a CSV file"),
    Form("in.csv", "[\n  {\n    \"id\": \"c1\"\n  }\n]\n", "is a JSON document, not a CSV file"),
    Form("in.csv", "\(object)\n\(object)\n", "has one JSON object per line (NDJSON), not rows of a CSV file"),
    Form("in.csv", "{\"message\": \"Unauthorized\"}\n", "is a JSON document, not a CSV file"),
    Form("in.tsv", "{\"contacts\": [\(object)]}\n", "is a JSON document, not a CSV file"),
    Form("in.csv", table(":"), "':' seems to separate 3 columns"), Form("in.csv", table("^"), "'^' seems to separate 3 columns"),
    Form("in.csv", table("||"), "'||' seems to separate 3 columns"),
    Form("in.csv", table("\u{1}"), "seems to separate 3 columns"),
    Form("in.csv", table("  "), "spaces seem to separate the columns"),
    Form("in.csv", "sep=;\n" + table(","), "the line 'sep=' declares ';', but ',' seems to separate 3 columns"),
    Form("in.csv", "\"id,firstName,city\"\n\"c1,Ann,x\"\n", "whole lines are quoted"),
    Form("in.csv", "| id | firstName |\n|----|-----------|\n| c1 | Ann |\n", "a table drawn with characters"),
    Form("in.csv", "'id','firstName'\n'c1','Ann'\n", "the cells are quoted with '…'"),
    Form("in.csv", "“id”,“firstName”\n“c1”,“Doe, Ann”\n", "the cells are quoted with “…”"),
    Form("in.csv", "ann@example.com;Ann\nbob@example.com;Bob\n", "the first row has an e-mail address in column 1"),
    Form("in.csv", "id,firstName\nc1;Ann\nc2;Bob\n", "the header is separated by ',', but the rows are separated by ';'"),
    Form("in.csv", "\"id,firstName\"\nc1,Ann\n", "whole lines are quoted"),
    Form("in.csv", "id,firstName\n\"c1,Ann\"\n\"c2,Bob\"\n", "whole lines are quoted"),
    Form("in.csv", "id,firstName\u{2028}c1,Ann\u{2028}", "the rows end with U+2028, which is not a line break"),
    Form("in.csv", "[{'id': 'c1', 'firstName': 'Ann'}]\n", "a Python or JavaScript object"),
    Form("in.csv", "<contacts>\n<contact id=\"c1\"/>\n</contacts>\n", "is an XML document"),
    Form("in.csv", "BEGIN:VCARD\nFN:Ann\nEND:VCARD\n", "is a vCard file"),
    Form("in.csv", "INSERT INTO people (id, firstName) VALUES ('c1', 'Ann');\n", "is an SQL script"),
    Form("in.ndjson", "[\n\(object),\n\(object)\n]\n", "looks like one JSON document"),
    Form("in.csv", [UInt8](repeating: 0, count: 5000), "its first bytes are zeros"), Form("in.csv", noise, "is binary data"),
    Form("in.ndjson", noise, "is binary data"), Form("in.json", [UInt8](repeating: 0, count: 5000), "its first bytes are zeros"),
    Form("in.json", table(","), "looks like CSV"), Form("in.ndjson", table(";"), "looks like CSV"),
    Form("in.json", "\"id\",\"firstName\"\n\"c1\",\"Ann\"\n", "looks like CSV"),
    Form("in.ndjson", "[\(object),\(object)]\n", "looks like one JSON document"),
    Form("in.json", "- id: c1\n  firstName: Ann\n", "does not begin like JSON, but with '-'"),
    Form("in.json", "callback([\(object)]);\n", "does not begin like JSON, but with 'c'"),
    Form("in.ndjson", "{'id': 'c1', 'firstName': 'Ann'}\n", "a Python or JavaScript object"),
    Form("in.json", "[{id: 'c1', firstName: 'Ann'}]\n", "a Python or JavaScript object"),
    Form("in.ndjson", "\(object),\n\(object),\n", "has a comma after each object"),
  ]

  static func withFiles(_ file: String, _ bytes: [UInt8], _ body: (String) async throws -> Void) async throws {
    try await withFolder { folder in
      let format = file.hasSuffix("json") ? String(file.split(separator: ".")[1]) : "csv"
      let texts = [
        "m.yaml":
          "mapping: 1\nname: m\nsource: {entity: contact, key: id}\ntarget: {entity: p, key: id}\n"
          + "fields: {id: id, firstName: firstName, city: city}\n",
        "s.json": #"{"type": "object", "required": ["id"]}"#,
        "waybill.yaml":
          "pipeline: p\nsource: {\(format): {contact: \(file)}}\nmappings: [m.yaml]\n"
          + "destinations: {files: {ndjson: {path: ran.ndjson}}}\n",
      ]
      for (name, text) in texts { try text.write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8) }
      try Data(bytes).write(to: URL(filePath: "\(folder)/\(file)"))
      try await body(folder)
    }
  }

  static func commands(_ folder: String, _ file: String) -> [[String]] {
    let input = "\(folder)/\(file)"
    return [
      ["transform", "--mapping", "\(folder)/m.yaml", "--input", input, "--output", "\(folder)/out.ndjson"],
      ["validate", "--schema", "\(folder)/s.json", "--input", input], ["preview", "\(folder)/m.yaml", "--input", input],
      ["init", "\(folder)/new", "--sample", input], ["check", "--project", folder], ["run", "--project", folder],
    ]
  }

  @Test(arguments: forms) func `every command names what the file is`(_ form: Form) async throws {
    try await Self.withFiles(form.file, form.bytes) { folder in
      for command in Self.commands(folder, form.file) {
        let ended = await waybill(command)
        // init proposes from the part of a file that it can read, with a warning.
        let isWarned = command[0] == "init" && ended.error.contains("warning: ")
        #expect(ended.code != .done || isWarned, "\(command[0]): \(ended.error)")
        #expect((ended.output + ended.error).contains(form.cause), "\(command[0]): \(ended.output) \(ended.error)")
        #expect(!(ended.output + ended.error).contains(/m\.yaml:[0-9:]+ error/), "\(command[0]): \(ended.error)")
      }
    }
  }

  @Test func `a stated delimiter that leaves the header unsplit is reported, and named where columns are missing`()
    async throws
  {
    try await Self.withFiles("in.csv", Array(Self.table(",").utf8)) { folder in
      for command in Self.commands(folder, "in.csv").prefix(4) {
        let ended = await waybill(command + ["--delimiter", ";"])
        let note =
          command[0] == "validate" || command[0] == "init"
          ? "delimiter ';' leaves the header as one column, but ',' seems to separate 3: check the delimiter"
          : "its only column is 'id,firstName,city': if ',' separates names in it, correct the delimiter (--delimiter)"
        #expect(ended.error.contains(note), "\(command[0]): \(ended.error)")
      }
    }
  }

  @Test func `a file with one column is read if its delimiter is stated`() async throws {
    try await Self.withFiles("in.csv", Array("id:firstName:city\nc1:Ann:x\n".utf8)) { folder in
      let ended = await waybill(
        "validate", "--schema", "\(folder)/s.json", "--input", "\(folder)/in.csv", "--delimiter", ",")
      #expect(ended.error.contains("1 read, 0 valid"), "\(ended.error)")
    }
  }

  @Test func `a pipeline says how to read the list inside a document`() async throws {
    for (file, first) in [("in.json", ""), ("in.ndjson", "write source: {json: …}, and ")] {
      try await Self.withFiles(file, Array("{\"contacts\": [\(Self.object)]}".utf8)) { folder in
        for command in ["check", "run"] {
          let ended = await waybill(command, "--project", folder)
          let note =
            "is one object with a list of objects: to read those as records, \(first)write {path: FILE, records: /contacts}"
          #expect((ended.output + ended.error).contains(note), "\(command): \(ended.output) \(ended.error)")
        }
      }
    }
  }

  @Test func `a field that only the file has is known, and one that nothing has is not`() async throws {
    for (field, isThere) in [("note", true), ("nota", false)] {
      let record = Self.object.replacing("}", with: ",\"\(isThere ? field : "note")\":\"x\"}")
      try await Self.withFiles("in.ndjson", Array((record + "\n").utf8)) { folder in
        let mapping =
          "mapping: 1\nname: m\nsource: {entity: contact, key: id}\ntarget: {entity: p, key: id}\n"
          + "fields: {id: id, firstName: firstName, city: city, note: \(field)}\n"
        try mapping.write(toFile: "\(folder)/m.yaml", atomically: true, encoding: .utf8)
        for command in Self.commands(folder, "in.ndjson") where command[0] != "validate" && command[0] != "init" {
          let ended = await waybill(command)
          #expect((ended.code == .done) == isThere, "\(command[0]): \(ended.error)")
          #expect(isThere || ended.error.contains("no field 'nota' in ghl contact") || command[0] == "check", "\(ended.error)")
        }
      }
    }
  }

  @Test func `init names why a sample cannot be read, or which part of it`() async throws {
    let latin = Array("id,firstName,city\nc1,Zo".utf8) + [0xEB] + Array(",x\n".utf8)
    let quote = Array("id,firstName,city\nc1,6'2\",x\n".utf8)
    for (bytes, options, reason) in [
      (latin, [], "line 2: a cell is not valid UTF-8 (byte 0xEB): if the file uses another encoding"),
      (quote, ["--quotes", "strict"], "line 2: an unquoted cell on line 2 contains a quote"),
    ] {
      try await Self.withFiles("in.csv", bytes) { folder in
        let ended = await waybill(["init", "\(folder)/new", "--sample", "\(folder)/in.csv"] + options)
        #expect(
          ended.code == .wrongFile && ended.error.contains("can be read, so nothing can be proposed: \(reason)"), "\(ended.error)"
        )
      }
      try await Self.withFiles("in.csv", bytes + Array("c2,Bob,y\n".utf8)) { folder in
        let ended = await waybill(["init", "\(folder)/new", "--sample", "\(folder)/in.csv"] + options)
        #expect(ended.code == .done && ended.error.contains("1 record of \(folder)/in.csv cannot be read"), "\(ended.error)")
        #expect(ended.error.contains("the first one is on \(reason)"), "\(ended.error)")
      }
    }
  }

  @Test func `an encoding that was detected is reported by every command, and one that was declared is not`() async throws {
    for (file, text) in [("in.csv", Self.table(",")), ("in.ndjson", Self.object + "\n"), ("in.json", Self.object)] {
      let bytes = Array("\u{FEFF}\(text)".data(using: .utf16LittleEndian) ?? Data())
      try await Self.withFiles(file, bytes) { folder in
        for command in Self.commands(folder, file) where command[0] != "check" {
          let ended = await waybill(command)
          #expect(ended.error.contains("encoding UTF-16LE detected"), "\(command[0]): \(ended.error)")
        }
        let declared = await waybill(Self.commands(folder, file)[0] + ["--encoding", "utf-16le"])
        #expect(!declared.error.contains("detected"), "\(declared.error)")
      }
    }
  }

  @Test func `byte order marks between the records of joined files are removed, and counted`() async throws {
    for file in ["in.ndjson", "in.json"] {
      let text = "\u{FEFF}\(Self.object)\n\u{FEFF}\(Self.object.replacing("c1", with: "c2"))\n"
      try await Self.withFiles(file, Array(text.utf8)) { folder in
        let ended = await waybill(Self.commands(folder, file)[0])
        #expect(ended.error.contains("1 byte order mark removed from the middle of the file"), "\(ended.error)")
        #expect(ended.error.contains("2 read, 2 written"), "\(ended.error)")
      }
    }
  }

  @Test func `advice for lookups and keys names only settings that they have`() async throws {
    let mapping = """
      mapping: 1
      name: m
      source: {entity: contact, key: id}
      target: {entity: p, key: id}
      lookups: {cities: {file: cities.csv, key: code, values: name}}
      fields:
        id: id
        city: {from: city, do: [{lookup: cities}]}
        boss: {from: boss, references: bosses}
      """
    let cities = [
      ("code:name\nb:Bonn\n", #"write {path: FILE, delimiter: ":"}"#),
      ("Cities 2026\n\ncode,name\nb,Bonn\n", "write {path: FILE, skip_lines: 2}"),
      ("[{\"code\":\"b\",\"name\":\"Bonn\"}]", "a lookup reads CSV: convert the file"),
    ]
    let keys = [
      ("id:name\n7:Ann\n", "pass --keys-delimiter ':'"), ("Keys 2026\n\nid,name\n7,Ann\n", "pass --keys-skip-lines 2"),
    ]
    for (file, text, remedy) in cities.map({ ("cities.csv", $0.0, $0.1) }) + keys.map({ ("keys.csv", $0.0, $0.1) }) {
      try await Self.withFiles("in.csv", Array("id,city,boss\n1,b,7\n".utf8)) { folder in
        let files = ["m.yaml": mapping, "cities.csv": "code,name\nb,Bonn\n", "keys.csv": "id\n7\n"].merging([file: text]) { $1 }
        for (name, text) in files { try text.write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8) }
        let ended = await waybill(Self.commands(folder, "in.csv")[0] + ["--keys", "bosses=\(folder)/keys.csv"])
        #expect(ended.code != .done && ended.error.contains(remedy), "\(ended.error)")
        #expect(!ended.error.contains("--delimiter") && !ended.error.contains("--skip-lines"), "\(ended.error)")
      }
    }
  }
}
