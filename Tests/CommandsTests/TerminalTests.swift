import Control
import Core
import Testing

@testable import Commands

@Suite("Texts for people")
struct TerminalTests {
  @Test("Numbers are grouped", arguments: [(0, "0"), (999, "999"), (1000, "1,000"), (-1_234_567, "-1,234,567")])
  func counts(number: Int, text: String) { #expect(Wording.count(number) == text) }

  @Test(
    "Durations have two units at most",
    arguments: [
      (0.04, "0.0 s"), (9.94, "9.9 s"), (9.96, "10 s"), (59.4, "59 s"), (60, "1 min"), (200, "3 min 20 s"), (7500, "2 h 5 min"),
      (Double.infinity, "?"),
    ])
  func durations(seconds: Double, text: String) { #expect(Wording.duration(seconds) == text) }

  @Test(
    "Requests are counted once, with what had to be repeated",
    arguments: [
      (1, 0, 0, nil, "1 request made"),
      (1_194, 11, 11, 1_997_634, "1,194 requests made (11 retried after a 429); 1,997,634 left today"),
      (9, 3, 0, nil, "9 requests made (3 retried after another failure)"),
      (9, 3, 1, 5, "9 requests made (1 retried after a 429, 2 after another failure); 5 left today"),
      (9, 1, 2, nil, "9 requests made (1 retried after a 429, 1 refused with 429)"),
    ] as [(Int, Int, Int, Int?, String)])
  func requests(made: Int, retried: Int, throttled: Int, left: Int?, text: String) {
    var quota = Quota()
    (quota.made, quota.retried, quota.throttled, quota.remaining) = (made, retried, throttled, left)
    #expect(Wording.requests(quota) == text)
  }

  @Test func `A table keeps its shape whatever its cells contain`() {
    var table = TextTable([.init("NAME"), .init("COUNT", isNumber: true)])
    table.add(["a\nb", "7"])
    table.add(["Zoë", "1,000"])
    #expect(table.text(fitting: nil) == "NAME  COUNT\na\\nb      7\nZoë   1,000\n")
    #expect(TextTable("NAME").text(fitting: nil).isEmpty)
  }

  @Test(
    "CSV cells are quoted where they must be, and run nothing",
    arguments: [("plain", "plain"), ("a,b", "\"a,b\""), ("5\" pipe", "\"5\"\" pipe\""), ("=1+1", "'=1+1"), ("", "")])
  func csv(cell: String, text: String) { #expect(CSVText.row([cell]) == text + "\n") }

  @Test(
    "A result that cannot be shown does not hide how the work ended",
    arguments: [(ExitCode.done, ExitCode.cannotWrite), (.recordsFailed, .recordsFailed), (.gateFailed, .gateFailed)])
  func settling(code: ExitCode, expected: ExitCode) throws {
    let captured = Captured()
    var console = captured.console()
    console.writeOutput = { _ in throw OperationFailure(.cannotWrite, "standard output cannot be written: no space") }
    #expect(try console.settle(code) { try console.print("result") } == expected)
    #expect(captured.error == "waybill: standard output cannot be written: no space\n")
    console.writeOutput = { _ in throw Console.OutputClosed() }
    #expect(try console.settle(code) { try console.print("result") } == code)
    console.writeOutput = { _ in }
    #expect(try console.settle(code) { try console.print("result") } == code)
  }

  @Test func `Progress is drawn on terminals only, and not more than five times a second`() {
    let captured = Captured()
    let time = Locked(ContinuousClock.now)
    let line = ProgressLine(captured.console(isTerminal: true)) { time.withLock { $0 } }
    line.stageBegan(.extract, of: "contacts", expected: 5000)
    for done in 1...100 { line.stageAdvanced(.extract, of: "contacts", done: done) }
    #expect(captured.error.split(separator: "\r").count == 1)
    time.withLock { $0 += .seconds(1) }
    line.stageAdvanced(.extract, of: "contacts", done: 1000)
    #expect(captured.error.hasSuffix("extract contacts  1,000 of 5,000 (20 %)  1,000/s  4.0 s left"))

    let silent = Captured()
    let plain = ProgressLine(silent.console())
    plain.stageBegan(.extract, of: "contacts", expected: 5)
    plain.stageAdvanced(.extract, of: "contacts", done: 1)
    plain.stageEnded(.extract, of: "contacts")
    plain.receive(.pausedForRateLimit(seconds: 3))
    plain.receive(.runEnded(.done, .done, messages: []))
    #expect(silent.error == "waiting 3 s for the rate limit\n")
  }

  @Test func `Progress has live counts and the quota, and a line for each stage without a terminal`() {
    let time = Locked(ContinuousClock.now)
    var failed = OutcomeCounts()
    failed[.created] = 1190
    failed[.failed] = 10
    func play(_ line: ProgressLine) {
      line.stageBegan(.extract, of: "contact", expected: 1000)
      line.receive(.requestsCounted(made: 20, remaining: 1980))
      time.withLock { $0 += .seconds(1) }
      line.stageAdvanced(.extract, of: "contact", done: 500)
    }
    func end(_ line: ProgressLine) {
      line.stageEnded(.extract, of: "contact")
      line.stageBegan(.load, of: "app contacts", expected: 2400)
      line.receive(.outcomesCounted(.load, of: "app contacts", failed))
      time.withLock { $0 += .seconds(2) }
      line.stageAdvanced(.load, of: "app contacts", done: 1200)
    }
    let captured = Captured()
    var console = captured.console(isTerminal: true)
    console.width = { 120 }
    let line = ProgressLine(console, now: { time.withLock { $0 } }, ticks: false, listsStages: true)
    play(line)
    #expect(
      captured.error.hasSuffix("extract contact  500 of 1,000 (50 %)  500/s  1.0 s left  1,980 requests left today"),
      "\(captured.error)")
    end(line)
    #expect(
      captured.error.hasSuffix("load app contacts  1,200 of 2,400 (50 %)  600/s  2.0 s left  1,190 created, 10 failed"),
      "\(captured.error)")

    let listed = Captured()
    let plain = ProgressLine(listed.console(), now: { time.withLock { $0 } }, ticks: false, listsStages: true)
    play(plain)
    #expect(listed.error == "")
    end(plain)
    plain.stageEnded(.load, of: "app contacts")
    plain.stageBegan(.extract, of: "files", expected: 1)
    plain.stageEnded(.extract, of: "files")
    let lines = listed.error.split(separator: "\n")
    #expect(
      lines == [
        "extract contact: 500 in 1.0 s", "load app contacts: 1,200 in 2.0 s, 1,190 created, 10 failed",
        "extract files: ended after 0.0 s",
      ], "\(listed.error)")
  }

  @Test func `Progress says what the total is not known to be, and counts down while the run waits`() {
    let captured = Captured()
    let time = Locked(ContinuousClock.now)
    let line = ProgressLine(captured.console(isTerminal: true), now: { time.withLock { $0 } }, ticks: false)
    func shows(_ text: String) -> Bool { captured.error.hasSuffix("\r\u{1B}[2K" + text) }
    func advance(_ seconds: Int, done: Int) {
      time.withLock { $0 += .seconds(seconds) }
      line.stageAdvanced(.extract, of: "contact", done: done)
    }
    line.stageBegan(.extract, of: "contact", size: .atMost(100))
    advance(1, done: 10)
    #expect(shows("extract contact  10 of at most 100  10/s"))
    line.stageBegan(.extract, of: "contact", size: .about(80))
    advance(1, done: 20)
    #expect(shows("extract contact  20 of about 80 (25 %)  10/s  6.0 s left"))
    line.stageBegan(.extract, of: "contact", expected: 40)
    advance(1, done: 30)
    #expect(shows("extract contact  30 of 40 (75 %)  10/s  1.0 s left"))
    line.receive(.pausedForRateLimit(seconds: 12))
    #expect(shows("extract contact  30 of 40 (75 %)  waiting for the rate limit: 12 s left"))
    time.withLock { $0 += .seconds(4) }
    #expect(line.tick())
    #expect(shows("extract contact  30 of 40 (75 %)  waiting for the rate limit: 8.0 s left"))
    // Responses that were under way still arrive.
    advance(2, done: 35)
    #expect(shows("extract contact  35 of 40 (87 %)  waiting for the rate limit: 6.0 s left"))
    time.withLock { $0 += .seconds(6) }
    #expect(!line.tick())
    #expect(shows("extract contact  35 of 40 (87 %)  2.3/s  2.1 s left"), "\(captured.error.debugDescription)")
    line.stageEnded(.extract, of: "contact")
    #expect(shows(""))
    line.receive(.pausedForRateLimit(seconds: 90))
    #expect(shows("waiting for the rate limit: 1 min 30 s left"))
    line.clear()
    #expect(shows("") && !line.tick())
  }

  @Test func `Notes can be JSON lines, and quiet means none`() throws {
    let captured = Captured()
    var console = captured.console()
    console.logsJSON = true
    console.note("one")
    let line = try JSONReader.read(Array(captured.error.utf8))
    #expect(line["message"] == .string("one"))
    #expect(line["level"] == .string("info"))
    console.isQuiet = true
    let before = captured.error
    console.note("two")
    #expect(captured.error == before)
    console.fault("three")
    #expect(captured.error.contains("waybill: three"))
  }

  @Test func `A summary has a row per mapping and destination, and columns for what occurred`() throws {
    let summary = """
      {"run":"r1","pipeline":"p","status":"partial","exit_code":4,"started":"2026-01-01T00:00:00Z","finished":"2026-01-01T00:01:00Z",
      "entities":{"contacts":{"read":1200,"destinations":{"files":{"written":1195,"rejected":5},"app":{"created":1195,"rejected":5}},
      "warnings":7,"codes":{"required":5,"email-invalid":7}}},"unaccounted":0,"outside_businesses":3,
      "requests":{"made":1300,"retried":2,"throttled":0,"quota_remaining":198700},
      "gates":[{"gate":"read","stage":"transform","limit":1,"actual":1200,"unit":"records","passed":true,"severity":"error"},
      {"gate":"rejected","mapping":"contacts","stage":"transform","limit":0.2,"actual":0.4,"unit":"percent","passed":false,"severity":"error"}]}
      """
    let text = RunSummaryText.text(of: try JSONReader.read(Array(summary.utf8)))
    #expect(text.contains("contacts  files        1,200    1,195        0         0         5        0         7"), "\(text)")
    #expect(text.contains("email-invalid  contacts      7\nrequired       contacts      5"))
    #expect(text.contains("1,300 requests made (2 retried after another failure); 198,700 left today"))
    #expect(text.contains("3 contacts belong to no business"))
    #expect(text.hasPrefix("run r1  p  partial (exit code 4): 1 mapping, 1,200 read, 1,195 loaded, 5 rejected\n"), "\(text)")
    #expect(text.hasSuffix("rejected  contacts  0.2 %   0.4 %  FAILED\n1 other gate passed\n"), "\(text)")
    let whole = RunSummaryText.text(of: try JSONReader.read(Array(summary.utf8)), hasMessages: true)
    #expect(whole.contains("read      all           1   1,200  passed\nrejected  contacts  0.2 %   0.4 %  FAILED"), "\(whole)")
    #expect(!text.contains("MERGED") && !text.contains("UNACCOUNTED"))
  }

  @Test(
    arguments: [
      (
        #"{"records":200,"drifted":3,"missing":1,"resent":4,"not_read":2}"#,
        "200 unchanged records of contacts at app: 3 were changed there, 1 was removed there, 4 were sent again, 2 could not be read"
      ),
      (
        #"{"records":1,"drifted":1,"missing":0,"resent":0,"not_read":0}"#,
        "1 unchanged record of contacts at app: 1 was changed there"
      ),
      (#"{"records":1200,"drifted":0,"missing":0,"resent":0,"not_read":0}"#, "1,200 unchanged records of contacts at app"),
      (
        #"{"records":0,"drifted":0,"missing":0,"resent":0,"not_read":5}"#,
        "0 unchanged records of contacts at app: 5 could not be read"
      ),
      (#"{"records":0,"drifted":0,"missing":0,"resent":0,"not_read":0}"#, nil), ("null", nil),
    ] as [(String, String?)])
  func `A summary says what reading records back has shown`(_ verified: String, _ line: String?) throws {
    let summary = """
      {"run":"r1","pipeline":"p","status":"done","exit_code":0,"entities":{"contacts":{"read":1200,"destinations":
      {"files":{"written":1200},"app":{"unchanged":1200,"verified":\(verified)}},"warnings":4,"codes":{}}}}
      """
    let text = RunSummaryText.text(of: try JSONReader.read(Array(summary.utf8)))
    let found = text.split(separator: "\n").filter { $0.hasPrefix("verified ") }
    #expect(found == (line.map { ["verified \($0)"] } ?? []))
  }

  @Test func `A summary shows how a run was narrowed, what was left out, and which gates were not enforced`() throws {
    let summary = """
      {"version":2,"run":"r1","pipeline":"p","status":"done","exit_code":0,"narrowed":{"limit":5,"snapshot":"s1"},
      "entities":{"contacts":{"read":5,"destinations":{"files":{"written":0,"pending":5}},"warnings":0,"codes":{}}},
      "outside_businesses":40,"left_out":{"no-business":40,"not-selected":1},
      "gates":[{"gate":"coverage","mapping":"contacts","limit":100,"actual":100,"unit":"percent","passed":null,"judged":false},
      {"gate":"written","mapping":"contacts","limit":1,"actual":0,"unit":"records","passed":false,"accepted":true}]}
      """
    let text = RunSummaryText.text(of: try JSONReader.read(Array(summary.utf8)))
    #expect(text.contains("narrowed: at most 5 records, from the narrowed snapshot s1; nothing was published\n"), "\(text)")
    #expect(text.contains("40 contacts were not extracted: no business (`without_business: include` reads them)\n"))
    #expect(text.contains("the contacts of 1 business were not extracted: `businesses` does not name it\n"))
    #expect(text.contains("  not enforced\n") && text.contains("  failed (accepted)\n"), "\(text)")
    let partial = RunSummaryText.text(of: try JSONReader.read(summary.replacing("\"written\":0", with: "\"written\":5")))
    #expect(!partial.contains("nothing was published"))
  }
}
