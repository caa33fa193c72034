import Core
import Foundation
import Report
import TestSupport
import Testing
import Transform

@testable import Pipeline
@testable import Workbench

/// Names and values in the data that look the same but differ in their bytes, from the input to the outputs.
@Suite struct NamesTests {
  /// é as one code point, and as a letter with a combining accent.
  static let one = "caf\u{E9}"
  static let two = "cafe\u{301}"

  private func run(
    _ mapping: String, input: String, format: String = "csv", files: [String: String] = [:],
    _ change: (inout TransformJob.Options, String) -> Void = { _, _ in }
  ) async throws -> (report: TransformJob.Report, output: String?) {
    let folder = TemporaryFolder()
    try folder.write("m.yaml", mapping)
    try folder.write("in.\(format)", input)
    for (name, text) in files { try folder.write(name, text) }
    var options = TransformJob.Options(mapping: "\(folder.path)/m.yaml", input: "\(folder.path)/in.\(format)")
    options.output = "\(folder.path)/out.ndjson"
    change(&options, folder.path)
    let report = await TransformJob(options).run()
    return (report, folder.read("out.ndjson"))
  }

  private func mapping(_ fields: String, key: String = "id", rules: String = "", schema: String? = nil) -> String {
    """
    mapping: 1
    name: m
    source: {entity: person, key: \(key)}
    target: {entity: person, key: id\(schema.map { ", schema: \($0)" } ?? "")}
    fields:
      id: \(key)
    \(fields)
    \(rules)
    """
  }

  @Test(
    "a column in another Unicode form is another column",
    arguments: [
      ("x: \(one)", "id,\(two)", "the same letters in another Unicode form"),
      ("x: \(two)", "id,\(one)", "'\u{E9}' is U+0065 U+0301 here, U+00E9 there"),
      ("x: {expr: \"record['\(one)']\"}", "id,\(two)", "the same letters in another Unicode form"),
      ("x: Company", "id,\u{421}ompany", "U+0421 CYRILLIC CAPITAL LETTER ES there"),
      ("x: Email", "id,Email\u{200B}", "U+200B ZERO WIDTH SPACE"), ("x: email", "id,EMAIL", "differs only in case"),
      ("x: \u{D55C}", "id,\u{1112}\u{1161}\u{11AB}", "the same letters in another Unicode form"),
    ])
  func column(field: String, header: String, hint: String) async throws {
    let (report, output) = try await run(mapping("  " + field), input: "\(header)\n1,v\n")
    #expect(report.exitCode == .wrongFile && output == nil)
    let errors = report.diagnostics.all.filter { $0.severity == .error }
    #expect(errors.map(\.code) == [.missingColumn])
    #expect(errors.first?.hint?.contains(hint) == true, "\(errors.first?.hint ?? "-")")
  }

  @Test("two columns whose names differ only in Unicode form are two columns")
  func twoColumns() async throws {
    let fields = "  a: \(Self.one)\n  b: \(Self.two)\n  c: {expr: \"record['\(Self.two)'] + record['\(Self.one)']\"}"
    let (report, output) = try await run(
      mapping("  a: \(Self.one)\n  b: \(Self.two)"), input: "id,\(Self.one),\(Self.two)\n1,x,y\n")
    #expect(report.exitCode == .done)
    #expect(output == #"{"id":"1","a":"x","b":"y"}"# + "\n")
    let shape =
      #"{"properties": {"id": {"type": "string"}, "\#(Self.one)": {"type": "string"}, "\#(Self.two)": {"type": "string"}},"#
      + #" "required": ["id", "\#(Self.one)", "\#(Self.two)"]}"#
    let strict = mapping(fields).replacingOccurrences(of: "key: id}\ntarget", with: "key: id, schema: s.json}\ntarget")
    let (other, text) = try await run(
      strict, input: #"{"id":"1","caf\u00e9":"x","cafe\u0301":"y"}"#, format: "ndjson", files: ["s.json": shape])
    #expect(other.diagnostics.all.filter { $0.severity == .error }.map(\.message) == [])
    #expect(text == #"{"id":"1","a":"x","b":"y","c":"yx"}"# + "\n")
  }

  @Test("a sample has a field for each of two columns that look the same")
  func sample() throws {
    let folder = TemporaryFolder()
    try folder.write("s.csv", "id,\(Self.one),\(Self.two)\n1,x,\n2,,y\n")
    let profile = try SampleProfile(path: "\(folder.path)/s.csv", format: nil)
    #expect(profile.fields.map(\.name).isExactly(["id", Self.one, Self.two]))
    #expect(profile.fields.map(\.filled) == [2, 1, 1])
  }

  @Test("a repeated header in the same bytes is still a duplicate")
  func sameHeader() async throws {
    let (report, _) = try await run(mapping("  a: \(Self.one)"), input: "id,\(Self.one),\(Self.one)\n1,x,y\n")
    #expect(report.exitCode != .done && report.summary.counts.written == 0)
  }

  @Test("JSON members in both forms are two members; in the same form they are a duplicate")
  func members() async throws {
    let text =
      mapping("  a: \(Self.one)").replacingOccurrences(
        of: "key: id}\ntarget", with: "key: id, extra: {\(Self.one): any}}\ntarget"
      )
      .replacingOccurrences(of: "entity: person, key: id,", with: "entity: contact, key: id,")
    let (report, output) = try await run(
      text,
      input: #"{"id":"1","cafe\u0301":"y","caf\u00e9":"x"}"# + "\n" + "{\"id\":\"2\",\"caf\\u00e9\":1,\"\(Self.one)\":2}\n",
      format: "ndjson")
    #expect(output == #"{"id":"1","a":"x"}"# + "\n")
    #expect(report.summary.counts.codes[.duplicateMember] == 1)
  }

  @Test("keys of unique, merge and lookups are compared by their bytes")
  func keys() async throws {
    let rows = "id,n\n1,\(Self.one)\n2,\(Self.two)\n3,\(Self.one)\n"
    let (unique, kept) = try await run(mapping("  n: n", rules: "unique: [n]"), input: rows)
    #expect(kept?.split(separator: "\n").count == 2)
    #expect(unique.summary.counts.codes[.notUnique] == 1)
    let (_, merged) = try await run(mapping("  n: n", rules: "merge: {by: [n], keep: first}"), input: rows)
    #expect(merged == "{\"id\":\"1\",\"n\":\"\(Self.one)\"}\n{\"id\":\"2\",\"n\":\"\(Self.two)\"}\n")
    let lookups = "lookups:\n  t: {\"caf\\u00e9\": 1, \"cafe\\u0301\": 2}"
    let (looked, values) = try await run(mapping("  n: {from: n, do: [{lookup: t}]}", rules: lookups), input: rows)
    #expect(looked.diagnostics.all.filter { $0.severity == .error } == [])
    #expect(values == "{\"id\":\"1\",\"n\":1}\n{\"id\":\"2\",\"n\":2}\n{\"id\":\"3\",\"n\":1}\n")
    let file = mapping("  n: {from: n, do: [{lookup: t}]}", rules: "lookups:\n  t: {file: t.csv, key: k, values: v}")
    let (_, found) = try await run(file, input: rows, files: ["t.csv": "k,v\n\(Self.two),b\n\(Self.one),a\n"])
    #expect(found == "{\"id\":\"1\",\"n\":\"a\"}\n{\"id\":\"2\",\"n\":\"b\"}\n{\"id\":\"3\",\"n\":\"a\"}\n")
  }

  @Test("a lookup key in the other form is a miss")
  func miss() async throws {
    let lookups = "lookups:\n  t: {\"\(Self.one)\": x}"
    let (report, _) = try await run(mapping("  n: {from: n, do: [{lookup: t}]}", rules: lookups), input: "id,n\n1,\(Self.two)\n")
    #expect(report.summary.counts.codes[.lookupMiss] == 1)
  }

  @Test("a reference in the other form is an orphan")
  func orphan() async throws {
    let (report, output) = try await run(
      mapping("  n: {from: n, references: cafes}"), input: "id,n\n1,\(Self.one)\n2,\(Self.two)\n",
      files: ["keys.txt": Self.one + "\n"]
    ) { options, folder in options.keys = [KeysFile("cafes=\(folder)/keys.txt")].compactMap(\.self) }
    #expect(output == "{\"id\":\"1\",\"n\":\"\(Self.one)\"}\n")
    #expect(report.summary.counts.codes[.orphan] == 1)
  }

  @Test("a target field in the other form is unknown, and the one that the schema requires is not mapped")
  func target() async throws {
    let schema =
      #"{"type":"object","required":["id","caf\u00e9"],"properties":{"id":{"type":"string"},"caf\u00e9":{"type":"string"}}}"#
    let (report, _) = try await run(
      mapping("  \(Self.two): id", schema: "s.json"), input: "id\n1\n", files: ["s.json": schema])
    #expect(report.exitCode == .wrongFile)
    let errors = report.diagnostics.all.filter { $0.severity == .error }
    #expect(errors.map(\.code) == [.unknownTargetField])
    #expect(errors.first?.hint?.contains("the same letters in another Unicode form") == true)
    let open = schema.replacingOccurrences(of: #""properties""#, with: #""additionalProperties":true,"properties""#)
    let (other, _) = try await run(mapping("  \(Self.two): id", schema: "s.json"), input: "id\n1\n", files: ["s.json": open])
    #expect(other.diagnostics.all.filter { $0.severity == .error }.map(\.code) == [.requiredNotMapped])
    #expect(other.diagnostics.all.first { $0.code == .requiredNotMapped }?.hint?.contains("another Unicode form") == true)
    #expect(other.diagnostics.all.contains { $0.severity == .warning && $0.code == .similarNames })
    let (both, output) = try await run(
      mapping("  \(Self.two): id\n  \(Self.one): id", schema: "s.json"), input: "id\n1\n", files: ["s.json": open])
    #expect(both.exitCode == .done)
    #expect(output == "{\"id\":\"1\",\"\(Self.two)\":\"1\",\"\(Self.one)\":\"1\"}\n")
  }

  @Test("two fields, or two vars, that look the same are distinct, and that is reported")
  func twins() async throws {
    for other in [Self.two, "caf\u{E9}\u{200B}", "c\u{430}f\u{E9}"] {
      let (fields, output) = try await run(mapping("  \(Self.one): id\n  \(other): id"), input: "id\n1\n")
      #expect(fields.exitCode == .done)
      #expect(output == "{\"id\":\"1\",\"\(Self.one)\":\"1\",\"\(other)\":\"1\"}\n")
      let warnings = fields.diagnostics.all.filter { $0.code == .similarNames }
      #expect(
        warnings.map(\.message).map { Name($0) } == [Name("'\(other)' looks like the field '\(Self.one)' but is a different one")]
      )
      let (vars, _) = try await run(
        mapping("  a: vars.\(Self.one)\n  b: vars.\(other)") + "vars: {\(Self.one): id, \(other): id}\n", input: "id\n1\n")
      #expect(
        vars.diagnostics.all.contains { $0.code == .similarNames && $0.message.contains("the var") }, "\(vars.diagnostics.all)")
    }
    let (plain, _) = try await run(mapping("  caf\u{E9}: id\n  cafes: id\n  Cafes: id"), input: "id\n1\n")
    #expect(!plain.diagnostics.all.contains { $0.code == .similarNames })
  }

  @Test("an enum member in the other form is not a member, at compile time and at run time")
  func enumeration() async throws {
    let schema = #"{"type":"object","properties":{"id":{"type":"string"},"n":{"enum":["caf\u00e9"]}}}"#
    let (fixed, _) = try await run(
      mapping("  n: {const: \"\(Self.two)\"}", schema: "s.json"), input: "id\n1\n", files: ["s.json": schema])
    let errors = fixed.diagnostics.all.filter { $0.severity == .error }
    #expect(errors.map(\.code) == [.enumMember])
    #expect(errors.first?.hint?.contains("the same letters in another Unicode form") == true)
    let (report, output) = try await run(
      mapping("  n: n", schema: "s.json"), input: "id,n\n1,\(Self.one)\n2,\(Self.two)\n", files: ["s.json": schema])
    #expect(output == "{\"id\":\"1\",\"n\":\"\(Self.one)\"}\n")
    #expect(report.summary.counts.codes[.schemaEnum] == 1)
  }
}
