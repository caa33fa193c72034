import Core
import Foundation
import TestSupport
import Testing
import Transform

@testable import Pipeline
@testable import Workbench

/// Where a run misses a name, and there is one that looks the same, the message says how the two differ.
@Suite struct LookAlikeHintTests {
  /// The messages of the ledger lines with a code, in their order.
  private static func messages(
    _ code: String, mapping: String, input: String, files: [String: String] = [:], threads: Int = 1,
    _ change: (inout TransformJob.Options) -> Void = { _ in }
  ) async throws -> [String] {
    let folder = TemporaryFolder()
    for (name, text) in files { try folder.write(name, text) }
    try folder.write("any.json", "true")
    try folder.write("in.ndjson", input)
    try folder.write(
      "m.yaml",
      "mapping: 1\nname: m\nsource: {entity: contact, key: id, schema: any.json}\ntarget: {entity: t, key: id}\n\(mapping)\n")
    var options = TransformJob.Options(mapping: folder.path + "/m.yaml", input: folder.path + "/in.ndjson")
    options.output = folder.path + "/out.ndjson"
    options.threads = threads
    options.keys = files.keys.contains("owners.txt") ? [try #require(KeysFile("owners=\(folder.path)/owners.txt"))] : []
    change(&options)
    let report = await TransformJob(options).run()
    #expect(report.failure == nil)
    #expect(report.diagnostics.all.filter { $0.severity == .error }.map(\.message) == [])
    let lines = try #require(folder.read("out.ndjson.ledger.ndjson")).split(separator: "\n").map {
      try JSONReader.read(String($0))
    }
    return lines.filter { $0["code"]?.stringValue == code }.compactMap { $0["message"]?.stringValue }
  }

  private static func records(_ values: [String]) -> String {
    values.enumerated().map { number, value in
      JSONValue.object([.init("id", .string("r\(number)")), .init("v", .string(value))]).text + "\n"
    }.joined()
  }

  static let misses: [(value: String, end: String)] = [
    ("vendor", ""), ("LEAD", ": did you mean 'Lead'? (differs only in case)"),
    (
      "cafe\u{301}",
      ": did you mean 'caf\u{E9}'? (the same letters in another Unicode form: '\u{E9}' is U+0065 U+0301 here, U+00E9 there)"
    ),
    (
      "\u{421}ompany",
      ": did you mean 'Company'? (look-alike letters: U+0421 CYRILLIC CAPITAL LETTER ES here, U+0043 LATIN CAPITAL LETTER C there)"
    ),
    ("Lead\u{200B}", ": did you mean 'Lead'? (an invisible character here: U+200B ZERO WIDTH SPACE)"),
    ("Lead ", ": did you mean 'Lead'? (spaces: 1 at the end here, none there)"), ("", ""),
    (String(repeating: "Lead ", count: 100), ""),
  ]

  @Test(arguments: [1, 3]) func `a lookup-miss names the key that looks the same`(threads: Int) async throws {
    let mapping = """
      lookups: {words: {Lead: a, "caf\\u00e9": b, Company: c}}
      vars: {x: {from: v, do: [{lookup: words}]}}
      fields:
        id: id
        plain: {from: v, do: [{lookup: words}], on_error: nullify}
        list: {from: [v, v], do: [{lookup: words}], on_error: nullify}
        fallback: {from: none, default: {from: v, do: [{lookup: words}]}}
        var: vars.x
      """
    let found = try await Self.messages(
      "lookup-miss", mapping: mapping, input: Self.records(Self.misses.map(\.value)), threads: threads)
    let base = ": the value has no entry in the lookup"
    let element = " (element 1 of the list)"
    for field in ["'plain'", "'fallback'", "'vars.x'", "'list'"] {
      // An empty text is null, which is not looked up.
      let wanted = Self.misses.filter { !$0.value.isEmpty }.map { miss in
        guard field == "'list'" else { return "\(field)\(base)\(miss.end)" }
        return miss.end.isEmpty ? "\(field)\(base)\(element)" : "\(field)\(element)\(base)\(miss.end)"
      }
      let own = found.filter { $0.hasPrefix(field) }
      #expect(own.map { Name($0) } == wanted.map { Name($0) }, "\(field)")
    }
  }

  @Test func `of a masked value, a hint shows neither its characters nor its like`() async throws {
    let mapping = """
      lookups: {words: {Lead: a}}
      fields:
        id: id
        email: {from: v, do: [{lookup: words}], on_error: nullify}
        owner: {from: v, references: owners}
      pii: {owner: hash}
      """
    let input = Self.records(["LEAD"])
    let files = ["owners.txt": "lead\n"]
    let end = ", but there is a key that looks the same: compare Unicode form, case, spaces and invisible characters"
    #expect(
      try await Self.messages("lookup-miss", mapping: mapping, input: input, files: files)
        == ["'email': the value has no entry in the lookup\(end)"])
    #expect(
      try await Self.messages("orphan", mapping: mapping, input: input, files: files)
        == ["'owner': 'owners' let no record with this key through\(end)"])
  }

  static let orphans: [(value: String, end: String)] = [
    ("k9", ""), ("K1", ": did you mean 'k1'? (differs only in case)"), ("ab", ": did you mean 'AB'? (differs only in case)"),
    (
      "cafe\u{301}",
      ": did you mean 'caf\u{E9}'? (the same letters in another Unicode form: '\u{E9}' is U+0065 U+0301 here, U+00E9 there)"
    ),
    (
      "\u{C5}sa",
      ": did you mean 'A\u{30A}sa'? (the same letters in another Unicode form: 'A\u{30A}' is U+00C5 here, U+0041 U+030A there)"
    ),
    ("k\u{200D}1", ": did you mean 'k1'? (an invisible character here: U+200D ZERO WIDTH JOINER)"),
    (" k1", ": did you mean 'k1'? (spaces: 1 at the start here, none there)"),
    (
      "\u{410}B",
      ": did you mean 'AB'? (look-alike letters: U+0410 CYRILLIC CAPITAL LETTER A here, U+0041 LATIN CAPITAL LETTER A there)"
    ),
  ]

  @Test(arguments: [1, 3], ["", "merge: {by: [v], keep: first}"])
  func `an orphan names the key that looks the same`(threads: Int, rule: String) async throws {
    let found = try await Self.messages(
      "orphan", mapping: "fields: {id: id, v: v, owner: {from: v, references: owners}}\n\(rule)",
      input: Self.records(Self.orphans.map(\.value)), files: ["owners.txt": "k1\nAB\ncaf\u{E9}\nA\u{30A}sa\n"], threads: threads)
    let wanted = Self.orphans.map { "'owner': 'owners' let no record with this key through\($0.end)" }
    #expect(found.map { Name($0) } == wanted.map { Name($0) })
  }

  @Test(arguments: [1, 3]) func `a field that never occurs names the one that is meant`(threads: Int) async throws {
    let mapping = """
      fields:
        id: id
        a: Email
        b: "caf\\u00e9"
        c: Company
        d: phnoe
        e: nothing_like_it
        f: {from: fax.number}
        g: {from: Fax.Number}
        h: {from: Fax.code}
      """
    let record = #"{"id":"r0","email":"x","cafe\u0301":1,"\u0421ompany":2,"phone":3,"Fax":{"number":4}}"# + "\n"
    // The names of later records matter as well, but not those of the twenty-first.
    let found = try await Self.messages(
      "never-present", mapping: mapping,
      input: #"{"id":"r1"}"# + "\nnot JSON\n" + record + Self.records((0..<900).map { "\($0)" }),
      threads: threads)
    let base = "', which the mapping reads"
    #expect(
      found.map { Name($0) } == [
        Name("no record has 'Email\(base): did you mean 'email'? (differs only in case)"),
        Name(
          "no record has 'caf\u{E9}\(base): did you mean 'cafe\u{301}'? (the same letters in another Unicode form: 'e\u{301}' is U+00E9 here, U+0065 U+0301 there)"
        ),
        Name(
          "no record has 'Company\(base): did you mean '\u{421}ompany'? (look-alike letters: U+0421 CYRILLIC CAPITAL LETTER ES there, U+0043 LATIN CAPITAL LETTER C here)"
        ),
        Name("no record has 'phnoe\(base): did you mean 'phone'?"), Name("no record has 'nothing_like_it\(base)"),
        Name("no record has 'fax.number\(base): did you mean 'Fax'? (differs only in case)"),
        Name("no record has 'Fax.Number\(base): did you mean 'number'? (differs only in case)"),
        Name("no record has 'Fax.code\(base)"),
      ])
  }

  @Test func `the names that absent fields are compared with are limited`() async throws {
    // 20 records of about 40 KB, which have 50000 names in all: four fields are compared with them.
    let records = (0..<20).map { record in
      let members = (0..<2500).map { "\"name\(record)x\($0)\":\($0 % 10)" }
      return "{\"id\":\"r\(record)\",\(members.joined(separator: ","))}\n"
    }
    let fields = (0..<300).map { "  f\($0): Name1x\($0)" }
    let found = try await Self.messages(
      "never-present", mapping: "fields:\n  id: id\n" + fields.joined(separator: "\n"), input: records.joined())
    #expect(found.count == 300)
    #expect(found.first?.hasSuffix("which the mapping reads: did you mean 'name1x0'? (differs only in case)") == true)
    #expect(found.map { $0.contains("did you mean") } == (0..<300).map { $0 < 4 })
  }

  @Test func `a field of elements that never occurs is looked for among those of elements`() async throws {
    let folder = TemporaryFolder()
    try folder.write("any.json", "true")
    try folder.write("in.ndjson", #"{"id":"c1","Name":1,"list":[{"name":"a"}]}"# + "\n")
    try folder.write(
      "m.yaml",
      "mapping: 1\nname: m\nsource: {entity: c, key: id, each: list, schema: any.json}\ntarget: {entity: t, key: [id, a]}\n"
        + "fields: {id: parent.id, a: item.name, b: item.NAME, c: parent.NAME}\n")
    var options = TransformJob.Options(mapping: folder.path + "/m.yaml", input: folder.path + "/in.ndjson")
    options.output = folder.path + "/out.ndjson"
    _ = await TransformJob(options).run()
    let lines = try #require(folder.read("out.ndjson.ledger.ndjson")).split(separator: "\n").map {
      try JSONReader.read(String($0))
    }
    #expect(
      lines.compactMap { $0["message"]?.stringValue } == [
        "no record has 'parent.NAME', which the mapping reads: did you mean 'Name'? (differs only in case)",
        "no record has 'item.NAME', which the mapping reads: did you mean 'name'? (differs only in case)",
      ])
  }

  @Test(arguments: [
    ("k.csv", "ID,name\n1,a\n", "id", "did you mean 'ID'? (differs only in case)"),
    (
      "k.csv", "i\u{200B}d,name\n1,a\n", "id",
      "did you mean 'i\u{200B}d'? (an invisible character there: U+200B ZERO WIDTH SPACE)"
    ),
    ("k.csv", "contactid,name\n1,a\n", "contactID", "did you mean 'contactid'? (differs only in case)"),
    (
      "k.ndjson", #"{"person":{"\u0456d":1}}"#, "person.id",
      "did you mean '\u{456}d'? (look-alike letters: U+0456 CYRILLIC SMALL LETTER"
    ),
    ("k.json", #"[{"Person":{"id":1}}]"#, "person.id", "did you mean 'Person'? (differs only in case)"),
    ("k.csv", "name\na\n", "id", "name the field, --keys owners="),
  ])
  func `a missing key column is reported with the one that was meant`(
    file: String, text: String, field: String, hint: String
  )
    async throws
  {
    let folder = TemporaryFolder()
    try folder.write(file, text)
    let keys = try #require(KeysFile("owners=\(folder.path)/\(file):\(field)"))
    let failure = #expect(throws: OperationFailure.self) { try keys.load(folder: folder.path) }
    let message = failure?.description ?? ""
    #expect(message.contains("the record has no '\(field)', which --keys owners requires: "), "\(message)")
    #expect(Array(message.utf8).firstRange(of: Array(hint.utf8)) != nil, "\(message)")
  }
}
