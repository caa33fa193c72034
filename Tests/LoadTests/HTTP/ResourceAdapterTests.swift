import Control
import Core
import HTTP
import TestSupport
import Testing

@testable import Load

/// An API whose records do not look like ours: it shouts names, and has no lookup by key.
private struct ShoutingDocument: AdapterDocument {
  let api: ShoutingAPI

  func adapter(of part: LoadPart) -> any ResourceAdapter { ShoutingAdapter(api: api, create: api.create, update: api.update) }
}

private final class ShoutingAPI: Sendable {
  let create: RequestDocument
  let update: RequestDocument
  /// Records with the same name that are in flight together, and how many were at most.
  let flight = Locked<(now: [String: Int], most: Int)>(([:], 0))
  let opened = Locked(0)

  init() throws {
    create = try HTTPBench.request("POST /people")
    update = try HTTPBench.request("PUT /people/{remote_id}")
  }
}

private struct ShoutingAdapter: ResourceAdapter {
  let api: ShoutingAPI
  let create: RequestDocument
  let update: RequestDocument

  var lookupFields: [Name] { ["name", "absent"] }

  func open(_ plan: PartPlan, _ engine: HTTPEngine, _ journal: any Journal) async throws {
    api.opened.withLock { $0 += 1 }
  }

  func outgoing(_ record: OutgoingRecord) -> OutgoingRecord {
    record.values["name"] == "Nobody" ? record.with(json: record.json, fault: .init(.requestImpossible, "nobody")) : record
  }

  func identities(of record: OutgoingRecord) -> [Name] {
    record.values["name"].map { [Name("name:\($0)"), Name("name:\($0)")] } ?? []
  }

  func find(_ record: OutgoingRecord, _ lookup: RecordLookup) async throws -> Result<[StoredRecord], RecordLookup.Trouble> {
    let name = record.values["name"]?.text ?? ""
    if record.since == nil {
      api.flight.withLock {
        $0.now[name, default: 0] += 1
        $0.most = max($0.most, $0.now[name] ?? 0)
      }
    }
    await Task.yield()
    if name == "Split" { return .failure(.init(result: .undecided(.init(.conflictNotOurs, "two of them")))) }
    let call: HTTPCall
    do { call = try lookup.plan.own("GET", "/people?id=\(record.key)") } catch {
      return .failure(.init(result: .failed(.other, retryAfter: nil, "no request")))
    }
    guard case .response(let response, _, _)? = try await lookup.engine.call(call) else {
      return .failure(.init(result: .failed(.other, retryAfter: nil, "no response")))
    }
    return .success((response.body?["items"]?.arrayValue ?? []).map { quiet($0) })
  }

  func call(
    _ step: AdapterStep, _ records: [OutgoingRecord], json: [UInt8], known: StoredRecord?
  ) -> Result<AdaptedCall, PartLoad.Reason> {
    guard let record = try? JSONReader.read(json) else { return .failure(.init(.requestImpossible, "no body")) }
    let isUpdate = if case .update = step { true } else { false }
    return .success(AdaptedCall(isUpdate ? update : create, body: Array(named(record) { $0.uppercased() }.text.utf8)))
  }

  func stored(in response: ReadResponse, of record: OutgoingRecord, known: Accepted?) -> StoredRecord? {
    api.flight.withLock { $0.now[record.values["name"]?.text ?? "", default: 1] -= 1 }
    return response.body.map { quiet($0) }
  }

  func sent(in body: JSONValue?, target: String, keys: [Name], values: [[Name: Name]]) -> [JSONValue]? {
    // The body does not say how the name was written.
    body.map { body in [named(body) { _ in values[0]["name"]?.text ?? "" }] }
  }

  /// As `people` names them.
  private func quiet(_ found: JSONValue) -> StoredRecord {
    let record = found["record"] ?? found
    return StoredRecord(
      remoteID: found["remoteId"]?.stringValue.map { Name($0) },
      record: named(record) { $0.prefix(1) + $0.dropFirst().lowercased() })
  }

  private func named(_ record: JSONValue, _ change: (String) -> String) -> JSONValue {
    .object(
      (record.objectValue ?? []).map { member in
        member.name.isExactly("name") ? .init("name", .string(change(member.value.stringValue ?? ""))) : member
      })
  }
}

/// 422 to a POST may have been carried out, and 418 ends everything.
private struct DoubtingDialect: ResponseDialect {
  let name = "doubting"

  func read(_ answer: HTTPAnswer, to call: HTTPCall) -> ReadResponse {
    var response = ResponseRules().read(answer)
    if answer.status == 422, call.method == "POST" { response.kind = .doubtful }
    if answer.status == 418 { response.stops = .init(.configuration, "it is a teapot") }
    return response
  }
}

@Suite struct ResourceAdapterTests {
  private static func bench(_ api: FakeAPI, _ shouting: ShoutingAPI) throws -> HTTPBench {
    var bench = try HTTPBench(api, hasIdempotencyKeys: false) { $0.adapter = ShoutingDocument(api: shouting) }
    bench.document.responses.dialect = DoubtingDialect()
    return bench
  }

  private static func people(_ names: [String]) -> StagedRecords {
    StagedRecords(
      names.enumerated().map { #"{"id":"k\#($0)","name":"\#($1)"}"# },
      columns: [LoadColumn(path: ["id"], types: .string), LoadColumn(path: ["name"], types: .string)])
  }

  @Test func `bodies, lookups and comparisons are those of the adapter`() async throws {
    let (api, shouting) = (FakeAPI(), try ShoutingAPI())
    let bench = try Self.bench(api, shouting)
    let first = try await bench.load(Self.people(["Ann", "Bob"]))
    #expect(first.words == ["created", "created"] && first.codes.isEmpty)
    #expect(api.content["k0"]?.map { $0["name"] } == [.string("ANN")])
    #expect(try await bench.load(Self.people(["Ann", "Bob"])).words == ["unchanged", "unchanged"])
    let writes = api.writes.count
    let third = try await bench.load(Self.people(["Eva", "Bob"]))
    #expect(third.words == ["updated", "unchanged"] && third.codes.isEmpty && api.writes.count == writes + 1)
    #expect(api.content["k0"]?.map { $0["name"] } == [.string("EVA")] && shouting.opened.withLock { $0 } == 3)
  }

  @Test func `a call without a response is resolved by the adapter, also by the next process`() async throws {
    let (api, shouting) = (FakeAPI(), try ShoutingAPI())
    let bench = try Self.bench(api, shouting)
    api.setScript { $0.isWrite ? .lostAfter : nil }
    let result = try await bench.load(Self.people(["Ann"]))
    #expect(result.words == ["created"] && result.codes.isEmpty && api.content["k0"]?.count == 1)
    let isSent = Locked(false)
    api.setScript { request in
      if request.isWrite { isSent.withLock { $0 = true } }
      return request.isWrite ? .lostAfter : isSent.withLock { $0 } ? .unreachable : nil
    }
    _ = try await bench.load(Self.people(["Ann", "Bob"]))
    api.setScript { _ in nil }
    let last = try await bench.load(Self.people(["Ann", "Bob"]))
    #expect(last.words == ["unchanged", "unchanged"] && last.codes.isEmpty)
    #expect(api.content["k1"]?.map { $0["name"] } == [.string("BOB")])
  }

  @Test func `records with an identity in common are not in flight together`() async throws {
    let (api, shouting) = (FakeAPI(), try ShoutingAPI())
    let names = (0..<12).map { ["Ann", "Bob", "Eva"][$0 % 3] }
    let result = try await Self.bench(api, shouting).load(Self.people(names))
    #expect(result.words == names.map { _ in "created" })
    #expect(shouting.flight.withLock { $0.most } == 1 && api.state.withLock { $0.mostUnderWay } > 1)
  }

  @Test func `a record that the adapter cannot send, or cannot tell from others, fails`() async throws {
    let (api, shouting) = (FakeAPI(), try ShoutingAPI())
    let result = try await Self.bench(api, shouting).load(Self.people(["Nobody", "Split", "Ann"]))
    #expect(result.words == ["failed", "failed", "created"])
    #expect(Set(result.codes) == ["request-impossible", "conflict-not-ours"] && api.writes.count == 1)
  }

  @Test(arguments: [true, false]) func `a refused create is looked up, and never sent again`(isDone: Bool) async throws {
    let (api, shouting) = (FakeAPI(), try ShoutingAPI())
    let bench = try Self.bench(api, shouting)
    api.setScript { !$0.isWrite ? nil : isDone ? .respondAfter(422) : .respond(422) }
    let result = try await bench.load(Self.people(["Ann"]))
    #expect(result.words == [isDone ? "created" : "failed"] && api.writes.count == 1)
    #expect(api.content["k0"]?.count == (isDone ? 1 : nil))
  }

  @Test func `a response can end the use of the destination`() async throws {
    let (api, shouting) = (FakeAPI(), try ShoutingAPI())
    api.setScript { $0.isWrite ? .respond(418) : nil }
    let result = try await Self.bench(api, shouting).load(Self.people(["Ann", "Bob"]))
    #expect(result.words == ["pending", "pending"])
    let failure = try #require(result.failure)
    #expect(failure.exitCode == .configuration && "\(failure)".contains("it is a teapot"))
  }

  @Test func `a journal is not used for another tenant`() async throws {
    let (api, shouting) = (FakeAPI(), try ShoutingAPI())
    var bench = try Self.bench(api, shouting)
    bench.document.tenant = "loc A"
    #expect(bench.document.identity == "https://api.example/v1, location loc A")
    _ = try await bench.load(Self.people(["Ann"]))
    #expect(try await bench.load(Self.people(["Ann"])).words == ["unchanged"])
    bench.document.tenant = "loc B"
    await #expect {
      try await bench.load(Self.people(["Ann"]))
    } throws: {
      "\($0)".contains("is for https://api.example/v1, location loc A, but base_url and location are now")
    }
  }
}
