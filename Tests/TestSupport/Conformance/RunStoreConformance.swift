package import Core
import Testing

/// The contract of `RunStore`.
package enum RunStoreConformance {
  package typealias Case = ConformanceCase<StoreOpener<any RunStore>>

  package static let cases: [Case] = writing + history + RunLedgerConformance.cases + RunResolutionConformance.cases

  static func run(_ id: String, pipeline: String = "p", started: String = "t") -> RunRecord {
    RunRecord(id: id, pipeline: pipeline, started: started)
  }

  private static func written(_ count: Int, _ mapping: String = "m") -> OutcomeCount {
    OutcomeCount(mapping: mapping, destination: "d", outcome: .written, count: count)
  }

  /// A run that has published everything, unless the arguments say otherwise.
  private static func finish(
    _ id: String, _ count: Int, pipeline: String = "p", location: String? = "l", isWhole: Bool? = true, in store: any RunStore
  ) throws {
    try store.begin(run(id, pipeline: pipeline))
    try store.end(
      RunRecord(id: id, pipeline: pipeline, status: .done, started: "t", location: location, isWhole: isWhole),
      counts: [written(count)])
  }

  // MARK: Writing

  private static let writing: [Case] = [
    Case("a run that has begun is running") { open in
      let store = try open()
      try store.begin(run("r"))
      #expect(try store.run("r") == run("r"))
      #expect(try store.run("r")?.status == .running)
    },
    Case("a run begins once") { open in
      let store = try open()
      try store.begin(run("r"))
      let failure = #expect(throws: OperationFailure.self) { try store.begin(run("r", pipeline: "q")) }
      #expect(failure?.code == .fault)
      #expect(try store.runs() == [run("r")])
    },
    Case("a run has what its end recorded, and its counts replace earlier ones") { open in
      let store = try open()
      try store.begin(run("r"))
      var record = run("r")
      (record.status, record.exitCode, record.finished, record.snapshot) = (.gateFailed, 3, "u", "s")
      (record.location, record.narrowed, record.isWhole, record.summary) = ("l", "{}", false, "{\"é\":1}")
      try store.end(record, counts: [written(1, "a"), written(2, "b")])
      #expect(try store.run("r") == record)
      try store.end(record, counts: [written(3, "b"), OutcomeCount(mapping: "a", destination: "x", outcome: .failed, count: 0)])
      #expect(try store.counts(of: "r").map(\.count) == [0, 3])
    },
    Case("a run that was not recorded when it began is added by its end, as the newest") { open in
      let store = try open()
      try store.begin(run("z"))
      try store.end(run("a"), counts: [written(1)])
      #expect(try store.runs().map(\.id) == ["a", "z"])
    },
    Case("if two counts are for the same outcome, none is recorded") { open in
      let store = try open()
      try store.begin(run("r"))
      let failure = #expect(throws: OperationFailure.self) { try store.end(run("r"), counts: [written(1), written(2)]) }
      #expect(failure?.code == .fault)
      #expect(try store.counts(of: "r").isEmpty)
    },
    Case("a continued run keeps its ID, place, start and ledger, and forgets its end") { open in
      let store = try open()
      try finish("1", 10, in: store)
      try store.record([RunLedgerConformance.entry("1", "required")])
      try store.markUnstaged("1")
      try store.begin(run("2"))
      let reopened = try #require(try open().reopen("1"))
      #expect(reopened.status == .running && reopened.exitCode == nil && reopened.finished == nil && reopened.summary == nil)
      #expect(reopened.isWhole == nil && reopened.started == "t" && reopened.location == "l")
      #expect(try store.run("1") == reopened)
      #expect(try store.runs().map(\.id) == ["2", "1"])
      #expect(try store.counts(of: "1").isEmpty)
      #expect(try store.lastWritten("m", pipeline: "p", location: "l") == nil)
      #expect(try store.stagedRuns(of: "p", before: "2").map(\.id) == ["1"])
      #expect(try store.ledger(LedgerQuery(run: "1")).count == 1)
    },
    Case("only a whole ID continues a run") { open in
      let store = try open()
      try store.begin(run("run"))
      try store.end(run("run"), counts: [written(1)])
      #expect(try store.reopen("ru") == nil)
      #expect(try store.reopen("") == nil)
      #expect(try store.counts(of: "run").count == 1)
    },
    Case("runs whose processes died are marked as interrupted, in order") { open in
      let store = try open()
      for id in ["c", "a", "b"] { try store.begin(run(id)) }
      var done = run("a")
      done.status = .done
      try store.end(done, counts: [])
      #expect(try open().markAbandonedRuns(finished: "u") == ["c", "b"])
      let abandoned = try #require(try store.run("c"))
      #expect(abandoned.status == .interrupted && abandoned.exitCode == 75 && abandoned.finished == "u")
      #expect(try store.run("a") == done)
      #expect(try store.markAbandonedRuns(finished: "v").isEmpty)
      // It can be continued, and dies again.
      #expect(try store.reopen("c")?.status == .running)
      #expect(try store.markAbandonedRuns(finished: "w") == ["c"])
    },
    Case("what was written outlives the process") { open in
      var store: (any RunStore)? = try open()
      try store?.begin(run("r"))
      try store?.record([RunLedgerConformance.entry("r", "required")])
      store = nil
      #expect(try open().run("r")?.status == .running)
      #expect(try open().ledger(LedgerQuery(run: "r")).map(\.code) == ["required"])
    },
    Case("several writers lose nothing") { open in
      _ = try open()
      let writers = 4
      _ = try concurrently(writers) { writer in
        let store = try open()
        try store.begin(run("\(writer)"))
        for batch in 0..<20 {
          try store.record((0..<5).map { RunLedgerConformance.entry("\(writer)", "\(batch)", record: "\($0)") })
        }
        try store.end(run("\(writer)"), counts: [written(100)])
      }
      let store = try open()
      #expect(try store.runs().count == writers)
      for writer in 0..<writers {
        let entries = try store.ledger(LedgerQuery(run: "\(writer)"))
        #expect(entries.map(\.code) == (0..<20).flatMap { batch in (0..<5).map { _ in "\(batch)" } })
        #expect(try store.counts(of: "\(writer)") == [written(100)])
      }
    },
  ]

  // MARK: Reading

  private static let history: [Case] = [
    Case("what does not exist is nil or empty") { open in
      let store = try open()
      #expect(try store.run("r") == nil && store.reopen("r") == nil && store.latestStart() == nil)
      #expect(try store.runs().isEmpty && store.counts(of: "r").isEmpty && store.stagedRuns(of: "p", before: "r").isEmpty)
      #expect(try store.lastWritten("m", pipeline: "p", location: "l") == nil)
      #expect(try store.ledger(LedgerQuery(run: "r")).isEmpty && store.groups(of: LedgerQuery(run: "r"), by: [.code]).isEmpty)
      #expect(try store.markAbandonedRuns(finished: "u").isEmpty)
      try store.markUnstaged("r")
      #expect(try store.runs().isEmpty)
    },
    Case("runs are listed newest first, by when they began") { open in
      let store = try open()
      for id in ["2096", "2026", "2001"] { try store.begin(run(id, started: id)) }
      // A run's end does not change its place.
      try store.end(run("2096", started: "2096"), counts: [])
      #expect(try store.runs().map(\.id) == ["2001", "2026", "2096"])
      #expect(try store.runs(limit: 1).map(\.id) == ["2001"])
      #expect(try store.runs(limit: 9).count == 3)
      #expect(try store.latestStart()?.id == "2096")
    },
    Case("a run is found by its ID, or by a beginning that no other run has") { open in
      let store = try open()
      for id in ["2026a", "2026b", "2027a", "2027ab"] { try store.begin(run(id)) }
      #expect(try store.run("2027a")?.id == "2027a")
      #expect(try store.run("2027ab")?.id == "2027ab")
      #expect(try store.run("2026b")?.id == "2026b")
      for id in ["2026", "%", "_", "2026A", "2026a "] { #expect(try store.run(id) == nil, "\(id)") }
    },
    Case("runs are compared with complete runs of the same pipeline and location only") { open in
      let store = try open()
      try finish("1", 10, in: store)
      #expect(try store.lastWritten("m", pipeline: "p", location: "l") == LastWritten(run: "1", count: 10))
      try finish("2", 20, pipeline: "q", in: store)
      try finish("3", 30, location: "k", in: store)
      try finish("4", 40, isWhole: false, in: store)
      try finish("5", 50, isWhole: nil, in: store)
      try finish("6", 60, location: nil, in: store)
      #expect(try store.lastWritten("m", pipeline: "p", location: "l") == LastWritten(run: "1", count: 10))
      try finish("0", 0, in: store)
      #expect(try store.lastWritten("m", pipeline: "p", location: "l") == LastWritten(run: "0", count: 0))
      #expect(try store.lastWritten("n", pipeline: "p", location: "l") == nil)
    },
    Case("the count to compare with is the largest among a mapping's destinations") { open in
      let store = try open()
      let counts = [
        ("a", Outcome.written, 3), ("b", .written, 0), ("b", .created, 1), ("b", .updated, 2), ("b", .unchanged, 2),
        ("c", .created, 1), ("c", .failed, 2), ("c", .pending, 4), ("d", .rejected, 50), ("d", .filtered, 50),
      ].map {
        OutcomeCount(mapping: "m", destination: $0.0, outcome: $0.1, count: $0.2)
      }
      try store.end(RunRecord(id: "r", pipeline: "p", started: "t", location: "l", isWhole: true), counts: counts)
      #expect(try store.lastWritten("m", pipeline: "p", location: "l")?.count == 7)
    },
    Case("earlier runs with staged records are listed oldest first") { open in
      let store = try open()
      for id in ["3", "1", "2"] { try store.begin(run(id)) }
      try store.begin(run("q", pipeline: "q"))
      try store.begin(run("4"))
      #expect(try store.stagedRuns(of: "p", before: "4").map(\.id) == ["3", "1", "2"])
      try store.markUnstaged("1")
      #expect(try store.stagedRuns(of: "p", before: "4").map(\.id) == ["3", "2"])
      #expect(try store.stagedRuns(of: "p", before: "3").isEmpty)
    },
    Case("names in counts are compared and sorted by their bytes") { open in
      let store = try open()
      let names = ["\u{E9}", "e\u{301}", "a", "A", ""]
      try store.end(run("r"), counts: names.map { written(1, $0) })
      #expect(try store.counts(of: "r").map(\.mapping).isExactly(names.sortedExactly()))
    },
  ]
}
