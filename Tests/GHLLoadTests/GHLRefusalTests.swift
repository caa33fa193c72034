import Core
import GHL
import TestSupport
import Testing

@testable import Load

/// A write of a record by its ID that gets a 400 or a 404: only a read of it shows whether it is gone, or was refused.
@Suite struct GHLRefusalTests {
  enum Kind: String, CaseIterable, Sendable {
    case contacts, tasks, notes

    func record(_ text: String) -> String {
      switch self {
      case .contacts: #"{"key":"k1","email":"k1@x.io","city":"\#(text)"}"#
      case .tasks: GHLBench.task("k1", of: "c1", title: text)
      case .notes: GHLBench.note("k1", of: "c1", text)
      }
    }
  }

  private static func bench(_ kind: Kind, _ faults: [String] = []) async throws -> GHLBench {
    var bench = try GHLBench(faults: faults)
    bench.document.allowsDelete = true
    if kind != .contacts {
      bench.add(kind == .tasks ? .tasks : .notes)
      try await bench.load(GHLBench.contacts(1...1))
    }
    let target: GHLPartDocument.Target = kind == .contacts ? .contacts : kind == .tasks ? .tasks : .notes
    bench.add(target, as: "done") { $0.deletion = .init(mapping: Name(kind.rawValue), maxPercent: 100, place: GHLBench.place) }
    #expect(try await bench.load([kind.record("One")], into: kind.rawValue).words == ["created"])
    return bench
  }

  /// The address of the record.
  private static func address(_ kind: Kind, _ bench: GHLBench) throws -> String {
    let id = try bench.id("k1", in: kind.rawValue)
    if kind == .contacts { return "/contacts/\(id)" }
    return "/contacts/\(try bench.id("c1"))/\(kind)/\(id)"
  }

  /// How many records of the mapping GHL has.
  private static func count(_ kind: Kind, _ bench: GHLBench) throws -> Int {
    if kind == .contacts { return try bench.contacts().count }
    return try bench.children(kind.rawValue, of: "c1").count
  }

  private static let leaver = [#"{"key":"k1","contact":"c1"}"#]

  /// Messages that could be mistaken for those about a record that is gone.
  private static let refusals = [
    (400, "User u1 not found"), (400, "Custom field does not exist"), (404, "User u1 not found"), (400, "Bad Request"),
  ]

  @Test(arguments: Kind.allCases, refusals)
  func `a record that is there is refused, and never created again`(_ kind: Kind, _ refusal: (Int, String)) async throws {
    let bench = try await Self.bench(kind)
    let text = #"{"statusCode":\#(refusal.0),"message":"\#(refusal.1)"}"#
    bench.api.once(.respond(refusal.0, text)) { $0.method == "PUT" }
    let result = try await bench.load([kind.record("Two")], into: kind.rawValue)
    #expect(result.words == ["failed"] && result.codes == ["destination-refused"])
    #expect(try await bench.load([kind.record("Three")], into: kind.rawValue).words == ["updated"])
    #expect(try Self.count(kind, bench) == 1)
    bench.api.once(.respond(refusal.0, text)) { $0.method == "DELETE" }
    let removal = try await bench.load(Self.leaver, into: "done")
    #expect(removal.words == ["failed"] && removal.codes == ["destination-refused"])
    #expect(try Self.count(kind, bench) == 1)
    #expect(try await bench.load(Self.leaver, into: "done").words == ["removed"])
  }

  @Test(arguments: Kind.allCases, [[], ["gone-404"]])
  func `a record that is gone is created again by the next run`(_ kind: Kind, _ faults: [String]) async throws {
    let bench = try await Self.bench(kind, faults)
    try bench.ask("DELETE", try Self.address(kind, bench))
    let result = try await bench.load([kind.record("Two")], into: kind.rawValue)
    #expect(result.words == ["failed"] && result.codes == ["gone"])
    #expect(try await bench.load([kind.record("Two")], into: kind.rawValue).words == ["created"])
    #expect(try await bench.load([kind.record("Two")], into: kind.rawValue).words == ["unchanged"])
    #expect(try Self.count(kind, bench) == 1)
    // Removed is removed, whoever did it.
    try bench.ask("DELETE", try Self.address(kind, bench))
    #expect(try await bench.load(Self.leaver, into: "done").words == ["removed"])
  }

  @Test(arguments: Kind.allCases) func `without a look, nothing is decided`(_ kind: Kind) async throws {
    let bench = try await Self.bench(kind)
    bench.api.setScript { sent in
      if sent.method == "PUT" { return .respond(400, #"{"statusCode":400,"message":"Bad Request"}"#) }
      return sent.method == "GET" && sent.target.contains("/contacts/") ? .respond(500, "") : nil
    }
    let result = try await bench.load([kind.record("Two")], into: kind.rawValue)
    #expect(result.words == ["pending"])
    bench.api.setScript { _ in nil }
    // The next load begins with the open call, and repeats it.
    let puts = bench.writes.count { $0.method == "PUT" }
    let next = try await bench.load([kind.record("Two")], into: kind.rawValue)
    #expect(next.words == ["unchanged"])
    #expect(bench.writes.count { $0.method == "PUT" } == puts + 1)
    #expect(try Self.count(kind, bench) == 1)
  }
}
