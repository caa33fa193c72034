import Control
import Core
import Foundation
import TestSupport
import Testing

@testable import Report

/// What is open in the outcomes of a run, and what later runs did with it.
@Suite struct ReplayReadingTests {
  private let folder = TemporaryFolder()

  private func write(_ name: String, _ lines: [String]) throws -> String {
    try folder.write(name, lines.map { $0 + "\n" }.joined())
    return "\(folder.path)/\(name)"
  }

  private static func line(
    _ record: String?, _ outcome: Outcome, line: Int = 1, at destination: String = "app", mapping: String = "m",
    element: Int? = nil, code: String? = nil
  ) -> String {
    var members: [JSONValue.Member] = [.init("mapping", .string(mapping))]
    if let record { members.append(.init("record", .string(record))) }
    members += [
      .init("destination", .string(destination)), .init("outcome", .string(outcome.rawValue)), .init("line", .number(line)),
    ]
    if let element { members.append(.init("element", .number(element))) }
    if let code { members.append(.init("code", .string(code))) }
    return JSONValue.object(members).text
  }

  // MARK: Open items

  private func open(
    _ choice: OpenItems.Choice = .init(), resolutions: [Resolution] = [], at destination: Name = "app"
  ) throws -> [String] {
    let path = try write(
      "outcomes.ndjson",
      [
        Self.line("c1", .created), Self.line("c2", .rejected, line: 2, code: "required"),
        Self.line("c3", .failed, line: 3, code: "destination-refused"), Self.line("c4", .pending, line: 4),
        Self.line(nil, .rejected, line: 5, code: "missing-key"), Self.line("c#6", .rejected, line: 6, code: "required"),
        Self.line("c7#0", .rejected, line: 7, mapping: "e", element: 0, code: "required"),
        Self.line("c7#1", .failed, line: 7, mapping: "e", element: 1, code: "gone"),
        Self.line("c2", .rejected, line: 2, at: "crm", code: "required"), Self.line("c8", .filtered, line: 8),
        #"{"cut off"#,
      ])
    return try OpenItems.all(in: path, choice, resolutions: resolutions)[destination]?.items.map {
      "\($0.mapping) \($0.record?.text ?? "-") \($0.line)"
    } ?? []
  }

  @Test func `rejected and failed items are open, at each destination on its own`() throws {
    #expect(try open() == ["m c2 2", "m c3 3", "m - 5", "m c#6 6", "e c7#0 7", "e c7#1 7"])
    #expect(try open(at: "crm") == ["m c2 2"] && open(at: "files") == [])
    #expect(try OpenItems.all(in: "\(folder.path)/outcomes.ndjson", resolutions: [])["app"]?.pending == 1)
  }

  @Test func `they are chosen by mapping, code and key`() throws {
    #expect(try open(.init(mappings: ["e"])) == ["e c7#0 7", "e c7#1 7"])
    #expect(try open(.init(code: "required")) == ["m c2 2", "m c#6 6", "e c7#0 7"])
    #expect(try open(.init(record: "c7")) == ["e c7#0 7", "e c7#1 7"])
    #expect(try open(.init(record: "c7#1")) == ["e c7#1 7"] && open(.init(record: "c#6")) == ["m c#6 6"])
    // `#6` is part of this key, not the number of an element.
    #expect(try open(.init(record: "c")) == [])
  }

  @Test func `a resolution closes an item at its destination, and one of the item as a whole closes it everywhere`() throws {
    func resolution(_ record: Name?, _ line: Int, _ destination: Name?) -> Resolution {
      Resolution(
        run: "r", mapping: "m", destination: destination, record: record, line: line, resolver: "n", outcome: .created, time: "t")
    }
    #expect(try open(resolutions: [resolution("c2", 2, nil)], at: "crm") == [])
    let some = [resolution("c2", 2, "app"), resolution(nil, 5, "app"), resolution("c3", 9, "app"), resolution("c3", 3, nil)]
    #expect(try open(resolutions: some) == ["m c#6 6", "e c7#0 7", "e c7#1 7"])
    #expect(try open(resolutions: some, at: "crm") == ["m c2 2"])
  }

  @Test func `the element of an item comes from its outcome, or in older ones from its key`() {
    func element(_ element: Int?, _ record: String?, _ hasEach: Bool) -> Int {
      OpenItems.Item(mapping: "m", line: 1, element: element, record: record.map { Name($0) }).element(hasEach: hasEach)
    }
    #expect(element(3, "c#1", true) == 3 && element(nil, "c#12", true) == 12 && element(nil, "c#12", false) == -1)
    #expect(element(nil, nil, true) == -1 && element(nil, "c", true) == -1 && element(nil, "5", true) == -1)
    #expect(element(-1, "c#5", true) == -1 && element(nil, "c#x", true) == -1)
    let item = OpenItems.Item(mapping: "m", line: 1, element: 2, record: "a#1#2")
    #expect(item.key(element: 2) == "a#1" && item.key(element: -1) == "a#1#2")
  }

  // MARK: Later runs

  private func standings(_ items: [OpenItems.Item], _ runs: [(id: String, isReplay: Bool, lines: [String])]) throws
    -> [ReplayStanding]
  {
    let later = try runs.map { run in
      LaterOutcomes.Run(id: run.id, path: try write("\(run.id).ndjson", run.lines), isReplayOfSame: run.isReplay)
    }
    return try LaterOutcomes.standings(of: items, at: "app", later: later) { $0 == "e" }
  }

  private static func item(_ record: Name?, _ line: Int, mapping: Name = "m", element: Int? = nil) -> OpenItems.Item {
    OpenItems.Item(mapping: mapping, line: line, element: element, record: record)
  }

  @Test func `the newest run that read the key at the destination decides`() throws {
    let items = ["c1", "c2", "c3", "c4"].enumerated().map { Self.item(Name($1), $0 + 1) }
    let found = try standings(
      items,
      [
        ("r3", false, [Self.line("c1", .updated, line: 9), Self.line("c4", .created, at: "crm")]),
        ("r2", false, [Self.line("c1", .failed), Self.line("c2", .pending), Self.line("c3", .created, mapping: "other")]),
      ])
    #expect(found == [.resolved(by: "r3", .updated), .newerOpen(in: "r2", isPending: true), .replay, .replay])
  }

  @Test func `an item without a key is found only by its place, in replays of the same run`() throws {
    let items = [Self.item(nil, 5), Self.item("old", 6), Self.item(nil, 7)]
    let found = try standings(
      items,
      [
        (
          "n", true,
          [Self.line("new", .created, line: 5), Self.line("renamed", .unchanged, line: 6), Self.line(nil, .rejected, line: 7)]
        ),
        ("o", false, [Self.line("x", .created, line: 7)]),
      ])
    // Another run may have read a newer version of the third one.
    #expect(found == [.resolved(by: "n", .created), .resolved(by: "n", .unchanged), .keyless(since: "o")])
    let other = try standings([Self.item(nil, 5)], [("o", false, [Self.line("x", .created, mapping: "other")])])
    #expect(other == [.replay])
  }

  @Test func `elements are apart, and older outcomes have their numbers in the key`() throws {
    let items = [Self.item("c1#0", 1, mapping: "e", element: 0), Self.item("c1#1", 1, mapping: "e")]
    let found = try standings(
      items,
      [
        (
          "n", true,
          [Self.line("c1#1", .created, mapping: "e", element: 1), Self.line("c1#0", .failed, mapping: "e", element: 0)]
        )
      ])
    #expect(found == [.replay, .resolved(by: "n", .created)])
  }

  @Test func `a later run that has read an element of a record has read the record, whatever its number`() throws {
    let items = [Self.item("c1#1", 1, mapping: "e", element: 1), Self.item("c2#0", 2, mapping: "e", element: 0)]
    let found = try standings(
      items,
      [
        (
          "n", false,
          [
            Self.line("c1#0", .created, mapping: "e", element: 0), Self.line("c2#0", .created, mapping: "e", element: 0),
            Self.line("c2#1", .failed, mapping: "e", element: 1),
          ]
        ),
        ("o", false, [Self.line("c1#1", .rejected, mapping: "e", element: 1)]),
      ])
    #expect(found == [.resolved(by: "n", .created), .newerOpen(in: "n")])
  }

  @Test func `a later run that was killed while it sent is refused, unless newer ones have decided`() throws {
    let killed = LaterOutcomes.Run(id: "k", path: nil, isReplayOfSame: false)
    let newer = LaterOutcomes.Run(id: "n", path: try write("n.ndjson", [Self.line("c1", .created)]), isReplayOfSame: false)
    func standings(_ items: [OpenItems.Item]) throws -> [ReplayStanding] {
      try LaterOutcomes.standings(of: items, at: "app", later: [newer, killed]) { _ in false }
    }
    #expect(try standings([Self.item("c1", 1), Self.item(nil, 2)]) == [.resolved(by: "n", .created), .keyless(since: "n")])
    let failure = #expect(throws: OperationFailure.self) { try standings([Self.item("c1", 1), Self.item("c2", 2)]) }
    #expect(failure?.exitCode == .usage)
    #expect(
      failure?.description.contains("newer versions of 1 record: continue it first: waybill run --resume k") == true,
      "\(String(describing: failure))")
    var lost = killed
    lost.canResume = false
    let other = #expect(throws: OperationFailure.self) {
      try LaterOutcomes.standings(of: [Self.item("c2", 2)], at: "app", later: [lost]) { _ in false }
    }
    #expect(
      other?.description.contains("how it ended is not known: run the pipeline to read it again") == true,
      "\(String(describing: other))")
  }

  // MARK: Records on one line

  @Test func `records that share their line and key are ambiguous, and elements of one record are not`() throws {
    let path = try write(
      "outcomes.ndjson",
      [
        Self.line("c1", .created), Self.line("c1", .rejected), Self.line("c2", .rejected), Self.line("c2", .created, line: 2),
        Self.line("c3", .rejected), Self.line("c3", .created, at: "crm"),
        Self.line("a#0", .created, mapping: "e", element: 0), Self.line("a#1", .failed, mapping: "e", element: 1),
        Self.line("b", .rejected, mapping: "e"), Self.line("b#0", .created, mapping: "e", element: 0),
      ])
    let items = [
      Self.item("c1", 1), Self.item("c2", 1), Self.item("c3", 1), Self.item("a#1", 1, mapping: "e", element: 1),
      Self.item("b", 1, mapping: "e"),
    ]
    let found = try OpenItems.ambiguous(items, in: path, at: "app") { $0 == "e" }
    #expect(found == [items[0], items[4]])
    #expect(try OpenItems.ambiguous([], in: "\(folder.path)/missing.ndjson", at: "app") { _ in false }.isEmpty)
  }

  @Test func `elements without a key have resolutions of their own`() throws {
    let path = try write(
      "outcomes.ndjson",
      (0..<3).map { Self.line(nil, .rejected, mapping: "e", element: $0) } + [Self.line(nil, .rejected, line: 2)])
    let resolution = Resolution(
      run: "r", mapping: "e", destination: "app", record: nil, line: 1, element: 1, resolver: "n", outcome: .created, time: "t")
    let open = try OpenItems.all(in: path, resolutions: [resolution])["app"]?.items
    #expect(open?.map(\.element) == [0, 2, nil])
  }

  // MARK: The end

  @Test func `an item ends as the items that its place makes today`() throws {
    let path = try write(
      "outcomes.ndjson",
      [
        Self.line("c1", .created), Self.line("c2#0", .created, line: 2, element: 0),
        Self.line("c2#1", .merged, line: 2, element: 1),
        Self.line("c3#0", .created, line: 3, element: 0), Self.line("c3#1", .rejected, line: 3, element: 1),
        Self.line("c4", .filtered, line: 4), Self.line("a", .updated, line: 9), Self.line("b", .failed, line: 9),
        Self.line("renamed", .unchanged, line: 5), Self.line("c6", .rejected, line: 6),
      ])
    let ends = try ReplayEnds(in: path)
    func end(_ record: Name?, _ line: Int, _ element: Int = -1, sharesLine: Bool = false) -> ReplayEnds.End {
      ends.end(
        of: ReplayedItem(
          mapping: "m", record: record, line: line, element: element, sharesLine: sharesLine, standing: .known(.replay)))
    }
    #expect(end("c1", 1) == .settled(.created) && end("old", 5) == .settled(.unchanged) && end(nil, 5) == .settled(.unchanged))
    // A record whose elements are items today, and an element of one that has none.
    #expect(end("c2", 2) == .settled(.created) && end("c3", 3) == .open && end("c4#3", 4, 3) == .settled(.filtered))
    #expect(end("c2#1", 2, 1) == .settled(.merged) && end("c2#2", 2, 2) == .missing && end("c7", 7) == .missing)
    #expect(end("a", 9, sharesLine: true) == .settled(.updated) && end("b", 9, sharesLine: true) == .open)
    #expect(end("gone", 9, sharesLine: true) == .missing && end("c6", 6) == .open)
    #expect(
      try ReplayEnds(in: nil).end(of: .init(mapping: "m", record: nil, line: 1, element: -1, standing: .indistinct)) == .missing)
  }

  @Test func `records of a run with another key are not compared by their keys`() throws {
    var other = LaterOutcomes.Run(
      id: "n", path: try write("n.ndjson", [Self.line("a", .created, mapping: "k"), Self.line("a", .created)]),
      isReplayOfSame: false)
    other.otherKeys = ["m", "unread"]
    let items = [Self.item("a", 1), Self.item("b", 2), Self.item("a", 1, mapping: "k"), Self.item("x", 1, mapping: "unread")]
    let older = LaterOutcomes.Run(id: "o", path: try write("o.ndjson", [Self.line("b", .created)]), isReplayOfSame: false)
    #expect(
      try LaterOutcomes.standings(of: items, at: "app", later: [other, older]) { _ in false }
        == [.keyless(since: "n"), .keyless(since: "n"), .resolved(by: "n", .created), .replay])
    // A newer one with the same key decides.
    #expect(
      try LaterOutcomes.standings(of: items, at: "app", later: [older, other]) { _ in false }[..<2]
        == [.keyless(since: "n"), .resolved(by: "o", .created)])
    // A replay of the same run has the same places.
    other.isReplayOfSame = true
    #expect(
      try LaterOutcomes.standings(of: [Self.item("x", 1)], at: "app", later: [other]) { _ in false }
        == [.resolved(by: "n", .created)])
  }

  @Test func `what was undone or is older leaves a record open, whatever became of its other elements`() throws {
    func standing(_ change: (inout LaterOutcomes.Run) -> Void) throws -> [ReplayStanding] {
      let lines = [
        Self.line("c1#0", .unchanged, mapping: "e", element: 0), Self.line("c1#1", .updated, mapping: "e", element: 1),
      ]
      var run = LaterOutcomes.Run(id: "n", path: try write("n.ndjson", lines), isReplayOfSame: false)
      change(&run)
      return try LaterOutcomes.standings(
        of: [Self.item("c1#0", 1, mapping: "e", element: 0)], at: "app", later: [run]
      ) { _ in true }
    }
    #expect(try standing { $0.undone = ["e"] } == [.undone("n")])
    #expect(try standing { $0.undone = ["m"] } == [.resolved(by: "n", .updated)])
    #expect(try standing { $0.hasOlderSnapshot = true } == [.olderSnapshot(in: "n")])
    #expect(try standing { $0.undoneSince = ["m": "b"] } == [.resolved(by: "n", .updated)])
  }

  @Test func `what a run found unchanged may be what was undone later`() throws {
    for (outcome, standing) in [
      (Outcome.unchanged, ReplayStanding.undone("b")), (.updated, .resolved(by: "n", .updated)), (.rejected, .newerOpen(in: "n")),
    ] {
      var run = LaterOutcomes.Run(id: "n", path: try write("n.ndjson", [Self.line("c1", outcome)]), isReplayOfSame: false)
      run.undoneSince = ["m": "b"]
      #expect(try LaterOutcomes.standings(of: [Self.item("c1", 1)], at: "app", later: [run]) { _ in false } == [standing])
      run.isReplayOfSame = true
      let own = try LaterOutcomes.standings(of: [Self.item("c1", 1)], at: "app", later: [run]) { _ in false }
      #expect(own == [outcome == .updated ? standing : .replay])
    }
  }

  @Test func `a run that was killed leaves items without keys open, and does not matter for mappings that it did not run`() throws
  {
    var killed = LaterOutcomes.Run(id: "n", path: nil, isReplayOfSame: false)
    let keyless = Self.item(nil, 1)
    func standings(_ items: [OpenItems.Item]) throws -> [ReplayStanding] {
      try LaterOutcomes.standings(of: items, at: "app", later: [killed]) { _ in false }
    }
    #expect(try standings([keyless]) == [.keyless(since: "n")])
    #expect(throws: OperationFailure.self) { try standings([keyless, Self.item("c1", 2)]) }
    killed.mappings = ["tasks"]
    #expect(try standings([keyless, Self.item("c1", 2)]) == [.replay, .replay])
    #expect(throws: OperationFailure.self) { try standings([Self.item("t1", 2, mapping: "tasks")]) }
  }

  @Test func `runs are read no further than necessary`() throws {
    let later = [
      LaterOutcomes.Run(id: "n", path: try write("n.ndjson", [Self.line("c1", .created)]), isReplayOfSame: false),
      LaterOutcomes.Run(id: "o", path: "\(folder.path)/missing.ndjson", isReplayOfSame: false),
    ]
    #expect(
      try LaterOutcomes.standings(of: [Self.item("c1", 1)], at: "app", later: later) { _ in false } == [
        .resolved(by: "n", .created)
      ])
    #expect(try LaterOutcomes.standings(of: [], at: "app", later: [later[1]]) { _ in false }.isEmpty)
  }

  // MARK: Selections

  @Test func `a place is enough where each line has one record`() {
    var selection = ItemSelection()
    #expect(!selection.contains(.init(line: 3), key: nil))
    selection.insert(.init(line: 3), key: nil)
    selection.insert(.init(line: 4, element: 1), key: "a")
    #expect(selection.contains(.init(line: 3), key: "new") && selection.contains(.init(line: 4, element: 1), key: "b"))
    #expect(!selection.contains(.init(line: 4, element: 0), key: "a") && !selection.contains(.init(line: 5), key: "a"))
    // A record stands for its elements, and an element for its record.
    #expect(selection.contains(.init(line: 3, element: 7), key: nil) && selection.contains(.init(line: 4), key: "a"))
  }

  @Test func `records that share a line are told apart by their keys`() {
    var selection = ItemSelection(sharesLines: true)
    for key in ["a", "b"] as [Name] { selection.insert(.init(line: 1), key: key) }
    selection.insert(.init(line: 1, element: 2), key: "d")
    #expect(selection.contains(.init(line: 1, element: 2), key: "d") && !selection.contains(.init(line: 1, element: 1), key: "d"))
    #expect(selection.contains(.init(line: 1), key: "b") && !selection.contains(.init(line: 1), key: "c"))
    #expect(!selection.contains(.init(line: 1), key: nil))
  }

  @Test func `the items of a replay are read back as they were written`() throws {
    let path = "\(folder.path)/replay.ndjson"
    let standings: [ReplayedItem.Standing] = [
      .known(.replay), .known(.resolved(by: "r", .merged)), .known(.newerOpen(in: "r")), .indistinct,
      .known(.newerOpen(in: "r", isPending: true)), .known(.keyless(since: "r")), .known(.undone("r")),
      .known(.olderSnapshot(in: "r")),
    ]
    let items = standings.enumerated().map { index, standing in
      ReplayedItem(
        mapping: "m", record: index == 0 ? nil : Name("c\u{0}\"\(index)"), line: index + 1, element: index - 1,
        sharesLine: index == 3, standing: standing)
    }
    try ReplayedItem.write(items, to: path)
    #expect(try ReplayedItem.read(path) == items)
    #expect(
      items.counts(pending: 7) == ReplayCounts(open: 8, selected: 1, superseded: 1, newerOpen: 3, indistinct: 3, pending: 7))
    let notes = items.compactMap { ReplayText.note($0.standing, count: 1) }
    #expect(notes.count == 6 && notes[0].contains("replay that run") && notes[2].contains("the next run sends it"))
    try folder.write("replay.ndjson", #"{"mapping":"m","line":1,"standing":"superseded"}"#)
    #expect(throws: OperationFailure.self) { try ReplayedItem.read(path) }
  }
}
