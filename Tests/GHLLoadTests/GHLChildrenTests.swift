import Core
import GHL
import Sandbox
import TestSupport
import Testing

@testable import Load

/// Tasks and notes: children of contacts.
@Suite struct GHLChildrenTests {
  enum Kind: String, CaseIterable, Sendable {
    case tasks, notes

    func record(_ key: String, of contact: String, _ text: String = "Call") -> String {
      self == .tasks ? GHLBench.task(key, of: contact, title: text) : GHLBench.note(key, of: contact, text)
    }

    /// The field that `text` sets.
    var field: String { self == .tasks ? "title" : "body" }
  }

  private static func bench(
    _ kind: Kind, _ generation: GHLVersions.Generation = .dated, faults: [String] = [], contacts: Int = 2,
    _ change: (inout GHLPartDocument) -> Void = { _ in }
  ) async throws -> GHLBench {
    var bench = try GHLBench(faults: faults, generation)
    bench.add(kind == .tasks ? .tasks : .notes, change)
    try await bench.load(GHLBench.contacts(1...contacts))
    return bench
  }

  private static func texts(_ kind: Kind, _ bench: GHLBench, of contact: String = "c1") throws -> [String] {
    try bench.children(kind.rawValue, of: contact).compactMap { $0[kind.field]?.stringValue }.sorted()
  }

  // MARK: Routes

  @Test(arguments: Kind.allCases, TrapTests.generations)
  func `children are created, changed and left alone by routes of their own`(
    _ kind: Kind, _ generation: GHLVersions.Generation
  ) async throws {
    let bench = try await Self.bench(kind, generation)
    let before = bench.calls.count
    func load(_ text: String) async throws -> GHLBench.Result {
      try await bench.load([kind.record("k1", of: "c1", text), kind.record("k2", of: "c2")], into: kind.rawValue)
    }
    let first = try await load("One")
    #expect(first.words == ["created", "created"] && first.codes == [])
    #expect(try await load("One").words == ["unchanged", "unchanged"])
    let changed = try await load("Two")
    #expect(changed.words == ["updated", "unchanged"] && changed.codes == [])
    #expect(bench.calls.dropFirst(before) == ["POST \(kind)", "POST \(kind)", "PUT \(kind)"])
    #expect(try Self.texts(kind, bench) == ["Two"] && bench.statistics.byStatus[422] == nil)
    // Our keys never leave.
    #expect(bench.writes.allSatisfy { $0.body?["key"] == nil && $0.body?["contact"] == nil })
  }

  @Test(arguments: TrapTests.generations)
  func `a task that was only completed has a route of its own`(_ generation: GHLVersions.Generation) async throws {
    let bench = try await Self.bench(.tasks, generation)
    func load(_ title: String, _ completed: Bool) async throws -> [String] {
      try await bench.load([GHLBench.task("k1", of: "c1", title: title, #""completed":\#(completed)"#)], into: "tasks").words
    }
    #expect(try await load("Call", false) == ["created"])
    #expect(try await load("Call", true) == ["updated"])
    #expect(bench.calls.last == "PUT tasks/completed" && bench.writes.last?.body?.text == #"{"completed":true}"#)
    #expect(try bench.children("tasks", of: "c1")[0]["completed"] == .bool(true))
    #expect(try await load("Call", true) == ["unchanged"])
    #expect(try await load("Write", false) == ["updated"])
    #expect(bench.calls.last == "PUT tasks")
  }

  @Test func `a task read from GHL can be written back`() async throws {
    let bench = try await Self.bench(.tasks)
    func task(_ title: String, _ due: String) -> String {
      #"{"key":"k1","contact":"c1","title":"\#(title)","dueDate":"\#(due)","completed":false}"#
    }
    for (title, due, word) in [
      ("A", "2026-12-01T09:00:00.000Z", "created"), ("B", "2026-12-01T09:00:00.000Z", "updated"),
      ("C", "2026-12-01T10:00:00.000+01:00", "updated"), ("D", "2026-12-02T09:00:00.123Z", "updated"),
    ] {
      let result = try await bench.load([task(title, due)], into: "tasks")
      #expect(result.words == [word] && result.codes == [], "\(title)")
      #expect(bench.writes.last?.body?["dueDate"]?.stringValue?.contains(".") == false)
    }
    #expect(bench.statistics.byStatus[422] == nil)
  }

  @Test func `a note's author is a user, by ID or by e-mail address`() async throws {
    let bench = try await Self.bench(.notes)
    let location = try bench.ask("GET", "/locations/\(bench.document.location)")["location"]
    let company = try #require(location?["companyId"]?.stringValue)
    let users = try bench.ask("GET", "/users/search?companyId=\(company)&locationId=\(bench.document.location)")["users"]?
      .arrayValue
    let user = try #require(users?.first)
    let (id, email) = (try #require(user["id"]?.stringValue), try #require(user["email"]?.stringValue))
    func note(_ key: String, _ user: String) -> String {
      #"{"key":"\#(key)","contact":"c1","body":"\#(key)","userId":"\#(user)"}"#
    }
    let result = try await bench.load([note("k1", id), note("k2", email), note("k3", "nobody@x.io")], into: "notes")
    #expect(result.words == ["created", "created", "failed"] && result.codes == ["request-impossible"])
    #expect(try bench.children("notes", of: "c1").allSatisfy { $0["userId"]?.stringValue == id })
  }

  @Test(arguments: Kind.allCases) func `a child without what GHL requires is not sent`(_ kind: Kind) async throws {
    let bench = try await Self.bench(kind)
    let before = bench.writes.count
    let result = try await bench.load(
      [#"{"key":"k1","contact":"c1","color":"red"}"#], into: kind.rawValue, columns: ["contact", "title", "body", "color"])
    #expect(result.words == ["failed"] && result.codes == ["request-impossible"] && bench.writes.count == before)
  }

  // MARK: Parents

  @Test(arguments: Kind.allCases) func `a child of a contact that is not there waits`(_ kind: Kind) async throws {
    let bench = try await Self.bench(kind)
    let records = [kind.record("k1", of: "c9"), kind.record("k2", of: "c1")]
    let result = try await bench.load(records, into: kind.rawValue)
    #expect(result.words == ["pending", "created"] && result.codes == ["parent-not-loaded"])
    try await bench.load(GHLBench.contacts(9...9))
    #expect(try await bench.load(records, into: kind.rawValue).words == ["created", "unchanged"])
  }

  @Test(arguments: Kind.allCases)
  func `children of a contact that was created again are created again`(_ kind: Kind) async throws {
    let bench = try await Self.bench(kind, contacts: 1)
    let child = [kind.record("k1", of: "c1")]
    try await bench.load(child, into: kind.rawValue)
    let old = try bench.id("c1")
    try bench.ask("DELETE", "/contacts/\(old)")
    // The contact's next change finds out, and the run after that creates it.
    #expect(try await bench.load(GHLBench.contacts(1...1, city: "Oslo")).words == ["failed"])
    #expect(try await bench.load(GHLBench.contacts(1...1, city: "Oslo")).words == ["created"])
    #expect(try bench.id("c1") != old)
    let found = try await bench.load(child, into: kind.rawValue)
    #expect(found.words == ["created"] && found.codes == [])
    #expect(try Self.texts(kind, bench) == ["Call"])
    #expect(try await bench.load(child, into: kind.rawValue).words == ["unchanged"])
  }

  @Test(arguments: Kind.allCases)
  func `a child that moves to another contact is refused until the old one is removed`(_ kind: Kind) async throws {
    var bench = try await Self.bench(kind)
    bench.document.allowsDelete = true
    bench.add(kind == .tasks ? .tasks : .notes, as: "done") {
      $0.deletion = .init(mapping: Name(kind.rawValue), maxPercent: 100, place: GHLBench.place)
      // The field need not have the same name.
      $0.contact?.field = "person"
    }
    try await bench.load([kind.record("k1", of: "c1")], into: kind.rawValue)
    let writes = bench.writes.count
    let moved = try GHLBench.staged([kind.record("k1", of: "c2")], kind.rawValue, nil)
    let forecast = try await moved.forecast(by: bench.destination())
    let result = try await bench.load(moved)
    #expect(result.words == ["failed"] && result.codes == ["request-impossible"] && forecast.sink.words == result.words)
    #expect(result.problems.first?.detail.contains("cannot move a") == true)
    #expect(try await bench.load([kind.record("k1", of: "c1")], into: kind.rawValue).words == ["unchanged"])
    // It is not treated as removed just because the new contact does not have it.
    let wrong = try await bench.load([#"{"key":"k1","person":"c2"}"#], into: "done")
    #expect(wrong.words == ["failed"] && wrong.codes == ["request-impossible"] && bench.writes.count == writes)
    #expect(try await bench.load([#"{"key":"k1","person":"c1"}"#], into: "done").words == ["removed"])
    #expect(try await bench.load(moved).words == ["created"])
    #expect(try Self.texts(kind, bench) == [] && Self.texts(kind, bench, of: "c2") == ["Call"])
  }

  @Test(arguments: Kind.allCases, [ConflictDocument.Then.reject, .adopt])
  func `children of a contact that the pipeline refuses wait`(_ kind: Kind, _ existing: ConflictDocument.Then) async throws {
    var bench = try GHLBench { $0.existing = existing }
    bench.add(kind == .tasks ? .tasks : .notes)
    let id = try bench.create(#""email":"c1@x.io","firstName":"Bob""#)
    let contacts = try GHLBench.staged(GHLBench.contacts(1...1), "contacts", nil)
    let children = try GHLBench.staged([kind.record("k1", of: "c1")], kind.rawValue, nil)
    let waits = existing == .reject
    let destination = bench.destination()
    let predicted = try await contacts.forecast(by: destination).sink.words + children.forecast(by: destination).sink.words
    let first = try await bench.load(contacts)
    #expect(first.words == [waits ? "failed" : "unchanged"] && first.codes == (waits ? ["already-exists"] : []))
    let result = try await bench.load(children)
    #expect(result.words == [waits ? "pending" : "created"] && result.codes == (waits ? ["parent-not-loaded"] : []))
    #expect(predicted == first.words + result.words)
    // Also without a prediction for the contact.
    let again = try await children.forecast(by: bench.destination()).sink.words
    #expect(again == [waits ? "pending" : "unchanged"])
    #expect(try bench.ask("GET", "/contacts/\(id)/\(kind)")[kind.rawValue]?.arrayValue?.count == (waits ? 0 : 1))
  }

  // MARK: Finding

  @Test(arguments: Kind.allCases) func `children with the same content are as many as there are records`(_ kind: Kind)
    async throws
  {
    let bench = try await Self.bench(kind)
    let records = (1...4).map { kind.record("k\($0)", of: "c1") }
    #expect(try await bench.load(records, into: kind.rawValue).words == Array(repeating: "created", count: 4))
    #expect(try Self.texts(kind, bench).count == 4)
    // Without the journal, each record finds one of them.
    let lost = bench.withEmptyJournal()
    #expect(try await lost.load(GHLBench.contacts(1...2)).words == ["unchanged", "unchanged"])
    #expect(try await lost.load(records, into: kind.rawValue).words == Array(repeating: "unchanged", count: 4))
    #expect(Set(try (1...4).map { try lost.id("k\($0)", in: kind.rawValue) }).count == 4)
    #expect(try Self.texts(kind, bench).count == 4)
  }

  @Test(arguments: Kind.allCases) func `a contact's children are read once`(_ kind: Kind) async throws {
    let bench = try await Self.bench(kind) { $0.readBack = nil }
    let records = (1...30).map { kind.record("k\($0)", of: $0 <= 20 ? "c1" : "c2", "Call \($0)") }
    #expect(Set(try await bench.load(records, into: kind.rawValue).words) == ["created"])
    #expect(bench.api.sent.count { $0.method == "GET" && $0.target.hasSuffix("/\(kind)") } == 2)
  }

  /// What becomes of a create whose response is lost, or says something else.
  static let faults: [SandboxTransport.Fault] = [
    .lostBefore, .lostAfter, .respondAfter(500, "{}"), .respondAfter(503, "<html>"),
    .respondAfter(422, #"{"statusCode":422,"message":["no"]}"#),
  ]

  @Test(arguments: Kind.allCases, 0..<5) func `a create without a response is one child`(_ kind: Kind, _ index: Int) async throws
  {
    let bench = try await Self.bench(kind)
    // Somebody else's child is none of ours.
    try bench.ask("POST", "/contacts/\(try bench.id("c1"))/notes", #"{"body":"Theirs"}"#)
    bench.api.once(Self.faults[index]) { $0.method == "POST" && $0.target.hasSuffix("/\(kind)") }
    let records = [kind.record("k1", of: "c1"), kind.record("k2", of: "c1"), kind.record("k3", of: "c1", "Other")]
    let result = try await bench.load(records, into: kind.rawValue)
    #expect(result.words == ["created", "created", "created"], "\(result.codes)")
    #expect(try Self.texts(kind, bench).filter { $0 != "Theirs" } == ["Call", "Call", "Other"])
    #expect(try await bench.load(records, into: kind.rawValue).words == ["unchanged", "unchanged", "unchanged"])
  }

  @Test(arguments: Kind.allCases) func `a refused create is refused once, and sent once`(_ kind: Kind) async throws {
    let bench = try await Self.bench(kind)
    bench.api.setScript { $0.isWrite ? .respond(422, #"{"statusCode":422,"message":["title is too long"]}"#) : nil }
    let before = bench.writes.count
    let result = try await bench.load([kind.record("k1", of: "c1")], into: kind.rawValue)
    #expect(result.words == ["failed"] && result.codes == ["destination-refused"] && bench.writes.count == before + 1)
  }

  @Test(arguments: Kind.allCases)
  func `a field that was dropped while the response was lost does not make a second child`(_ kind: Kind) async throws {
    let bench = try await Self.bench(kind)
    let more = kind == .tasks ? #""body":"Tea","completed":false"# : ""
    let record =
      kind == .tasks
      ? GHLBench.task("k1", of: "c1", more) : #"{"key":"k1","contact":"c1","body":"Call","title":"Tea"}"#
    let dropped = kind == .tasks ? "body" : "title"
    let id = try bench.id("c1")
    bench.api.setScript { sent in
      guard sent.method == "POST", sent.target.hasSuffix("/\(kind)"), sent.body?[dropped] != nil else { return nil }
      // GHL stores it without the field.
      let required = kind == .tasks ? #""title":"Call","dueDate":"2026-12-01T09:00:00Z","completed":false"# : #""body":"Call""#
      _ = try? bench.ask("POST", "/contacts/\(id)/\(kind)", "{\(required)}")
      return .lostBefore
    }
    let result = try await bench.load([record], into: kind.rawValue)
    // It is there with other values, so it is changed.
    #expect(result.words == ["updated"], "\(result.codes)")
    let children = try bench.children(kind.rawValue, of: "c1")
    #expect(children.count == 1 && children.first?[dropped]?.stringValue == "Tea")
  }

  @Test(arguments: Kind.allCases, [KillPoint.beforeResponse, .beforeResult])
  func `a dropped field and a dead process make no second child, and take nobody else's`(_ kind: Kind, _ point: KillPoint)
    async throws
  {
    let bench = try await Self.bench(kind)
    let id = try bench.id("c1")
    let required = kind == .tasks ? #""title":"Call","dueDate":"2026-12-01T09:00:00Z","completed":false"# : #""body":"Call""#
    let dropped = kind == .tasks ? "body" : "title"
    // A similar one, but somebody else's.
    try bench.ask("POST", "/contacts/\(id)/\(kind)", "{\(required),\"\(dropped)\":\"Coffee\"}")
    bench.api.setScript { sent in
      guard sent.method == "POST", sent.target.hasSuffix("/\(kind)") else { return nil }
      let made = try? bench.ask("POST", "/contacts/\(id)/\(kind)", "{\(required)}")
      return made.map { .respond(201, $0.text) }
    }
    let record = #"{"key":"k1","contact":"c1",\#(required),"\#(dropped)":"Tea"}"#
    _ = try? await bench.load([record], into: kind.rawValue, by: DyingProcess(at: point, of: 1))
    bench.api.setScript { _ in nil }
    let result = try await bench.load([record], into: kind.rawValue)
    #expect(result.words == ["updated"], "\(result.codes)")
    let values = try bench.children(kind.rawValue, of: "c1").compactMap { $0[dropped]?.stringValue }
    #expect(values.sorted() == ["Coffee", "Tea"])
    #expect(try await bench.load([record], into: kind.rawValue).words == ["unchanged"])
  }

  @Test(arguments: Kind.allCases, [KillPoint.beforeResponse, .beforeResult])
  func `a child in doubt that moves to another contact is found at the old one, and not created again`(
    _ kind: Kind, _ point: KillPoint
  ) async throws {
    let bench = try await Self.bench(kind)
    let id = try bench.id("c1")
    let required = kind == .tasks ? #""title":"Call","dueDate":"2026-12-01T09:00:00Z","completed":false"# : #""body":"Call""#
    let dropped = kind == .tasks ? "body" : "title"
    bench.api.setScript { sent in
      guard sent.method == "POST", sent.target.hasSuffix("/\(kind)") else { return nil }
      let made = try? bench.ask("POST", "/contacts/\(id)/\(kind)", "{\(required)}")
      return made.map { .respond(201, $0.text) }
    }
    func record(_ contact: String) -> String { #"{"key":"k1","contact":"\#(contact)",\#(required),"\#(dropped)":"Tea"}"# }
    _ = try? await bench.load([record("c1")], into: kind.rawValue, by: DyingProcess(at: point, of: 1))
    bench.api.setScript { _ in nil }
    for _ in 1...2 {
      let moved = try await bench.load([record("c2")], into: kind.rawValue)
      #expect(moved.words == ["failed"] && moved.codes == ["request-impossible"], "\(moved.codes)")
      #expect(try Self.texts(kind, bench).count == 1 && Self.texts(kind, bench, of: "c2").isEmpty)
    }
    #expect(try await bench.load([record("c1")], into: kind.rawValue).words == ["updated"])
    #expect(try bench.children(kind.rawValue, of: "c1").map { $0[dropped]?.stringValue } == ["Tea"])
  }

  @Test(arguments: Kind.allCases, KillPoint.allCases)
  func `what an update of a child leaves out is in the ledger, also after a kill`(_ kind: Kind, _ point: KillPoint) async throws {
    let bench = try await Self.bench(kind)
    // GHL accepts null for neither.
    let field = kind == .tasks ? "body" : "title"
    func staged(_ text: String, _ value: String) -> StagedRecords {
      let record =
        kind == .tasks
        ? GHLBench.task("k1", of: "c1", title: text, #""completed":false,"body":\#(value)"#)
        : #"{"key":"k1","contact":"c1","body":"\#(text)","title":\#(value)}"#
      let columns = kind == .tasks ? ["title", "dueDate", "completed", "body"] : ["body", "title"]
      return GHLBench.whole([record], kind.rawValue, ["contact"] + columns)
    }
    try await bench.load(staged("Call", #""Tea""#))
    let process = DyingProcess(at: point, of: 1)
    _ = try? await bench.load(staged("Mail", "null"), run: "run2", by: process)
    #expect(process.isDead)
    let result = try await bench.load(staged("Mail", "null"), run: "run2")
    #expect(result.codes == ["not-applied"] && result.problems.first?.column == (kind == .tasks ? 5 : 3))
    let child = try bench.children(kind.rawValue, of: "c1")[0]
    #expect(child[field]?.stringValue == "Tea" && child[kind.field]?.stringValue == "Mail")
  }

  @Test(arguments: KillPoint.allCases)
  func `what somebody has changed in a task that was completed is sent again, also after a kill`(_ point: KillPoint) async throws
  {
    let bench = try await Self.bench(.tasks)
    func task(_ completed: Bool) -> [String] { [GHLBench.task("k1", of: "c1", #""completed":\#(completed)"#)] }
    try await bench.load(task(false), into: "tasks")
    let address = try "/contacts/\(bench.id("c1"))/tasks/\(bench.id("k1", in: "tasks"))"
    try bench.ask("PUT", address, #"{"title":"Theirs"}"#)
    _ = try? await bench.load(task(true), into: "tasks", by: DyingProcess(at: point, of: 1))
    try await bench.load(task(true), into: "tasks")
    #expect(bench.calls.contains("PUT tasks/completed"))
    let child = try bench.children("tasks", of: "c1")[0]
    #expect(child["title"]?.stringValue == "Call" && child["completed"] == .bool(true))
  }

  @Test(arguments: Kind.allCases, KillPoint.allCases)
  func `a killed load leaves each child once`(_ kind: Kind, _ point: KillPoint) async throws {
    for number in 1...3 {
      let bench = try await Self.bench(kind)
      let records = ["Call", "Call", "Mail"].enumerated().map { kind.record("k\($0)", of: "c1", $1) }
      _ = try? await bench.load(records, into: kind.rawValue, by: DyingProcess(at: point, of: number))
      let result = try await bench.load(records, into: kind.rawValue)
      #expect(Set(result.words).isSubset(of: ["created", "unchanged", "updated"]), "\(point) \(number): \(result.codes)")
      #expect(try Self.texts(kind, bench) == ["Call", "Call", "Mail"], "\(point) \(number)")
      #expect(try await bench.load(records, into: kind.rawValue).words == ["unchanged", "unchanged", "unchanged"])
    }
  }
}
