import Core
import Testing

/// The contract of `RunStore` about resolutions.
enum RunResolutionConformance {
  private static func resolution(
    _ run: String = "old", _ destination: Name? = "app", line: Int = 1, record: Name? = "c1", element: Int = -1,
    by resolver: String = "new", _ outcome: Outcome = .created
  ) -> Resolution {
    Resolution(
      run: run, mapping: "m", destination: destination, record: record, line: line, element: element, resolver: resolver,
      outcome: outcome, time: "t")
  }

  private static func error(
    _ run: String = "old", record: String? = "c1", line: Int? = 1, element: Int? = nil, destination: String? = nil,
    stage: String? = nil, severity: String = "error", code: String = "x"
  ) -> LedgerEntry {
    LedgerEntry(
      run: run, mapping: "m", record: record, stage: stage ?? (destination == nil ? "transform" : "load"), severity: severity,
      code: code,
      line: line, element: element, destination: destination, text: "{}")
  }

  private static func begin(_ store: any RunStore, _ entries: [LedgerEntry]) throws -> RunRecord {
    try store.begin(RunRecord(id: "old", pipeline: "p", started: "t"))
    try store.record(entries)
    let new = RunRecord(id: "new", pipeline: "p", started: "t", replayOf: "old")
    try store.begin(new)
    return new
  }

  static let cases: [RunStoreConformance.Case] = [
    RunStoreConformance.Case("a replay records what it replays, from its beginning to its end") { open in
      let store = try open()
      let new = try begin(store, [])
      #expect(try store.run("new")?.replayOf == "old" && store.run("old")?.replayOf == nil)
      try store.end(new, counts: [])
      #expect(try store.runs().map(\.replayOf) == ["old", nil])
      #expect(try store.reopen("new")?.replayOf == "old")
    },
    RunStoreConformance.Case("resolutions are read back by mapping, destination, line and record") { open in
      let store = try open()
      let new = try begin(store, [])
      let all = [
        resolution("old", nil, line: 2, record: nil, .filtered), resolution(line: 1), resolution(line: 2, record: nil),
        resolution(line: 2, record: "\u{0}e\u{301}"), resolution("old", "crm"),
      ]
      try store.end(new, counts: [], resolving: all.reversed())
      #expect(try open().resolutions(of: "old") == all)
      #expect(try store.resolutions(of: "new").isEmpty && store.resolutions(of: "none").isEmpty)
    },
    RunStoreConformance.Case("the first resolution stays, and those of unknown runs are left out") { open in
      let store = try open()
      let new = try begin(store, [])
      try store.end(new, counts: [], resolving: [resolution()])
      try store.end(new, counts: [], resolving: [resolution(by: "later", .updated), resolution("nowhere"), resolution(line: 3)])
      #expect(try store.resolutions(of: "old") == [resolution(), resolution(line: 3)])
    },
    RunStoreConformance.Case("items that a run resolved at a destination are open again there, and as a whole") { open in
      let store = try open()
      let new = try begin(store, [])
      try store.begin(RunRecord(id: "other", pipeline: "p", started: "t"))
      // The items as a whole were resolved by another run.
      let kept = [
        resolution("old", nil, line: 2, record: "c2", by: "later"), resolution("old", nil, record: "c2"),
        resolution(line: 3, by: "later"), resolution("old", "crm"), resolution("other", nil, by: "later"),
      ]
      let gone = [resolution(), resolution("old", nil, by: "later"), resolution(line: 4, record: nil, element: 1)]
      try store.end(new, counts: [], resolving: kept + gone)
      try store.reopenItems(resolvedBy: "new", of: "M", at: "app")
      #expect(try store.resolutions(of: "old").count == 7)
      try store.reopenItems(resolvedBy: "new", of: "m", at: "app")
      let left = try open().resolutions(of: "old") + open().resolutions(of: "other")
      #expect(left.count == kept.count && Set(left) == Set(kept))
    },
    RunStoreConformance.Case("an error has the resolution at its destination, or of the item as a whole") { open in
      let store = try open()
      let new = try begin(
        store,
        [
          error(code: "whole"), error(destination: "app", code: "app"), error(destination: "crm", code: "crm"),
          error(severity: "warning", code: "warning"), error(record: "c2", code: "other"), error(line: 2, code: "line"),
          error(record: nil, line: 4, code: "keyless"), error(record: nil, line: nil, code: "nowhere"),
          error(record: nil, line: nil, stage: "extract", code: "not-fetched"),
        ])
      try store.end(
        new, counts: [],
        resolving: [resolution(), resolution("old", nil, .updated), resolution("old", nil, line: 4, record: nil)])
      let lines = try store.ledger(LedgerQuery(run: "old"))
      let resolved = lines.map { $0.resolution?.outcome ?? "-" }
      #expect(resolved == ["updated", "created", "-", "-", "-", "-", "created", "-", "-"])
      #expect(lines[1].resolution == LedgerResolution(run: "new", outcome: "created", time: "t"))
      #expect(lines.map(\.destination) == [nil, "app", "crm", nil, nil, nil, nil, nil, nil])
      let open = try store.ledger(LedgerQuery(run: "old", isOpen: true)).map(\.code)
      #expect(open == ["crm", "other", "line", "nowhere"])
      #expect(try store.ledger(LedgerQuery(run: "old", record: "c1", isOpen: true, limit: 1)).map(\.code) == ["crm"])
      #expect(try store.groups(of: LedgerQuery(run: "old", isOpen: true), by: [.stage]).map(\.count) == [3, 1])
    },
    RunStoreConformance.Case("elements without a key are apart, and the key of another one names its element") { open in
      let store = try open()
      let new = try begin(
        store,
        [
          error(record: nil, element: 0, code: "first"), error(record: nil, element: 1, code: "second"),
          error(record: nil, code: "record"), error(record: "c1#2", code: "keyed"),
        ])
      let all = [resolution("old", nil, record: nil, element: 1), resolution("old", nil, record: "c1#2", element: 2)]
      try store.end(new, counts: [], resolving: all)
      #expect(try store.resolutions(of: "old") == all)
      #expect(try store.ledger(LedgerQuery(run: "old", isOpen: true)).map(\.code) == ["first", "record"])
      #expect(try store.ledger(LedgerQuery(run: "old")).map(\.element) == [0, 1, nil, nil])
      try store.end(new, counts: [], resolving: [resolution("old", nil, record: nil)])
      #expect(try store.ledger(LedgerQuery(run: "old", isOpen: true)).map(\.code) == ["first"])
      #expect(try store.resolutions(of: "old").map(\.element) == [-1, 1, -1])
    },
    RunStoreConformance.Case("the ledger of a replay has the resolutions of the run that it replays") { open in
      let store = try open()
      let new = try begin(store, [])
      try store.record([error("new")])
      try store.end(new, counts: [])
      #expect(try store.ledger(LedgerQuery(run: "new", isOpen: true)).count == 1)
      let third = RunRecord(id: "third", pipeline: "p", started: "t", replayOf: "old")
      try store.begin(third)
      try store.end(third, counts: [], resolving: [resolution("old", nil, by: "third")])
      #expect(try store.ledger(LedgerQuery(run: "new")).map(\.resolution?.run) == ["third"])
      #expect(try store.ledger(LedgerQuery(run: "new", isOpen: true)).isEmpty)
    },
    RunStoreConformance.Case("a ledger that is written again keeps its resolutions") { open in
      let store = try open()
      let new = try begin(store, [error()])
      try store.end(new, counts: [], resolving: [resolution("old", nil)])
      try store.replaceLedger(of: "old") { try $0([error(code: "y")]) }
      #expect(try store.ledger(LedgerQuery(run: "old")).map { "\($0.code) \($0.resolution?.run ?? "-")" } == ["y new"])
    },
  ]
}
