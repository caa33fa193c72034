import Core
import GHL
import TestSupport
import Testing

@testable import Load
@testable import Sandbox

/// Contacts of others are neither changed nor taken over, whatever happens to a create.
@Suite struct GHLContactTests {
  private static let phone = "+14155550101"

  private static func bench(
    faults: [String] = [], age: Duration = .zero, _ change: (inout GHLPartDocument) -> Void = { _ in }
  ) throws -> GHLBench {
    var bench = try GHLBench(faults: faults, age: age, .dated, change)
    bench.document.allowsDelete = true
    return bench
  }

  // MARK: Upserts

  @Test(arguments: [nil, ConflictDocument.Then.update, .adopt, .reject])
  func `an upsert changes no contact that match does not name`(existing: ConflictDocument.Then?) async throws {
    for members in [#""email":"new@x.io","phone":"\#(Self.phone)""#, #""phone":"\#(Self.phone)""#] {
      let bench = try Self.bench { ($0.write, $0.match, $0.existing) = (.upsert, [.email], existing) }
      let id = try bench.create(#""phone":"\#(Self.phone)","city":"Oslo""#)
      let result = try await bench.load([#"{"key":"k1","city":"Rome",\#(members)}"#])
      #expect(result.words == ["created"] && result.codes.isEmpty)
      let theirs = try bench.contact(id)
      #expect(theirs?["city"]?.stringValue == "Oslo" && theirs?["email"]?.stringValue == nil)
      #expect(try bench.contacts().count == 2)
    }
  }

  typealias Sent = (
    members: String, match: [GHLPartDocument.Identifier], existing: ConflictDocument.Then?, isUpsert: Bool
  )

  static let sent: [Sent] = [
    (#""phone":"+14155550101""#, [.email, .phone], nil, true), (#""phone":"+14155550101""#, [.phone], .update, true),
    (#""phone":"+14155550101""#, [.email], nil, false), (#""phone":"+14155550101""#, [.phone], .reject, false),
    (#""phone":"+14155550101""#, [.phone], .adopt, false), (#""phone":"(415) 555-0101""#, [.phone], nil, false),
    (#""email":"ann@x.io""#, [.email, .phone], nil, false), (#""firstName":"Ann""#, [.phone], nil, false),
    (#""email":"ann@x.io","phone":"+14155550101""#, [.email, .phone], nil, false),
  ]

  @Test("an upsert is sent only where it can take no other contact", arguments: sent)
  func upserts(_ sent: Sent) async throws {
    let bench = try Self.bench { ($0.write, $0.match, $0.existing) = (.upsert, sent.match, sent.existing) }
    #expect(try await bench.load([#"{"key":"k1",\#(sent.members)}"#]).words == ["created"])
    #expect(bench.writes.first?.target == (sent.isUpsert ? "/contacts/upsert" : "/contacts/"))
  }

  @Test func `an upsert into a contact of another record fails, and the next run creates its own`() async throws {
    let bench = try Self.bench { $0.write = .upsert }
    let owner = #"{"key":"k1","email":"ann@x.io","city":"Oslo"}"#
    try await bench.load([owner])
    let id = try bench.id("k1")
    bench.api.once(.first { _ = try? bench.ask("PUT", "/contacts/\(id)", #"{"phone":"\#(Self.phone)"}"#) }) { $0.isCreate }
    let record = #"{"key":"k2","phone":"\#(Self.phone)","city":"Rome"}"#
    let result = try await bench.load([record])
    #expect(result.words == ["failed"] && result.codes == ["already-exists"])
    #expect(result.problems.first?.detail.contains("\(id), which belongs to the record k1 ") == true)
    #expect(try bench.contact(id)?["city"]?.stringValue == "Rome")
    // What the other record had is sent again.
    let staged = try GHLBench.staged([owner, record], "contacts", nil)
    #expect(try await staged.forecast(by: bench.destination()).sink.words == ["updated", "created"])
    let next = try await bench.load(staged)
    #expect(next.words == ["updated", "created"] && next.codes.isEmpty)
    #expect(try bench.id("k1") == id && bench.id("k2") != id && bench.values("city") == ["Oslo", "Rome"])
    #expect(try await bench.load(staged).words == ["unchanged", "unchanged"])
  }

  @Test(arguments: [false, true]) func `undo leaves a contact that an upsert only found`(isDropped: Bool) async throws {
    let bench = try Self.bench { ($0.write, $0.before) = (.upsert, .init()) }
    let staged = GHLBench.whole([#"{"key":"k1","phone":"\#(Self.phone)","city":"Rome"}"#], "contacts", ["phone", "city"])
    bench.api.setScript { sent in
      guard sent.isCreate else { return nil }
      // Somebody creates it between the lookup and the upsert. Then a field is dropped, and sent again.
      let id = try? bench.create(#""phone":"\#(Self.phone)","lastName":"Old""#)
      guard isDropped, let id else { return nil }
      return .then { _ = try? bench.ask("PUT", "/contacts/\(id)", #"{"city":"-"}"#) }
    }
    let result = try await bench.load(staged)
    #expect(result.words == ["updated"] && result.codes == ["overwritten"])
    #expect(bench.writes.count == (isDropped ? 2 : 1))
    #expect(try await bench.undo(staged) == ["k1 left"])
    #expect(try bench.values("lastName") == ["Old"])
  }

  @Test func `an upsert without a response is not sent again without a lookup`() async throws {
    let bench = try Self.bench { $0.write = .upsert }
    let record = #"{"key":"k1","phone":"\#(Self.phone)","city":"Rome"}"#
    bench.api.once(.lostAfter) { $0.isCreate }
    #expect(try await bench.load([record]).words == ["created"])
    #expect(bench.writes.count == 1)
    // Nor is that of a process that died.
    let other = try Self.bench { $0.write = .upsert }
    _ = try? await other.load([record], by: DyingProcess(at: .afterIntent, of: 1))
    let sent = other.api.sent.count
    _ = try other.create(#""phone":"\#(Self.phone)","lastName":"Old""#)
    _ = try await other.load([record])
    #expect(!other.api.sent.dropFirst(sent).contains { $0.isCreate } && other.api.sent.count > sent)
    #expect(try other.contacts().count == 1)
  }

  // MARK: What match excludes

  enum Doubt: CaseIterable, Sendable { case refused, lost, killed }

  @Test(arguments: Doubt.allCases, [nil, ConflictDocument.Then.adopt])
  func `after a doubtful create, what match excludes leads only to a new contact`(
    doubt: Doubt, existing: ConflictDocument.Then?
  ) async throws {
    for (match, theirs) in [
      ([GHLPartDocument.Identifier.email], #""phone":"\#(Self.phone)""#), ([.phone], #""email":"ann@x.io""#),
    ] {
      let bench = try Self.bench(age: .seconds(3_600)) { ($0.match, $0.existing) = (match, existing) }
      let id = try bench.create(#""city":"Oslo",\#(theirs)"#)
      bench.timekeeper.advance(by: .seconds(3_600))
      switch doubt {
      case .refused: bench.api.once(.respond(422, #"{"statusCode":422,"message":["no"]}"#)) { $0.isCreate }
      case .lost: bench.api.once(.lostBefore) { $0.isCreate }
      case .killed: break
      }
      let process = doubt == .killed ? DyingProcess(at: .afterIntent, of: 1) : nil
      let record = #"{"key":"k1","city":"Rome","email":"ann@x.io","phone":"\#(Self.phone)"}"#
      let first = try? await bench.load([record], by: process)
      let last = try await bench.load([record], run: "run2")
      #expect(try bench.contact(id)?["city"]?.stringValue == "Oslo")
      if doubt == .refused {
        #expect(first?.words == ["failed"] && first?.codes == ["destination-refused"])
        #expect(last.words == ["failed"] && last.codes == ["outstanding"])
        #expect(try bench.values("city") == ["Oslo"])
      } else {
        #expect(last.words == ["unchanged"] || last.words == ["created"])
        #expect(try bench.values("city") == ["Oslo", "Rome"])
      }
    }
  }

  @Test func `a create that was refused and carried out is found behind others with its phone`() async throws {
    let bench = try Self.bench(faults: ["search-lag=5"], age: .seconds(3_600)) { $0.match = [.email] }
    try bench.create(#""phone":"\#(Self.phone)","city":"Oslo""#)
    bench.timekeeper.advance(by: .seconds(3_600))
    bench.api.once(.respondAfter(422, #"{"statusCode":422,"message":["no"]}"#)) { $0.isCreate }
    let result = try await bench.load([#"{"key":"k1","phone":"\#(Self.phone)","city":"Rome"}"#])
    #expect(result.words == ["created"] && result.codes.isEmpty)
    #expect(try bench.values("city") == ["Oslo", "Rome"])
  }

  // MARK: Several records

  @Test(arguments: [false, true]) func `two records never take one contact`(isReversed: Bool) async throws {
    for _ in 0..<5 {
      let bench = try Self.bench()
      try bench.create(#""email":"ann@x.io","phone":"\#(Self.phone)""#)
      var records = [
        #"{"key":"k1","city":"Rome","email":"ann@x.io"}"#, #"{"key":"k2","city":"Oslo","phone":"\#(Self.phone)"}"#,
      ]
      if isReversed { records.reverse() }
      let result = try await bench.load(records)
      #expect(result.words.sorted() == ["created", "updated"])
      #expect(try bench.values("city").sorted() == ["Oslo", "Rome"] && bench.id("k1") != bench.id("k2"))
      #expect(try await bench.load(records).words == ["unchanged", "unchanged"])
    }
  }

  @Test func `a record does not take what an open call for another one has created`() async throws {
    let bench = try Self.bench()
    let isCreated = Locked(false)
    bench.api.setScript { sent in
      if sent.isCreate, !isCreated.withLock({ $0 }) {
        isCreated.withLock { $0 = true }
        return .lostAfter
      }
      // The lookup by phone fails, which only the first record has.
      return isCreated.withLock { $0 } && sent.target.contains("&number=") ? .respond(200, "[]") : nil
    }
    let records = [
      #"{"key":"k1","city":"Rome","email":"ann@x.io","phone":"\#(Self.phone)"}"#,
      #"{"key":"k2","city":"Oslo","email":"ann@x.io"}"#,
    ]
    for _ in 0..<2 {
      let result = try await bench.load(records)
      #expect(result.words == ["pending", "pending"] && result.codes == ["result-unknown", "not-sent"])
      #expect(try bench.values("city") == ["Rome"])
    }
    bench.api.setScript { _ in nil }
    #expect(try await bench.load(records).words == ["unchanged", "created"])
    #expect(try bench.values("city") == ["Rome", "Oslo"])
  }

  @Test(
    "what waits for an open call says what both have in common, and what can never be sent does not wait",
    arguments: [
      (#""email":"ann@x.io""#, #""email":"ANN@x.io""#, "the same e-mail address"),
      (#""phone":"+14155550101""#, #""phone":"+12125550101""#, "a phone number that ends in the same 7 digits"),
    ])
  func held(first: String, second: String, what: String) async throws {
    let bench = try Self.bench()
    let isCreated = Locked(false)
    bench.api.setScript { sent in
      if sent.isCreate {
        isCreated.withLock { $0 = true }
        return .lostAfter
      }
      return isCreated.withLock { $0 } && sent.target.contains("/duplicate") ? .respond(200, "[]") : nil
    }
    let records = [
      #"{"key":"k1","city":"Rome",\#(first)}"#, #"{"key":"k2","city":"Oslo",\#(second)}"#,
      #"{"key":"k3","assignedTo":"nobody@x.io",\#(second)}"#,
    ]
    for _ in 0..<2 {
      let result = try await bench.load(records)
      #expect(result.words == ["pending", "pending", "failed"])
      #expect(result.codes == ["result-unknown", "not-sent", "request-impossible"])
      #expect(result.problems.dropFirst().first?.detail.contains("another record with \(what) is not known") == true)
    }
    #expect(bench.writes.count == 1)
    bench.api.setScript { _ in nil }
    #expect(try await bench.load(records).words == ["unchanged", "created", "failed"])
  }

  // MARK: Primary addresses

  /// The ID and the primary address of a synthetic contact, and an additional address that nobody else has.
  private static func withTwoAddresses(_ bench: GHLBench) throws -> (id: String, email: String?, additional: String) {
    let data = bench.sandbox.data
    let contact = try #require(
      (0..<300).lazy.map(data.contact(at:)).first { contact in
        contact.email != nil && contact.additionalEmails.first.map { data.holders(ofEmail: $0.lowercased()).count == 1 } ?? false
      })
    return (contact.id, contact.email, try #require(contact.additionalEmails.first))
  }

  @Test(
    arguments: [["duplicate-primary-only"], ["duplicate-primary-only", "no-duplicates"]], [GHLPartDocument.Write.create, .upsert])
  func `the primary e-mail address survives where no lookup shows additional ones`(
    faults: [String], write: GHLPartDocument.Write
  ) async throws {
    let bench = try GHLBench(contacts: 300, faults: faults) { $0.write = write }
    let contact = try Self.withTwoAddresses(bench)
    let record = #"{"key":"k1","city":"Rome","email":"\#(contact.additional)"}"#
    let result = try await bench.load([record])
    // A location that allows duplicates has two contacts now.
    #expect(result.words == (faults.count == 1 ? ["created"] : ["updated"]))
    #expect(result.codes == (faults.count == 1 ? [] : ["not-applied"]))
    _ = try await bench.load([record.replacing("Rome", with: "Oslo")])
    #expect(try bench.contact(contact.id)?["email"]?.stringValue == contact.email)
    #expect(try bench.contact(try bench.id("k1"))?["city"]?.stringValue == "Oslo")
  }

  @Test(arguments: KillPoint.allCases, [1, 2])
  func `the primary e-mail address survives a process that dies after a duplicate`(point: KillPoint, number: Int) async throws {
    let bench = try GHLBench(contacts: 300, faults: ["duplicate-primary-only", "no-duplicates"])
    let contact = try Self.withTwoAddresses(bench)
    let record = #"{"key":"k1","city":"Rome","email":"\#(contact.additional)"}"#
    _ = try? await bench.load([record], by: DyingProcess(at: point, of: number))
    let result = try await bench.load([record])
    #expect(["updated", "unchanged"].contains(result.words.first ?? ""), "\(result.codes)")
    let shown = try bench.contact(contact.id)
    #expect(shown?["email"]?.stringValue == contact.email && shown?["city"]?.stringValue == "Rome")
  }

  // MARK: Fields that no update accepts

  @Test(arguments: KillPoint.allCases)
  func `what an update leaves out is in the ledger, also after a kill`(point: KillPoint) async throws {
    let bench = try Self.bench()
    func record(_ company: String, _ city: String) -> String {
      #"{"key":"k1","email":"ann@x.io","companyName":"\#(company)","city":"\#(city)"}"#
    }
    try await bench.load([record("Acme", "Rome")])
    let process = DyingProcess(at: point, of: 1)
    _ = try? await bench.load([record("Beta", "Oslo")], run: "run2", by: process)
    #expect(process.isDead)
    let result = try await bench.load([record("Beta", "Oslo")], run: "run2")
    #expect(result.codes == ["not-applied"] && result.problems.first?.column == 2)
    #expect(try bench.values("companyName") == ["Acme"] && bench.values("city") == ["Oslo"])
  }

  // MARK: Forms of addresses

  @Test func `addresses are searched for in lower case`() async throws {
    let bench = try Self.bench()
    for name in ["A", "B"] { try bench.create(#""firstName":"\#(name)","email":"ann@x.io""#) }
    let result = try await bench.load([#"{"key":"k1","firstName":"C","email":"Ann@X.io"}"#])
    #expect(result.words == ["failed"] && result.codes == ["identity-split"])
    let searches = bench.api.sent.filter { $0.target == "/contacts/search" }
    #expect(searches.map { $0.body?["filters"]?.arrayValue?.first?["value"] } == [.string("ann@x.io")])
  }

  @Test func `a phone number without the code of its country is sent once, and not as an upsert`() async throws {
    let bench = try Self.bench { $0.write = .upsert }
    let record = #"{"key":"k1","phone":"(415) 555-0101"}"#
    let result = try await bench.load([record])
    #expect(result.words == ["created"] && result.codes == ["not-applied"])
    #expect(bench.writes.map(\.target) == ["/contacts/"])
    #expect(try await bench.load([record]).words == ["unchanged"])
    // With or without the code, it is the same number: where the location allows one contact, there is one.
    let other = try Self.bench(faults: ["no-duplicates"]) { $0.write = .upsert }
    let both = try await other.load([record, #"{"key":"k2","phone":"\#(Self.phone)"}"#])
    #expect(both.words == ["created", "failed"] && both.codes == ["not-applied", "already-exists"])
    #expect(try other.values("phone") == [Self.phone])
  }

  // MARK: Cost

  /// What the table under "Cost" in GHLDestination says, which `plan` does not fall below.
  @Test(
    "each record costs the documented requests",
    arguments: [
      (#""email":"ann@x.io","phone":"+14155550101""#, "", 4), (#""email":"ann@x.io""#, "", 3),
      (#""phone":"+14155550101""#, "", 3),
      (#""email":"ann@x.io","phone":"+14155550101""#, "Rome", 3), (#""email":"ann@x.io""#, "Rome", 2),
      (#""phone":"+14155550101""#, "Rome", 2), (#""email":"ann@x.io","phone":"+14155550101""#, "Oslo", 6),
      (#""email":"ann@x.io""#, "Oslo", 5), (#""phone":"+14155550101""#, "Oslo", 5),
    ])
  func cost(members: String, theirs city: String, requests: Int) async throws {
    let bench = try Self.bench()
    if !city.isEmpty { try bench.create(#""city":"\#(city)",\#(members)"#) }
    let record = #"{"key":"k1","city":"Rome",\#(members)}"#
    func cost(since before: [String: Int]) -> [String: Int] {
      bench.statistics.byRoute.merging(before) { $0 - $1 }.filter { $0.value > 0 }
    }
    let start = bench.statistics.byRoute
    let result = try await bench.load([record])
    #expect(result.words == [city == "Rome" ? "unchanged" : city.isEmpty ? "created" : "updated"] && result.codes.isEmpty)
    let first = cost(since: start)
    #expect(first.values.reduce(0, +) == requests, "\(first)")
    let columns = (try JSONReader.read(record).objectValue ?? []).map { [$0.name] }
    let planned = GHLWriteCost(try #require(bench.document.parts.first), columns: columns).requests(for: 1)
    #expect(planned >= requests)
    #expect(first["GET /contacts/search/duplicate"] == (members.contains("email") && members.contains("phone") ? 2 : 1))
    #expect(first["POST /contacts/search"] == (city == "Oslo" ? 1 : nil))
    let loaded = bench.statistics.byRoute
    #expect(try await bench.load([record]).words == ["unchanged"])
    #expect(bench.statistics.byRoute == loaded)
    try await bench.load([record.replacing("Rome", with: "Bonn")])
    #expect(cost(since: loaded) == ["PUT /contacts/{contactId}": 1, "GET /contacts/{contactId}": 1])
  }
}
