import Core
import Foundation
import Testing

@testable import Commands

/// What a file contains decides how it is read, not its name: in every place where a command reads one.
@Suite struct FileContentTests {
  static let mapping = """
    mapping: 1
    name: people
    source: {entity: contact, key: id, custom_fields: custom.json}
    target: {entity: person, key: id, schema: target.json}
    lookups: {cities: {file: cities.csv, key: code, values: name}}
    fields:
      id: id
      name: name
      city: {from: city, do: [{lookup: cities}]}
      boss: {from: assignedTo, references: bosses}
    """

  static let pipeline = """
    pipeline: p
    source: {csv: {contact: in.csv}}
    mappings: [small.yaml]
    destinations: {f: {csv: {path: out.csv}}}
    """

  static let small = """
    mapping: 1
    name: small
    source: {entity: contact, key: id}
    target: {entity: person, key: id}
    fields: {id: id, name: name}
    """

  static let files: [String: String] = [
    "people.yaml": mapping, "waybill.yaml": pipeline, "small.yaml": small,
    "in.csv": "id,name,city,assignedTo\n1,Zoë,b,7\n", "in.ndjson": #"{"id":"1","name":"Zoë"}"# + "\n",
    "in.json": #"[{"id":"1","name":"Zoë"}]"#, "cities.csv": "code,name\nb,Köln\n", "keys.csv": "id\n7\n", "keys.txt": "7\n",
    "custom.json": #"{"customFields":[{"id":"x","fieldKey":"contact.größe","name":"Größe","dataType":"TEXT"}]}"#,
    "target.json":
      #"{"type":"object","description":"für alle","properties":{"id":{"type":"string"},"name":{},"city":{},"boss":{}}}"#,
  ]

  /// A command, and the file among those that it reads. `{}` is the folder.
  static let uses: [(file: String, command: [String])] = [
    ("in.csv", ["transform", "--mapping", "{}/small.yaml", "--input", "{}/in.csv"]),
    ("in.ndjson", ["transform", "--mapping", "{}/small.yaml", "--input", "{}/in.ndjson"]),
    ("in.json", ["transform", "--mapping", "{}/small.yaml", "--input", "{}/in.json"]),
    ("in.csv", ["preview", "{}/small.yaml", "--input", "{}/in.csv"]),
    ("in.csv", ["validate", "--schema", "{}/target.json", "--input", "{}/in.csv"]),
    ("in.ndjson", ["validate", "--schema", "{}/target.json", "--input", "{}/in.ndjson"]),
    ("in.json", ["validate", "--schema", "{}/target.json", "--input", "{}/in.json", "--each"]),
    ("in.csv", ["init", "{}/new", "--sample", "{}/in.csv"]),
    ("in.json", ["init", "{}/new", "--sample", "{}/in.json"]),
    ("in.csv", ["run", "--project", "{}"]), ("in.csv", ["extract", "--project", "{}"]), ("in.csv", ["check", "--project", "{}"]),
    ("in.csv", ["plan", "--project", "{}"]),
    ("in.ndjson", ["eval", "name", "--input", "{}/in.ndjson"]), ("in.json", ["eval", "name", "--input", "{}/in.json"]),
    ("target.json", ["validate", "--schema", "{}/target.json", "--input", "{}/in.csv"]),
    ("target.json", ["check", "{}/people.yaml"]),
    ("target.json", ["init", "{}/new", "--sample", "{}/in.csv", "--schema", "{}/target.json"]),
    ("cities.csv", ["check", "{}/people.yaml"]), ("cities.csv", transform(keys: "keys.csv")),
    ("custom.json", ["check", "{}/people.yaml"]),
    ("custom.json", ["check", "{}/small.yaml", "--custom-fields", "{}/custom.json"]),
    ("custom.json", ["test", "{}/small.yaml", "--custom-fields", "{}/custom.json"]),
    ("custom.json", ["preview", "{}/small.yaml", "--input", "{}/in.csv", "--custom-fields", "{}/custom.json"]),
    ("keys.csv", transform(keys: "keys.csv")), ("keys.txt", transform(keys: "keys.txt")),
  ]

  static func transform(keys: String) -> [String] {
    ["transform", "--mapping", "{}/people.yaml", "--input", "{}/in.csv", "--keys", "bosses={}/\(keys)"]
  }

  static func run(_ number: Int, _ content: ([UInt8]) throws -> [UInt8]) async throws -> Ended {
    try await withFolder { folder in
      for (name, text) in files {
        let bytes = name == uses[number].file ? try content(Array(text.utf8)) : Array(text.utf8)
        try Data(bytes).write(to: URL(filePath: "\(folder)/\(name)"))
      }
      let state = uses[number].command.contains("--project") ? [] : ["--state", "\(folder)/none"]
      var ended = await waybill(uses[number].command.map { $0.replacing("{}", with: folder) } + state)
      ended.error = ended.error.replacing(folder, with: "F")
      ended.output = ended.output.replacing(folder, with: "F")
      return ended
    }
  }

  static func utf16(_ bytes: [UInt8]) -> [UInt8] {
    String(decoding: bytes, as: UTF8.self).utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
  }

  static func gzip(_ bytes: [UInt8]) throws -> [UInt8] {
    let file = FileManager.default.temporaryDirectory.appending(path: "waybill-\(UUID().uuidString)")
    try Data(bytes).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["gzip", "-c", file.path]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let packed = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return Array(packed)
  }

  @Test(arguments: uses.indices)
  func `UTF-16, gzip and a second byte order mark change nothing`(_ number: Int) async throws {
    let plain = try await Self.run(number) { $0 }
    #expect([.done, .recordsFailed].contains(plain.code) || Self.uses[number].command[0] == "plan", "\(plain.error)")
    let forms: [(String, ([UInt8]) throws -> [UInt8])] = [
      ("UTF-16 with a mark", { [0xFF, 0xFE] + Self.utf16($0) }), ("UTF-16", Self.utf16), ("gzip", Self.gzip),
      ("gzip of UTF-16", { try Self.gzip(Self.utf16($0)) }), ("two marks", { [0xEF, 0xBB, 0xBF, 0xEF, 0xBB, 0xBF] + $0 }),
    ]
    for (name, form) in forms {
      let ended = try await Self.run(number, form)
      #expect(ended.code == plain.code, "\(name): \(ended.error)")
      // What a run prints has its ID and its times.
      guard !["run", "extract"].contains(Self.uses[number].command[0]) else { continue }
      #expect(Self.withoutSizes(ended.output) == Self.withoutSizes(plain.output), "\(name)")
    }
  }

  /// A plan prints how large the file is.
  private static func withoutSizes(_ text: String) -> String {
    text.replacing(/[\d.]+ k?B\b/, with: "").replacing(#/ +/#, with: " ")
  }

  @Test(arguments: uses.indices)
  func `a file that is not text is refused with what it is, in every place`(_ number: Int) async throws {
    let kinds: [([UInt8], String)] = [
      (
        Array("PK\u{3}\u{4}".utf8) + [UInt8](repeating: 0, count: 22) + Array("xl/workbook.xml".utf8),
        "is an Excel workbook (XLSX)"
      ),
      (Array("<!DOCTYPE html><title>Sign in</title>".utf8), "is an HTML page, such as a login or error page"),
      (Array("%PDF-1.7\n".utf8), "is a PDF document"), (Array("SQLite format 3\0".utf8), "is a SQLite database"),
      ([0x28, 0xB5, 0x2F, 0xFD], "is compressed with zstd"), ([0xFF, 0xD8, 0xFF], "is an image (JPEG)"),
      ([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1], "is an Excel workbook in the old format (.xls)"),
    ]
    for (bytes, what) in kinds {
      let ended = try await Self.run(number) { _ in bytes }
      #expect(ended.code == .wrongFile, "\(what): \(ended.error)")
      #expect(ended.error.contains(what) && ended.error.contains(Self.uses[number].file), "\(ended.error)")
    }
  }
}
