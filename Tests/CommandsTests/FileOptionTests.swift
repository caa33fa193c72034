import Core
import Foundation
import Testing

@testable import Commands

/// The options that say how a file is read, in every command that reads one.
@Suite struct FileOptionTests {
  static let mapping = """
    mapping: 1
    name: people
    source: {entity: contact, key: id}
    target: {entity: person, key: id}
    fields: {id: id, name: name}
    """

  static func withFiles<Value>(_ body: (String) async throws -> Value) async throws -> Value {
    try await withFolder { folder in
      for (name, text) in [
        ("people.yaml", mapping), ("people.csv", "id^name\n1^Ada, Countess\n"), ("people.ndjson", "{\"id\":\"1\"}\n"),
        ("people.json", "[{\"id\":\"1\"}]"), ("s.json", "{\"required\":[\"id\",\"name\"]}"),
      ] {
        try text.write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
      }
      return try await body(folder)
    }
  }

  /// The arguments of each command that reads `FILE`.
  static let commands = [
    ["transform", "--mapping", "{}/people.yaml", "--output", "{}/out.csv", "--input"],
    ["preview", "{}/people.yaml", "--input"],
    ["validate", "--schema", "{}/s.json", "--input"],
    ["init", "{}/new", "--sample"],
  ]

  static func run(_ command: [String], _ file: String, _ options: String..., in folder: String) async -> Ended {
    await waybill(
      command.map { $0.replacing("{}", with: folder) } + ["\(folder)/\(file)"] + options + ["--state", folder + "/none"])
  }

  @Test(arguments: commands) func `a delimiter is taken`(_ command: [String]) async throws {
    try await Self.withFiles { folder in
      let ended = await Self.run(command, "people.csv", "--delimiter", "^", in: folder)
      #expect(ended.code == .done, "\(ended.error)")
      switch command[0] {
      case "transform": #expect(TransformCommandTests.text(folder + "/out.csv") == "id,name\n1,\"Ada, Countess\"\n")
      case "preview": #expect(ended.output.contains("Ada, Countess"), "\(ended.output)")
      case "validate": #expect(ended.error.contains("1 valid"), "\(ended.error)")
      default:
        let pipeline = try #require(TransformCommandTests.text(folder + "/new/waybill.yaml"))
        #expect(pipeline.contains("people.csv\", delimiter: \"^\"}}"), "\(pipeline)")
        #expect(ended.error.contains("people.csv --delimiter"), "\(ended.error)")
        #expect(await waybill("run", "--project", folder + "/new").code == .done)
      }
    }
  }

  @Test(arguments: commands) func `an option that does not apply to the format is refused`(_ command: [String]) async throws {
    try await Self.withFiles { folder in
      for (file, option, value, fix) in [
        ("people.ndjson", "--delimiter", ";", "does not apply to ndjson: remove it, or pass --input-format csv"),
        ("people.json", "--skip-lines", "1", "does not apply to json: remove it, or pass --input-format csv"),
        ("people.ndjson", "--quotes", "strict", "does not apply to ndjson: remove it, or pass --input-format csv"),
        ("people.csv", "--records", "/a", "does not apply to csv: remove it, or pass --input-format json"),
      ] {
        let ended = await Self.run(command, file, option, value, in: folder)
        #expect(ended.code == .usage && ended.error.contains("\(option) \(fix)"), "\(ended.error)")
      }
    }
  }

  @Test(arguments: commands) func `a value that an option cannot have is refused with what it can have`(_ command: [String])
    async throws
  {
    try await Self.withFiles { folder in
      for (option, value, reason) in [
        ("--delimiter", "ab", "--delimiter 'ab': a delimiter is one ASCII character"),
        ("--skip-lines", "-1", "--skip-lines -1: it must be from 0 to 1000000"),
        ("--skip-lines", "1000001", "it must be from 0 to 1000000"),
        ("--quotes", "odd", "it must be lenient or strict"), ("--records", "contacts", "write it as /contacts"),
      ] {
        let ended = await Self.run(command, "people.csv", option, value, in: folder)
        #expect(ended.code == .usage && ended.error.contains(reason), "\(option): \(ended.error)")
      }
    }
  }

  @Test(arguments: commands) func `records are taken from inside a document`(_ command: [String]) async throws {
    try await Self.withFiles { folder in
      try #"{"data":{"people":[{"id":"1","name":"Ada"}]}}"#.write(
        toFile: folder + "/people.json", atomically: true, encoding: .utf8)
      let ended = await Self.run(command, "people.json", "--records", "/data/people", in: folder)
      #expect(ended.code == .done, "\(ended.error)")
      switch command[0] {
      case "transform": #expect(TransformCommandTests.text(folder + "/out.csv") == "id,name\n1,Ada\n")
      case "preview": #expect(ended.output.contains("Ada"), "\(ended.output)")
      case "validate": #expect(ended.error.contains("1 read, 1 valid"), "\(ended.error)")
      default: #expect(await waybill("run", "--project", folder + "/new").code == .done)
      }
      let wrong = await Self.run(
        command.map { $0.replacing("/new", with: "/other") }, "people.json", "--records", "/data", in: folder)
      #expect(wrong.code == .wrongFile && wrong.error.contains("did you mean /data/people?"), "\(wrong.error)")
    }
  }

  @Test(arguments: commands) func `an encoding is taken, and never guessed`(_ command: [String]) async throws {
    try await Self.withFiles { folder in
      try Data(Array("id,name\n1,Zo".utf8) + [0xEB, 0x0A]).write(to: URL(filePath: folder + "/people.csv"))
      let plain = await Self.run(command, "people.csv", in: folder)
      switch command[0] {
      case "init": #expect(plain.code == .wrongFile, "\(plain.error)")
      default:
        let shown = plain.output + plain.error + (TransformCommandTests.text(folder + "/out.csv.ledger.ndjson") ?? "")
        #expect(shown.contains("is not valid UTF-8 (byte 0xEB): if the file uses another encoding"), "\(shown)")
      }
      let ended = await Self.run(command, "people.csv", "--encoding", "windows-1252", in: folder)
      #expect(ended.code == .done, "\(ended.error)")
      if command[0] == "transform" { #expect(TransformCommandTests.text(folder + "/out.csv") == "id,name\n1,Zoë\n") }
      let unknown = await Self.run(command, "people.csv", "--encoding", "ansi", in: folder)
      #expect(unknown.code == .usage && unknown.error.contains("did you mean 'windows-1252'?"), "\(unknown.error)")
      let wrong = await Self.run(
        command.map { $0.replacing("/new", with: "/other") }, "people.csv", "--encoding", "us-ascii", in: folder)
      #expect(wrong.code == .wrongFile && wrong.error.contains("is not valid us-ascii (byte 0xEB on line 2"), "\(wrong.error)")
    }
  }

  @Test(arguments: [
    ("people.ndjson", "[\n{\"id\":\"1\"}\n]", "pass --input-format json"),
    ("people.ndjson", "id,name\n1,Ada\n", "pass --input-format csv"),
    ("people.json", "{\"contacts\":[{\"id\":\"1\",\"name\":\"Ada\"}]}", "pass --records /contacts"),
  ])
  func `if most records cannot be used, the message says how the file may be meant`(
    _ file: String, _ text: String, _ advice: String
  ) async throws {
    try await Self.withFiles { folder in
      try text.write(toFile: "\(folder)/\(file)", atomically: true, encoding: .utf8)
      for command in Self.commands {
        let ended = await Self.run(command, file, in: folder)
        // Only once: the advice is given in one place.
        #expect(ended.error.components(separatedBy: advice).count == 2, "\(command[0]): \(ended.error)")
      }
    }
  }

  @Test func `records of a snapshot are read as the snapshot says`() async throws {
    try await Self.withFiles { folder in
      let pipeline = """
        pipeline: p
        source: {csv: {contact: {path: people.csv, delimiter: "^"}}}
        mappings: [people.yaml]
        destinations: {f: {csv: {path: out.csv}}}
        """
      try pipeline.write(toFile: folder + "/waybill.yaml", atomically: true, encoding: .utf8)
      #expect(await waybill("run", "--project", folder).code == .done)
      let shown = await waybill("preview", folder + "/people.yaml", "--project", folder)
      #expect(shown.code == .done && shown.output.contains("Ada, Countess"), "\(shown.error)")
      let refused = await waybill("preview", folder + "/people.yaml", "--project", folder, "--delimiter", "^")
      #expect(refused.code == .usage, "\(refused.error)")
      #expect(refused.error.contains("--delimiter applies to an input file, but the records come from a snapshot"))
    }
  }

  @Test func `keys have a delimiter of their own`() async throws {
    try await Self.withFiles { folder in
      let mapping = Self.mapping.replacing("name: name", with: "name: name, other: {from: other, references: others}")
      try mapping.write(toFile: folder + "/people.yaml", atomically: true, encoding: .utf8)
      try "id^name^other\n1^Ada^7\n".write(toFile: folder + "/people.csv", atomically: true, encoding: .utf8)
      try "key|more\n7|x\n".write(toFile: folder + "/keys.csv", atomically: true, encoding: .utf8)
      let ended = await Self.run(
        Self.commands[0], "people.csv", "--delimiter", "^", "--keys", "others=\(folder)/keys.csv", "--keys-delimiter", "pipe",
        in: folder)
      #expect(ended.code == .done, "\(ended.error)")
      #expect(TransformCommandTests.text(folder + "/out.csv") == "id,name,other\n1,Ada,7\n")
      let alone = await Self.run(Self.commands[0], "people.csv", "--keys-delimiter", "pipe", in: folder)
      #expect(alone.code == .usage && alone.error.contains("require --keys"), "\(alone.error)")
    }
  }
}
