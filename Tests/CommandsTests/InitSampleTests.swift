import Core
import Foundation
import Testing

@testable import Commands

/// `init --sample`: what it proposes for the samples in `fixtures/golden/init` stands beside them.
@Suite("init --sample")
struct InitSampleTests {
  static let golden = checkout + "/fixtures/golden/init"

  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    var sample: String
    var options: [String] = []
    var mapping: String
    /// What the target requires but the sample does not have.
    var missing: [String] = []
    var testDescription: String { name }
  }

  static let cases = [
    Case(
      name: "people-csv", sample: "people.csv", options: ["--schema", "app.schema.json"], mapping: "people",
      missing: ["status", "tenant"]),
    Case(
      name: "ghl", sample: "contacts.ndjson", options: ["--schema", "app.schema.json"], mapping: "contacts", missing: ["status"]),
    Case(name: "bare", sample: "orders.ndjson", mapping: "orders"),
    Case(
      name: "openapi", sample: "people.json", options: ["--openapi", "api.yaml#/components/schemas/Person"], mapping: "people"),
  ]

  /// The case's options with the whole path of its files.
  private static func arguments(_ item: Case, folder: String) -> [String] {
    var arguments = ["init", folder, "--sample", "\(golden)/\(item.name)/\(item.sample)"]
    for option in item.options { arguments.append(option.hasPrefix("--") ? option : "\(golden)/\(item.name)/\(option)") }
    return arguments
  }

  @Test(arguments: cases)
  func `The proposed mapping is the expected one, compiles, and runs on the sample`(item: Case) async throws {
    try await withFolder { folder in
      let ended = await waybill(Self.arguments(item, folder: folder + "/it"))
      #expect(ended.code == .done, "\(ended.error)")
      let mapping = folder + "/it/mappings/\(item.mapping).yaml"
      let text = try String(contentsOfFile: mapping, encoding: .utf8)
      let expected = "\(Self.golden)/\(item.name)/expected.yaml"
      if ProcessInfo.processInfo.environment["WAYBILL_REWRITE_GOLDEN"] == "1" {
        try text.write(toFile: expected, atomically: true, encoding: .utf8)
      }
      #expect(text == (try? String(contentsOfFile: expected, encoding: .utf8)))

      // An open required field is an error until it is mapped; without it the mapping runs.
      let code: Core.ExitCode = item.missing.isEmpty ? .done : .wrongFile
      let checked = await waybill("check", mapping)
      #expect(checked.code == code, "\(checked.error)")
      for name in item.missing { #expect(checked.error.contains("required-not-mapped: ") && checked.error.contains("'\(name)'")) }
      let run = await waybill(
        "transform", "--mapping", mapping, "--input", "\(Self.golden)/\(item.name)/\(item.sample)", "--output",
        folder + "/out.ndjson", "--summary", folder + "/summary.json", "--lenient")
      #expect(run.code == code, "\(run.error)")
      if code == .done {
        let summary = try JSONReader.read(String(contentsOfFile: folder + "/summary.json", encoding: .utf8))
        #expect(summary["read"] == summary["written"], "\(run.error)")
      }

      // What it advises works as printed, from where `cd` leads.
      let advised = ended.error.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
      let check = try #require(advised.first { $0.hasPrefix("waybill check") })
      let words = check.components(separatedBy: "  ")[0].split(separator: " ").dropFirst().map(String.init)
      let named = words.map { $0.hasPrefix("mappings/") ? folder + "/it/" + $0 : $0 }
      let advice = await waybill(Array(named) + ["--project", folder + "/it"])
      #expect(advice.code == code, "\(advice.error)")

      // A whole project.
      let project = await waybill("check", "--project", folder + "/it")
      #expect(project.code == code, "\(project.error)")
      for schema in ["mapping", "pipeline"] {
        #expect(FileManager.default.fileExists(atPath: folder + "/it/.waybill/\(schema).schema.json"))
      }
    }
  }

  @Test func `The project runs, and a preview of the run shows the records that had a problem`() async throws {
    try await withFolder { folder in
      #expect(await waybill(Self.arguments(Self.cases[0], folder: folder)).code == .done)
      // A person fills in what the sample does not show.
      let mapping = folder + "/mappings/people.yaml"
      let text = try String(contentsOfFile: mapping, encoding: .utf8)
      try text.replacing("\nfields:\n", with: "\nfields:\n  status: {const: unknown}\n  tenant: {const: acme}\n")
        .write(toFile: mapping, atomically: true, encoding: .utf8)
      let project = ["--project", folder]
      let run = await waybill(["run", "--json"] + project)
      #expect(run.code == .done, "\(run.error)")
      let summary = try JSONReader.read(run.output)
      #expect(summary["entities"]?["people"]?["read"] == .number(4))
      let id = try #require(summary["run"]?.stringValue)
      func keys(_ options: String...) async throws -> [String?] {
        let preview = await waybill(["preview", folder + "/mappings/people.yaml", "--run", id, "--json"] + options + project)
        #expect(preview.code == .done, "\(preview.error)")
        return try JSONReader.read(preview.output).arrayValue?.map { $0["record"]?.stringValue } ?? []
      }
      #expect(try await keys("--code", "email-invalid") == ["104"])
      let faulty = try await keys()
      #expect(faulty.contains("104"))
      #expect(!faulty.contains("101"))
    }
  }

  @Test func `Nothing is overwritten`() async throws {
    try await withFolder { folder in
      let item = Self.cases[0]
      #expect(await waybill(Self.arguments(item, folder: folder)).code == .done)
      let before = try String(contentsOfFile: folder + "/mappings/people.yaml", encoding: .utf8)
      let again = await waybill(Self.arguments(item, folder: folder))
      #expect(again.code == .cannotWrite)
      #expect(again.error.contains("already"))
      #expect(try String(contentsOfFile: folder + "/mappings/people.yaml", encoding: .utf8) == before)
    }
  }

  static let deep = String(repeating: #"{"a":"#, count: 900) + "1" + String(repeating: "}", count: 900)
  static let wide = "{" + (0..<1000).map { "\"column \($0)\":\"value \($0)\"" }.joined(separator: ",") + "}"
  static let odd: [(name: String, text: String)] = [
    ("deep.ndjson", #"{"id":"1","x":\#(deep)}"#), ("wide.ndjson", wide),
    (
      "names.ndjson",
      ##"{"a.b":1,"a":{"b":2},"c d":"x","it's \"so\"":"y","":"z","vars":"v","true":"t","日本":"n","1st":3,"#":"h","[x]":4,"q\"":5}"##
    ),
    ("mixed.ndjson", "{\"a\":1}\n{\"a\":{\"b\":2}}\n{\"a\":[1,{\"c\":2}]}\n{\"a\":null}\n[1]\nnope\n{\"a\":true}"),
    ("twice.ndjson", "{\"firstName\":\"a\",\"first_name\":\"b\",\"First Name\":\"c\",\"FIRSTNAME\":\"d\"}"),
    ("head.csv", "id,Full Name,\"a,b\"\n1,Ada,x\n2,Bob\n"), ("numbers.csv", "1,2,3\na,b,c\n"),
    ("2024 report (final).v2.ndjson", "{\"id\":\"x\",\"when\":\"2024-01-01T00:00:00Z\"}"),
    ("list.json", "[{\"id\":1,\"tags\":[\"a\"],\"empty\":[],\"none\":null,\"object\":{}}]"),
    ("line-breaks.ndjson", "{\"id\":\"1\",\"a\\nb: c\":\"x\",\"tab\\there\":\"y\",\"#! \\u2028\":\"z\"}"),
  ]

  /// Samples in which nothing identifies a record.
  static let keyless: Set<String> = ["wide.ndjson", "mixed.ndjson", "twice.ndjson"]

  @Test(arguments: odd.indices, [false, true])
  func `For an odd sample, the proposed mapping compiles except for fields that stay open`(index: Int, withSchema: Bool)
    async throws
  {
    let item = Self.odd[index]
    try await withFolder { folder in
      try item.text.write(toFile: "\(folder)/\(item.name)", atomically: true, encoding: .utf8)
      let schema = withSchema ? ["--schema", "\(Self.golden)/people-csv/app.schema.json"] : []
      let ended = await waybill(["init", folder + "/it", "--sample", "\(folder)/\(item.name)"] + schema)
      #expect(ended.code == .done, "\(ended.error)")
      let names = try FileManager.default.contentsOfDirectory(atPath: folder + "/it/mappings").filter { $0.hasSuffix(".yaml") }
      let mapping = folder + "/it/mappings/" + (try #require(names.first))
      let checked = await waybill("check", mapping)
      let isKeyless = Self.keyless.contains(item.name)
      let errors = checked.error.split(separator: "\n").filter {
        $0.contains(": error: ") && !$0.contains("required-not-mapped") && !(isKeyless && $0.contains("needs the key 'key'"))
      }
      #expect(errors.isEmpty, "\(checked.error)")
      #expect(checked.code == (withSchema || isKeyless ? .wrongFile : .done), "\(checked.error)")
      #expect(ended.error.contains("`source` has a key") == isKeyless, "\(ended.error)")
      guard !withSchema, !isKeyless else { return }
      let run = await waybill(
        "transform", "--mapping", mapping, "--input", "\(folder)/\(item.name)", "--output", folder + "/out.ndjson", "--lenient")
      #expect(run.code == .done, "\(run.error)")
    }
  }

  @Test func `If nothing identifies a record, the mapping has no key, and check asks for one`() async throws {
    try await withFolder { folder in
      try "Net Price,Qty,Remark\n1.5,1,a b\n2.5,2,c d\n".write(toFile: folder + "/prices.csv", atomically: true, encoding: .utf8)
      let ended = await waybill("init", folder + "/it", "--sample", folder + "/prices.csv")
      #expect(ended.code == .done, "\(ended.error)")
      let printed = ended.error.split(separator: "\n").joined(separator: " ")
      #expect(printed.contains("fails until `source` has a key: no field of the sample identifies a record."), "\(printed)")
      #expect(!printed.contains("`review`"), "\(printed)")
      let mapping = folder + "/it/mappings/prices.yaml"
      let text = try String(contentsOfFile: mapping, encoding: .utf8)
      for line in [
        "# No field of the sample identifies a record. Add `key: FIELD` to `source`", "# Then add `key: FIELD` to `target`",
        "source: {entity: prices, schema: schemas/prices.source.schema.json}", "target: {entity: prices}",
        "netPrice: \"Net Price\"",
      ] {
        #expect(text.contains(line), "\(line)\n\(text)")
      }
      let checked = await waybill("check", mapping)
      #expect(checked.code == .wrongFile && checked.error.contains("source needs the key 'key'"), "\(checked.error)")
      // What the comments say to add.
      try text.replacing("source: {entity: prices,", with: "source: {entity: prices, key: Remark,").replacing(
        "target: {entity: prices}", with: "target: {entity: prices, key: remark}"
      ).write(toFile: mapping, atomically: true, encoding: .utf8)
      let completed = await waybill("check", mapping)
      #expect(completed.code == .done, "\(completed.error)")
    }
  }

  static let guesses: [(header: String, row: String, message: String?)] = [
    ("id,name", "1,Ada", nil), ("id,full_name", "1,Ada", "Each guess has the key `review` with the reason; remove the key"),
    ("ref,id,name", "a,1,Ada", nil),
    ("reference,name", "a,Ada", "The guesses in `source` and `target` have the key `review` with the reason; remove the key"),
    ("reference,full_name", "a,Ada", "Each guess has the key `review` with the reason, also in `source` and `target`; remove"),
  ]

  @Test(arguments: guesses)
  func `The review key is explained only if the mapping has it, and with its place`(header: String, row: String, message: String?)
    async throws
  {
    try await withFolder { folder in
      try "\(header)\n\(row)\n".write(toFile: folder + "/p.csv", atomically: true, encoding: .utf8)
      try #"{"type":"object","properties":{"id":{"type":"string"},"name":{"type":"string"}}}"#
        .write(toFile: folder + "/a.json", atomically: true, encoding: .utf8)
      let ended = await waybill("init", folder + "/it", "--sample", folder + "/p.csv", "--schema", folder + "/a.json")
      #expect(ended.code == .done, "\(ended.error)")
      let printed = ended.error.split(separator: "\n").joined(separator: " ")
      #expect(printed.contains("`review`") == (message != nil), "\(printed)")
      if let message { #expect(printed.contains(message), "\(printed)") }
      let text = try String(contentsOfFile: folder + "/it/mappings/p.yaml", encoding: .utf8)
      #expect(text.contains("review: ") == (message != nil), "\(text)")
      for part in ["source", "target"] {
        let line = try #require(text.split(separator: "\n").first { $0.hasPrefix("\(part):") })
        #expect(line.contains("review: ") == (message?.contains("`\(part)`") == true), "\(line)")
      }
    }
  }

  @Test func `The pipeline says what its gates do, and check accepts it`() async throws {
    try await withFolder { folder in
      try "id\n1\n".write(toFile: folder + "/p.csv", atomically: true, encoding: .utf8)
      #expect(await waybill("init", folder + "/sample", "--sample", folder + "/p.csv").code == .done)
      #expect(await waybill("init", folder + "/usual").code == .done)
      #expect(
        await waybill("init", folder + "/api", "--openapi", checkout + "/fixtures/openapi/your-app.openapi.json").code == .done)
      for project in ["sample", "usual", "api"] {
        let text = try String(contentsOfFile: "\(folder)/\(project)/waybill.yaml", encoding: .utf8)
        let gates = try #require(text.components(separatedBy: "\n# Gates stop a run").last.map { "\n# Gates stop a run" + $0 })
        // Each gate has its comment above it.
        let lines = gates.split(separator: "\n")
        for (index, line) in lines.enumerated() where line.hasSuffix("}") {
          #expect(lines[index - 1].hasPrefix("  # "), "\(project): \(line)")
        }
        #expect(lines.filter { $0.hasSuffix("}") }.count == (project == "sample" ? 3 : 4), "\(text)")
        #expect(await waybill("check", "--project", "\(folder)/\(project)").code == .done)
      }
    }
  }

  @Test(arguments: [
    ("a.ndjson", "", "has no records"), ("a.ndjson", "\n\n", "has no records"),
    ("a.ndjson", "[1]\n\"x\"\n", "line 1: the record is not an object"),
    ("a.ndjson", "{}\n{\"a\":null}\n", "no field of the sample"), ("a.csv", "id,name\n", "has no records"),
    ("a.txt", "x", "--input-format"),
  ])
  func `A sample without anything to read is refused with a message`(name: String, text: String, message: String) async throws {
    try await withFolder { folder in
      try text.write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
      let ended = await waybill("init", folder + "/it", "--sample", "\(folder)/\(name)")
      #expect(ended.code != .done && ended.code != .fault)
      #expect(ended.error.contains(message), "\(ended.error)")
      #expect(!FileManager.default.fileExists(atPath: folder + "/it"))
    }
  }

  @Test(arguments: [
    ("s.yml", true), ("s.txt", true), ("schema", true), ("s.utf16", true), ("api#/components/schemas/Contact", true),
    ("refs.txt", true),
    ("json.yaml", false), ("s.json.gz", false),
  ])
  func `A schema is recognized by its content, whatever its file is called`(_ name: String, _ isConverted: Bool) async throws {
    try await withFolder { folder in
      let sample = folder + "/in.ndjson"
      let text = "# a contact\ntype: object\nproperties:\n  id: {type: string}\n  n: {type: [integer, 'null']}\n"
      let json = #"{"type": "object", "properties": {"id": {"type": "string"}, "n": {"type": ["integer", "null"]}}}"#
      let files = [
        "in.ndjson": #"{"id":"a","n":1}"#, "s.yml": text, "s.txt": text, "schema": text, "json.yaml": json,
        "api":
          "openapi: 3.0.3\ncomponents:\n  schemas:\n    Contact:\n      properties: {id: {type: string}, n: {$ref: 'part'}}\n",
        "part": "type: integer\nnullable: true\n",
        "refs.txt": "properties:\n  id: {type: string}\n  n: {$ref: 'api#/components/schemas/Contact/properties/n'}\n",
      ]
      for (name, text) in files { try text.write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8) }
      try text.data(using: .utf16)?.write(to: URL(filePath: folder + "/s.utf16"))
      try Data(FileContentTests.gzip(Array(json.utf8))).write(to: URL(filePath: folder + "/s.json.gz"))
      let made = await waybill("init", folder + "/it", "--sample", sample, "--schema", "\(folder)/\(name)")
      #expect(made.code == .done, "\(made.error)")
      #expect(made.error.contains("converted to JSON Schema") == isConverted, "\(made.error)")
      #expect(await waybill("check", "--project", folder + "/it").code == .done)
      let valid = await waybill("validate", "--schema", "\(folder)/\(name)", "--input", sample)
      #expect(valid.code == .done, "\(valid.error)")
      let mapping = """
        mapping: 1
        name: m
        source: {entity: person, key: id, schema: "\(name)"}
        target: {entity: person, key: id, schema: "\(name)"}
        fields: {id: id, n: n}
        """
      try mapping.write(toFile: folder + "/m.yaml", atomically: true, encoding: .utf8)
      let run = await waybill("transform", "--mapping", folder + "/m.yaml", "--input", sample, "--output", folder + "/out.ndjson")
      #expect(run.code == .done, "\(run.error)")
      #expect(try String(contentsOfFile: folder + "/out.ndjson", encoding: .utf8) == "{\"id\":\"a\",\"n\":1}\n")
    }
  }

  @Test func `A schema that is wrong, a pointer that leads nowhere, and options that do not go together are refused`()
    async throws
  {
    try await withFolder { folder in
      let sample = "\(Self.golden)/people-csv/people.csv"
      try #"{"type": "objekt"}"#.write(toFile: folder + "/s.json", atomically: true, encoding: .utf8)
      let wrong = await waybill("init", folder + "/a", "--sample", sample, "--schema", folder + "/s.json")
      #expect(wrong.code == .wrongFile)
      #expect(wrong.error.contains("s.json:1:10"), "\(wrong.error)")
      let api = "\(Self.golden)/openapi/api.yaml"
      let lost = await waybill("init", folder + "/a", "--sample", sample, "--openapi", api + "#/components/schemas/Persn")
      #expect(lost.code == .wrongFile)
      #expect(lost.error.contains("Person"), "\(lost.error)")
      #expect(await waybill("init", folder + "/a", "--schema", folder + "/s.json").code == .usage)
      #expect(await waybill("init", folder + "/a", "--sample", sample, "--ghl").code == .usage)
      #expect(await waybill("init", folder + "/a", "--sample", folder + "/none.csv").code == .inputMissing)
    }
  }
}
