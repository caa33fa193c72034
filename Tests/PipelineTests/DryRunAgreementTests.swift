import Control
import Core
import Foundation
import PipelineFile
import Report
import State
import TestSupport
import Testing

@testable import Pipeline
@testable import Sandbox

/// A dry run and the run after it say the same about 5,000 mixed records: the outcomes, and each field before and after.
@Suite struct DryRunAgreementTests {
  private static let contacts = """
    mapping: 1
    name: contacts
    source: {entity: person, key: id}
    target: {entity: contact, key: contactId, schema: contact.schema.json}
    fields:
      contactId: id
      name: {from: name, required: true}
      email: {from: mail, do: [email]}
      company: {from: company, nulls: omit}
      jobTitle: job
      address:
        city: city
        street: {from: street, nulls: omit}
      interests: interests
      employees: {from: employees, nulls: omit}
      status: {const: active}
      createdAt: {const: "2026-01-01T00:00:00Z"}
    pii: {contactId: show, name: show, email: show, company: show, jobTitle: show, address.city: show, address.street: show, interests: show, employees: show}
    """

  private static let schema = """
    {"type": "object", "properties": {
      "contactId": {"type": "string"}, "name": {"type": "string"}, "email": {"type": ["string", "null"]},
      "company": {"type": ["string", "null"]}, "jobTitle": {"type": ["string", "null"]},
      "address": {"type": "object", "properties": {"city": {"type": ["string", "null"]}, "street": {"type": ["string", "null"]}}},
      "interests": {"type": ["array", "null"], "items": {"type": "string"}}, "employees": {"type": ["integer", "null"]},
      "status": {"type": "string"}, "createdAt": {"type": "string"}}}
    """

  private static let notes = """
    mapping: 1
    name: notes
    source: {entity: remark, key: id}
    target: {entity: note, key: noteId}
    fields: {noteId: id, contactId: person, content: text, timestamp: {const: "2026-01-01T00:00:00Z"}}
    pii: {content: show}
    """

  private static func pipeline(_ destinations: String) -> String {
    """
    pipeline: app
    source: {ndjson: {person: people.ndjson, remark: remarks.ndjson}}
    mappings: [notes.yaml, contacts.yaml]
    destinations:
    \(destinations)
    """
  }

  private static let app = """
      app:
        http:
          base_url: ${APP_URL}
          auth: {bearer: {env: APP_TOKEN}}
          idempotency: {header: Idempotency-Key}
          responses: {preset: problem+json}
          rate: {concurrent: 8}
          mappings:
            contacts:
              create: POST /contacts
              update: "PUT /contacts/{remote_id}"
              find: {request: "GET /contacts?contactId={key}", items: items}
              list: {request: "GET /contacts?page={page}", items: items}
              remote_id: id
            notes:
              create: "POST /contacts/{remote_id(contacts, contactId)}/notes"
              update: "PUT /notes/{remote_id}"
              find: {request: "GET /notes?noteId={key}", items: items}
              list: {request: "GET /notes?page={page}", items: items}
              remote_id: id
    """

  private static let local = """
      files: {ndjson: {path: "out/{mapping}.ndjson"}}
      table: {sqlite: {path: "out/all.sqlite", mode: replace}}
    """

  private struct Bench: Sendable {
    let folder = TemporaryFolder()
    var environment: [String: String] = [:]

    init(_ destinations: String) throws {
      try folder.write("contacts.yaml", DryRunAgreementTests.contacts)
      try folder.write("contact.schema.json", DryRunAgreementTests.schema)
      try folder.write("notes.yaml", DryRunAgreementTests.notes)
      try folder.write(
        "waybill.yaml", DryRunAgreementTests.pipeline(destinations.replacing("\"out/", with: "\"\(folder.path)/out/")))
    }

    func write(_ people: [String], _ remarks: [String]) throws {
      try folder.write("people.ndjson", people.map { $0 + "\n" }.joined())
      try folder.write("remarks.ndjson", remarks.map { $0 + "\n" }.joined())
    }

    func run(_ change: (inout RunEngine.Options) -> Void = { _ in }) async throws -> RunEngine.Report {
      let (document, diagnostics) = PipelineDocument.load(path: "\(folder.path)/waybill.yaml", environment: environment)
      #expect(diagnostics.all.filter { $0.severity == .error }.map { diagnostics.text(of: $0) } == [])
      var options = RunEngine.Options(
        source: SourceOptions(state: StateFolder(path: "\(folder.path)/.waybill"), environment: environment))
      options.threads = 2
      change(&options)
      return await RunEngine(try #require(document), options: options).run()
    }

    func lines(_ name: String, of report: RunEngine.Report) throws -> [JSONValue] {
      let text = try #require(folder.read(".waybill/runs/\(report.summary.run)/\(name)"))
      return try text.split(separator: "\n").map { try JSONReader.read(String($0)) }
    }
  }

  // MARK: The records

  private static func person(_ number: Int, isBefore: Bool) -> String {
    let base: [(String, String)] = [
      ("id", "\"p\(number)\""), ("name", "\"Ann \(number)\""), ("mail", "\"ann\(number)@example.com\""),
      ("company", "\"Firm \(number)\""), ("job", "\"clerk\""), ("city", "\"Köln\""), ("street", "\"Ring \(number)\""),
      ("interests", #"["a","b\#(number)"]"#), ("employees", "\(number)"),
    ]
    var members = base
    func set(_ name: String, _ value: String?) {
      members = members.compactMap { $0.0 == name ? value.map { value in (name, value) } : $0 }
    }
    if !isBefore {
      switch number % 14 {
      case 0: set("name", "\"Eva \(number)\"")
      case 1:
        set("mail", "\"eva\(number)@example.org\"")
        set("city", "\"Bonn\"")
        set("employees", "\(number + 1)")
      case 2: set("company", nil)
      case 3: set("job", "null")
      case 4: set("interests", "[]")
      case 5: set("interests", #"["b\#(number)","ü \"q\""]"#)
      case 6: set("street", "null")
      // Rejected: the name is required, and an address must be one.
      case 7: set("name", "null")
      case 8 where number % 28 == 8: set("mail", "\"nonsense\"")
      default: break
      }
    } else if number % 14 == 9 {
      set("company", "null")
      set("job", nil)
    }
    return "{\(members.map { "\"\($0.0)\":\($0.1)" }.joined(separator: ","))}"
  }

  private static func remark(_ number: Int, isBefore: Bool) -> String {
    let text = isBefore || number % 3 > 0 ? "hello \(number)" : "bye \(number)"
    // The parents of the last ones are new, rejected, or nowhere. Your App does not move a note to another contact.
    return #"{"id":"n\#(number)","person":"p\#(number == 999 ? 99_999 : number * 4)","text":"\#(text)"}"#
  }

  private static let before = (
    people: (0..<3_900).map { person($0, isBefore: true) }, remarks: (0..<900).map { remark($0, isBefore: true) }
  )

  /// - Parameter isRepeated: some keys come twice, with the same or with other values.
  private static func after(isRepeated: Bool) -> (people: [String], remarks: [String]) {
    var people = (0..<3_980).map { person($0, isBefore: false) }
    if isRepeated {
      for number in 0..<10 { people.append(person(number * 14 + 10, isBefore: false)) }
      for number in 0..<10 { people.append(person(number * 14 + 11, isBefore: false).replacing("Ann", with: "Zoë")) }
    } else {
      people += (4_000..<4_020).map { person($0, isBefore: false) }
    }
    return (people, (0..<1_000).map { remark($0, isBefore: false) })
  }

  // MARK: The comparison

  /// What a destination has, by mapping and key.
  typealias Content = [String: [String: JSONValue]]

  /// - Parameter isExact: null and a missing field are different things.
  private func compare(
    _ dry: [JSONValue], _ real: [JSONValue], _ before: Content, _ after: Content, of destination: String, isExact: Bool
  ) throws {
    func name(_ line: JSONValue) -> String {
      "\(line["mapping"]?.stringValue ?? "") \(line["record"]?.stringValue ?? "?") \(line["line"]?.text ?? "")"
    }
    let own = dry.filter { $0["destination"]?.stringValue == destination }
    let outcomes = real.filter { $0["destination"]?.stringValue == destination }
    let items = own.filter { $0["outcome"]?.stringValue != "removed" }
    #expect(items.count == outcomes.count)
    var mismatches: [String] = []
    for (line, outcome) in zip(items, outcomes) {
      if name(line) != name(outcome) || line["outcome"] != outcome["outcome"] {
        mismatches.append("\(line.text) / \(outcome.text)")
      }
    }
    #expect(mismatches.isEmpty, "\(mismatches.count) differ, such as \(mismatches.first ?? "")")
    var wrong: [String] = []
    let keys = Dictionary(grouping: items) { "\($0["mapping"]?.stringValue ?? "") \($0["key"]?.stringValue ?? "")" }
    for line in items
    where line["outcome"] == .string("updated") || line["outcome"] == .string("created") || line["change"] != nil {
      let (mapping, key) = (line["mapping"]?.stringValue ?? "", line["key"]?.stringValue ?? "")
      // Of several records with one key, only the last one is there at the end.
      guard keys["\(mapping) \(key)"]?.count == 1 else { continue }
      let differing = differences(before[mapping]?[key], after[mapping]?[key], isExact: isExact)
      let listed = (line["fields"]?.arrayValue ?? []).map { field in
        "\(field["field"]?.stringValue ?? "?"): \(field["not_kept"] == nil ? text(field["old"], isExact) : "not kept") -> \(text(field["new"], isExact))"
      }.filter { isExact || !$0.hasSuffix(": (none) -> (none)") }
      if listed.sorted() != differing.sorted() { wrong.append("\(line.text): \(differing)") }
    }
    #expect(wrong.isEmpty, "\(wrong.count) list other fields, such as \(wrong.first ?? "")")
    // What is not listed has not changed.
    let changed = Set(
      items.filter { !["unchanged", "rejected", "pending", "failed"].contains($0["outcome"]?.stringValue ?? "") }
        .map { "\($0["mapping"]?.stringValue ?? "") \($0["key"]?.stringValue ?? "")" })
    for (mapping, records) in after {
      for (key, record) in records where !changed.contains("\(mapping) \(key)") {
        let unlisted = differences(before[mapping]?[key], record, isExact: isExact)
        #expect(unlisted == [], "\(mapping) \(key)")
      }
    }
  }

  private func text(_ value: JSONValue?, _ isExact: Bool) -> String {
    guard let value, isExact || value != .null else { return "(none)" }
    return value.text
  }

  private func differences(_ before: JSONValue?, _ after: JSONValue?, isExact: Bool) -> [String] {
    let (old, new) = (leaves(before), leaves(after))
    return Set(old.keys).union(new.keys).compactMap { name -> String? in
      let (one, two) = (text(old[name], isExact), text(new[name], isExact))
      return one == two ? nil : "\(name): \(one) -> \(two)"
    }
  }

  /// The fields, those of nested objects by their paths.
  private func leaves(_ record: JSONValue?, _ path: String = "") -> [String: JSONValue] {
    (record?.objectValue ?? []).reduce(into: [:]) { leaves, member in
      let name = path.isEmpty ? member.name : "\(path).\(member.name)"
      if member.value.objectValue != nil {
        leaves.merge(self.leaves(member.value, name)) { $1 }
      } else {
        leaves[name] = member.value
      }
    }
  }

  /// The table of a dry run has the real run's counts.
  private func compareCounts(_ dry: RunEngine.Report, _ real: RunEngine.Report) {
    for entity in real.summary.entities {
      for destination in entity.destinations {
        let own = dry.summary.forecast.first {
          $0.part.mapping.text == entity.name && $0.part.destination.text == destination.name
        }
        #expect(own?.counts == destination.counts, "\(entity.name) at \(destination.name)")
      }
    }
  }

  // MARK: Your App

  private static func content(_ sandbox: Sandbox) throws -> Content {
    let store = sandbox.app.store
    func records(_ resource: AppResource) throws -> [String: JSONValue] {
      try store[resource].sorted.reduce(into: [:]) { found, record in
        found[record.key.text] = try JSONReader.read([UInt8(ascii: "{")] + record.fields + [UInt8(ascii: "}")])
      }
    }
    return ["contacts": try records(.contacts), "notes": try records(.notes)]
  }

  @Test(.ends(withinMinutes: 10)) func `at Your App`() async throws {
    try await SandboxServer.withServer(SandboxOptions(contacts: 1, businesses: 1, limitScale: 1_000_000)) { address, sandbox in
      var bench = try Bench(Self.app)
      bench.environment = ["APP_URL": address.appBaseURL, "APP_TOKEN": address.appToken]
      try bench.write(Self.before.people, Self.before.remarks)
      let first = try await bench.run()
      #expect(first.exitCode == .done, "\(first.summary.messages)")
      let after = Self.after(isRepeated: true)
      try bench.write(after.people, after.remarks)
      let before = try Self.content(sandbox)
      let writes = sandbox.app.statistics.byStatus[200]
      let byJournal = try await bench.run { $0.isDryRun = true }
      #expect(sandbox.app.statistics.byStatus[200] == writes, "a dry run by the journal makes no request")
      let byDestination = try await bench.run {
        $0.isDryRun = true
        $0.comparesDestination = true
      }
      let between = try Self.content(sandbox)
      #expect(between == before)
      let real = try await bench.run()
      let now = try Self.content(sandbox)
      for dry in [byJournal, byDestination] {
        #expect(
          dry.exitCode == .recordsFailed && real.exitCode == .recordsFailed, "\(dry.summary.messages) \(real.summary.messages)")
        compareCounts(dry, real)
        try compare(
          try bench.lines("changes.ndjson", of: dry), try bench.lines("outcomes.ndjson", of: real), before, now, of: "app",
          isExact: true)
        #expect(dry.summary.forecast.allSatisfy { $0.drift == 0 && $0.notKept == 0 })
      }
      // Read counts: the fixture has every kind of record.
      let contacts = try #require(real.summary.entities.first { $0.name == "contacts" }?.destinations.first?.counts)
      #expect(contacts.total == 4_000 && contacts[.created] > 50 && contacts[.updated] > 1_000)
      #expect(contacts[.unchanged] > 1_000 && contacts[.rejected] > 200)
      let notes = try #require(real.summary.entities.first { $0.name == "notes" }?.destinations.first?.counts)
      #expect(notes.total == 1_000 && notes[.pending] > 0 && notes[.created] == 100 - notes[.pending])
    }
  }

  // MARK: Files and databases

  private static func content(_ folder: TemporaryFolder) throws -> (files: Content, table: Content) {
    func file(_ mapping: String, _ key: String) throws -> [String: JSONValue] {
      try (folder.read("out/\(mapping).ndjson") ?? "").split(separator: "\n").reduce(into: [:]) { found, line in
        let record = try JSONReader.read(String(line))
        found[record[key]?.stringValue ?? ""] = record
      }
    }
    func table(_ mapping: String, _ key: String) throws -> [String: JSONValue] {
      let lines = try SQLiteContent.text(of: mapping, in: "\(folder.path)/out/all.sqlite").split(separator: "\n").map {
        $0.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
      }
      guard let names = lines.first else { return [:] }
      return lines.dropFirst().reduce(into: [:]) { found, row in
        let record = JSONValue.object(zip(names, row).map { name, cell in .init(name, Self.value(cell)) })
        found[record[key]?.stringValue ?? ""] = record
      }
    }
    return (
      ["contacts": try file("contacts", "contactId"), "notes": try file("notes", "noteId")],
      ["contacts": try table("contacts", "contactId"), "notes": try table("notes", "noteId")]
    )
  }

  /// A cell of `SQLiteContent`: `'text'`, a number, or null.
  private static func value(_ cell: String) -> JSONValue {
    guard cell.hasPrefix("'") else { return cell == "null" ? .null : .number(cell) }
    let text = String(cell.dropFirst().dropLast())
    return text.hasPrefix("[") ? (try? JSONReader.read(text)) ?? .string(text) : .string(text)
  }

  @Test(.ends(withinMinutes: 10)) func `in files and databases`() async throws {
    let bench = try Bench(Self.local)
    try bench.write(Self.before.people, Self.before.remarks)
    let first = try await bench.run()
    #expect(first.exitCode == .done, "\(first.summary.messages)")
    let after = Self.after(isRepeated: false)
    try bench.write(after.people, Array(after.remarks.dropFirst(10)))
    let before = try Self.content(bench.folder)
    let dry = try await bench.run { $0.isDryRun = true }
    let between = try Self.content(bench.folder)
    #expect(between.files == before.files && between.table == before.table)
    let real = try await bench.run()
    let now = try Self.content(bench.folder)
    compareCounts(dry, real)
    let (changes, outcomes) = (try bench.lines("changes.ndjson", of: dry), try bench.lines("outcomes.ndjson", of: real))
    try compare(changes, outcomes, before.files, now.files, of: "files", isExact: true)
    try compare(changes, outcomes, before.table, now.table, of: "table", isExact: false)
    for destination in ["files", "table"] {
      let (old, new) = destination == "files" ? (before.files, now.files) : (before.table, now.table)
      let removed = changes.filter { $0["outcome"] == .string("removed") && $0["destination"] == .string(destination) }
        .map { "\($0["mapping"]?.stringValue ?? "") \($0["key"]?.stringValue ?? "")" }
      let gone = old.flatMap { mapping, records in records.keys.filter { new[mapping]?[$0] == nil }.map { "\(mapping) \($0)" } }
      #expect(removed.sorted() == gone.sorted() && !gone.isEmpty)
    }
  }
}
