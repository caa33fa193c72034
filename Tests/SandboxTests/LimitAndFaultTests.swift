import Core
import Testing

@testable import Sandbox

@Suite struct RateWindowTests {
  @Test func theBurstEndsAndBeginsAgainWithItsWindow() {
    var window = RateWindow(burstLimit: 3, dailyLimit: 100)
    #expect(window.take(now: 1000).burstRemaining == 2)
    #expect(window.take(now: 1001).burstRemaining == 1)
    #expect(window.take(now: 10_999).isAllowed)
    #expect(!window.take(now: 10_999).isAllowed)
    let next = window.take(now: 11_000)
    #expect(next.isAllowed && next.burstRemaining == 2 && next.dailyRemaining == 96)
  }

  @Test func `an interval may be shorter, and the headers say so`() {
    var window = RateWindow(burstLimit: 1, interval: 200, dailyLimit: 100)
    let first = window.take(now: 1_000)
    #expect(first.headers.contains { $0 == ("X-RateLimit-Interval-Milliseconds", "200") })
    #expect(!window.take(now: 1_199).isAllowed)
    #expect(window.take(now: 1_200).isAllowed)
  }

  @Test func theDayIsCountedApart() {
    var window = RateWindow(burstLimit: 100, dailyLimit: 2)
    _ = window.take(now: 0)
    _ = window.take(now: 20_000)
    let third = window.take(now: 40_000)
    #expect(!third.isAllowed && third.dailyRemaining == 0 && third.burstRemaining == 100)
    #expect(window.take(now: Instant.day).isAllowed)
  }
}

@Suite struct LimitTests {
  private func sandbox(_ scale: Double, clock: Clock = Clock()) -> (Sandbox, Clock) {
    (Sandbox(SandboxOptions(contacts: 10, businesses: 1, limitScale: scale), now: { clock.now }), clock)
  }

  final class Clock: Sendable {
    private let value = Locked(1_700_000_000_000)
    var now: Int { value.withLock { $0 } }
    func advance(_ milliseconds: Int) { value.withLock { $0 += milliseconds } }
  }

  private func ask(_ sandbox: Sandbox, version: String? = "v3", token: String? = nil) -> SandboxAnswer {
    sandbox.respond(
      to: SandboxRequest(
        "GET", "/contacts/" + sandbox.data.contactID(at: 0), authorization: "Bearer " + (token ?? sandbox.tokens.location),
        version: version))
  }

  @Test func theFiveHeadersStandOnEveryAuthorisedAnswer() {
    let (sandbox, _) = sandbox(1)
    let answer = ask(sandbox)
    #expect(answer.header("X-RateLimit-Limit-Daily") == "200000")
    #expect(answer.header("X-RateLimit-Daily-Remaining") == "199999")
    #expect(answer.header("X-RateLimit-Interval-Milliseconds") == "10000")
    #expect(answer.header("X-RateLimit-Max") == "100")
    #expect(answer.header("X-RateLimit-Remaining") == "99")
    #expect(ask(sandbox, token: "pit-wrong").header("X-RateLimit-Max") == nil)
  }

  @Test func theHundredAndFirstRequestIsRefusedUntilTheWindowEnds() {
    let (sandbox, clock) = sandbox(1)
    for _ in 0..<100 { #expect(ask(sandbox).status == 200) }
    let refused = ask(sandbox)
    #expect(refused.status == 429)
    #expect(refused.header("X-RateLimit-Remaining") == "0")
    #expect(refused.header("Retry-After") == nil)
    #expect(sandbox.statistics.tooManyRequests == 1)
    clock.advance(10_000)
    #expect(ask(sandbox).status == 200)
  }

  @Test func theScaleMultipliesBothLimits() {
    let (sandbox, _) = sandbox(10)
    #expect(ask(sandbox).header("X-RateLimit-Max") == "1000")
    #expect(ask(sandbox).header("X-RateLimit-Limit-Daily") == "2000000")
  }

  @Test func aSpentDayIsToldByItsHeader() {
    var options = SandboxOptions(contacts: 10, businesses: 1)
    options.dailyLimit = 1
    let sandbox = Sandbox(options, now: { 0 })
    #expect(ask(sandbox).status == 200)
    let refused = ask(sandbox)
    #expect(refused.status == 429)
    #expect(refused.header("X-RateLimit-Daily-Remaining") == "0")
  }
}

@Suite struct FaultTests {
  @Test(arguments: [
    ("5xx=2", "needs a rate from 0 to 1"), ("5xxx", "did you mean '5xx'?"), ("unauthorised-after=x", "needs a number"),
    ("scope-missing", "needs a scope"), ("message-list=1", "takes no value"), ("", "unknown fault"),
  ])
  func wrongFaultsAreExplained(text: String, part: String) {
    #expect {
      try FaultPlan([text])
    } throws: { error in
      String(describing: error).contains(part)
    }
  }

  @Test(arguments: FaultPlan.Fault.allCases)
  func everyFaultIsKnownWithAndWithoutARate(fault: FaultPlan.Fault) throws {
    #expect(try FaultPlan([fault.rawValue]).rates[fault] == fault.usualRate)
    #expect(try FaultPlan([fault.rawValue + "=0.5"]).rates[fault] == 0.5)
  }

  private func statuses(_ asking: Asking, _ count: Int = 400) -> [Int] {
    (0..<count).map { asking.raw("GET", "/contacts/" + asking.data.contactID(at: $0 % 300)).status }
  }

  @Test(arguments: [("5xx=0.2", 500...504), ("429=0.2", 429...429), ("html=0.2", 502...502)])
  func refusalsComeAtTheirRateAndAlwaysTheSame(fault: String, range: ClosedRange<Int>) throws {
    let asking = try Asking(faults: [fault])
    let found = statuses(asking)
    let hit = found.filter(range.contains).count
    #expect((40...130).contains(hit))
    #expect(found.filter { $0 == 200 }.count == 400 - hit)
    #expect(found == statuses(try Asking(faults: [fault])))
    #expect(asking.sandbox.statistics.byFault.values.reduce(0, +) == hit)
    if range == 429...429 { #expect(asking.sandbox.statistics.tooManyRequests == hit) }
  }

  @Test func aRepeatedRequestIsAnsweredInTheEnd() throws {
    let asking = try Asking(faults: ["5xx=0.5"])
    for index in 0..<50 {
      let target = "/contacts/" + asking.data.contactID(at: index)
      #expect((0..<30).contains { _ in asking.raw("GET", target).status == 200 })
    }
  }

  @Test func truncatedAnswersAreNoJSON() throws {
    let asking = try Asking(faults: ["truncated=1"])
    let answer = asking.raw("GET", "/contacts/" + asking.data.contactID(at: 0))
    #expect(answer.status == 200)
    #expect(throws: JSONReader.Failure.self) { try JSONReader.read(answer.body) }
  }

  private func page(_ asking: Asking, _ skip: Int) throws -> JSONValue {
    try asking.get("/contacts/business/\(asking.data.businessID(at: 0))?locationId=\(asking.location)&limit=20&skip=\(skip)")
  }

  @Test func recordsMoveOnTheFirstReadingOnly() throws {
    let asking = try Asking(faults: ["moving=1"])
    let right = asking.data.ids(asking.data.members(ofBusiness: 0))
    #expect(asking.ids(try page(asking, 0)) == Array(right[0..<20]))
    let first = asking.ids(try page(asking, 20))
    #expect(first == Array(right[19..<39]) || first == Array(right[21..<41]))
    #expect(asking.ids(try page(asking, 20)) == Array(right[20..<40]))
  }

  @Test func pagesRepeatCountsLieAndIDsDouble() throws {
    let repeated = try Asking(faults: ["repeated-page=1"])
    #expect(repeated.ids(try page(repeated, 20)) == repeated.ids(try page(repeated, 0)))
    let lying = try Asking(faults: ["count-lies"])
    #expect(try page(lying, 0)["count"]?.intValue != lying.data.members(ofBusiness: 0).count)
    let doubled = try Asking(faults: ["duplicate-ids"])
    let ids = doubled.ids(try page(doubled, 0))
    #expect(ids.count == 21 && Set(ids).count == 20)
  }

  @Test func cursorsRepeat() throws {
    let asking = try Asking(faults: ["repeated-cursor=1"])
    let base = "/contacts/?locationId=\(asking.location)&limit=10"
    let meta = try asking.get(base)["meta"]
    let time = try #require(meta?["startAfter"]?.intValue)
    let id = try #require(meta?["startAfterId"]?.stringValue)
    #expect(try asking.get(base + "&startAfter=\(time)&startAfterId=\(id)")["meta"]?["startAfterId"]?.stringValue == id)
    let body = "{\"locationId\":\"\(asking.location)\",\"pageLimit\":10"
    let cursor = try #require(asking.contacts(try asking.post("/contacts/search", body + "}")).last?["searchAfter"])
    let next = try asking.post("/contacts/search", body + ",\"searchAfter\":\(cursor.text)}")
    #expect(asking.contacts(next).last?["searchAfter"] == cursor)
  }

  @Test func disconnectsEndBeforeOrWithinTheAnswer() throws {
    let asking = try Asking(faults: ["disconnect=1"])
    let endings = Set((0..<40).map { asking.raw("GET", "/contacts/" + asking.data.contactID(at: $0)).ending })
    #expect(endings == [.nothing, .half])
    let slow = try Asking(faults: ["slow=1"])
    #expect(slow.raw("GET", "/contacts/" + slow.data.contactID(at: 0)).delay == 2000)
  }
}
