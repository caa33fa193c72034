import Core
import Testing

/// The contract of `RunStore` for ledgers.
enum RunLedgerConformance {
  typealias Case = ConformanceCase<StoreOpener<any RunStore>>

  static func entry(
    _ run: String, _ code: String, record: String? = nil, stage: String = "transform", field: String? = nil, text: String = "{}"
  ) -> LedgerEntry {
    LedgerEntry(
      run: run, mapping: "m", record: record, stage: stage, severity: "error", code: code, field: field, line: 3, text: text)
  }

  private struct Stop: Error {}

  static let cases: [Case] = [
    Case("ledger lines come in the order in which they were recorded") { open in
      let store = try open()
      for id in ["r", "s"] { try store.begin(RunStoreConformance.run(id)) }
      try store.record([entry("r", "b", record: "1"), entry("s", "x"), entry("r", "a", record: "2")])
      try store.record([])
      try store.record([entry("r", "c"), entry("r", "b")])
      #expect(try store.ledger(LedgerQuery(run: "r")).map(\.code) == ["b", "a", "c", "b"])
      #expect(try store.ledger(LedgerQuery(run: "s")) == [entry("s", "x")])
      #expect(try store.ledger(LedgerQuery(run: "r", limit: 2)).map(\.code) == ["b", "a"])
    },
    Case("the lines of a ledger are counted by any of their columns") { open in
      let store = try open()
      for id in ["r", "s"] { try store.begin(RunStoreConformance.run(id)) }
      try store.record([
        entry("r", "b", record: "1", field: "email"), entry("r", "a", field: "phone"),
        entry("r", "b", record: "2", field: "email"),
        entry("r", "b", field: nil), entry("r", "b", stage: "extract", field: ""), entry("s", "x"),
      ])
      func groups(_ columns: LedgerColumn..., limit: Int? = nil, code: String? = nil) throws -> [String] {
        try store.groups(of: LedgerQuery(run: "r", code: code, limit: limit), by: columns).map { group in
          group.values.map { $0?.text ?? "-" }.joined(separator: ",") + " \(group.count)"
        }
      }
      #expect(try groups(.code) == ["b 4", "a 1"])
      #expect(try groups(.code, limit: 1) == ["b 4"])
      #expect(try groups(.code, .field) == ["b,email 2", "a,phone 1", "b,- 1", "b, 1"])
      #expect(try groups(.field, .code, code: "b") == ["email,b 2", "-,b 1", ",b 1"])
      #expect(try groups(.stage, .severity, .mapping) == ["transform,error,m 4", "extract,error,m 1"])
      #expect(try groups(.record) == ["- 3", "1 1", "2 1"])
      #expect(try store.groups(of: LedgerQuery(run: "t"), by: [.code]).isEmpty)
      #expect(try store.values(of: .field, in: "r") == ["email", "", "phone"])
    },
    Case("a query's conditions all apply") { open in
      let store = try open()
      try store.begin(RunStoreConformance.run("r"))
      var warning = entry("r", "required", record: "b")
      warning.severity = "warning"
      var other = entry("r", "required", record: "a")
      other.mapping = "n"
      try store.record([
        entry("r", "required", record: "a", field: "name"), warning, other, entry("r", "refused", stage: "extract"),
      ])
      let queries: [(LedgerQuery, Int)] = [
        (LedgerQuery(run: "r", mapping: "m"), 3), (LedgerQuery(run: "r", stage: .extract), 1),
        (LedgerQuery(run: "r", severity: .warning), 1), (LedgerQuery(run: "r", code: "required"), 3),
        (LedgerQuery(run: "r", record: "a"), 2), (LedgerQuery(run: "r", field: "name"), 1),
        (LedgerQuery(run: "r", field: "x"), 0),
        (LedgerQuery(run: "R"), 0),
        (LedgerQuery(run: "r", mapping: "m", code: "required", record: "a"), 1),
      ]
      for (query, count) in queries { #expect(try store.ledger(query).count == count, "\(query)") }
      #expect(try store.groups(of: LedgerQuery(run: "r", mapping: "n"), by: [.code]).map(\.count) == [1])
    },
    Case("keys and fields are kept and compared by their bytes") { open in
      let store = try open()
      try store.begin(RunStoreConformance.run("r"))
      try store.record(oddNames.map { entry("r", "c", record: $0, field: $0) })
      let read = try open().ledger(LedgerQuery(run: "r"))
      #expect(read.compactMap(\.record).isExactly(oddNames))
      #expect(read.compactMap(\.field).isExactly(oddNames))
      #expect(Set(names: try store.values(of: .field, in: "r")) == Set(names: oddNames))
      for name in oddNames {
        #expect(try store.ledger(LedgerQuery(run: "r", field: name)).compactMap(\.field).isExactly([name]))
        #expect(
          try store.ledger(LedgerQuery(run: "r", record: name)).compactMap(\.record).isExactly([name]), "\(name.debugDescription)"
        )
      }
    },
    Case("a record's lines include those of its items, and no others") { open in
      let store = try open()
      try store.begin(RunStoreConformance.run("r"))
      let names = [
        "a", "a#0", "a#12", "a#", "a#x", "a#1x", "a#1#2", "a#1\u{0}", "a1", "a!", "b#1", "A#1", "a#١", "é#3", "\u{0}", "\u{0}#7",
        "#4",
      ]
      try store.record([entry("r", "c", record: nil)] + names.map { entry("r", "c", record: $0) })
      // Not a dictionary: the two forms of é would be one key.
      let expected: [(String, [String])] = [
        ("a", ["a", "a#0", "a#12"]), ("a#1", ["a#1#2"]), ("é", ["é#3"]), ("\u{0}", ["\u{0}", "\u{0}#7"]), ("", ["#4"]),
        ("e\u{301}", []), ("a#0", ["a#0"]),
      ]
      for (key, records) in expected {
        let query = LedgerQuery(run: "r", record: key)
        #expect(try store.ledger(query).compactMap(\.record).isExactly(records), "\(key.debugDescription)")
        #expect(try store.groups(of: query, by: [.code]).map(\.count) == (records.isEmpty ? [] : [records.count]))
      }
    },
    Case("a missing key is not an empty one") { open in
      let store = try open()
      try store.begin(RunStoreConformance.run("r"))
      try store.record([entry("r", "a", record: nil), entry("r", "b", record: "")])
      #expect(try store.ledger(LedgerQuery(run: "r")).map(\.record) == [nil, ""])
      #expect(try store.ledger(LedgerQuery(run: "r", record: "")).map(\.code) == ["b"])
    },
    Case("empty and huge lines are kept") { open in
      let store = try open()
      try store.begin(RunStoreConformance.run("r"))
      let texts = ["", String(repeating: "é", count: 2 << 20), "{}"]
      try store.record(texts.map { entry("r", "c", text: $0) })
      #expect(try open().ledger(LedgerQuery(run: "r")).map(\.text) == texts)
    },
    Case("lines of a run that never began are refused along with all others of the call") { open in
      let store = try open()
      try store.begin(RunStoreConformance.run("r"))
      let failure = #expect(throws: OperationFailure.self) { try store.record([entry("r", "a"), entry("s", "b")]) }
      #expect(failure?.code == .fault)
      #expect(try store.ledger(LedgerQuery(run: "r")).isEmpty)
    },
    Case("a ledger is replaced batch by batch, and those of other runs stay") { open in
      let store = try open()
      for id in ["r", "s"] { try store.begin(RunStoreConformance.run(id)) }
      try store.record([entry("r", "old"), entry("s", "other"), entry("r", "old")])
      try store.replaceLedger(of: "r") { record in
        for batch in 0..<3 { try record((0..<2).map { entry("r", "\(batch)\($0)") }) }
      }
      #expect(try open().ledger(LedgerQuery(run: "r")).map(\.code) == ["00", "01", "10", "11", "20", "21"])
      #expect(try store.ledger(LedgerQuery(run: "s")).map(\.code) == ["other"])
      try store.record([entry("r", "later")])
      #expect(try store.ledger(LedgerQuery(run: "r")).last?.code == "later")
      try store.replaceLedger(of: "r") { _ in }
      #expect(try store.ledger(LedgerQuery(run: "r")).isEmpty)
    },
    Case("a replacement that fails changes nothing") { open in
      let store = try open()
      for id in ["r", "s"] { try store.begin(RunStoreConformance.run(id)) }
      try store.record([entry("r", "old")])
      #expect(throws: Stop.self) {
        try store.replaceLedger(of: "r") { record in
          try record([entry("r", "new")])
          throw Stop()
        }
      }
      let foreign = #expect(throws: OperationFailure.self) {
        try store.replaceLedger(of: "r") { record in try record([entry("r", "new"), entry("s", "new")]) }
      }
      #expect(foreign?.code == .fault)
      let unknown = #expect(throws: OperationFailure.self) {
        try store.replaceLedger(of: "t") { record in try record([entry("t", "new")]) }
      }
      #expect(unknown?.code == .fault)
      #expect(try store.ledger(LedgerQuery(run: "r")).map(\.code) == ["old"])
      #expect(try store.ledger(LedgerQuery(run: "s")).isEmpty)
    },
    Case("a reader may stop in the middle of a ledger") { open in
      let store = try open()
      try store.begin(RunStoreConformance.run("r"))
      try store.record((0..<10).map { entry("r", "\($0)") })
      var read: [String] = []
      #expect(throws: Stop.self) {
        try store.ledger(LedgerQuery(run: "r")) { entry in
          if entry.code == "3" { throw Stop() }
          read.append(entry.code)
        }
      }
      #expect(read == ["0", "1", "2"])
      #expect(try store.ledger(LedgerQuery(run: "r")).count == 10)
    },
  ]
}
