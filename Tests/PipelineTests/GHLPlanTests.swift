import Control
import Core
import Extract
import HTTP
import PipelineFile
import Sandbox
import State
import TestSupport
import Testing

@testable import Pipeline

/// What `plan` reports about pipelines that write to GHL.
@Suite struct GHLPlanTests {
  private static func mapping(_ name: String, entity: String = "person", key: String = "key", _ fields: String) -> String {
    """
    mapping: 1
    name: \(name)
    source: {entity: \(entity), key: id}
    target: {entity: \(name), key: \(key)}
    fields:
      \(fields.split(separator: "\n").joined(separator: "\n  "))

    """
  }

  private static let contacts = mapping("contacts", "key: id\nemail: mail\nphone: phone")
  private static let child = "contact: {mapping: contacts, field: contactId}"

  /// A project with ten people in a file, or one that reads a location.
  private struct Project {
    let folder = TemporaryFolder()
    var source = "{csv: {person: people.csv}}"
    var settings = "location: loc1, auth: {token: {env: T}}, allow: [delete]"
    /// The mapping, and what the destination says about it.
    var mappings: [(name: String, text: String, part: String)]
    var environment = ["T": "pit-1"]

    func plan(asksSource: Bool = false, _ change: (inout SourceOptions) -> Void = { _ in }) async throws -> PlanEngine.Report {
      let rows = (0..<10).map { "\($0),\($0)@example.com,+1415555010\($0),N,2026-01-0\($0),a,b,u@example.com\n" }
      try folder.write("people.csv", "id,mail,phone,name,day,tags,tier,owner\n" + rows.joined())
      for mapping in mappings { try folder.write("\(mapping.name).yaml", mapping.text) }
      let parts = mappings.map { "\($0.name): {\($0.part)}" }.joined(separator: ", ")
      let text = """
        pipeline: crm
        source: \(source)
        mappings: [\(mappings.map { "\($0.name).yaml" }.joined(separator: ", "))]
        destinations: {crm: {ghl: {\(settings), mappings: {\(parts)}}}}
        """
      let (document, found) = PipelineDocument.read(file: folder.path + "/waybill.yaml", text: text, environment: environment)
      var options = SourceOptions(state: StateFolder(path: folder.path + "/.waybill"), environment: environment)
      change(&options)
      let report = await PlanEngine(try #require(document, "\(found.all)"), options: options).run(asksSource: asksSource)
      #expect(!report.diagnostics.hasErrors, "\(report.diagnostics.all)")
      return report
    }
  }

  // MARK: Figures

  /// A mapping of ten records, with what the destination says about it, and its requests.
  static let costs: [(name: String, text: String, part: String, requests: Int)] = [
    ("contacts", contacts, "to: contacts", 10 * (4 + 1 + 1)), ("contacts", contacts, "to: contacts, match: [phone]", 50),
    ("contacts", contacts, "to: contacts, match: []", 30), ("contacts", contacts, "to: contacts, read_back: 5%", 51),
    ("contacts", contacts, "to: contacts, verify: 5%", 61), ("contacts", contacts, "to: contacts, before: save", 80),
    ("contacts", contacts, "to: contacts, write: upsert", 60),
    ("contacts", mapping("contacts", "key: id\nfirstName: name"), "to: contacts", 40),
    ("contacts", mapping("contacts", "key: id\nemail: mail\ncustomFields.tier: tier"), "to: contacts", 51),
    ("contacts", mapping("contacts", "key: id\nemail: mail\nassignedTo: owner"), "to: contacts", 53),
    (
      "tasks", mapping("tasks", "key: id\ncontactId: id\ntitle: name\ndueDate: day\ncompleted: {const: false}"),
      "to: tasks, \(child)", 30
    ),
    ("notes", mapping("notes", "key: id\ncontactId: id\nbody: name"), "to: notes, \(child), read_back: 50%", 25),
    ("tags", mapping("tags", key: "contactId", "contactId: id\ntags: tags"), "to: tags, \(child)", 30),
    ("links", mapping("links", key: "contactId", "contactId: id\nbusiness: name"), "to: business, \(child)", 32),
    ("leavers", mapping("leavers", "key: id"), "to: contacts, delete: contacts", 10),
  ]

  @Test(arguments: costs)
  func `the requests of each mapping are counted`(name: String, text: String, part: String, requests: Int) async throws {
    var project = Project(mappings: [(name, text, part)])
    if name != "contacts" { project.mappings.insert(("contacts", Self.contacts, "to: contacts"), at: 0) }
    let plan = try #require(try await project.plan().plan)
    #expect(plan.writes.last == .init(destination: "crm", mapping: name, records: 10, requests: requests), "\(plan.writes)")
    let shard = try #require(plan.shards.last)
    #expect(shard.location == "loc1" && shard.fits == nil)
    // One more for each scope.
    let scopes = try #require(plan.targets.first?.scopes)
    #expect(shard.requests == plan.writes.compactMap(\.requests).reduce(0, +) + scopes.count)
    #expect(shard.seconds == Double(shard.requests) * 10 * 1.05 / 100)
    #expect(plan.warnings == [])
  }

  @Test func `the scopes are those of the mappings that would be loaded`() async throws {
    let project = Project(mappings: [
      ("contacts", Self.mapping("contacts", "key: id\nemail: mail\nassignedTo: owner"), "to: contacts"),
      ("links", Self.mapping("links", key: "contactId", "contactId: id\nbusiness: name"), "to: business, \(Self.child)"),
    ])
    let basic = ["contacts.readonly", "contacts.write"]
    let all = try #require(try await project.plan().plan?.targets)
    #expect(all.map(\.name) == ["crm"] && all.map(\.location) == ["loc1"])
    #expect(all.first?.scopes == basic + ["locations.readonly", "users.readonly", "businesses.readonly"])
    let one = try #require(try await project.plan { $0.mappings = ["links"] }.plan)
    #expect(one.targets.first?.scopes == basic + ["businesses.readonly"] && one.writes.map(\.mapping) == ["links"])
    #expect(one.json["destinations"]?.arrayValue?.first?["scopes"]?.arrayValue?.count == 3)
  }

  @Test func `how many records the lists of a source make is not known, and neither are the sums`() async throws {
    var project = Project(
      source: "{ndjson: {person: people.ndjson}}",
      mappings: [
        ("contacts", Self.contacts, "to: contacts"),
        (
          "tasks",
          Self.mapping(
            "tasks", entity: "person, each: tasks",
            "key: item.id\ncontactId: parent.id\ntitle: item.title\ndueDate: {const: \"2026-01-01\"}\ncompleted: {const: false}"),
          "to: tasks, \(Self.child)"
        ),
      ])
    let tasks = (0..<10).map { #"{"id":"t\#($0)","title":"T"}"# }.joined(separator: ",")
    let people = (0..<3).map { #"{"id":"\#($0)","mail":"\#($0)@example.com","phone":"+14155550100","tasks":[\#(tasks)]}"# + "\n" }
    try project.folder.write("people.ndjson", people.joined())
    let plan = try #require(try await project.plan().plan)
    #expect(
      plan.writes == [
        .init(destination: "crm", mapping: "contacts", records: 3, requests: 18),
        .init(destination: "crm", mapping: "tasks", records: nil, requests: nil),
      ])
    #expect(plan.shards.map(\.isPartial) == [false, true] && plan.shards.map(\.fits) == [true, nil])
    #expect(plan.warnings.map { $0.contains("what tasks would write to 'crm'") } == [true])
    let shard = try #require(plan.json["shards"]?.arrayValue?.last)
    #expect(["requests", "seconds", "share_percent"].map { shard[$0] } == [.null, .null, .null])
    #expect(plan.json["budget"]?["requests"] == .null && plan.json["budget"]?["share_percent"] == .null)
    // What is known is too much already.
    let narrow = try await project.plan { $0.requestBudget = 10 }.plan
    #expect(narrow?.shards.map(\.fits) == [true, false])
    project.mappings.removeLast()
    let known = try await project.plan().plan
    #expect(known?.json["budget"]?["requests"] == .number(20) && known?.shards.map(\.isPartial) == [false, false])
  }

  @Test(arguments: [false, true])
  func `what is left of a budget is not known after a location whose requests are not`(isPartial: Bool) throws {
    var first = PlannedLocation(shard: "a", location: "a", address: try ServerAddress("http://127.0.0.1:1"), requests: 10)
    (first.quota.dailyLimit, first.quota.remaining, first.isAsked) = (1_000, 1_000, true)
    var second = first
    (first.isPartial, second.requests) = (isPartial, 80)
    let plan = PipelinePlan(pipeline: "crm", shards: [], calls: [], contacts: 0, businesses: 0, basis: .api)
    let ground = PlanGround(plan: plan, locations: [first, second], records: [:])
    #expect(ground.planned(nil).shards.map(\.fits) == [isPartial ? nil : true, true])
    #expect(ground.planned(100).shards.map(\.fits) == [isPartial ? nil : true, isPartial ? nil : true])
    #expect(ground.planned(80).shards.map(\.fits) == [isPartial ? nil : true, false])
  }

  @Test func `records that a limit leaves out are not written`() async throws {
    let plan = try await Project(mappings: [("contacts", Self.contacts, "to: contacts")]).plan { $0.limit = 3 }.plan
    #expect(plan?.writes == [.init(destination: "crm", mapping: "contacts", records: 3, requests: 18)])
  }

  // MARK: The sandbox

  private static func environment(_ address: SandboxAddress) -> [String: String] {
    let (first, last) = (address.locations[0], address.locations[address.locations.count - 1])
    return ["S": first.token, "T": last.token, "URL": address.baseURL, "FROM": first.id, "TO": last.id]
  }

  /// One location copied into the other; into itself if there is only one.
  private static func copy(_ address: SandboxAddress, _ mappings: [(name: String, text: String, part: String)]) -> Project {
    Project(
      source: "{ghl: {location: \"${FROM}\", auth: {token: {env: S}}, base_url: \"${URL}\", budget: {daily_percent: 90}}}",
      settings: "location: \"${TO}\", auth: {token: {env: T}}, base_url: \"${URL}\", budget: {daily_percent: 80}",
      mappings: mappings, environment: environment(address))
  }

  private static func sandbox(
    locations: Int = 1, faults: [String] = [], dailyLimit: Int? = nil,
    _ body: @escaping @Sendable (SandboxAddress, Sandbox) async throws -> Void
  ) async throws {
    var options = SandboxOptions(contacts: 40, businesses: 2, seed: 7, limitScale: 1_000, faults: try FaultPlan(faults))
    (options.locations, options.dailyLimit) = (locations, dailyLimit)
    try await SandboxServer.withServer(options, body: body)
  }

  private static let copied = mapping("contacts", entity: "contact", "key: id\nemail: email\nphone: phone")
  private static let copiedNotes = mapping("notes", entity: "note", "key: id\ncontactId: contactId\nbody: body")

  @Test func `two locations have a quota each, and one has one`() async throws {
    let mappings = [(name: "contacts", text: Self.copied, part: "to: contacts, match: []")]
    try await Self.sandbox(locations: 2) { address, sandbox in
      let plan = try #require(try await Self.copy(address, mappings).plan(asksSource: true).plan)
      let contacts = plan.contacts
      #expect(contacts > 10 && plan.writes.map(\.records) == [contacts] && plan.writes.map(\.requests) == [3 * contacts])
      #expect(plan.shards.map(\.location) == address.locations.map(\.id))
      #expect(plan.shards.map(\.fits) == [true, true] && plan.shards.map(\.dailyPercent) == [90, 80])
      #expect(plan.shards[1].requests == 3 * contacts + 2)
      #expect(plan.shards.allSatisfy { $0.dailyRemaining != nil && $0.dailyLimit == 200_000_000 })
      #expect(plan.requests == plan.shards[0].requests + plan.shards[1].requests)
      // The second location takes more of its quota.
      #expect(plan.json["budget"]?["daily_percent"] == .number(80))
      // Nothing but the proof has reached the other location, and the contact that cannot exist was not found.
      let other = sandbox.sandboxes[1].statistics
      #expect(other.byRoute == ["GET /contacts/search/duplicate": 1, "PUT /contacts/{contactId}": 1] && other.byStatus[200] == 1)
    }
    try await Self.sandbox { address, _ in
      let plan = try #require(try await Self.copy(address, Self.ownLocation).plan(asksSource: true).plan)
      #expect(plan.shards.map(\.location) == [address.location] && plan.shards.first?.fits == true)
      #expect(plan.shards.first?.dailyPercent == 80)
      let written = plan.writes.compactMap(\.requests).reduce(0, +)
      let read = plan.calls.map(\.requests).reduce(0, +)
      #expect(read > 0 && written > 0 && plan.shards.first?.requests == read + written + 2)
    }
  }

  /// Mappings that may write to the location that they read.
  private static let ownLocation = [
    (name: "contacts", text: mapping("contacts", entity: "business", "key: id\nlastName: name"), part: "to: contacts"),
    (
      name: "tags", text: mapping("tags", entity: "contact", key: "contactId", "contactId: id\ntags: {const: [vip]}"),
      part: "to: tags, \(child)"
    ),
  ]

  @Test(arguments: [(100, false), (200, false), (1_000_000, true)])
  func `what the day's quota does not allow does not fit`(dailyLimit: Int, fits: Bool) async throws {
    // Reading takes about a dozen requests, and writing about a hundred.
    try await Self.sandbox(locations: 2, dailyLimit: dailyLimit) { address, _ in
      let mappings = [(name: "contacts", text: Self.copied, part: "to: contacts")]
      let plan = try #require(try await Self.copy(address, mappings).plan(asksSource: true).plan)
      #expect(plan.shards.map(\.fits) == [true, fits], "\(plan.shards)")
      let narrow = try await Self.copy(address, mappings).plan(asksSource: true) { $0.requestBudget = 50 }.plan
      #expect(narrow?.shards.map(\.fits) == [true, false])
      // A budget is that of the run, not of each location.
      for (budget, fitsBudget) in [(plan.requests - 1, false), (plan.requests, true)] {
        let found = try await Self.copy(address, mappings).plan(asksSource: true) { $0.requestBudget = budget }.plan
        #expect(found?.shards.map(\.fits) == [true, fits && fitsBudget])
      }
    }
  }

  @Test func `how many notes there are is known only of a snapshot`() async throws {
    try await Self.sandbox(locations: 2) { address, sandbox in
      let project = Self.copy(
        address, [("contacts", Self.copied, "to: contacts"), ("notes", Self.copiedNotes, "to: notes, \(Self.child)")])
      let plan = try #require(try await project.plan(asksSource: true).plan)
      #expect(plan.writes.map { $0.records == nil } == [false, true])
      #expect(plan.shards.map(\.fits) == [true, nil])
      #expect(
        plan.warnings.count == 1
          && plan.warnings.first?.contains("the figures do not include what notes would write to 'crm'") == true)
      let document = try #require(
        PipelineDocument.read(
          file: project.folder.path + "/waybill.yaml", text: Self.reading(project), environment: project.environment
        ).document)
      let options = SourceOptions(state: StateFolder(path: project.folder.path + "/.waybill"), environment: project.environment)
      let extracted = await ExtractEngine(document, options: options).run()
      let notes = try #require(extracted.snapshot?.manifest.entities["note"]?.count)
      for asks in [true, false] {
        let known = try #require(try await project.plan(asksSource: asks).plan)
        #expect(known.writes.last == .init(destination: "crm", mapping: "notes", records: notes, requests: 3 * notes))
        #expect(known.warnings == [] && known.shards.map(\.fits) == (asks ? [true, true] : [nil, nil]))
        // Of the notes, a narrowed run reads those of its contacts only.
        let business = sandbox.sandboxes[0].data.businessID(at: 0)
        for change in [{ $0.limit = 3 }, { $0.businesses = [business] }] as [(inout SourceOptions) -> Void] {
          let narrowed = try #require(try await project.plan(asksSource: asks, change).plan)
          #expect(narrowed.writes.map { $0.records == nil } == [false, true] && narrowed.shards[1].fits == nil)
          #expect(narrowed.contacts < known.contacts && narrowed.shards[1].isPartial && narrowed.warnings.count == 1)
        }
        // A limit that leaves no contact out does not narrow.
        let wide = try await project.plan(asksSource: asks) { $0.limit = 1_000 }.plan
        #expect(wide?.writes == known.writes)
      }
    }
  }

  /// The same mappings, into a file.
  private static func reading(_ project: Project) -> String {
    """
    pipeline: crm
    source: \(project.source)
    mappings: [\(project.mappings.map { "\($0.name).yaml" }.joined(separator: ", "))]
    destinations: {files: {csv: {path: "out/{mapping}.csv"}}}
    """
  }

  @Test func `without a snapshot, an offline plan knows no figures`() async throws {
    try await Self.sandbox(locations: 2) { address, sandbox in
      let mappings = [(name: "contacts", text: Self.copied, part: "to: contacts")]
      let plan = try #require(try await Self.copy(address, mappings).plan().plan)
      #expect(plan.basis == .unknown && plan.writes.map(\.requests) == [nil] && plan.warnings == [])
      #expect(plan.json["shards"]?.arrayValue?.map { $0["requests"] } == [.null, .null])
      #expect(sandbox.sandboxes.map(\.statistics.requests) == [0, 0])
    }
  }

  // MARK: Scopes

  @Test(arguments: ["contacts.write", "contacts.readonly", "businesses.readonly"])
  func `a token without a scope that the load needs is refused, and the scope is named`(scope: String) async throws {
    try await Self.sandbox(faults: ["scope-missing=\(scope)"]) { address, sandbox in
      let project = Project(
        settings: "location: \"${TO}\", auth: {token: {env: T}}, base_url: \"${URL}\"",
        mappings: [
          ("contacts", Self.contacts, "to: contacts"),
          ("links", Self.mapping("links", key: "contactId", "contactId: id\nbusiness: name"), "to: business, \(Self.child)"),
        ], environment: Self.environment(address))
      let report = try await project.plan(asksSource: true)
      #expect(report.exitCode == .notAuthorised && report.plan == nil)
      #expect(report.failure?.description.contains(scope) == true, "\(String(describing: report.failure))")
      #expect(report.failure?.description.contains(address.token) == false)
      let probes = ["contacts.readonly", "businesses.readonly", "contacts.write"]
      #expect(sandbox.statistics.byStatus[200, default: 0] == probes.firstIndex(of: scope))
      #expect(!project.folder.names().contains(".waybill"))
      // No request is made.
      let requests = sandbox.statistics.requests
      #expect(try await project.plan().exitCode == .done)
      // The mapping that needs it is not loaded.
      if scope == "businesses.readonly" {
        #expect(try await project.plan(asksSource: true) { $0.mappings = ["contacts"] }.exitCode == .done)
      } else {
        #expect(sandbox.statistics.requests == requests)
      }
    }
  }

  @Test func `a custom field that the location lacks is named before the source is asked`() async throws {
    try await Self.sandbox(locations: 2) { address, sandbox in
      let mapping = Self.mapping("contacts", entity: "contact", "key: id\nemail: email\ncustomFields.job_titel: {const: x}")
      let project = Self.copy(address, [("contacts", mapping, "to: contacts")])
      let report = try await project.plan(asksSource: true)
      #expect(report.exitCode == .configuration && report.plan == nil)
      let message = "the location \(address.locations[1].id) has no custom field 'job_titel'; did you mean 'job_title'?"
      #expect(report.failure?.description.contains(message) == true, "\(String(describing: report.failure))")
      #expect(sandbox.sandboxes[0].statistics.requests == 0)
      #expect(try await project.plan().exitCode == .done)
    }
  }

  @Test func `a file's plan asks the location that is written for its quota`() async throws {
    try await Self.sandbox { address, sandbox in
      let project = Project(
        settings: "location: \"${TO}\", auth: {token: {env: T}}, base_url: \"${URL}\"",
        mappings: [("contacts", Self.contacts, "to: contacts")], environment: Self.environment(address))
      let plan = try #require(try await project.plan(asksSource: true).plan)
      #expect(plan.basis == .files && plan.shards.map(\.shard) == ["files", address.location])
      #expect(plan.shards.map(\.fits) == [true, true] && plan.shards[1].requests == 62)
      // The figures of the day's quota are those of the location, not those of the files.
      let budget = try #require(plan.json["budget"])
      #expect(budget["requests"] == .number(62) && budget["daily_limit"] == .number(200_000_000))
      #expect(budget["daily_remaining"] != .null && budget["share_percent"] != .null)
      #expect(sandbox.statistics.requests == 2 && !project.folder.names().contains(".waybill"))
    }
  }
}
