import Control
import Core
import Files
import Foundation
import PipelineFile
import Records
import Report
import State
import TestSupport
import Testing

@testable import Pipeline

/// `replay --from`: corrected rows of a run's rejects go through the mapping.
@Suite struct ReplayCorrectionTests {
  /// The table that `waybill rejects` makes of a run's rejects at `app`.
  private static func table(_ bench: ReplayBench, _ run: String) throws -> [String] {
    var table = try RejectsTable(run: run, mapping: "contacts", folder: bench.project.folder.path)
    try table.add("\(bench.project.folder.path)/.waybill/runs/\(run)/app/contacts.rejects.csv", destination: "app")
    var bytes: [UInt8] = []
    try table.write { bytes += $0 }
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
  }

  private static func plan(
    _ bench: ReplayBench, _ text: String, run: String? = nil, changed: [String] = [], choice: OpenItems.Choice = .init(),
    _ change: (inout RunEngine.Options) -> Void = { _ in }
  ) async throws -> ReplayEngine.Plan {
    try bench.project.folder.write("fixed.csv", text)
    var diagnostics = Diagnostics()
    return try await bench.engine(SilentObserver(), change).plan(
      run, choice, corrections: .init(file: "\(bench.project.folder.path)/fixed.csv", changed: changed), diagnostics: &diagnostics
    )
  }

  private static func bench(_ count: Int, _ format: String = "ndjson") async throws -> (ReplayBench, String) {
    let bench = try ReplayBench(
      records: count, mapping: ReplayTests.broken, source: "{person: in/people.\(format)}", format: format)
    let text =
      switch format {
      case "csv": "id,name,state\n" + (0..<count).map { "c\($0),Name \($0),\($0 % 10 == 0 ? "X" : "A")\n" }.joined()
      case "json": "[" + ReplayBench.input(count).split(separator: "\n").joined(separator: ",") + "]"
      default: ReplayBench.input(count)
      }
    try bench.project.folder.write("in/people.\(format)", text)
    let first = try await bench.run()
    try #require(bench.counts(first)[.rejected] == count / 10, "\(first.summary.messages)")
    bench.clear()
    return (bench, first.summary.run)
  }

  /// As a spreadsheet of another country writes it.
  private static func spread(_ lines: [String]) -> String {
    "\u{FEFF}"
      + Agreement.rows(of: lines.joined(separator: "\n") + "\n").map { cells in
        cells.map { $0.contains(where: { ";\"\n".contains($0) }) ? "\"\($0.replacing("\"", with: "\"\""))\"" : $0 }.joined(
          separator: ";")
      }.joined(separator: "\r\n") + "\r\n"
  }

  /// 5,000 records, of which 500 are rejected, and fewer where only the format is another one.
  @Test(arguments: [("csv", 5_000), ("ndjson", 500), ("json", 500)])
  func `exactly the corrected records are sent, with their corrected values`(_ format: String, count: Int) async throws {
    let (bench, origin) = try await Self.bench(count, format)
    let open = count / 10
    let before = bench.content()
    let lines = try Self.table(bench, origin).map { $0.replacing(",X", with: ",A") }
    try #require(lines.count == open + 1)
    let plan = try await Self.plan(bench, Self.spread(lines))
    #expect(plan.run == origin && plan.parts.map(\.open) == [open])
    #expect(try bench.runs().runs().count == 1)
    let replay = await bench.engine().run(try #require(plan.parts.first))
    #expect(replay.exitCode == .done, "\(replay.summary.messages)")
    try Agreement.check(replay, in: bench.project)
    #expect(bench.sent() == (0..<open).map { "contacts c\($0 * 10)" }.sorted())
    let after = bench.content()
    #expect(after["contacts c10"] == "c10|Name 10|active" && before.allSatisfy { after[$0.key] == $0.value })
    let summary = try #require(replay.summary.replay)
    #expect(summary.resolved == open && summary.left == 0)
    let corrections = try #require(summary.counts.corrections)
    #expect(corrections.rows == open && corrections.corrected == open && corrections.skipped == 0)
    #expect(corrections.columns == [.init(name: "state", rows: open)] && corrections.reformatted == [])
    #expect(replay.summary.notes.contains { $0.hasPrefix("the source still has the old values") }, "\(replay.summary.notes)")
    #expect(try bench.runs().ledger(LedgerQuery(run: origin, isOpen: true)).isEmpty)
    // The files of the replay have what it read.
    if format != "json" {
      let rows = Agreement.rows(of: try #require(bench.project.file("app/contacts.success.csv", of: replay)))
      #expect(rows.count == open + 1 && rows[1].suffix(from: 3).prefix(3) == ["c0", "Name 0", "A"], "\(rows[1])")
    }
    // The source has not changed, so the next run rejects them again.
    #expect(bench.counts(try await bench.run())[.rejected] == open)
  }

  @Test func `rows that are left out or not corrected stay open, and rows that are resolved are skipped`() async throws {
    let (bench, origin) = try await Self.bench(40)
    let lines = try Self.table(bench, origin)
    // c0 and c10 are corrected, c20 is left as it is, and c30 is not in the table.
    let some = [lines[0], lines[1].replacing("Name 0,X", with: "Zero,A"), lines[2].replacing(",X", with: ",A"), lines[3]]
    let plan = try await Self.plan(bench, some.joined(separator: "\n"))
    #expect(plan.parts.map(\.open) == [3])
    let replay = await bench.engine().run(plan.parts[0])
    #expect(replay.exitCode == .recordsFailed && bench.sent() == ["contacts c0", "contacts c10"], "\(replay.summary.messages)")
    #expect(bench.content()["contacts c0"] == "c0|Zero|active")
    #expect(replay.summary.replay?.counts.open == 3 && replay.summary.replay?.resolved == 2)
    #expect(
      replay.summary.replay?.counts.corrections?.columns == [.init(name: "name", rows: 1), .init(name: "state", rows: 2)])
    let open = try bench.runs().ledger(LedgerQuery(run: origin, isOpen: true)).map(\.record)
    #expect(open == ["c20", "c30"])
    bench.clear()
    let all = try await Self.plan(bench, lines.map { $0.replacing(",X", with: ",A") }.joined(separator: "\n"))
    let rest = await bench.engine().run(all.parts[0])
    #expect(rest.exitCode == .done && bench.sent() == ["contacts c20", "contacts c30"], "\(rest.summary.messages)")
    let counts = try #require(rest.summary.replay?.counts.corrections)
    #expect(counts.rows == 4 && counts.corrected == 2 && counts.skipped == 2)
    #expect(
      rest.summary.notes.contains { $0.hasSuffix("fixed.csv were skipped: nothing is open for their records at 'app'") },
      "\(rest.summary.notes)")
    #expect(try await Self.plan(bench, lines.joined(separator: "\n")).parts.isEmpty)
  }

  @Test func `a record that a later run has loaded is superseded, whatever the table says`() async throws {
    let (bench, origin) = try await Self.bench(20)
    let lines = try Self.table(bench, origin)
    try bench.project.folder.write(
      "in/people.ndjson", ReplayBench.input(20).replacing(#""Name 0","state":"X""#, with: #""Newer","state":"A""#))
    _ = try await bench.run()
    bench.clear()
    // The table names the run: the newest one has other rejects.
    let plan = try await Self.plan(bench, lines.map { $0.replacing(",X", with: ",A") }.joined(separator: "\n"))
    #expect(plan.run == origin)
    let replay = await bench.engine().run(plan.parts[0])
    #expect(bench.sent() == [] && bench.content()["contacts c0"] == "c0|Newer|active", "\(replay.summary.messages)")
    #expect(replay.summary.replay?.counts.superseded == 1 && replay.summary.replay?.counts.newerOpen == 1)
  }

  @Test func `records without a key and ones that could not be read are corrected`() async throws {
    let bench = try ReplayBench(records: 3, mapping: ReplayTests.fixed)
    try bench.project.folder.write(
      "in/contacts.ndjson", ReplayBench.input(3) + #"{"name":"Nobody","state":"A"}"# + "\n" + #"{"id":"c9","na"# + "\n")
    let first = try await bench.run()
    bench.clear()
    var cells = try Self.table(bench, first.summary.run).map { Agreement.rows(of: $0 + "\n")[0] }
    try #require(cells.count == 3, "\(cells)")
    let (id, unparsed) = (try #require(cells[0].firstIndex(of: "id")), try #require(cells[0].firstIndex(of: "unparsed")))
    let line = try #require(cells[0].firstIndex(of: "line"))
    for index in 1...2 {
      if cells[index][line] == "4" {
        cells[index][id] = "c8"
      } else {
        cells[index][unparsed] = #"{"id":"c9","name":"Nine","state":"A"}"#
      }
    }
    func text() -> String {
      cells.map { $0.map { "\"\($0.replacing("\"", with: "\"\""))\"" }.joined(separator: ",") + "\n" }.joined()
    }
    let plan = try await Self.plan(bench, text())
    let replay = await bench.engine().run(plan.parts[0])
    #expect(replay.exitCode == .done && bench.sent() == ["contacts c8", "contacts c9"], "\(replay.summary.messages)")
    #expect(try bench.runs().ledger(LedgerQuery(run: first.summary.run, isOpen: true)).isEmpty)
  }

  @Test func `a corrected key never overwrites another record, of this run or of a later one`() async throws {
    let bench = try ReplayBench(records: 3, mapping: ReplayTests.fixed)
    try bench.project.folder.write(
      "in/contacts.ndjson", ReplayBench.input(3) + #"{"id":null,"name":"Nobody","state":"A"}"# + "\n")
    let first = try await bench.run()
    let lines = try Self.table(bench, first.summary.run)
    let rows = Agreement.rows(of: lines.joined(separator: "\n") + "\n")
    let id = try #require(rows[0].firstIndex(of: "id"))
    func table(_ key: String) -> String {
      var cells = rows[1]
      cells[id] = key
      return lines[0] + "\n" + cells.map { "\"\($0)\"" }.joined(separator: ",") + "\n"
    }
    let taken = await #expect(throws: OperationFailure.self) { try await Self.plan(bench, table("c1")) }
    #expect(taken?.description.contains("fixed.csv:2: the key 'c1' is that of the record on line 2") == true, "\(taken as Any)")
    try bench.project.folder.write("in/contacts.ndjson", #"{"id":"c8","name":"Newer","state":"A"}"# + "\n")
    _ = try await bench.run()
    bench.clear()
    let plan = try await Self.plan(bench, table("c8"))
    let replay = await bench.engine().run(plan.parts[0])
    #expect(replay.exitCode == .wrongFile && bench.sent() == [], "\(replay.summary.messages)")
    #expect(
      replay.summary.messages.contains { $0.contains("fixed.csv:2: a later run has read a record with the corrected key 'c8'") },
      "\(replay.summary.messages)")
  }

  @Test func `the key of the mapping may have changed since the run`() async throws {
    let (bench, origin) = try await Self.bench(20)
    try bench.project.folder.write("contacts.yaml", ReplayTests.broken.replacing("key: id}", with: "key: name}"))
    let plan = try await Self.plan(
      bench, try Self.table(bench, origin).map { $0.replacing(",X", with: ",A") }.joined(separator: "\n"))
    let replay = await bench.engine().run(plan.parts[0])
    #expect(replay.exitCode == .done && bench.sent() == ["contacts Name 0", "contacts Name 10"], "\(bench.sent())")
    #expect(replay.summary.replay?.left == 0)
  }

  @Test func `elements of a list are replayed from the corrected record`() async throws {
    let mapping = """
      mapping: 1
      name: contacts
      source: {entity: person, key: id, each: items}
      target: {entity: contact, key: [contactId, number]}
      lookups: {states: {A: active}}
      fields:
        contactId: parent.id
        number: item.n
        status: {from: parent.state, do: [{lookup: {table: states}}]}
      """
    let bench = try ReplayBench(records: 1, mapping: mapping)
    try bench.project.folder.write(
      "in/contacts.ndjson",
      #"{"id":"a","state":"A","items":[{"n":"0"}]}"# + "\n" + #"{"id":"b","state":"X","items":[{"n":"0"},{"n":"1"}]}"# + "\n")
    let first = try await bench.run()
    try #require(bench.counts(first)[.rejected] == 2, "\(first.summary.messages)")
    bench.clear()
    var lines = try Self.table(bench, first.summary.run)
    // One of the two rows is enough.
    lines[1] = lines[1].replacing(",X,", with: ",A,")
    let plan = try await Self.plan(bench, lines.joined(separator: "\n"))
    let replay = await bench.engine().run(plan.parts[0])
    #expect(replay.exitCode == .done && bench.sent() == ["contacts b#0", "contacts b#1"], "\(replay.summary.messages)")
    try Agreement.check(replay, in: bench.project)
  }

  // MARK: Refusals

  @Test func `a table that cannot be used is refused before anything is started`() async throws {
    let (bench, origin) = try await Self.bench(20)
    let lines = try Self.table(bench, origin)
    func row(_ text: String) -> String { lines[0] + "\n" + text + "\n" }
    let other = origin.replacing("Z", with: "Y")
    let cases: [(String, Core.ExitCode, String)] = [
      ("", .wrongFile, "fixed.csv has no rows"), (lines[0] + "\n", .wrongFile, "fixed.csv has no rows"),
      ("a,b\n1,2\n", .wrongFile, "fixed.csv:1: this is not a table of rejects"),
      (lines[0].replacing("state", with: "staet") + "\n" + lines[1], .wrongFile, "did you mean 'state'?"),
      (row(lines[1] + ",more"), .wrongFile, "fixed.csv:2: the row has"),
      (
        row(lines[1].replacing(origin, with: other)), .wrongFile,
        "fixed.csv has rejects of run \(other), which this project does not"
      ),
      (row(lines[1].replacing(",contacts,", with: ",contact,")), .wrongFile, "did you mean 'contacts'?"),
      (
        lines.joined(separator: "\n").replacing("\(origin),contacts,c10", with: "x,contacts,c10"), .wrongFile,
        "correct one run at a time"
      ),
      (row(lines[1].replacing(",c0,1,", with: ",c1,2,")), .wrongFile, "fixed.csv:2: a record 'c1' on line 2 is not among"),
      (
        row(lines[1]) + lines[1].replacing(",X", with: ",A"), .wrongFile,
        "fixed.csv:3: column 'state': line 2 is about the same record"
      ),
      (
        row(lines[1].replacing(",X", with: ",#REF!")), .wrongFile, "fixed.csv:2: column 'state': the cell has a spreadsheet error"
      ),
    ]
    for (text, code, message) in cases {
      let failure = await #expect(throws: OperationFailure.self) { try await Self.plan(bench, text) }
      #expect(failure?.exitCode == code && failure?.description.contains(message) == true, "\(failure as Any)")
    }
    let noMapping = lines.map { $0.split(separator: ",", omittingEmptySubsequences: false) }.map {
      ([$0[0]] + $0[2...]).joined(separator: ",")
    }.joined(separator: "\n")
    let failure = await #expect(throws: OperationFailure.self) { try await Self.plan(bench, noMapping) }
    #expect(failure?.exitCode == .usage && failure?.description.contains("--mapping") == true, "\(failure as Any)")
    #expect(try await Self.plan(bench, noMapping, choice: .init(mappings: ["contacts"])).parts.map(\.open) == [2])
    let latin = try OutputFile(path: "\(bench.project.folder.path)/latin.csv")
    try latin.write(Array((lines[0] + "\n" + lines[1].replacing("Name 0", with: "J")).utf8) + [0xF6] + Array("rg\n".utf8))
    try latin.commit()
    for (path, code) in [("latin.csv", Core.ExitCode.wrongFile), ("none.csv", .inputMissing), ("in", .usage)] {
      var diagnostics = Diagnostics()
      let failure = await #expect(throws: OperationFailure.self) {
        try await bench.engine().plan(
          nil, .init(), corrections: .init(file: "\(bench.project.folder.path)/\(path)"), diagnostics: &diagnostics)
      }
      #expect(failure?.exitCode == code && failure?.description.contains(path) == true, "\(failure as Any)")
    }
    #expect(bench.sent() == [])
    #expect(try bench.runs().runs().count == 1)
  }

  @Test func `rejects of a replay lead back to its run, unless they had been corrected`() async throws {
    let (bench, origin) = try await Self.bench(20)
    let replay = try await bench.replay()
    let lines = try Self.table(bench, replay.summary.run)
    #expect(lines[1].hasPrefix(replay.summary.run))
    let plan = try await Self.plan(
      bench, [lines[0], lines[1].replacing(",X", with: ",A"), lines[2].replacing("Name 10", with: "Ten")].joined(separator: "\n"))
    #expect(plan.run == origin && plan.parts.map(\.open) == [2])
    let second = await bench.engine().run(plan.parts[0])
    #expect(bench.sent() == ["contacts c0"])
    let table = try Self.table(bench, second.summary.run)
    #expect(table.count == 2 && table[1].contains("Ten"))
    let failure = await #expect(throws: OperationFailure.self) { try await Self.plan(bench, table.joined(separator: "\n")) }
    #expect(failure?.description.contains("which replayed a corrected table: correct that table") == true, "\(failure as Any)")
    let other = await #expect(throws: OperationFailure.self) {
      try await Self.plan(bench, try Self.table(bench, try await bench.run().summary.run).joined(separator: "\n"), run: origin)
    }
    #expect(
      other?.description.contains(", not of \(origin): replay the run whose rejects were corrected") == true, "\(other as Any)")
  }

  @Test func `a table that changes after it was checked is not sent`() async throws {
    let (bench, origin) = try await Self.bench(20)
    let lines = try Self.table(bench, origin).map { $0.replacing(",X", with: ",A") }
    let plan = try await Self.plan(bench, lines.joined(separator: "\n"))
    try bench.project.folder.write("fixed.csv", lines.joined(separator: "\n").replacing("Name 0", with: "Other"))
    let replay = await bench.engine().run(plan.parts[0])
    #expect(replay.exitCode == .wrongFile && bench.sent() == [])
    #expect(replay.summary.messages.contains { $0.contains("fixed.csv has changed since the replay began") })
  }

  // MARK: Interruptions

  @Test func `a replay with corrections is resumed with them, without the table`() async throws {
    let (bench, origin) = try await Self.bench(60)
    let lines = try Self.table(bench, origin).map { $0.replacing(",X", with: ",A") }
    let plan = try await Self.plan(bench, lines.joined(separator: "\n"))
    bench.react { $0 == "c30" ? .stop(OperationFailure(.unreachable, "no connection")) : .take }
    let stopped = await bench.engine().run(plan.parts[0])
    #expect(stopped.canResume)
    let folder = RunFolder(path: "\(bench.project.folder.path)/.waybill/runs/\(stopped.summary.run)")
    #expect(bench.project.folder.mode(of: ".waybill/runs/\(stopped.summary.run)/staging/contacts.corrections.ndjson") == 0o600)
    try FileManager.default.removeItem(atPath: "\(bench.project.folder.path)/fixed.csv")
    bench.react { _ in .take }
    bench.app.restart()
    let last = try await bench.run { $0.resume = stopped.summary.run }
    #expect(last.exitCode == .done && bench.app.keys.count == 60, "\(last.summary.messages)")
    #expect(last.summary.replay?.counts.corrections?.corrected == 6)
    #expect(try bench.runs().ledger(LedgerQuery(run: origin, isOpen: true)).isEmpty)
    #expect((0..<6).allSatisfy { bench.content()["contacts c\($0 * 10)"]?.hasSuffix("|active") == true })
    // It is kept with what was staged, and removed with it.
    #expect(FilePath.exists(folder.corrections(of: "contacts") + ".gz"))
    StagingArchive(folder: folder).remove()
    #expect(!FilePath.exists(folder.staging))
  }

  /// As `ReplayKillTests`, for a replay with corrections.
  @Test(arguments: [false, true])
  func `a replay with corrections that is killed at any event ends the same`(_ resumes: Bool) async throws {
    var resumed = 0
    var kills = 0
    for count in 1... {
      let (bench, origin) = try await Self.bench(60)
      let table = try Self.table(bench, origin).map { $0.replacing(",X", with: ",A") }.joined(separator: "\n")
      let (state, copy) = ("\(bench.project.folder.path)/.waybill", "\(bench.project.folder.path)/copy")
      let observer = StateCopy(state, to: copy, at: count)
      let first = await bench.engine(observer).run(try await Self.plan(bench, table).parts[0])
      if observer.hasCopied {
        kills += 1
        try FileManager.default.removeItem(atPath: state)
        try FileManager.default.moveItem(atPath: copy, toPath: state)
        let path = "\(state)/runs/\(first.summary.run)/facts.ndjson"
        let known = FilePath.exists(path) ? RunState(try FactLog.read(path)) : RunState([])
        if try !bench.runs().ledger(LedgerQuery(run: origin, isOpen: true)).isEmpty {
          if resumes, known.canResume, FilePath.exists(path) {
            resumed += 1
            // Once the records are known, the table is no longer needed.
            if known.isExtracted { try bench.project.folder.write("fixed.csv", "") }
            let last = try await bench.run { $0.resume = first.summary.run }
            #expect(last.exitCode == .done, "event \(count): \(last.summary.messages)")
          } else {
            let last = await bench.engine().run(try await Self.plan(bench, table).parts[0])
            #expect(last.exitCode == .done, "event \(count): \(last.summary.messages)")
          }
        }
      }
      #expect(bench.app.keys.count == 60 && Set(bench.sent()) == Set((0..<6).map { "contacts c\($0 * 10)" }), "event \(count)")
      #expect((0..<6).allSatisfy { bench.content()["contacts c\($0 * 10)"]?.hasSuffix("|active") == true })
      #expect(try bench.runs().ledger(LedgerQuery(run: origin, isOpen: true)).isEmpty, "event \(count)")
      if !observer.hasCopied { break }
    }
    #expect(kills > 6 && (!resumes || resumed > 3), "\(kills) \(resumed)")
  }

  @Test func `a dry replay with corrections sends nothing, and can be applied without the table`() async throws {
    let (bench, origin) = try await Self.bench(60)
    let lines = try Self.table(bench, origin).map { $0.replacing(",X", with: ",A") }
    let plan = try await Self.plan(bench, lines.joined(separator: "\n")) { $0.isDryRun = true }
    let dry = await bench.engine(SilentObserver(), { $0.isDryRun = true }).run(plan.parts[0])
    #expect(
      dry.exitCode == .done && bench.sent() == [] && dry.summary.forecast.map(\.counts.total) == [6], "\(dry.summary.messages)")
    #expect(dry.summary.replay?.counts.corrections?.corrected == 6)
    try bench.project.folder.write("fixed.csv", "")
    let applied = try await bench.run { $0.apply = dry.summary.run }
    #expect(applied.exitCode == .done && bench.sent() == (0..<6).map { "contacts c\($0 * 10)" }, "\(applied.summary.messages)")
    #expect(bench.content()["contacts c10"] == "c10|Name 10|active")
    #expect(try bench.runs().ledger(LedgerQuery(run: origin, isOpen: true)).isEmpty)
  }
}
