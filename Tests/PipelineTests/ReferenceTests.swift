import Control
import Core
import Foundation
import Report
import TestSupport
import Testing
import Transform

@testable import Pipeline
@testable import Workbench

@Suite struct ReferenceTests {
  private static let pipeline = """
    pipeline: test
    source: {ndjson: {contact: in/contacts.ndjson, note: in/notes.ndjson, task: in/tasks.ndjson}}
    mappings: [tasks.yaml, notes.yaml, contacts.yaml]
    destinations:
      files: {csv: {path: "out/{mapping}.csv"}}
    gates: {rejected: {max: 100}}
    """

  private static func mapping(_ name: String, _ entity: String, _ fields: String, rules: String = "") -> String {
    "mapping: 1\nname: \(name)\nsource: {entity: \(entity), key: id}\ntarget: {key: id}\nfields:\n  id: id\n\(fields)\n\(rules)"
  }

  private static func project(_ notes: String = "  contactId: {from: contactId, references: contacts}") throws -> Project {
    let contacts = mapping("contacts", "contact", "  name: {from: firstName, required: true}", rules: "unique: [name]")
    let project = try Project(pipeline: pipeline, mapping: contacts)
    try project.folder.write("notes.yaml", mapping("notes", "note", notes))
    try project.folder.write(
      "tasks.yaml", mapping("tasks", "task", "  title: {from: title, references: notes, on_error: nullify}"))
    try project.folder.write(
      "in/contacts.ndjson",
      #"{"id":"c1","firstName":"Ada"}\#n{"id":"c2"}\#n{"id":"c3","firstName":"Ada"}\#n{"id":"c4","firstName":"Bo"}"#)
    try project.folder.write(
      "in/notes.ndjson",
      #"{"id":"n1","contactId":"c1"}\#n{"id":"n2","contactId":"c2"}\#n{"id":"n3","contactId":"c3"}\#n{"id":"n4"}\#n{"id":"n5","contactId":"c9"}"#
    )
    try project.folder.write(
      "in/tasks.ndjson", #"{"id":"t1","title":"n1"}\#n{"id":"t2","title":"n2"}\#n{"id":"t3","title":null}"#)
    return project
  }

  @Test(arguments: [1, 3]) func `a value must be a key that the other mapping let through`(threads: Int) async throws {
    let project = try Self.project()
    let report = try await project.run { $0.threads = threads }
    #expect(report.summary.messages == [])
    #expect(report.exitCode == .done)
    #expect(project.folder.read("out/contacts.csv") == "id,name\nc1,Ada\nc4,Bo\n")
    #expect(project.folder.read("out/notes.csv") == "id,contactId\nn1,c1\nn4,\n")
    #expect(project.folder.read("out/tasks.csv") == "id,title\nt1,n1\nt3,\n")
    #expect(report.summary.entities.map(\.name) == ["tasks", "notes", "contacts"])
    #expect(report.summary.entities.map(\.codes) == [["orphan": 1], ["orphan": 3], ["required": 1, "not-unique": 1]])
    #expect(report.summary.unaccounted == 0)
    let rejects = try #require(project.file("files/notes.rejects.csv", of: report)).split(separator: "\n")
    #expect(
      rejects.dropFirst().map { $0.prefix(32) } == [
        "n2,rejected,2,orphan,contactId,'", "n3,rejected,3,orphan,contactId,'", "n5,rejected,5,orphan,contactId,'",
      ])
    let staging = try FileManager.default.contentsOfDirectory(
      atPath: "\(project.folder.path)/.waybill/runs/\(report.summary.run)/staging")
    // No key file is left over.
    #expect(
      staging.filter { !$0.hasPrefix("definitions") }.map { $0.split(separator: ".").dropFirst().joined(separator: ".") }
        .allSatisfy {
          ["ndjson.gz", "items.gz", "keys.gz", "form.json"].contains($0)
        }, "\(staging)")
  }

  @Test(
    arguments: [
      ("contact", "unknown-word", "did you mean 'contacts'?"),
      ("people", "unknown-word", "the mappings are: tasks, notes, contacts"),
      ("tasks", "cyclic-references", nil), ("notes", "cyclic-references", "remove 'references'"),
    ] as [(String, String, String?)])
  func `an unknown or cyclic reference is reported at its place`(name: String, code: String, hint: String?)
    async throws
  {
    let project = try Self.project("  contactId: {from: contactId, references: \(name)}")
    let report = try await project.run()
    #expect(report.exitCode == .wrongFile)
    let errors = report.diagnostics.all.filter { $0.severity == .error }
    #expect(errors.map(\.code.rawValue) == [code])
    #expect(errors.first?.hint == hint)
    if name == "tasks" {
      #expect(errors.first?.message == "mappings reference one another in a cycle: tasks -> notes -> tasks")
      #expect(errors.first?.place.file.hasSuffix("tasks.yaml") == true)
      #expect(errors.first?.place.line == 7)
    }
  }

  @Test func `a mapping does not run without those that it references`() async throws {
    let project = try Self.project()
    let report = try await project.run { $0.source.mappings = ["notes"] }
    #expect(report.exitCode == .usage)
    #expect(report.summary.messages.first?.contains("'notes' references 'contacts', which is not part of the run") == true)
    #expect(try await project.run { $0.source.mappings = ["notes", "contacts"] }.exitCode == .done)
  }

  @Test func `a key of several fields cannot be referenced`() async throws {
    let project = try Self.project()
    let contacts = Self.mapping("contacts", "contact", "  name: firstName").replacing("{key: id}", with: "{key: [id, name]}")
    try project.folder.write("contacts.yaml", contacts)
    let report = try await project.run()
    #expect(report.diagnostics.all.filter { $0.severity == .error }.map(\.code) == [.badArgument])
  }

  @Test(arguments: [1, 4]) func `a reference to a merged record leads to the survivor`(threads: Int) async throws {
    let project = try Self.project()
    let contacts = Self.mapping(
      "contacts", "contact", "  name: {from: firstName}\n  mail: {from: email}",
      rules: "merge: {by: mail, keep: last, others: filled}\nunique: [name]")
    try project.folder.write("contacts.yaml", contacts)
    try project.folder.write(
      "in/contacts.ndjson",
      #"""
      {"id":"c1","firstName":"Ada","email":"a"}
      {"id":"c2","firstName":"Bo","email":"b"}
      {"id":"c3","email":"a"}
      {"id":"c4","firstName":"Ada","email":"d"}
      {"id":"c5","firstName":"Ada","email":"d"}
      {"id":"c9","firstName":"Cy"}
      """#)
    try project.folder.write(
      "in/notes.ndjson", (1...6).map { #"{"id":"n\#($0)","contactId":"c\#($0)"}"# }.joined(separator: "\n"))
    let report = try await project.run { $0.threads = threads }
    #expect(report.summary.messages == [])
    #expect(project.folder.read("out/contacts.csv") == "id,name,mail\nc3,Ada,a\nc2,Bo,b\nc9,Cy,\n")
    #expect(project.folder.read("out/notes.csv") == "id,contactId\nn1,c3\nn2,c2\nn3,c3\n")
    let counts = report.summary.entities.map { $0.destinations[0].counts }
    #expect(counts[2][.written] == 3 && counts[2][.merged] == 2 && counts[2][.rejected] == 1)
    #expect(counts[1][.written] == 3 && counts[1][.rejected] == 3)
    #expect(report.summary.unaccounted == 0)
    #expect(report.summary.entities[2].codes == ["merged": 2, "not-unique": 1])
    #expect(
      project.file("files/contacts.success.csv", of: report)
        .map { $0.split(separator: "\n").map { $0.split(separator: ",").prefix(3).joined(separator: ",") } }
        == ["record,outcome,line", "c3,written,3", "c1,merged,1", "c2,written,2", "c4,merged,4", "c9,written,6"])
    #expect(project.file("files/contacts.rejects.csv", of: report)?.contains("c5,rejected,5,not-unique,name,") == true)
  }

  @Test(arguments: 1...6) func `every item of generated records is accounted for`(seed: Int) async throws {
    let project = try Self.project()
    let keep = ["newest", "oldest", "first", "last"][seed % 4]
    let contacts = Self.mapping(
      "contacts", "contact", "  name: {from: firstName, required: true}\n  mail: {from: email, do: [lower]}\n  city: city",
      rules:
        "merge: {by: mail, keep: \(keep), others: \(seed % 2 == 0 ? "filled" : "longest")}\nunique: [name, {fields: city, severity: warning}]"
    ).replacing("key: id}\ntarget", with: "key: id, updated_at: dateUpdated}\ntarget")
    try project.folder.write("contacts.yaml", contacts)
    var state = UInt64(seed)
    func draw(_ limit: UInt64) -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return (state >> 33) % limit
    }
    let lines = (0..<800).map { index in
      draw(30) == 0
        ? "{\"id\""
        : #"{"id":"c\#(draw(5) == 0 ? Int(draw(700)) : index)","firstName":"\#(draw(20) == 0 ? "" : "N\(draw(500))")","email":"\#(draw(9) == 0 ? "" : "E\(draw(300))")","city":"\#(draw(40))","dateUpdated":"2024-01-0\#(1 + draw(9))T00:00:00Z"}"#
    }
    try project.folder.write("in/contacts.ndjson", lines.joined(separator: "\n"))
    let notes = (0..<800).map { #"{"id":"n\#($0)","contactId":"c\#(draw(850))"}"# }
    try project.folder.write("in/notes.ndjson", notes.joined(separator: "\n"))
    let report = try await project.run { $0.threads = 1 + seed % 3 }
    #expect(report.summary.unaccounted == 0 && report.summary.messages.allSatisfy { $0.contains("gate rejected") })
    let contactsEntity = report.summary.entities[2]
    #expect(contactsEntity.read == 800)
    let codes = contactsEntity.codes
    for entity in report.summary.entities {
      let counts = entity.destinations[0].counts
      #expect(counts.total == entity.read)
      #expect(counts[.merged] == entity.codes["merged"] ?? 0)
    }
    #expect(codes["merged"] ?? 0 > 100 && codes["not-unique"] ?? 0 > 10)
    let success = project.file("files/contacts.success.csv", of: report)?.split(separator: "\n").count ?? 0
    let rejects = project.file("files/contacts.rejects.csv", of: report)?.split(separator: "\n").count ?? 0
    #expect(success + rejects == 802)
  }

  /// Contacts of which p2 is merged into one with a longer key, p4 into another.
  private static func merged(_ notes: String, rules: String) throws -> Project {
    let project = try project(notes)
    let contacts = mapping("contacts", "contact", "  mail: email", rules: "merge: {by: mail, keep: last}")
    try project.folder.write("contacts.yaml", contacts)
    try project.folder.write("notes.yaml", mapping("notes", "note", notes, rules: rules))
    try project.folder.write(
      "in/contacts.ndjson",
      #"{"id":"p1","email":"b"}\#n{"id":"p2","email":"a"}\#n{"id":"longsurvivor","email":"a"}\#n{"id":"p4","email":"c"}\#n{"id":"p5","email":"c"}"#
    )
    try project.folder.write("in/tasks.ndjson", "")
    return project
  }

  private static func notes(_ owners: [String?]) -> String {
    owners.enumerated().map { index, owner in
      #"{"id":"n\#(index + 1)","contactId":\#(owner.map { "\"\($0)\"" } ?? "null"),"title":"t\#(index + 1)"}"#
    }.joined(separator: "\n")
  }

  @Test(arguments: [1, 4]) func `rules check the key that is written`(threads: Int) async throws {
    let project = try Self.merged(
      "  owner: {from: contactId, references: contacts}",
      rules: "validate: [{id: short, assert: 'owner == null || size(owner) <= 4', message: too long}]")
    try project.folder.write("in/notes.ndjson", Self.notes(["p1", "p2", "p4", "longsurvivor", nil, "p9"]))
    let report = try await project.run { $0.threads = threads }
    #expect(project.folder.read("out/notes.csv") == "id,owner\nn1,p1\nn3,p5\nn5,\n")
    #expect(report.summary.entities.dropFirst().first?.codes == ["short": 2, "orphan": 1])
    #expect(report.summary.unaccounted == 0)
  }

  @Test(arguments: [1, 4]) func `records merge by the keys that are written, and orphans take no part`(threads: Int) async throws
  {
    let project = try Self.merged(
      "  owner: {from: contactId, references: contacts}\n  title: title",
      rules: "merge: {by: owner, keep: first, fields: {title: last}}")
    try project.folder.write("in/notes.ndjson", Self.notes(["p2", "p4", "longsurvivor", "p5", "p9", "p9", nil, nil]))
    let report = try await project.run { $0.threads = threads }
    #expect(project.folder.read("out/notes.csv") == "id,owner,title\nn1,longsurvivor,t3\nn2,p5,t4\nn7,,t7\nn8,,t8\n")
    #expect(report.summary.entities.dropFirst().first?.codes == ["merged": 2, "orphan": 2])
    #expect(report.summary.unaccounted == 0)
  }

  @Test(arguments: [1, 4]) func `unique compares the keys that are written`(threads: Int) async throws {
    let project = try Self.merged("  owner: {from: contactId, references: contacts}", rules: "unique: [owner]")
    try project.folder.write("in/notes.ndjson", Self.notes(["longsurvivor", "p2", "p4", "p9", "p5", nil, nil]))
    let report = try await project.run { $0.threads = threads }
    #expect(project.folder.read("out/notes.csv") == "id,owner\nn1,longsurvivor\nn3,p5\nn6,\nn7,\n")
    #expect(report.summary.entities.dropFirst().first?.codes == ["not-unique": 2, "orphan": 1])
  }

  @Test(arguments: [1, 3]) func `the target schema checks the written key, also in nested targets`(threads: Int)
    async throws
  {
    let project = try Self.merged("  about: {owner: {from: contactId, references: contacts, on_error: nullify}}", rules: "")
    let notes = Self.mapping(
      "notes", "note", "  about: {owner: {from: contactId, references: contacts, on_error: nullify}}",
      rules: "validate: [{id: short, assert: 'about.owner != null && size(about.owner) < 9', message: bad, severity: warning}]"
    ).replacing("target: {key: id}", with: "target: {key: id, schema: note.json}")
    try project.folder.write("notes.yaml", notes)
    try project.folder.write(
      "note.json",
      #"{"type":"object","properties":{"id":{"type":"string"},"about":{"type":"object","properties":{"owner":{"type":["string","null"],"maxLength":4}}}}}"#
    )
    try project.folder.write("in/notes.ndjson", Self.notes(["p2", "p4", "p9", nil]))
    let report = try await project.run { $0.threads = threads }
    #expect(report.diagnostics.all.filter { $0.severity == .error }.map(\.message) == [])
    #expect(project.folder.read("out/notes.csv") == "id,about.owner\nn2,p5\nn4,\n")
    #expect(report.summary.entities.dropFirst().first?.codes == ["schema-maxLength": 1, "orphan": 1, "short": 2])
  }

  @Test(arguments: [1, 4]) func `references of elements, and chains of them, lead to survivors`(threads: Int) async throws {
    let project = try Self.merged("  owner: {from: item, references: contacts}", rules: "")
    try project.folder.write(
      "notes.yaml",
      """
      mapping: 1
      name: notes
      source: {entity: note, key: id, extra: {owners: [string]}, each: owners}
      target: {key: id}
      fields:
        id: {from: [parent.id, item], do: [{join: "-"}]}
        owner: {from: item, references: contacts}
      merge: {by: owner, keep: last}
      """)
    try project.folder.write(
      "tasks.yaml",
      Self.mapping(
        "tasks", "task", "  title: {from: title, references: notes}",
        rules: "validate: [{id: last, assert: \"title == null || title.endsWith('longsurvivor')\", message: bad}]"))
    try project.folder.write(
      "in/notes.ndjson",
      #"{"id":"n1","owners":["p2","p9"]}\#n{"id":"n2","owners":["longsurvivor"]}\#n{"id":"n3","owners":[]}"#)
    try project.folder.write(
      "in/tasks.ndjson", #"{"id":"t1","title":"n1-p2"}\#n{"id":"t2","title":"n2-longsurvivor"}\#n{"id":"t3","title":"n1-p9"}"#)
    let report = try await project.run { $0.threads = threads }
    #expect(report.summary.messages == [])
    #expect(project.folder.read("out/notes.csv") == "id,owner\nn2-longsurvivor,longsurvivor\n")
    #expect(project.folder.read("out/tasks.csv") == "id,title\nt1,n2-longsurvivor\nt2,n2-longsurvivor\n")
    #expect(report.summary.entities.map(\.codes) == [["orphan": 1], ["merged": 1, "orphan": 1], ["merged": 2]])
  }

  // MARK: transform

  @Test(arguments: [1, 4]) func `transform checks a record after its references, and reports all its faults`(threads: Int)
    async throws
  {
    let project = try Self.project()
    try project.folder.write(
      "notes.yaml",
      Self.mapping(
        "notes", "note",
        "  owner: {from: contactId, references: contacts, on_error: nullify}\n  title: {from: title, required: true}",
        rules:
          "merge: {by: owner, keep: first}\nvalidate: [{id: short, assert: 'owner == null || size(owner) < 3', message: bad}]"
      ))
    try project.folder.write(
      "in/notes.ndjson", Self.notes(["c1", "c9", "c1", "c10", nil]) + "\n{\"id\":\"n9\",\"contactId\":\"c9\"}")
    try project.folder.write("keys.txt", "c1\nc10\n")
    var options = TransformJob.Options(
      mapping: "\(project.folder.path)/notes.yaml", input: "\(project.folder.path)/in/notes.ndjson")
    options.output = "\(project.folder.path)/notes.csv"
    options.keys = [try #require(KeysFile("contacts=\(project.folder.path)/keys.txt"))]
    options.threads = threads
    let report = await TransformJob(options).run()
    #expect(project.folder.read("notes.csv") == "id,owner,title\nn1,c1,t1\nn5,,t5\n")
    #expect(report.summary.counts.codes == [.orphan: 2, .merged: 1, .required: 1])
    #expect(report.summary.counts.rules == ["short": 1])
    #expect(report.summary.counts.unaccounted == 0)
  }

  private func transform(_ project: Project, _ keys: [String]) async throws -> TransformJob.Report {
    let folder = project.folder.path
    var options = TransformJob.Options(mapping: "\(folder)/notes.yaml", input: "\(folder)/in/notes.ndjson")
    options.output = "\(folder)/notes.csv"
    options.keys = try keys.map { try #require(KeysFile($0.replacing("@", with: folder))) }
    return await TransformJob(options).run()
  }

  @Test(arguments: [
    ("a.csv", "id,name\nc1,Ada\nc4,Bo\n", ""), ("a.csv", "name,id\nAda,c1\nBo,c4\n", ":id"), ("a.txt", "c4\r\n\nc1", ""),
    ("keys", "c1\n", ""), ("a.ndjson", "{\"id\":\"c1\",\"x\":1}\n{\"x\":2,\"id\":\"c4\"}\n", ""),
    ("a.ndjson", "{\"x\":{\"id\":\"c1\"}}\n", ":x.id"), ("a.json", "[{\"id\":\"c1\"}]", ""),
  ]) func `transform takes the keys from a file`(name: String, content: String, field: String) async throws {
    let project = try Self.project()
    try project.folder.write(name, content)
    let report = try await transform(project, ["contacts=@/\(name)\(field)"])
    #expect(report.failure == nil)
    #expect(report.exitCode == .recordsFailed)
    #expect(project.folder.read("notes.csv") == "id,contactId\nn1,c1\nn4,\n")
    #expect(report.summary.counts.codes == [.orphan: 3])
  }

  @Test(
    arguments: [
      ([], ExitCode.usage, "--keys contacts=FILE"), (["contacts=@/nowhere.csv"], .inputMissing, "nowhere.csv"),
      (["contacts=@/in/contacts.ndjson:nope"], .inputMissing, "has no 'nope'"),
      (["people=@/in/contacts.ndjson"], .usage, "--keys people"),
      (["contacts=@/in/contacts.ndjson", "contacts=@/in/contacts.ndjson"], .usage, "same file"),
      (["contacts=@/broken.ndjson"], .inputMissing, "line 2"),
    ] as [([String], ExitCode, String)])
  func `missing and useless keys are reported`(keys: [String], code: ExitCode, message: String) async throws {
    let project = try Self.project()
    try project.folder.write("broken.ndjson", "{\"id\":1}\n{\"id\":\n")
    let report = try await transform(project, keys)
    #expect(report.exitCode == code)
    #expect(report.failure?.description.contains(message) == true, "\(report.failure?.description ?? "-")")
    #expect(project.folder.read("notes.csv") == nil)
  }

  @Test func `keys of a file without types match texts and numbers`() async throws {
    let project = try Self.project()
    try project.folder.write(
      "in/notes.ndjson", #"{"id":"n1","contactId":7}\#n{"id":"n2","contactId":"7"}\#n{"id":"n3","contactId":"7.0"}"#)
    try project.folder.write(
      "notes.yaml",
      Self.mapping("notes", "note", "  contactId: {from: extra, references: contacts}").replacing(
        "key: id}\ntarget", with: "key: id, extra: {extra: any}}\ntarget"))
    try project.folder.write(
      "in/notes.ndjson", #"{"id":"n1","extra":7}\#n{"id":"n2","extra":"7"}\#n{"id":"n3","extra":"7.0"}\#n{"id":"n4","extra":7.0}"#
    )
    try project.folder.write("k.txt", "7\n")
    _ = try await transform(project, ["contacts=@/k.txt"])
    #expect(project.folder.read("notes.csv") == "id,contactId\nn1,7\nn2,7\nn4,7.0\n")
    try project.folder.write("k.ndjson", "{\"k\":7}\n")
    _ = try await transform(project, ["contacts=@/k.ndjson"])
    #expect(project.folder.read("notes.csv") == "id,contactId\nn1,7\nn4,7.0\n")
  }
}
