import Core
import Report
import Testing

@Suite struct RunEventTextTests {
  private static let failure = OperationFailure(.configuration, "it is not set")

  static let lines: [(event: RunEvent, level: RunEventText.Line.Level, text: String)] = [
    (.pausedForRateLimit(seconds: 3), .info, "waiting 3 s for the rate limit"),
    (.fallbackTokenUsed, .info, "GHL refused the token; continuing with the fallback"),
    (.fallbackTokenUsedForDestination(name: "crm"), .info, "'crm' refused the token; continuing with the fallback"),
    (.fallbackTokenMissing(failure), .info, "there is no fallback token: it is not set"),
    (
      .fallbackTokenMissingForDestination(name: "crm", failure), .info,
      "there is no fallback token for 'crm': it is not set"
    ),
    (.listsEndedEarly(count: 2), .info, "2 contact lists ended early: searching the whole location for the rest"),
    (.partRefused(reason: "refused"), .info, "refused"),
    (.tasksReadPerContact(reason: "refused"), .info, "refused; reading the tasks of each contact instead, one call each"),
    (.snapshotSkipped(failure), .warning, "skipped: it is not set"),
    (.waitingForPipe(path: "in"), .info, "in is a pipe: waiting until its other end is opened"),
    (.runAbandoned(id: "r"), .info, "run r was interrupted"),
    (.runResumed(id: "r"), .info, "resuming run r"),
    (.leftoversRemoved(.runFiles(folder: "f"), names: ["a", "b"]), .info, "removed files of interrupted runs in f: a, b"),
    (.leftoversRemoved(.snapshots, names: ["a"]), .info, "removed snapshots that can no longer be finished: a"),
    (
      .leftoversRemoved(.besideOutput(path: "p"), names: ["a"]), .info, "removed what an interrupted run left beside p: a"
    ),
    (
      .startTimeInFuture(what: "run r", time: "t"), .warning,
      "run r has a start time in the future, t: check the clock. Runs and snapshots are ordered by number, not by time"
    ),
    (.gateTripped(.failed, finding: "g"), .info, "gate failed: g"),
    (.gateTripped(.accepted, finding: "g"), .info, "gate failed, accepted: g"),
    (.gateTripped(.warning, finding: "g"), .info, "gate warning: g"),
    (.outputWarning("the owner"), .info, "warning: the owner"),
    (
      .stagingNotCompressed(folder: "f", failure), .info, "the staged records in f were not compressed: it is not set"
    ),
  ]

  @Test(arguments: lines)
  func `an event has one line`(_ event: RunEvent, _ level: RunEventText.Line.Level, _ text: String) throws {
    let line = try #require(RunEventText.line(for: event))
    #expect(line.level == level)
    #expect(line.text == text)
  }

  @Test(
    arguments: [
      .stageBegan(.load, of: "m", expected: nil), .stageAdvanced(.load, of: "m", done: 1), .stageEnded(.load, of: "m"),
      .outcomesCounted(.load, of: "m", OutcomeCounts()), .requestsCounted(made: 1, remaining: nil),
      .runEnded(.failed, .fault, messages: ["m"]),
    ] as [RunEvent])
  func `stages and the end of the run are shown by each receiver in its own way`(_ event: RunEvent) {
    #expect(RunEventText.line(for: event) == nil)
  }
}
