import Control
import Core
import HTTP
import Load

/// An API in memory, behind the transport of an `http` destination. It takes people by ID, with unique keys, entity tags and
/// idempotency keys as far as it is told to, and misbehaves as its script says.
final class FakeAPI: HTTPTransport {
  struct Options: Sendable {
    var hasUniqueKeys = true
    var hasIdempotencyKeys = true
    /// Fields that it ignores.
    var ignored: Set<String> = []
    /// Keys that it refuses, each time.
    var refused: Set<String> = []
    /// A batch with a refused record is refused as a whole.
    var isAtomic = false
    /// Without it, a batch that is refused as a whole has stored the records before the culprit.
    var storesBeforeRefusal = false
    /// A batch keeps what it leaves out of records that exist.
    var batchesMerge = false
    var latency: Duration = .zero
    /// Its records show their version, which requests cannot set.
    var showsVersions = false
    /// A PUT keeps the members that it leaves out, and null removes one.
    var putsMerge = false
    /// Its entity tags are versions without quotes.
    var hasPlainTags = false
    /// Keys of records whose names it cuts to three characters.
    var shortened: Set<String> = []
    /// The records on a page of its list.
    var pageSize = 3
  }

  enum Fault: Sendable, Hashable {
    /// No connection is made.
    case unreachable
    /// The connection breaks before, or after, the request has its effect.
    case lostBefore, lostAfter
    /// A response without the effect, with a status and a body.
    case respond(Int, String = "{}", [String: String] = [:])
    /// The effect, and then this response instead of its own.
    case respondAfter(Int, String = "{}", [String: String] = [:])
    /// The effect, and then a 500.
    case failAfter
    /// Of a batch's results: one missing, the last twice, reversed, without keys.
    case short, long, shuffled, withoutKeys
  }

  struct Request: Sendable {
    var method: String
    /// Path and query below the base URL.
    var target: String
    var headers: [String: String]
    var body: JSONValue?
    /// From 1.
    var number: Int
    /// The whole address.
    var url = ""

    var isWrite: Bool { method != "GET" }
  }

  struct Row: Sendable, Hashable {
    var id: String
    var version: Int
    var record: JSONValue { didSet { key = FakeAPI.key(of: record) } }
    /// The first part of the path at which it was created, and the ID of its parent: `POST /notes?under=r1`.
    var collection: String
    var under: String
    /// The record's, which every request looks for.
    private(set) var key: String

    init(id: String, version: Int = 1, record: JSONValue, collection: String = "people", under: String = "") {
      self.id = id
      self.version = version
      self.record = record
      self.collection = collection
      self.under = under
      key = FakeAPI.key(of: record)
    }
  }

  struct State: Sendable {
    var rows: [Row] = []
    var requests: [Request] = []
    var stored: [String: (request: String, answer: HTTPAnswer)] = [:]
    var created = 0
    var updated = 0
    var deleted = 0
    var lastID = 0
    /// Requests that have no response yet, and how many there were at most.
    var underWay = 0
    var mostUnderWay = 0

    // Loops over places, since debug builds copy each row for a closure, and there can be thousands.

    /// The rows of a collection for whose places `isWanted` holds, without the `first` ones.
    func rows(of collection: String, from first: Int = 0, atMost count: Int = .max, where isWanted: (Int) -> Bool) -> [Row] {
      var skipped = 0
      var found: [Row] = []
      for index in rows.indices where rows[index].collection == collection && isWanted(index) {
        guard skipped == first else {
          skipped += 1
          continue
        }
        if found.count == count { break }
        found.append(rows[index])
      }
      return found
    }

    /// The place of the first record with `key`, in one collection or in any.
    func place(of key: String, in collection: String? = nil) -> Int? {
      for index in rows.indices where rows[index].key == key {
        if collection.map({ $0 == rows[index].collection }) ?? true { return index }
      }
      return nil
    }

    func place(ofID id: String) -> Int? {
      for index in rows.indices where rows[index].id == id { return index }
      return nil
    }
  }

  static let address = "https://api.example/v1"
  let options: Options
  let state = Locked(State())
  private let script: Locked<@Sendable (Request) -> Fault?>
  private let edit = Locked<@Sendable (Request, HTTPAnswer) -> HTTPAnswer>({ $1 })

  init(_ options: Options = Options(), script: @escaping @Sendable (Request) -> Fault? = { _ in nil }) {
    self.options = options
    self.script = Locked(script)
  }

  func setScript(_ new: @escaping @Sendable (Request) -> Fault?) { script.withLock { $0 = new } }

  /// Changes the response, after the request has taken effect.
  func setEdit(_ new: @escaping @Sendable (Request, HTTPAnswer) -> HTTPAnswer) { edit.withLock { $0 = new } }

  var requests: [Request] { state.withLock { $0.requests } }
  var writes: [Request] { requests.filter(\.isWrite) }
  /// The records by key.
  var content: [String: [JSONValue]] {
    state.withLock { Dictionary(grouping: $0.rows, by: \.key).mapValues { $0.map(\.record) } }
  }

  /// What it has, in the order of the keys.
  var text: String {
    content.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value.map(\.text).joined(separator: " "))\n" }.joined()
  }

  func close() async {}

  func send(_ exchange: HTTPExchange) async throws(TransportFailure) -> HTTPAnswer {
    if Task.isCancelled { throw .cancelled }
    let request = state.withLock { state in
      let request = Request(
        method: exchange.method, target: String(exchange.url.dropFirst(Self.address.count)),
        headers: Dictionary(exchange.headers.map { ($0.name.lowercased(), $0.value) }) { $1 },
        body: exchange.body.flatMap { try? JSONReader.read($0) }, number: state.requests.count + 1, url: exchange.url)
      state.requests.append(request)
      state.underWay += 1
      state.mostUnderWay = max(state.mostUnderWay, state.underWay)
      return request
    }
    defer { state.withLock { $0.underWay -= 1 } }
    await Task.yield()
    let fault = script.withLock { $0 }(request)
    switch fault {
    case .unreachable: throw .unreachable(ConnectionTrouble("the server refuses the connection"))
    case .lostBefore: throw .broken(ConnectionTrouble("the connection was lost"))
    case .respond(let status, let body, let headers): return HTTPAnswer(status: status, headers: headers, body: Array(body.utf8))
    default: break
    }
    let answer = edit.withLock { $0 }(request, state.withLock { answered(request, &$0, fault) })
    await Task.yield()
    switch fault {
    case .lostAfter: throw .broken(ConnectionTrouble("the connection was lost"))
    case .failAfter: return HTTPAnswer(status: 500, headers: [:], body: Array(#"{"detail":"out of order"}"#.utf8))
    case .respondAfter(let status, let body, let headers):
      return HTTPAnswer(status: status, headers: headers, body: Array(body.utf8))
    default: return answer
    }
  }

  // MARK: The application

  private func answered(_ request: Request, _ state: inout State, _ fault: Fault?) -> HTTPAnswer {
    guard options.hasIdempotencyKeys, request.isWrite, let key = request.headers["idempotency-key"] else {
      return handle(request, &state, fault)
    }
    let text = "\(request.method) \(request.target) \(request.body?.text ?? "")"
    if let known = state.stored[key] {
      return known.request == text ? known.answer : Self.problem(422, "the idempotency key was used for another request")
    }
    let answer = handle(request, &state, fault)
    state.stored[key] = (text, answer)
    return answer
  }

  private func handle(_ request: Request, _ state: inout State, _ fault: Fault?) -> HTTPAnswer {
    let path = request.target.prefix { $0 != "?" }.split(separator: "/").map(String.init)
    let query = request.target.drop { $0 != "?" }.dropFirst()
    switch (request.method, path.count) {
    case ("GET", 1):
      if let key = Self.value(of: "id", in: query) {
        let under = Self.value(of: "under", in: query)
        return list(
          state.rows(of: path[0]) { state.rows[$0].key == key && under ?? state.rows[$0].under == state.rows[$0].under })
      }
      if query.hasPrefix("q=") {
        let text = query.dropFirst(2)
        return list(state.rows(of: path[0]) { state.rows[$0].key.hasPrefix(text) })
      }
      let page = Self.value(of: "page", in: query).flatMap { Int($0) } ?? 1
      return list(state.rows(of: path[0], from: (page - 1) * options.pageSize, atMost: options.pageSize) { _ in true })
    case ("GET", 2):
      guard let place = state.place(of: path[1]) else { return Self.problem(404, "no such record") }
      return Self.answer(200, shown(state.rows[place]))
    case ("POST", 1):
      return create(
        request.body ?? .null, &state, hasToBeNew: request.headers["if-none-match"] == "*", in: path[0],
        under: Self.value(of: "under", in: query) ?? "")
    case ("PUT", 2), ("PATCH", 2): return update(path[1], request, &state)
    case ("POST", 2) where path[1] == "upsert": return upsert(request, &state)
    case ("POST", 2) where path[1] != "batch": return update(path[1], request, &state)
    case ("DELETE", 2): return delete(path[1], request, &state)
    case ("POST", 2): return batch(request.body?["items"]?.arrayValue ?? [], &state, fault)
    default: return Self.problem(404, "no such address")
    }
  }

  private func list(_ rows: [Row]) -> HTTPAnswer {
    Self.answer(200, .object([.init("items", .array(rows.map(shown)))]))
  }

  private func shown(_ row: Row) -> JSONValue {
    let version = options.showsVersions ? [JSONValue.Member("version", .number(row.version))] : []
    return .object(
      [.init("remoteId", .string(row.id)), .init("etag", .string(tag(row)))] + version + (row.record.objectValue ?? []))
  }

  private func tag(_ row: Row) -> String { options.hasPlainTags ? "\(row.version)" : "\"\(row.id)-\(row.version)\"" }

  /// The value of a parameter of a query.
  private static func value(of name: String, in query: Substring) -> String? {
    query.split(separator: "&").first { $0.hasPrefix(name + "=") }.map { String($0.dropFirst(name.count + 1)) }
  }

  private func create(
    _ record: JSONValue, _ state: inout State, hasToBeNew: Bool, in collection: String = "people", under: String = ""
  ) -> HTTPAnswer {
    let key = Self.key(of: record)
    if options.refused.contains(key) { return Self.refusal }
    if options.hasUniqueKeys, let place = state.place(of: key, in: collection) {
      return Self.problem(hasToBeNew ? 412 : 409, "the key exists", [.init("existingId", .string(state.rows[place].id))])
    }
    state.lastID += 1
    state.created += 1
    let new = Row(id: "r\(state.lastID)", record: kept(record), collection: collection, under: under)
    state.rows.append(new)
    var answer = Self.answer(201, shown(new))
    answer.headers["etag"] = tag(new)
    return answer
  }

  /// The body says which record it is, and keeps what it leaves out of it.
  private func upsert(_ request: Request, _ state: inout State) -> HTTPAnswer {
    let body = request.body ?? .null
    guard let place = state.place(of: Self.key(of: body)) else { return create(body, &state, hasToBeNew: false) }
    var request = request
    request.method = "PATCH"
    return update(state.rows[place].id, request, &state)
  }

  private func update(_ id: String, _ request: Request, _ state: inout State) -> HTTPAnswer {
    guard let index = state.place(ofID: id) else { return Self.problem(404, "no such record") }
    if let tag = request.headers["if-match"], tag != self.tag(state.rows[index]) { return Self.problem(412, "it has changed") }
    if options.refused.contains(state.rows[index].key) { return Self.refusal }
    let body = kept(request.body ?? .null)
    let own = JSONValue.object((body.objectValue ?? []).filter { !["remoteId", "etag"].contains($0.name) })
    state.rows[index].record =
      request.method == "PATCH"
      ? state.rows[index].record.patched(own)
      : request.method == "PUT" && options.putsMerge ? state.rows[index].record.assigned(own) : own
    state.rows[index].version += 1
    state.updated += 1
    var answer = Self.answer(200, shown(state.rows[index]))
    answer.headers["etag"] = tag(state.rows[index])
    return answer
  }

  private func delete(_ id: String, _ request: Request, _ state: inout State) -> HTTPAnswer {
    guard let index = state.place(ofID: id) else { return Self.problem(404, "no such record") }
    if let tag = request.headers["if-match"], tag != self.tag(state.rows[index]) { return Self.problem(412, "it has changed") }
    state.rows.remove(at: index)
    state.deleted += 1
    return HTTPAnswer(status: 204, headers: [:], body: [])
  }

  private func batch(_ records: [JSONValue], _ state: inout State, _ fault: Fault?) -> HTTPAnswer {
    if let culprit = records.firstIndex(where: { options.refused.contains(Self.key(of: $0)) }) {
      if options.isAtomic { return Self.refusal }
      if options.storesBeforeRefusal {
        for record in records[..<culprit] { _ = create(record, &state, hasToBeNew: false) }
        return Self.refusal
      }
    }
    var results = records.map { record -> JSONValue in
      let key = Self.key(of: record)
      let answer: HTTPAnswer
      if options.hasUniqueKeys, let place = state.place(of: key) {
        answer = update(
          state.rows[place].id,
          Request(method: options.batchesMerge ? "PATCH" : "PUT", target: "", headers: [:], body: record, number: 0), &state)
      } else {
        answer = create(record, &state, hasToBeNew: false)
      }
      var members: [JSONValue.Member] = [.init("status", .number(answer.status))]
      if fault != .withoutKeys { members.insert(.init("key", .string(key)), at: 0) }
      let body = (try? JSONReader.read(answer.body)) ?? .null
      members.append(.init(answer.status < 300 ? "record" : "error", body))
      if let id = body["remoteId"] { members.append(.init("id", id)) }
      return .object(members)
    }
    switch fault {
    case .short: results.removeLast()
    case .long: if let last = results.last { results.append(last) }
    case .shuffled: results.reverse()
    default: break
    }
    return Self.answer(207, .object([.init("results", .array(results))]))
  }

  private func kept(_ record: JSONValue) -> JSONValue {
    let isShort = options.shortened.contains(Self.key(of: record))
    return .object(
      (record.objectValue ?? []).filter { !options.ignored.contains($0.name) && !(options.showsVersions && $0.name == "version") }
        .map { isShort && $0.name == "name" ? .init("name", .string(String(($0.value.stringValue ?? "").prefix(3)))) : $0 })
  }

  static func key(of record: JSONValue) -> String { record["id"]?.stringValue ?? "" }

  private static let refusal = problem(
    422, "not valid",
    [.init("errors", .array([.object([.init("pointer", .string("/name")), .init("detail", .string("too bad"))])]))])

  static func problem(_ status: Int, _ detail: String, _ more: [JSONValue.Member] = []) -> HTTPAnswer {
    var answer = answer(status, .object([.init("status", .number(status)), .init("detail", .string(detail))] + more))
    answer.headers["content-type"] = "application/problem+json"
    return answer
  }

  private static func answer(_ status: Int, _ body: JSONValue) -> HTTPAnswer {
    HTTPAnswer(status: status, headers: ["content-type": "application/json"], body: Array(body.text.utf8))
  }
}

extension JSONValue {
  /// With these members, each as a whole.
  fileprivate func assigned(_ changes: JSONValue) -> JSONValue {
    var members = objectValue ?? []
    for change in changes.objectValue ?? [] {
      members.removeAll { $0.name == change.name }
      if change.value != .null { members.append(change) }
    }
    return .object(members)
  }

  /// RFC 7396.
  fileprivate func patched(_ patch: JSONValue) -> JSONValue {
    guard let changes = patch.objectValue else { return patch }
    var members = objectValue ?? []
    for change in changes {
      members.removeAll { $0.name == change.name }
      if change.value != .null { members.append(.init(change.name, (self[change.name] ?? .null).patched(change.value))) }
    }
    return .object(members)
  }
}
