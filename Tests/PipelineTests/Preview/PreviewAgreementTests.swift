import Core
import Foundation
import Report
import TestSupport
import Testing
import Transform

@testable import Pipeline
@testable import Workbench

/// A preview counts and shows what `transform` does with the same file, for every outcome.
@Suite struct PreviewAgreementTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    /// Below `target`.
    var mapping: String
    var input: String
    var file = "in.ndjson"
    var source = "{entity: contact, key: id, schema: any.json}"
    /// The outcomes, in the order of the input.
    var outcomes: [Outcome]
    var testDescription: String { name }
  }

  static let people = """
    {"id":"c1","name":"Ada","email":"a@x.co","kind":"x","at":"2024-01-01T00:00:00Z","owner":"k1"}
    {"id":"c2","name":"Bob","email":"b@x.co","kind":"internal","at":"2024-01-02T00:00:00Z","owner":"k1"}
    {"id":"c3","name":"Ada L","email":"a@x.co","kind":"x","at":"2024-01-03T00:00:00Z","owner":"k9"}
    {"id":"c4","email":"d@x.co","kind":"x","at":"2024-01-04T00:00:00Z","owner":"k2"}
    not JSON
    {"name":"no key","email":"e@x.co","kind":"x"}
    {"id":"c1","name":"Ada again","email":"f@x.co","kind":"x","at":"2024-01-05T00:00:00Z","owner":"k2"}

    """
  static let fields = "fields: {id: id, name: {from: name, required: true}, email: email, owner: owner}\n"

  static let cases: [Case] = [
    Case(
      name: "fields", mapping: fields, input: people,
      outcomes: [.written, .written, .written, .rejected, .rejected, .rejected, .written]),
    Case(
      name: "where", mapping: "where: \"kind != 'internal'\"\n" + fields, input: people,
      outcomes: [.written, .filtered, .written, .rejected, .rejected, .rejected, .written]),
    Case(
      name: "unique", mapping: "unique: [id]\n" + fields, input: people,
      outcomes: [.written, .written, .written, .rejected, .rejected, .rejected, .rejected]),
    Case(
      name: "unique as a warning", mapping: "unique: [{fields: [id], severity: warning}]\n" + fields, input: people,
      outcomes: [.written, .written, .written, .rejected, .rejected, .rejected, .written]),
    Case(
      name: "merge", mapping: "merge: {by: [email], keep: last, fields: {name: longest}}\n" + fields, input: people,
      outcomes: [.merged, .written, .written, .rejected, .rejected, .rejected, .written]),
    Case(
      name: "merge and unique", mapping: "merge: {by: [email], keep: first}\nunique: [id]\n" + fields, input: people,
      outcomes: [.written, .written, .merged, .rejected, .rejected, .rejected, .rejected]),
    Case(
      name: "references", mapping: fields.replacing("owner: owner", with: "owner: {from: owner, references: owners}"),
      input: people,
      outcomes: [.written, .written, .rejected, .rejected, .rejected, .rejected, .written]),
    Case(
      name: "validate", mapping: fields + "validate: [{id: short, assert: \"size(name) < 4\"}]\n", input: people,
      outcomes: [.written, .written, .rejected, .rejected, .rejected, .rejected, .rejected]),
    Case(
      name: "an array on one line", mapping: "unique: [id]\n" + fields,
      input: #"[{"id":"c1","name":"A"},{"id":"c2","name":"B"},{"id":"c1","name":"C"},{"id":"c3"},{"id":"c4","name":"D"}]"#,
      file: "in.json", outcomes: [.written, .written, .rejected, .rejected, .written]),
    Case(
      name: "CSV that cannot all be read", mapping: "unique: [id]\n" + fields,
      input: "id,name,email,owner\nc1,Ada,a@x.co,k1\nc2,Bob\nc1,Ada,a@x.co,k1\nc3,\"Zoë\",z@x.co,k1\nc4,\"open,d@x.co,k1\n",
      file: "in.csv", source: "{entity: contact, key: id}", outcomes: [.written, .rejected, .rejected, .written, .rejected]),
    Case(
      name: "elements",
      mapping: "unique: [{fields: [id, name]}]\nfields: {id: parent.id, name: {from: item.name, required: true}}\n",
      input: #"{"id":"c1","list":[{"name":"a"},{"name":"a"},{},{"name":"b"}]}"# + "\n" + #"{"id":"c2","list":[]}"# + "\n"
        + #"{"id":"c3","list":7}"# + "\n",
      source: "{entity: contact, key: id, each: list, schema: any.json}",
      outcomes: [.written, .rejected, .rejected, .written, .rejected]),
    Case(
      name: "elements of records with one key on one line", mapping: elements, input: twins.joined(separator: ","),
      file: "in.json",
      source: "{entity: contact, key: id, each: list, schema: any.json}",
      outcomes: [.written, .written, .rejected, .written, .written, .written, .rejected]),
    Case(
      name: "elements of records with one key on lines of their own", mapping: elements, input: twins.joined(separator: "\n"),
      source: "{entity: contact, key: id, each: list, schema: any.json}",
      outcomes: [.written, .written, .rejected, .written, .written, .written, .rejected]),
    Case(
      name: "records with one key on one line", mapping: "where: \"name != 'out'\"\n" + fields,
      input: ["a", "out", "b"].map { #"{"id":"c1","name":"\#($0)"}"# }.joined(separator: ","), file: "in.json",
      outcomes: [.written, .filtered, .written]),
    Case(
      name: "merged records with one key on one line", mapping: "merge: {by: [email], keep: last}\n" + fields,
      input: [("a", "x"), ("b", "y"), ("c", "x"), ("d", "z")].map { #"{"id":"c1","name":"\#($0)","email":"\#($1)@x.co"}"# }
        .joined(separator: ","),
      file: "in.json", outcomes: [.merged, .written, .written, .written]),
    Case(
      name: "CSV rows with one key", mapping: fields,
      input: "id,name,email,owner\nc1,Ada,a@x.co,k1\nc1,,b@x.co,k1\n\nc1,\"B\nC\",c@x.co,k1\n", file: "in.csv",
      source: "{entity: contact, key: id}", outcomes: [.written, .rejected, .written]),
  ]

  static let elements = "fields: {id: parent.id, name: {from: item.name, required: true}}\n"
  /// Three records of one key.
  static let twins = [
    #"{"id":"c1","list":[{"name":"a"},{"name":"b"},{}]}"#, #"{"id":"c1","list":[{"name":"c"}]}"#,
    #"{"id":"c1","list":[{"name":"d"},{"name":"e"},7]}"#,
  ]

  @Test(arguments: cases, [1, 3])
  func `counts and rows are those of transform`(_ one: Case, threads: Int) async throws {
    let folder = TemporaryFolder()
    try folder.write("any.json", "true")
    try folder.write("owners.txt", "k1\nk2\n")
    try folder.write(one.file, one.file.hasSuffix(".json") && !one.input.hasPrefix("[") ? "[\(one.input)]" : one.input)
    let keys = one.mapping.contains("item.name") ? "[id, name]" : "id"
    try folder.write(
      "m.yaml", "mapping: 1\nname: people\nsource: \(one.source)\ntarget: {entity: person, key: \(keys)}\n\(one.mapping)")
    var options = TransformJob.Options(mapping: folder.path + "/m.yaml", input: "\(folder.path)/\(one.file)")
    options.output = folder.path + "/out.ndjson"
    options.threads = threads
    if one.mapping.contains("references") { options.keys = [try #require(KeysFile("owners=\(folder.path)/owners.txt"))] }
    let transform = await TransformJob(options).run()
    #expect(transform.diagnostics.all.filter { $0.severity == .error }.map(\.message) == [])
    #expect(transform.failure == nil)

    var session = PreviewSession.Options(options)
    session.limit = 1_000
    session.threads = threads
    let preview = await PreviewSession(session).refresh()
    #expect(preview.failure == nil)
    #expect(preview.notes == [])
    // What is read during the passes of a merge is kept for `never-present`, and is not counted.
    var (previewed, made) = (preview.counts, transform.summary.counts)
    previewed.absent = .init()
    made.absent = .init()
    #expect(previewed == made)
    let items = preview.items.map(\.item)
    #expect(items.count == preview.counts.read)
    // A survivor of a merge is where the first of its records was.
    let isMerged = one.mapping.contains("merge")
    #expect(isMerged ? Set(items.map(\.outcome)) == Set(one.outcomes) : items.map(\.outcome) == one.outcomes)
    for outcome in [Outcome.written, .filtered, .merged, .rejected] {
      #expect(items.count { $0.outcome == outcome } == one.outcomes.count { $0 == outcome }, "\(outcome)")
    }
    // A written row shows what was written.
    let written = try #require(folder.read("out.ndjson")).split(separator: "\n").map { try JSONReader.read(String($0)) }
    let shown = items.filter { $0.outcome == .written }.map { item in
      JSONValue.object(item.target.map { .init($0.name, (try? JSONReader.read($0.text)) ?? .null) })
    }
    #expect(isMerged ? shown.map(\.text).sorted() == written.map(\.text).sorted() : shown.map(\.text) == written.map(\.text))
    // Each rejected row says why, and shows what its fields became.
    for item in items where item.outcome == .rejected { #expect(item.problems.contains { $0.severity == .error }, "\(item)") }
  }

  @Test func `a rejected record shows what its own fields became`() async throws {
    let folder = TemporaryFolder()
    try folder.write("any.json", "true")
    try folder.write("in.ndjson", Self.people)
    try folder.write(
      "m.yaml",
      "mapping: 1\nname: p\nsource: {entity: contact, key: id, schema: any.json}\ntarget: {entity: p, key: id}\nunique: [id]\n\(Self.fields)"
    )
    var session = PreviewSession.Options(.init(mapping: folder.path + "/m.yaml", input: folder.path + "/in.ndjson"))
    session.limit = 10
    let items = await PreviewSession(session).refresh().items.map(\.item)
    #expect(items[3].target.map { "\($0.name)=\($0.text)" } == [#"id="c4""#, #"email="d@x.co""#, #"owner="k2""#])
    #expect(items[4].target == [] && items[5].target == [])
    #expect(items[6].target.first { $0.name == "name" }?.text == #""Ada again""#)
    #expect(items[6].problems.map(\.code) == ["not-unique"])
  }

  @Test func `of records with one key on one line, a save marks those that it changes, and a code shows those that have it`()
    async throws
  {
    let folder = TemporaryFolder()
    try folder.write("any.json", "true")
    try folder.write("in.json", "[\(Self.twins.joined(separator: ","))]")
    func save(_ name: String) throws {
      try folder.write(
        "m.yaml",
        "mapping: 1\nname: p\nsource: {entity: contact, key: id, each: list, schema: any.json}\ntarget: {entity: p, key: [id, name]}\n"
          + "fields: {id: parent.id, name: \(name)}\n")
    }
    try save("{from: item.name, required: true}")
    var options = PreviewSession.Options(.init(mapping: folder.path + "/m.yaml", input: folder.path + "/in.json"))
    options.limit = 100
    let session = PreviewSession(options)
    _ = await session.refresh()
    try save("{case: [{when: \"item.name == 'c'\", value: x}], else: {from: item.name}, required: true}")
    let result = await session.refresh()
    #expect(result.diagnostics.all.filter { $0.severity == .error }.map(\.message) == [])
    #expect(result.changed == 1)
    let changed = result.items.filter(\.isChanged)
    #expect(changed.map { $0.item.target.last?.text } == [#""x""#])
    #expect(changed.map { $0.was[Name("name")] } == [#""c""#])
    options.code = "wrong-type"
    let shown = await PreviewSession(options).refresh().items.map(\.item)
    #expect(shown.map { "\($0.line) \($0.key ?? "")" } == ["1 c1#2"])
  }

  @Test func `references without their keys are reported as not checked`() async throws {
    let folder = TemporaryFolder()
    try folder.write("any.json", "true")
    try folder.write("in.ndjson", Self.people)
    try folder.write(
      "m.yaml",
      "mapping: 1\nname: p\nsource: {entity: contact, key: id, schema: any.json}\ntarget: {entity: p, key: id}\n"
        + Self.fields.replacing("owner: owner", with: "owner: {from: owner, references: owners}"))
    let session = PreviewSession.Options(.init(mapping: folder.path + "/m.yaml", input: folder.path + "/in.ndjson"))
    let result = await PreviewSession(session).refresh()
    #expect(result.counts.read == 7)
    #expect(result.notes == ["references to 'owners' are not checked: pass the keys it wrote with --keys owners=FILE"])
  }
}
