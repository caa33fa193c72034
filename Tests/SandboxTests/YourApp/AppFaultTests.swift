import Core
import Testing

@testable import Sandbox

@Suite("Your App: faults")
struct AppFaultTests {
  private static let batch = AppSamples.batch((0..<8).map { AppSamples.contact("c" + String($0)) })

  private func create(_ faults: String..., headers: [String: String] = [:]) throws -> (asking: AppAsking, answer: SandboxAnswer) {
    let asking = try AppAsking(faults: faults)
    return (asking, asking.send("POST", "/contacts", AppSamples.contact("c1", #","team":"t","plan":"pro""#), headers))
  }

  struct GatewayCase: Sendable, CustomTestStringConvertible {
    var fault: AppFault
    var statuses: Set<Int>
    var header: (name: String, value: String)?
    var testDescription: String { fault.rawValue }
  }

  @Test(arguments: [
    GatewayCase(fault: .unauthorized, statuses: [401], header: ("WWW-Authenticate", "Bearer realm=\"Your App\"")),
    GatewayCase(fault: .forbidden, statuses: [403]),
    GatewayCase(fault: .tooManyRequests, statuses: [429], header: ("Retry-After", "1")),
    GatewayCase(fault: .tooManyRequestsDate, statuses: [429], header: ("Retry-After", "Tue, 14 Nov 2023 22:13:21 GMT")),
    GatewayCase(fault: .unavailable, statuses: [503], header: ("Retry-After", "1")),
    GatewayCase(fault: .html, statuses: [502]),
    GatewayCase(fault: .redirect, statuses: [307, 308], header: ("Location", "/app/moved/contacts")),
    GatewayCase(
      fault: .redirectOutside, statuses: [307, 308], header: ("Location", "http://localhost:8080/app/outside/contacts")),
    GatewayCase(fault: .errorBefore, statuses: [500]),
  ])
  func `a fault before the application writes nothing`(test: GatewayCase) throws {
    let (asking, answer) = try create(test.fault.rawValue + "=1")
    #expect(test.statuses.contains(answer.status))
    if let header = test.header { #expect(answer.header(header.name) == header.value) }
    #expect(asking.keys(.contacts).isEmpty)
    #expect(asking.app.statistics.byFault == [test.fault.rawValue: 1])
  }

  @Test func `the connection closes before or after the write`() throws {
    let (before, first) = try create("app-timeout-before=1")
    #expect(first.ending == .nothing && before.keys(.contacts).isEmpty)
    let (after, second) = try create("app-timeout-after=1")
    #expect(second.ending == .nothing && after.keys(.contacts) == ["c1"])
    #expect(after.app.statistics.byStatus == [0: 1])
  }

  @Test func `a 500 after the write is a 500 although the record is there`() throws {
    let (asking, answer) = try create("app-500-after=1")
    #expect(answer.status == 500 && asking.keys(.contacts) == ["c1"])
    #expect(answer.header("Location") == nil)
  }

  @Test func `a redirect within the origin leads to an operation that works`() throws {
    let (asking, answer) = try create("app-redirect=1", headers: ["idempotency-key": "k"])
    let path = try #require(answer.header("Location"))
    #expect(asking.send("POST", path, AppSamples.contact("c1"), ["idempotency-key": "k"]).status == 201)
    #expect(asking.keys(.contacts) == ["c1"])
  }

  @Test func `a client that follows a redirect to another origin is counted, and so are its credentials`() throws {
    let (asking, _) = try create("app-redirect-outside=1")
    #expect(asking.send("POST", "/app/outside/contacts", AppSamples.contact("c1"), token: nil).status == 403)
    #expect(asking.send("POST", "/app/outside/contacts", AppSamples.contact("c1")).status == 403)
    #expect(asking.app.statistics.outside == 2 && asking.app.statistics.outsideWithCredentials == 1)
    #expect(asking.keys(.contacts).isEmpty)
  }

  @Test func `another client creates the record first`() throws {
    let cases: [(headers: [String: String], status: Int)] = [([:], 409), (["if-none-match": "*"], 412)]
    for (headers, status) in cases {
      let (asking, answer) = try create("app-409=1", headers: headers)
      #expect(answer.status == status)
      let record = try #require(asking.app.store.record(.contacts, key: "c1")?.record)
      #expect(try asking.json(answer)["existingId"] == .string(record.id))
      #expect(!String(decoding: record.fields, as: UTF8.self).contains("team"))
      #expect(asking.tally(.contacts).createdByOthers == 1 && asking.tally(.contacts).duplicates == 0)
    }
  }

  @Test func `another client changes the record first`() throws {
    let asking = try AppAsking(faults: ["app-412=1"])
    let created = asking.send("POST", "/contacts", AppSamples.contact("c1"))
    let path = "/contacts/" + (try asking.json(created)["id"]?.stringValue ?? "")
    let tag = try #require(created.header("ETag"))
    #expect(asking.send("PUT", path, AppSamples.contact("c1"), ["if-match": tag]).status == 412)
    #expect(asking.send("GET", path).header("ETag") != tag)
    #expect(asking.send("PUT", path, AppSamples.contact("c1")).status == 200)
    let (refused, answer) = try create("app-412=1", headers: ["if-none-match": "*"])
    #expect(answer.status == 412 && refused.tally(.contacts).createdByOthers == 1)
  }

  @Test func `an update conflicts with another request`() throws {
    let asking = try AppAsking(faults: ["app-409=1"])
    #expect(asking.send("POST", "/contacts", AppSamples.contact("c1")).status == 409)
    let id = try #require(asking.app.store.record(.contacts, key: "c1")?.record.id)
    let answer = asking.send("PUT", "/contacts/" + id, AppSamples.contact("c1"))
    #expect(answer.status == 409 && answer.problemCode == "conflict")
  }

  @Test func `the same records are refused, however they are sent`() throws {
    let asking = try AppAsking(faults: ["app-422=0.3"])
    let keys = (0..<60).map { "c" + String($0) }
    let single = keys.map { asking.send("POST", "/contacts", AppSamples.contact($0)).status }
    #expect((8...30).contains(single.count { $0 == 422 }))
    let again = keys.map { asking.send("POST", "/contacts", AppSamples.contact($0, #","team":"t""#)).status }
    #expect(again.map { $0 == 422 } == single.map { $0 == 422 })
    let batch = try asking.json(asking.send("POST", "/contacts/batch", AppSamples.batch(keys.map { AppSamples.contact($0) })))
    #expect((batch["results"]?.arrayValue ?? []).map { $0["status"] == .number(422) } == single.map { $0 == 422 })
    let place = try #require(single.firstIndex(of: 422))
    let problem = try asking.json(asking.send("POST", "/contacts", AppSamples.contact(keys[place])))
    #expect(problem["errors"]?.arrayValue?.first?["code"] == .string("refused"))
  }

  @Test func `one optional member is silently dropped`() throws {
    let (asking, answer) = try create("app-drop=1")
    #expect(answer.status == 201)
    let record = try asking.json(answer)
    #expect((record["team"] == nil) != (record["plan"] == nil))
    #expect(record["name"] != nil && record["contactId"] != nil)
  }

  @Test func `200 does not mean that it worked`() throws {
    let (asking, answer) = try create("app-ok-false=1")
    #expect(answer.status == 200 && asking.keys(.contacts).isEmpty)
    #expect(try asking.json(answer)["ok"] == .bool(false))
    #expect(asking.send("GET", "/contacts").text.contains("items"))
  }

  @Test(arguments: [AppFault.notJSON, .truncated, .huge, .slow])
  func `a response is damaged or delayed after the write`(fault: AppFault) throws {
    let (asking, answer) = try create(fault.rawValue + "=1")
    #expect(answer.status == 201 && asking.keys(.contacts) == ["c1"])
    switch fault {
    case .huge:
      #expect(answer.body.count > 1 << 20)
      #expect(try asking.json(answer)["contactId"] == .string("c1"))
    case .slow: #expect(answer.delay == 2000)
    default: #expect(throws: JSONReader.Failure.self) { try JSONReader.read(answer.body) }
    }
  }

  // MARK: Batches

  private func batch(_ fault: String, _ body: String = batch, query: String = "") throws -> (AppAsking, SandboxAnswer) {
    let asking = try AppAsking(faults: [fault])
    return (asking, asking.send("POST", "/contacts/batch" + query, body))
  }

  /// The keys of a batch's results; empty where there is none.
  private func keys(_ answer: SandboxAnswer) throws -> [String] {
    (try JSONReader.read(answer.body)["results"]?.arrayValue ?? []).map { $0["key"]?.stringValue ?? "" }
  }

  @Test func `the results of a batch are shuffled, short, long or without keys, and the records are written`() throws {
    let all = (0..<8).map { "c" + String($0) }
    let (shuffled, one) = try batch("app-shuffled=1")
    let found = try keys(one)
    #expect(found != all && found.sorted() == all)
    let (short, two) = try batch("app-short=1")
    #expect(try keys(two).count == 7)
    let (long, three) = try batch("app-long=1")
    let repeated = try keys(three)
    #expect(repeated.count == 9 && Set(repeated).count == 8)
    let (bare, four) = try batch("app-no-keys=1")
    #expect(try keys(four) == [String](repeating: "", count: 8))
    for asking in [shuffled, short, long, bare] { #expect(asking.keys(.contacts) == all) }
  }

  @Test func `a batch fails in part`() throws {
    let body = AppSamples.batch((0..<60).map { AppSamples.contact("c" + String($0)) })
    let (asking, answer) = try batch("app-partial=1", body)
    #expect(answer.status == 207)
    let results = try asking.json(answer)["results"]?.arrayValue ?? []
    let written = results.filter { $0["status"] == .number(201) }.compactMap { $0["key"]?.stringValue }
    #expect((20...55).contains(written.count) && results.count == 60)
    #expect(asking.keys(.contacts) == written.sorted())
  }

  @Test func `a batch is refused as a whole although some records were written`() throws {
    let records = [AppSamples.contact("c1"), AppSamples.contact("c2"), "{}", AppSamples.contact("c3")]
    let (asking, answer) = try batch("app-batch-abort", AppSamples.batch(records))
    #expect(answer.status == 422 && answer.problemCode == "batch-refused" && !answer.text.contains("errors"))
    #expect(asking.keys(.contacts) == ["c1", "c2"])
    let (terse, refused) = try batch("app-terse", AppSamples.batch(records), query: "?atomic=true")
    #expect(refused.status == 422 && !refused.text.contains("errors") && terse.keys(.contacts).isEmpty)
  }

  @Test func `a batch of several records is too large, but a single record is not`() throws {
    let (asking, answer) = try batch("app-413=1")
    #expect(answer.status == 413 && answer.problemCode == "batch-too-large" && asking.keys(.contacts).isEmpty)
    #expect(asking.send("POST", "/contacts/batch", AppSamples.batch([AppSamples.contact("c1")])).status == 200)
  }

  @Test func `a batch becomes a job`() throws {
    let (asking, answer) = try batch("app-job=1")
    #expect(answer.status == 202 && answer.header("Preference-Applied") == nil)
    asking.advance(AppJobs.duration)
    #expect(asking.app.store[.contacts].count == 8)
  }

  // MARK: Draws

  @Test func `faults are drawn from the seed, the request and its attempt`() throws {
    func statuses(_ asking: AppAsking, _ order: [Int]) -> [Int: [Int]] {
      var found: [Int: [Int]] = [:]
      for number in order {
        for _ in 0..<3 {
          found[number, default: []].append(asking.send("GET", "/contacts?contactId=\(number)").status)
        }
      }
      return found
    }
    let faults = ["app-503=0.2", "app-500-before=0.2"]
    let numbers = Array(0..<100)
    let first = statuses(try AppAsking(faults: faults), numbers)
    #expect(first == statuses(try AppAsking(faults: faults), numbers.reversed()))
    #expect(first != statuses(try AppAsking(faults: faults, seed: 2), numbers))
    #expect(Set(first.values.joined()) == [200, 500, 503])
    #expect(first.values.contains { Set($0).count > 1 })
    #expect((60...150).contains(first.values.joined().count { $0 != 200 }))
  }

  @Test(arguments: AppFault.allCases)
  func `every fault has a name that the command line accepts`(fault: AppFault) throws {
    #expect(try FaultPlan([fault.rawValue]).app.rates == [fault: fault.usualRate])
    #expect(try FaultPlan([fault.rawValue + "=0.5"]).app.rates == [fault: 0.5])
    #expect(FaultPlan.names.contains(fault.rawValue) && fault.rawValue.hasPrefix("app-"))
  }

  @Test(arguments: AppSwitch.allCases)
  func `every switch has a name that the command line accepts`(option: AppSwitch) throws {
    #expect(try FaultPlan([option.rawValue]).app.switches == [option])
    #expect(throws: FaultPlanError.self) { try FaultPlan([option.rawValue + "=1"]) }
  }
}
