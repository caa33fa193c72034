import Core
import GHL
import TestSupport
import Testing

@testable import Load

/// `read_back`: what GHL drops without a word is found by reading, and sent again.
@Suite struct GHLReadBackTests {
  enum Kind: String, CaseIterable, Sendable {
    case contacts, tasks, notes

    /// A record with a field that can be dropped, and a body that drops it.
    var record: String {
      switch self {
      case .contacts: #"{"key":"k1","email":"k1@x.io","city":"Rome"}"#
      case .tasks: GHLBench.task("k1", of: "c1", #""body":"Tea","completed":false"#)
      case .notes: #"{"key":"k1","contact":"c1","body":"Call","title":"Tea"}"#
      }
    }
    var field: String { self == .contacts ? "city" : self == .tasks ? "body" : "title" }
    var value: String { self == .contacts ? "Rome" : "Tea" }
  }

  private static func bench(_ kind: Kind, _ readBack: VerifyDocument? = VerifyDocument(share: 10_000, then: .resend)) async throws
    -> GHLBench
  {
    var bench = try GHLBench { if kind == .contacts { $0.readBack = readBack } }
    if kind != .contacts {
      bench.add(kind == .tasks ? .tasks : .notes) { $0.readBack = readBack }
      try await bench.load(GHLBench.contacts(1...1))
    }
    return bench
  }

  /// Each of the next `count` writes loses the field, although its response shows it.
  private static func drop(_ kind: Kind, _ count: Int, in bench: GHLBench) throws {
    let left = Locked(count)
    let field = kind.field
    bench.api.setScript { sent in
      guard sent.isWrite, sent.body?[field] != nil, left.withLock({ $0 > 0 }) else { return nil }
      left.withLock { $0 -= 1 }
      return .then {
        // As if GHL had stored something else.
        let target: String?
        switch kind {
        case .contacts: target = (try? bench.contacts().last?["id"]?.stringValue).map { "/contacts/\($0)" }
        case .tasks, .notes:
          let contact = try? bench.id("c1")
          let child = (try? bench.children(kind.rawValue, of: "c1"))?.last?["id"]?.stringValue
          target = contact.flatMap { contact in child.map { "/contacts/\(contact)/\(kind)/\($0)" } }
        }
        guard let target else { return }
        _ = try? bench.ask("PUT", target, #"{"\#(field)":"-"}"#)
      }
    }
  }

  private static func value(_ kind: Kind, in bench: GHLBench) throws -> String? {
    let record = kind == .contacts ? try bench.contacts().last : try bench.children(kind.rawValue, of: "c1").last
    return record?[kind.field]?.stringValue
  }

  @Test(arguments: Kind.allCases, [1, 2])
  func `a field that was dropped is sent again`(_ kind: Kind, _ drops: Int) async throws {
    let bench = try await Self.bench(kind)
    let before = bench.writes.count
    try Self.drop(kind, drops, in: bench)
    let result = try await bench.load([kind.record], into: kind.rawValue)
    #expect(result.words == ["created"] && result.codes == [])
    #expect(try Self.value(kind, in: bench) == kind.value && bench.writes.count == before + 1 + drops)
    #expect(try await bench.load([kind.record], into: kind.rawValue).words == ["unchanged"])
    #expect(bench.writes.count == before + 1 + drops)
  }

  @Test(arguments: Kind.allCases) func `one that is always dropped is a warning and no loop`(_ kind: Kind) async throws {
    let bench = try await Self.bench(kind)
    let before = bench.writes.count
    try Self.drop(kind, 100, in: bench)
    let result = try await bench.load([kind.record], into: kind.rawValue)
    #expect(result.words == ["created"] && result.codes == ["not-applied"] && bench.writes.count == before + 3)
    let next = try await bench.load([kind.record], into: kind.rawValue, run: "run2")
    #expect(next.words == ["unchanged"] && next.codes == [] && bench.writes.count == before + 3)
  }

  @Test(arguments: Kind.allCases) func `report only warns, and without read_back the response counts`(_ kind: Kind) async throws {
    for readBack in [VerifyDocument(share: 10_000, then: .report), nil] {
      let bench = try await Self.bench(kind, readBack)
      let before = bench.writes.count
      try Self.drop(kind, 1, in: bench)
      let result = try await bench.load([kind.record], into: kind.rawValue)
      #expect(result.words == ["created"] && result.codes == (readBack == nil ? [] : ["not-applied"]))
      #expect(bench.writes.count == before + 1)
    }
  }

  @Test(arguments: KillPoint.allCases) func `a load that is killed between two attempts loses nothing`(_ point: KillPoint)
    async throws
  {
    for number in 1...3 {
      let bench = try await Self.bench(.contacts)
      try Self.drop(.contacts, 1, in: bench)
      _ = try? await bench.load([Kind.contacts.record], by: DyingProcess(at: point, of: number))
      try await bench.load([Kind.contacts.record])
      #expect(try bench.contacts().count == 1 && Self.value(.contacts, in: bench) == "Rome", "\(point) \(number)")
      #expect(try await bench.load([Kind.contacts.record]).words == ["unchanged"])
    }
  }

  @Test func `what an update cannot set is not sent again`() async throws {
    let bench = try await Self.bench(.contacts)
    try bench.create(#""email":"k1@x.io""#)
    let before = bench.writes.count
    // Only new contacts get it.
    let result = try await bench.load([#"{"key":"k1","email":"k1@x.io","gender":"female","city":"Rome"}"#])
    #expect(result.words == ["updated"] && result.codes == ["not-applied"] && bench.writes.count == before + 1)
  }

  @Test func `a channel that no route takes is not sent again`() async throws {
    let bench = try await Self.bench(.contacts)
    let record =
      #"{"key":"k1","email":"k1@x.io","dndSettings":{"RCS":{"status":"active"},"SMS":{"status":"active"}}}"#
    let result = try await bench.load([record])
    #expect(result.words == ["created"] && result.codes == ["not-applied"] && bench.writes.count == 1)
    #expect(try await bench.load([record], run: "run2").words == ["unchanged"] && bench.writes.count == 1)
  }

  @Test(arguments: ["contract", "aliases"])
  func `a custom field that no route is known to take is not sent again`(_ field: String) async throws {
    let bench = try await Self.bench(.contacts)
    let id = try bench.field(field)
    bench.api.setScript { sent in
      guard sent.isWrite else { return nil }
      return .then {
        let contact = try? bench.contacts().last?["id"]?.stringValue
        _ = try? bench.ask("PUT", "/contacts/\(contact ?? "")", #"{"customFields":[{"id":"\#(id)","field_value":""}]}"#)
      }
    }
    let record = #"{"key":"k1","email":"k1@x.io","customFields":{"\#(field)":{"a":"b"}}}"#
    let result = try await bench.load([record])
    #expect(result.words == ["created"] && result.codes == ["not-applied"] && bench.writes.count == 1)
    #expect(try await bench.load([record], run: "run2").words == ["unchanged"] && bench.writes.count == 1)
  }

  @Test func `a tag that a contact has twice is sent once, and not again`() async throws {
    let bench = try GHLBench { $0.replacesTags = true }
    // GHL ignores case, and spaces around tags.
    bench.api.setScript { sent in
      guard sent.isWrite else { return nil }
      return .then {
        let contact = try? bench.contacts().last?["id"]?.stringValue
        _ = try? bench.ask("PUT", "/contacts/\(contact ?? "")", #"{"tags":["vip"]}"#)
      }
    }
    let record = #"{"key":"k1","email":"k1@x.io","tags":["VIP","vip",""," Vip"]}"#
    let result = try await bench.load([record])
    #expect(result.words == ["created"] && result.codes == [] && bench.writes.count == 1)
    #expect(bench.writes.first?.body?["tags"] == .array([.string("VIP")]))
    #expect(try await bench.load([record], run: "run2").words == ["unchanged"])
  }

  @Test(arguments: ["discard=0.4", "discard=0.4,timeout-after=0.2", "discard=0.3,422-created=0.3,5xx-after=0.1"])
  func `discards of the sandbox lose nothing that is not in the ledger`(_ faults: String) async throws {
    var bench = try GHLBench(faults: faults.split(separator: ",").map(String.init))
    bench.add(.notes)
    let contacts = (1...15).map {
      #"{"key":"c\#($0)","email":"c\#($0)@x.io","city":"Rome","state":"CA","website":"https://x.io"}"#
    }
    let first = try await bench.load(contacts)
    #expect(Set(first.words).isSubset(of: ["created", "updated"]), "\(first.codes)")
    let notes = (1...15).map { ##"{"key":"n\##($0)","contact":"c\##($0)","body":"Call","title":"Tea","color":"#FFAA00"}"## }
    let second = try await bench.load(notes, into: "notes")
    #expect(Set(second.words).isSubset(of: ["created", "updated"]), "\(second.codes)")
    let all = try bench.contacts()
    #expect(all.count == 15)
    let missing = all.reduce(0) { count, contact in
      count + ["city", "state", "website"].count { contact[$0]?.stringValue == nil }
    }
    #expect(missing == first.codes.count { $0 == "not-applied" })
    let children = try (1...15).flatMap { try bench.children("notes", of: "c\($0)") }
    #expect(children.count == 15)
    let lost = children.reduce(0) { count, note in count + ["title", "color"].count { note[$0]?.stringValue == nil } }
    #expect(lost == second.codes.count { $0 == "not-applied" })
  }
}
