import Control
import Core
import GHL
import HTTP
import Sandbox
import TestSupport
import Testing

@testable import Load

/// A `ghl` destination before the sandbox, in process: without a port, and with a clock that waits for nothing. Its journal and the
/// sandbox's contents survive its loads.
///
///     let bench = try GHLBench(faults: ["422-created=1"])
///     let result = try await bench.load([#"{"key":"k1","email":"ann@x.io"}"#])
///     #expect(result.words == ["created"])
///     #expect(try bench.contacts().count == 1)
///
/// `change` edits the mapping `contacts`; other mappings are appended to `document.parts`, and loaded by their names. `script` and
/// `api.faults` decide about single requests.
struct GHLBench: Sendable {
  let api: SandboxTransport
  let timekeeper: LeapingTimekeeper
  private(set) var stores = MemoryStores()
  /// What `before: save` keeps.
  let logs = TemporaryFolder()
  var document: GHLDestinationDocument
  /// Shared with others; nil: there is none.
  var quota: RequestGate?

  static let place = SourcePlace(file: "waybill.yaml", line: 1, column: 1)
  static let token = "GHL_TARGET_TOKEN"

  /// - Parameters:
  ///   - contacts: how many the sandbox has from the start.
  ///   - faults: as of `waybill sandbox --fault`.
  ///   - age: how far the sandbox's clock is behind at first.
  ///   - change: of the mapping `contacts`.
  init(
    contacts: Int = 0, faults: [String] = [], age: Duration = .zero, seed: UInt64 = 1,
    _ generation: GHLVersions.Generation = .dated,
    _ change: (inout GHLPartDocument) throws -> Void = { _ in }
  ) throws {
    let timekeeper = LeapingTimekeeper()
    let start = Int(WallTime.now().millisecondsSince1970) - Int(age / .milliseconds(1))
    let options = SandboxOptions(contacts: contacts, businesses: 3, seed: seed, limitScale: 1_000, faults: try FaultPlan(faults))
    let sandbox = Sandbox(options) { start + Int(timekeeper.now().sinceStart / .milliseconds(1)) }
    self.timekeeper = timekeeper
    api = SandboxTransport(sandbox, timekeeper, version: GHLRoute.contact.version(in: generation))
    document = GHLDestinationDocument(
      location: sandbox.data.locationID, address: try ServerAddress(SandboxTransport.address), token: .environment(Self.token))
    document.generation = generation
    // The search is late by seconds, not by a minute.
    document.longestCall = .seconds(20)
    var part = GHLPartDocument(mapping: "contacts", target: .contacts, place: Self.place)
    try change(&part)
    document.parts = [part]
  }

  var sandbox: Sandbox { api.sandbox }
  var statistics: SandboxStatistics { sandbox.statistics }

  /// A mapping whose records belong to contacts of the mapping `contacts`; the field `contact` has their keys.
  mutating func add(
    _ target: GHLPartDocument.Target, as mapping: String? = nil, _ change: (inout GHLPartDocument) -> Void = { _ in }
  ) {
    var part = GHLPartDocument(mapping: mapping ?? target.rawValue, target: target, place: Self.place)
    if target.needsContact {
      part.contact = .init(mapping: "contacts", field: "contact", mappingPlace: Self.place, fieldPlace: Self.place)
    }
    change(&part)
    document.parts.append(part)
  }

  /// The same location with an empty journal, as after a lost state.
  func withEmptyJournal() -> GHLBench {
    var bench = self
    bench.stores = MemoryStores()
    return bench
  }

  // MARK: Loading

  /// - Parameter process: dies at some point; nil: it does not.
  func destination(by process: DyingProcess? = nil) -> HTTPDestination {
    var circuit = CircuitBreaker.Options()
    circuit.pause = .seconds(1)
    let document = document.httpDocument
    let environment = [Self.token: sandbox.tokens.location]
    let engine = HTTPEngine(
      name: "crm", document, environment: environment,
      transport: process.map { DyingTransport(api, $0, isWrite: SandboxTransport.isWrite) } ?? api as any HTTPTransport,
      quota: quota, timekeeper: timekeeper, circuit: circuit)
    let journal = process.map { DyingJournal(journal: stores.journal, process: $0) } ?? stores.journal as any Journal
    return HTTPDestination(name: "crm", document, environment: environment) { [stores] in
      .init(engine: engine, journal: journal, states: stores.states, owner: "test")
    }
  }

  struct Result: Sendable {
    var sink: RecordingSink
    var failure: OperationFailure?
    var warnings: [String] = []
    /// The outcomes, in the order of the records.
    var words: [String] { sink.words }
    var problems: [LoadProblem] { sink.problems.sorted { $0.key < $1.key }.flatMap(\.value) }
    var codes: [String] { problems.map(\.code.slug) }
  }

  /// Loads records of a mapping, as a process of its own.
  ///
  /// - Parameters:
  ///   - records: JSON objects with the member `key`.
  ///   - columns: paths with dots: `customFields.tier`. Nil: those of the records.
  /// - Throws: what ends the load; what kills `process`.
  @discardableResult
  func load(
    _ records: [String], into mapping: String = "contacts", columns: [String]? = nil, run: String = "run1",
    by process: DyingProcess? = nil
  ) async throws -> Result {
    try await load(Self.staged(records, mapping, columns), run: run, by: process)
  }

  /// Every field but the key is optional: where a record lacks it, nothing is sent.
  static func staged(_ records: [String], _ mapping: String, _ columns: [String]?) throws -> StagedRecords {
    var names = columns ?? []
    if columns == nil {
      for record in records {
        for path in leaves(of: try JSONReader.read(record), []) where !names.contains(path) { names.append(path) }
      }
    }
    names.removeAll { $0 == "key" }
    return StagedRecords(
      records,
      columns: [LoadColumn(path: ["key"], types: .string)]
        + names.map { LoadColumn(path: $0.split(separator: ".").map(String.init), omitsNull: true) }, mapping: mapping)
  }

  private static func leaves(of value: JSONValue, _ path: [String]) -> [String] {
    guard let members = value.objectValue, path.count < 2 else { return [path.joined(separator: ".")] }
    // The settings of a channel are one value.
    return members.flatMap { leaves(of: $0.value, path + [$0.name]) }
  }

  // MARK: What the sandbox has

  /// Makes a request by hand, as somebody else would.
  @discardableResult
  func ask(_ method: String, _ target: String, _ body: String? = nil) throws -> JSONValue {
    try api.ask(method, target, body)
  }

  /// Creates a contact by hand.
  ///
  /// - Parameter members: `"email":"ann@x.io"`.
  /// - Returns: its ID.
  @discardableResult
  func create(_ members: String) throws -> String {
    let body = #"{"locationId":"\#(document.location)",\#(members)}"#
    let contact = try ask("POST", "/contacts/", body)["contact"]
    return try #require(contact?["id"]?.stringValue)
  }

  /// A whole contact; nil: there is none.
  func contact(_ id: String) throws -> JSONValue? { try ask("GET", "/contacts/\(id)")["contact"] }

  /// As `SandboxTransport.contacts`.
  func contacts() throws -> [JSONValue] { try api.contacts() }

  /// A field of all contacts, as text.
  func values(_ name: String) throws -> [String] { try contacts().map { $0[name]?.stringValue ?? $0[name]?.text ?? "-" } }

  /// The ID of a custom field of contacts.
  func field(_ key: String) throws -> String {
    let found = try ask("GET", "/locations/\(document.location)/customFields?model=contact")["customFields"]?.arrayValue ?? []
    return try #require(found.first { $0["fieldKey"]?.stringValue == "contact.\(key)" }?["id"]?.stringValue)
  }

  /// The value of a custom field of a contact.
  func custom(_ key: String, of contact: JSONValue) throws -> JSONValue? {
    let id = try field(key)
    return contact["customFields"]?.arrayValue?.first { $0["id"]?.stringValue == id }?["value"]
  }

  /// The requests of loads that may have changed something.
  var writes: [SandboxTransport.Sent] { api.sent.filter(\.isWrite) }
}

/// The sandbox as a transport.
final class SandboxTransport: HTTPTransport {
  struct Sent: Sendable {
    var method: String
    /// Path and query.
    var target: String
    var body: JSONValue?
    /// From 1, among the requests of loads.
    var number: Int
    var isWrite: Bool
    /// The contact that a write creates: it is sent to the address of all contacts.
    var isCreate: Bool { method == "POST" && (target == "/contacts/" || target == "/contacts/upsert") }
  }

  /// What becomes of one request.
  enum Fault: Sendable {
    /// The connection breaks before, or after, the request has its effect.
    case lostBefore, lostAfter
    /// A response without the effect.
    case respond(Int, String, type: String = "application/json")
    /// The effect, and then this response instead of its own.
    case respondAfter(Int, String)
    /// The request has its effect, and then somebody changes something, or it is changed before.
    case then(@Sendable () -> Void)
    case first(@Sendable () -> Void)
  }

  static let address = "https://services.example"
  let sandbox: Sandbox
  /// The base URL of the requests.
  private let address: String
  private let timekeeper: LeapingTimekeeper
  private let version: String
  private let log = Locked<[Sent]>([])
  private let script = Locked<@Sendable (Sent) -> Fault?>({ _ in nil })

  init(_ sandbox: Sandbox, _ timekeeper: LeapingTimekeeper, version: String, address: String = SandboxTransport.address) {
    (self.sandbox, self.timekeeper, self.version, self.address) = (sandbox, timekeeper, version, address)
  }

  var sent: [Sent] { log.withLock { $0 } }

  func setScript(_ new: @escaping @Sendable (Sent) -> Fault?) { script.withLock { $0 = new } }

  /// The first request that fits gets a fault.
  func once(_ fault: Fault, _ fits: @escaping @Sendable (Sent) -> Bool) {
    let isOpen = Locked(true)
    setScript { sent in
      guard fits(sent) else { return nil }
      return isOpen.withLock { open in
        defer { open = false }
        return open ? fault : nil
      }
    }
  }

  static func isWrite(_ exchange: HTTPExchange) -> Bool {
    exchange.method != "GET" && !exchange.url.hasSuffix("/contacts/search")
  }

  func close() async {}

  func send(_ exchange: HTTPExchange) async throws(TransportFailure) -> HTTPAnswer {
    if Task.isCancelled { throw .cancelled }
    let target = String(exchange.url.dropFirst(address.count))
    let sent = log.withLock { log in
      let sent = Sent(
        method: exchange.method, target: target, body: exchange.body.flatMap { try? JSONReader.read($0) }, number: log.count + 1,
        isWrite: Self.isWrite(exchange))
      log.append(sent)
      return sent
    }
    if let fault = OfficialBodies.fault(sent, version: version) { Issue.record("\(sent.method) \(sent.target): \(fault)") }
    await Task.yield()
    let fault = script.withLock { $0 }(sent)
    let lost = TransportFailure.broken(ConnectionTrouble("the connection was lost"))
    switch fault {
    case .lostBefore: throw lost
    case .respond(let status, let body, let type):
      return HTTPAnswer(status: status, headers: ["content-type": type], body: Array(body.utf8))
    case .first(let change): change()
    default: break
    }
    func header(_ name: String) -> String? { exchange.headers.first { $0.name.lowercased() == name }?.value }
    let answer = sandbox.respond(
      to: SandboxRequest(
        exchange.method, target, authorization: header("authorization"), version: header("version"), body: exchange.body ?? []))
    if answer.delay > 0 { try? await timekeeper.sleep(until: timekeeper.now() + .milliseconds(answer.delay)) }
    await Task.yield()
    switch fault {
    case .lostAfter: throw lost
    case .respondAfter(let status, let body):
      return HTTPAnswer(status: status, headers: ["content-type": "application/json"], body: Array(body.utf8))
    case .then(let change): change()
    default: break
    }
    guard answer.ending == .whole else { throw lost }
    var headers = ["content-type": answer.contentType]
    for header in answer.headers { headers[header.name.lowercased()] = header.value }
    return HTTPAnswer(status: answer.status, headers: headers, body: answer.body)
  }

  /// A request that no load makes. Reads are made again until no fault hits them.
  @discardableResult
  func ask(_ method: String, _ target: String, _ body: String? = nil) throws -> JSONValue {
    let isRead = method == "GET" || target == "/contacts/search"
    for _ in 0..<100 {
      let answer = sandbox.respond(
        to: SandboxRequest(
          method, target, authorization: "Bearer \(sandbox.tokens.location)", version: version, body: Array((body ?? "").utf8)))
      if isRead, answer.ending != .whole || answer.status >= 429 { continue }
      if let value = try? JSONReader.read(answer.body) { return value }
      if !isRead { return .null }
    }
    throw OperationFailure(.unreachable, "the sandbox does not answer \(method) \(target)")
  }

  /// All contacts, whole, in the order in which they were created.
  func contacts() throws -> [JSONValue] {
    // The search may be late.
    timekeeper.advance(by: .seconds(60))
    let body =
      #"{"locationId":"\#(sandbox.data.locationID)","pageLimit":100,"sort":[{"field":"dateAdded","direction":"asc"}]"#
    var all: [JSONValue] = []
    var cursor = ""
    while true {
      let found = try ask("POST", "/contacts/search", body + cursor + "}")["contacts"]
      let page = try #require(found?.arrayValue)
      guard let last = page.last else { return all }
      for item in page {
        let id = try #require(item["id"]?.stringValue)
        let whole = try ask("GET", "/contacts/\(id)")["contact"]
        all.append(try #require(whole))
      }
      let next = try #require(last["searchAfter"])
      cursor = #","searchAfter":\#(next.text)"#
    }
  }
}
