import Core
import Extract
import Foundation
import GHL
import PipelineFile
import Report
import Sandbox
import State
import TestSupport
import Testing

@testable import Pipeline

/// The requests that `plan` expects of a mapping that writes to GHL, compared with those of real runs.
@Suite struct GHLCostTests {
  private static let people = 4

  /// A mapping, and what the destination says about it. Contacts that are there before a mapping of something else have been loaded by
  /// the mapping `contacts`.
  struct Case: Sendable, CustomTestStringConvertible {
    var fields: String
    var part: String
    var target: String { String(part.dropFirst("to: ".count).prefix { $0 != "," }) }
    var isChild: Bool { target != "contacts" }
    var testDescription: String { "\(part) with \(fields.replacing("\n", with: ", "))" }

    init(_ fields: String, _ part: String) { (self.fields, self.part) = (fields, part) }
  }

  private static let child = "contact: {mapping: contacts, field: contactId}"
  private static let title = "contactId: id\ntitle: text\ndueDate: day\ncompleted: {const: false}"
  /// Tags that all people have, and tags that are different.
  private static let shared = #"{from: text, do: [{split: ";"}]}"#
  private static let own = #"{from: [name, text], do: [{join: ";"}, {split: ";"}]}"#
  private static let both = "email: mail\nphone: phone\ncity: text"

  static let cases: [Case] = [
    Case(both, "to: contacts"), Case(both, "to: contacts, match: [], read_back: 1%"),
    Case(both, "to: contacts, before: save"), Case("phone: phone\ncity: text", "to: contacts, write: upsert"),
    Case("firstName: name\ncity: text", "to: contacts"),
    Case("email: mail\nassignedTo: owner\ncustomFields.job_title: text\ntags: \(shared)", "to: contacts, tags: replace"),
    Case(title, "to: tasks, \(child)"), Case(title + "\nassignedTo: owner", "to: tasks, \(child), before: save"),
    Case("contactId: id\nbody: text", "to: notes, \(child), read_back: 1%"),
    Case("contactId: id\ntags: \(shared)", "to: tags, \(child)"),
    Case("contactId: id\ntags: \(own)", "to: tags, \(child), before: save"),
    Case("contactId: id\nbusiness: business", "to: business, \(child)"),
  ]

  /// Those of v3 have the same requests.
  static let runs =
    cases.map { (item: $0, generation: "dated") }
    + [cases[0], Case(title, "to: tasks, \(child)")].map { ($0, "v3") }

  /// A project before a sandbox. The text of its people and their business change from round to round.
  private struct Bench: Sendable {
    let folder = TemporaryFolder()
    let address: SandboxAddress
    let sandbox: Sandbox
    let generation: String
    let environment: [String: String]

    init(_ address: SandboxAddress, _ sandbox: Sandbox, _ generation: String) {
      (self.address, self.sandbox, self.generation) = (address, sandbox, generation)
      environment = ["T": address.token]
    }

    /// - Parameter mappings: in the order in which they are loaded.
    func write(_ mappings: [(name: String, item: Case)], round: Int = 0) throws {
      let data = sandbox.data
      let rows = (0..<GHLCostTests.people).map { number in
        let business = data.businessID(at: round % 2)
        return "\(number),\(number)@x.io,+1415555010\(number),N\(number),2026-12-0\(number + 1),round \(round),"
          + "\(data.users[number].email),\(business)\n"
      }
      try folder.write("people.csv", "id,mail,phone,name,day,text,owner,business\n" + rows.joined())
      for (name, item) in mappings {
        let text = """
          mapping: 1
          name: \(name)
          source: {entity: person, key: id}
          target: {entity: \(name), key: key}
          fields:
            key: id
            \(item.fields.replacing("\n", with: "\n  "))

          """
        try folder.write("\(name).yaml", text)
      }
      let settings =
        "location: \(address.location), base_url: \"\(address.baseURL)\", version: \(generation), auth: {token: {env: T}}"
      try folder.write(
        "waybill.yaml",
        """
        pipeline: crm
        source: {csv: {person: people.csv}}
        mappings: [\(mappings.map { "\($0.name).yaml" }.joined(separator: ", "))]
        destinations:
          crm:
            ghl: {\(settings), mappings: {\(mappings.map { "\($0.name): {\($0.item.part)}" }.joined(separator: ", "))}}

        """)
    }

    /// Runs the pipeline, whose last mapping is the only one that has something to do.
    ///
    /// - Returns: the requests that the plan expects of that mapping, and those that were made for it.
    func run(_ what: String) async throws -> (planned: Int, made: Int) {
      let (document, diagnostics) = PipelineDocument.load(path: "\(folder.path)/waybill.yaml", environment: environment)
      let source = SourceOptions(state: StateFolder(path: "\(folder.path)/.waybill"), environment: environment)
      let known = try #require(document, "\(diagnostics.all)")
      let plan = try #require(await PlanEngine(known, options: source).run(asksSource: false).plan)
      let before = sandbox.statistics.requests
      let report = await RunEngine(known, options: RunEngine.Options(source: source)).run()
      #expect(report.exitCode == .done, "\(what): \(report.summary.messages) \(report.diagnostics.all.map(\.message))")
      let counts = report.summary.entities.last?.destinations.first?.counts
      #expect(counts?[.failed] == 0 && counts?[.pending] == 0, "\(what)")
      // One more for each scope.
      let scopes = try #require(plan.targets.first?.scopes.count)
      let planned = try #require(plan.writes.last?.requests)
      #expect(plan.shards.last?.requests == plan.writes.compactMap(\.requests).reduce(scopes, +))
      return (planned, sandbox.statistics.requests - before - scopes)
    }

    /// - Returns: the requests that were made.
    @discardableResult
    func check(_ what: String) async throws -> (planned: Int, made: Int) {
      let before = sandbox.statistics.byRoute
      let found = try await run(what)
      let routes = sandbox.statistics.byRoute.merging(before) { $0 - $1 }.filter { $0.value > 0 }
      #expect(found.made <= found.planned, "\(what): \(found.made) requests, and \(found.planned) planned: \(routes)")
      return found
    }

    /// Requests that somebody else makes.
    @discardableResult
    func ask(_ method: String, _ target: String, _ body: String = "") throws -> JSONValue {
      let version = (generation == "v3" ? GHLVersions.Generation.v3 : .dated)
      let answer = sandbox.respond(
        to: SandboxRequest(
          method, target, authorization: "Bearer \(address.token)", version: GHLRoute.contact.version(in: version),
          body: Array(body.utf8)))
      #expect((200..<300).contains(answer.status))
      return try JSONReader.read(answer.body)
    }

    /// The addresses of all contacts, or of what they have.
    func targets(_ kind: String) throws -> [String] {
      let body = #"{"locationId":"\#(address.location)","pageLimit":100}"#
      let contacts = try ask("POST", "/contacts/search", body)["contacts"]?.arrayValue ?? []
      let targets = contacts.compactMap { $0["id"]?.stringValue }.map { "/contacts/\($0)" }
      guard kind == "tasks" else { return targets }
      return try targets.flatMap { target in
        try (ask("GET", "\(target)/tasks")["tasks"]?.arrayValue ?? []).compactMap { task in
          task["id"]?.stringValue.map { "\(target)/tasks/\($0)" }
        }
      }
    }
  }

  private static func with(_ generation: String, _ body: @escaping @Sendable (Bench) async throws -> Void) async throws {
    try await SandboxServer.withServer(SandboxOptions(contacts: 0, businesses: 2, limitScale: 100_000)) { address, sandbox in
      try await body(Bench(address, sandbox, generation))
    }
  }

  private static let contacts = (name: "contacts", item: Case("email: mail", "to: contacts"))

  @Test(arguments: runs)
  func `a run makes no more requests than planned`(_ run: (item: Case, generation: String)) async throws {
    let item = run.item
    try await Self.with(run.generation) { bench in
      let first = item.isChild ? [Self.contacts] : []
      if item.isChild {
        try bench.write(first)
        try await bench.check("the contacts")
      }
      func load(_ name: String, round: Int) throws { try bench.write(first + [(name, item)], round: round) }
      let name = item.isChild ? "children" : "contacts"
      try load(name, round: 0)
      try await bench.check("new records")
      let writes = bench.sandbox.statistics.byRoute.filter { !$0.key.hasPrefix("GET ") }
      try await bench.check("unchanged records")
      let after = bench.sandbox.statistics.byRoute.filter { !$0.key.hasPrefix("GET ") }
      // The request that asks for the scope to write.
      #expect(after == writes.merging(["PUT /contacts/{contactId}": 1]) { $0 + $1 })
      try load(name, round: 1)
      try await bench.check("changed records")
      // Without what the journal knows, all of them are looked up.
      try load(item.isChild ? "others" : name, round: 2)
      if !item.isChild { try FileManager.default.removeItem(atPath: "\(bench.folder.path)/.waybill") }
      try await bench.check("records that the journal does not know")
    }
  }

  @Test func `what takes the most requests takes as many as planned`() async throws {
    try await Self.with("dated") { bench in
      try bench.write([("contacts", Case(Self.both, "to: contacts"))])
      try await bench.check("new records")
      try bench.write([("contacts", Case(Self.both, "to: contacts"))], round: 1)
      try FileManager.default.removeItem(atPath: "\(bench.folder.path)/.waybill")
      let (planned, made) = try await bench.check("records that the journal does not know")
      #expect(made == planned)
    }
  }

  @Test(arguments: [
    Case(both, "to: contacts"), Case("email: mail\ncity: text", "to: contacts"), Case(title, "to: tasks, \(child)"),
  ])
  func `what verify reads is within the plan`(_ item: Case) async throws {
    try await Self.with("dated") { bench in
      var verified = item
      verified.part += ", verify: {share: 100%, then: resend}"
      let first = item.isChild ? [Self.contacts] : []
      if item.isChild {
        try bench.write(first)
        try await bench.check("the contacts")
      }
      try bench.write(first + [(item.isChild ? "children" : "contacts", verified)])
      try await bench.check("new records")
      let unchanged = try await bench.check("unchanged records")
      #expect(unchanged.made >= Self.people)
      for target in try bench.targets(item.target) {
        let body = item.isChild ? #"{"title":"Other"}"# : #"{"city":"Oslo"}"#
        try bench.ask("PUT", target, body)
      }
      let changed = try await bench.check("records that somebody has changed")
      #expect(changed.made >= 2 * Self.people)
      for target in try bench.targets(item.target) { try bench.ask("DELETE", target) }
      let removed = try await bench.check("records that somebody has deleted")
      #expect(removed.made >= 2 * Self.people)
      #expect(try bench.targets(item.target).count == Self.people)
    }
  }
}
