import Core
import GHL
import TestSupport
import Testing

@testable import Load

/// Dry runs, `--apply`, reconcile, verify and undo with a `ghl` destination: the same as with `http`.
@Suite struct GHLSeamTests {
  enum Kind: String, CaseIterable, Sendable {
    case contacts, tasks, notes, tags, links

    var columns: [String] {
      switch self {
      case .contacts: ["email", "city"]
      case .tasks: ["contact", "title", "dueDate", "completed"]
      case .notes: ["contact", "body"]
      case .tags: ["contact", "tags"]
      case .links: ["contact", "business"]
      }
    }

    /// A record of the contact `c<number>`, with a value that can be changed.
    func record(_ number: Int, _ isChanged: Bool, _ bench: GHLBench) -> String {
      let contact = #""key":"k\#(number)","contact":"c\#(number)""#
      switch self {
      case .contacts: return #"{"key":"k\#(number)","email":"k\#(number)@x.io","city":"\#(isChanged ? "Oslo" : "Rome")"}"#
      case .tasks: return GHLBench.task("k\(number)", of: "c\(number)", title: isChanged ? "Mail" : "Call")
      case .notes: return "{\(contact),\"body\":\"\(isChanged ? "Mail" : "Call")\"}"
      case .tags: return "{\(contact),\"tags\":[\"\(isChanged ? "new" : "vip")\"]}"
      case .links:
        let list = try? bench.ask("GET", "/businesses/?locationId=\(bench.document.location)&limit=100&skip=0")["businesses"]
        let names = (list?.arrayValue ?? []).compactMap { $0["name"] }
        return "{\(contact),\"business\":\(names[isChanged ? 1 : 0].text)}"
      }
    }
  }

  private static func bench(
    _ kind: Kind, allows: Bool = false, _ change: @escaping (inout GHLPartDocument) -> Void = { _ in }
  ) async throws -> GHLBench {
    var bench = try GHLBench { if kind == .contacts { change(&$0) } }
    bench.document.allowsDelete = allows
    switch kind {
    case .contacts: return bench
    case .tasks: bench.add(.tasks, change)
    case .notes: bench.add(.notes, change)
    case .tags: bench.add(.tags, change)
    case .links: bench.add(.business, as: "links", change)
    }
    try await bench.load(GHLBench.contacts(1...4))
    return bench
  }

  private static func staged(_ kind: Kind, _ numbers: [Int], changed: Set<Int> = [], _ bench: GHLBench) -> StagedRecords {
    GHLBench.whole(numbers.map { kind.record($0, changed.contains($0), bench) }, kind.rawValue, kind.columns)
  }

  private static func loads(_ kind: Kind, _ bench: GHLBench) -> [StagedRecords] {
    let first = staged(kind, [1, 2, 3], bench)
    let second = staged(kind, [1, 2, 3, 4], changed: [2, 3], bench)
    return [first, first, second, second]
  }

  @Test(arguments: Kind.allCases, [false, true])
  func `a dry run is what the load then does, and writes nothing`(_ kind: Kind, _ isCompared: Bool) async throws {
    let bench = try await Self.bench(kind)
    for (index, staged) in Self.loads(kind, bench).enumerated() {
      let writes = bench.writes.count
      let forecast = try await staged.forecast(by: bench.destination(), comparing: isCompared)
      #expect(bench.writes.count == writes && forecast.failure == nil)
      let result = try await bench.load(staged, run: "run\(index)")
      #expect(forecast.sink.words == result.words, "load \(index)")
      #expect(result.codes == [] && result.failure == nil)
    }
  }

  @Test(arguments: Kind.allCases, [false, true])
  func `a plan that is applied does what was predicted`(_ kind: Kind, _ isCompared: Bool) async throws {
    let bench = try await Self.bench(kind)
    for (index, staged) in Self.loads(kind, bench).enumerated() {
      let forecast = try await staged.forecast(by: bench.destination(), comparing: isCompared).sink
      let plan = RecordedForecasts(forecast, comparesDestination: isCompared)
      let result = try await bench.load(staged, run: "run\(index)", applying: plan)
      #expect(result.words == forecast.words && result.failure == nil, "load \(index): \(result.codes)")
    }
  }

  @Test(arguments: [false, true])
  func `a dry run gives what records share to the first of them, as the load does`(isApplied: Bool) async throws {
    var bench = try GHLBench()
    bench.add(.tasks)
    let ann = #""email":"ann@x.io","phone":"+14155550101""#
    // The second one needs fewer requests, and is just like the contact.
    try bench.create(ann)
    let contacts = [#"{"key":"c1",\#(ann),"city":"Rome"}"#, #"{"key":"c2","email":"ann@x.io"}"#]
    let tasks = ["t1", "t2", "t3"].map { GHLBench.task($0, of: "c1") }
    for (records, mapping, words) in [
      (contacts, "contacts", ["updated", "created"]), (tasks, "tasks", ["unchanged", "created", "created"]),
    ] {
      if mapping == "tasks" {
        let body = #"{"title":"Call","dueDate":"2026-12-01T09:00:00Z","completed":false}"#
        try bench.ask("POST", "/contacts/\(try bench.id("c1"))/tasks", body)
      }
      let staged = try GHLBench.staged(records, mapping, nil)
      let forecast = try await staged.forecast(by: bench.destination()).sink
      #expect(forecast.words == words)
      let result = try await bench.load(
        staged, applying: isApplied ? RecordedForecasts(forecast, comparesDestination: false) : nil)
      #expect(result.words == words && result.failure == nil, "\(result.codes)")
    }
  }

  @Test(arguments: Kind.allCases.dropFirst(), [false, true])
  func `a plan for contacts that are not there yet, and for what belongs to them, is applied`(_ kind: Kind, _ isCompared: Bool)
    async throws
  {
    let bench = try await Self.bench(kind)
    let contacts = try GHLBench.staged(GHLBench.contacts(4...6), "contacts", nil)
    let children = Self.staged(kind, [4, 5, 6], bench)
    let destination = bench.destination()
    let first = try await contacts.forecast(by: destination, comparing: isCompared).sink
    let second = try await children.forecast(by: destination, comparing: isCompared).sink
    #expect(first.words == ["unchanged", "created", "created"])
    #expect(Set(second.words) == [[.tags, .links].contains(kind) ? "updated" : "created"])
    for (staged, sink) in [(contacts, first), (children, second)] {
      let result = try await bench.load(staged, applying: RecordedForecasts(sink, comparesDestination: isCompared))
      #expect(result.words == sink.words && result.failure == nil && result.codes == [], "\(result.failure?.description ?? "")")
    }
  }

  /// Somebody changes what was loaded.
  private static func alter(_ kind: Kind, _ number: Int, in bench: GHLBench) throws {
    func child(_ kind: Kind) throws -> String {
      let contact = try bench.id("c\(number)")
      return "/contacts/\(contact)/\(kind)/\(try bench.id("k\(number)", in: kind.rawValue))"
    }
    switch kind {
    case .contacts: try bench.ask("PUT", "/contacts/\(try bench.id("k\(number)"))", #"{"city":"Bonn"}"#)
    case .tasks: try bench.ask("PUT", child(.tasks), #"{"title":"Theirs"}"#)
    case .notes: try bench.ask("PUT", child(.notes), #"{"body":"Theirs"}"#)
    case .tags: try bench.ask("DELETE", "/contacts/\(try bench.id("c\(number)"))/tags", #"{"tags":["vip"]}"#)
    case .links:
      try bench.ask(
        "POST", "/contacts/bulk/business",
        #"{"locationId":"\#(bench.document.location)","ids":["\#(try bench.id("c\(number)"))"],"businessId":null}"#)
    }
  }

  private static func field(_ kind: Kind) -> String {
    [.contacts: "city", .tasks: "title", .notes: "body", .tags: "tags", .links: "business"][kind] ?? ""
  }

  @Test(arguments: Kind.allCases) func `reconcile finds what somebody has changed or removed`(_ kind: Kind) async throws {
    let bench = try await Self.bench(kind)
    let staged = Self.staged(kind, [1, 2, 3], bench)
    try await bench.load(staged)
    let equal = try await bench.differences(staged)
    #expect(equal.lines == [] && equal.counts.isEqual && equal.counts.loaded == 3)
    try Self.alter(kind, 2, in: bench)
    #expect(try await bench.differences(staged).lines == ["different k2 \(Self.field(kind))"])
    try bench.ask("DELETE", "/contacts/\(try bench.id(kind == .contacts ? "k3" : "c3"))")
    let lines = try await bench.differences(staged).lines
    #expect(lines == ["different k2 \(Self.field(kind))", "missing k3 -"])
  }

  @Test(arguments: Kind.allCases) func `verify sends again what somebody has changed`(_ kind: Kind) async throws {
    let bench = try await Self.bench(kind) { $0.verify = VerifyDocument(share: 10_000, then: .resend) }
    let staged = Self.staged(kind, [1, 2, 3], bench)
    try await bench.load(staged)
    #expect(try await bench.load(staged, run: "run2").codes == [])
    try Self.alter(kind, 2, in: bench)
    let result = try await bench.load(staged, run: "run3")
    #expect(result.words == ["unchanged", "updated", "unchanged"] && result.codes == ["drifted"])
    #expect(try await bench.differences(staged).lines == [])
    #expect(try await bench.load(staged, run: "run4").words == ["unchanged", "unchanged", "unchanged"])
  }

  @Test(arguments: Kind.allCases, [false, true])
  func `undo puts back what was there, and deletes only if that is allowed`(_ kind: Kind, _ allows: Bool) async throws {
    let bench = try await Self.bench(kind, allows: allows) { $0.before = .init() }
    let first = Self.staged(kind, [1, 2], bench)
    try await bench.load(first, run: "run1")
    let second = Self.staged(kind, [1, 2, 3], changed: [2], bench)
    let result = try await bench.load(second, run: "run2")
    #expect(result.words[0] == "unchanged" && result.words[1] == "updated")
    let hasRecords = [.contacts, .tasks, .notes].contains(kind)
    #expect(
      try await bench.undo(second, "run2") == ["k2 restored", "k3 \(!hasRecords ? "restored" : allows ? "removed" : "left")"])
    #expect(try await bench.differences(first).lines == [])
    #expect(bench.writes.contains { $0.method == "DELETE" && !$0.target.hasSuffix("/tags") } == (hasRecords && allows))
    // The next run sends what was undone again.
    #expect(try await bench.load(second, run: "run3").words[1] == "updated")
  }

  @Test func `undo of a contact does not mind what the same run did with its tags and its business`() async throws {
    var bench = try GHLBench { $0.before = .init() }
    bench.document.allowsDelete = true
    bench.add(.tags) { $0.before = .init() }
    bench.add(.business, as: "links") { $0.before = .init() }
    try bench.create(#""email":"k1@x.io","city":"Bonn""#)
    let loads = [Kind.contacts, .tags, .links].map { kind in
      let records = [1, 2].map { kind.record($0, false, bench).replacing(#""contact":"c"#, with: #""contact":"k"#) }
      return GHLBench.whole(records, kind.rawValue, kind.columns)
    }
    for staged in loads {
      let words = try await bench.load(staged).words
      #expect(Set(words).isSubset(of: ["created", "updated"]))
    }
    for staged in loads.dropFirst().reversed() {
      #expect(try await bench.undo(staged) == ["k1 restored", "k2 restored"])
    }
    #expect(try await bench.undo(loads[0]) == ["k1 restored", "k2 removed"])
    #expect(try bench.values("city") == ["Bonn"])
  }

  @Test func `undo of a contact leaves its children's contact alone`() async throws {
    var bench = try GHLBench { $0.before = .init() }
    bench.document.allowsDelete = true
    bench.add(.notes) { $0.before = .init() }
    let contacts = Self.staged(.contacts, [1], bench)
    try await bench.load(contacts)
    let notes = GHLBench.whole([#"{"key":"n1","contact":"k1","body":"Call"}"#], "notes", ["contact", "body"])
    try await bench.load(notes)
    // Children go first.
    #expect(try await bench.undo(notes) == ["n1 removed"])
    #expect(try await bench.undo(contacts) == ["k1 removed"])
    #expect(try bench.contacts().isEmpty)
  }
}

/// What a dry run predicted, to be applied as it is.
struct RecordedForecasts: AppliedPlan {
  let run = "dry"
  let comparesDestination: Bool
  let target: TargetVersion? = nil
  private let forecasts: [UInt64: Forecast]

  init(_ sink: RecordingForecasts, comparesDestination: Bool) {
    forecasts = sink.forecasts.compactMapValues(\.first)
    self.comparesDestination = comparesDestination
  }

  func outcome(of ordinal: UInt64) -> Outcome? { forecasts[ordinal]?.outcome }
  func problem(of ordinal: UInt64) -> ProblemCode? { forecasts[ordinal]?.problem?.code }
  /// As a run does it: with what the prediction rests on, and with the fields as far as they have been read.
  func predicts(_ forecast: Forecast, of ordinal: UInt64) -> Bool {
    guard let own = forecasts[ordinal] else { return false }
    func read(_ forecast: Forecast) -> [Forecast.Field] { forecast.evidence == .read ? forecast.fields : [] }
    return own.outcome == forecast.outcome && own.basis == forecast.basis && read(own) == read(forecast)
  }
  func predictsRemoval(_ key: Name) -> Bool { false }
}
