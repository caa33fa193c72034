import Core
import Testing

/// Scopes, and to where they load.
extension JournalConformance {
  static let scopes: [Case] = [
    Case("each scope is listed with its present records and its open intents, in order") { subject in
      let journal = try subject.open()
      #expect(try journal.scopes().isEmpty)
      func scope(_ pipeline: String, _ mapping: String) -> JournalScope {
        JournalScope(pipeline: pipeline, destination: "d", mapping: mapping, location: "l")
      }
      let fates: [IntentResult.Fate] = [.accepted(), .removed, .unknown, .refused, .accepted()]
      let id = try journal.intend(
        request((0..<6).map { record($0, Name("\($0)")) }, in: scope("p", "b")), under: subject.lease)
      try journal.resolve(id, fates.enumerated().map { IntentResult(UInt64($0), $1) })
      _ = try journal.intend(request([record(0, "x")], in: scope("p", "a")), under: subject.lease)
      _ = try journal.intend(request([record(0, "x")], in: scope("p", "a")), under: subject.lease)
      try journal.adopt([AdoptedRecord(key: "x")], in: scope("e\u{301}", "b"), under: subject.lease)
      try journal.describe(scope("\u{E9}", "b"), address: "https://a/b")
      #expect(
        try subject.open().scopes() == [
          JournalScopeSummary(scope: scope("e\u{301}", "b"), address: nil, records: 1, openIntents: 0),
          JournalScopeSummary(scope: scope("p", "a"), address: nil, records: 0, openIntents: 2),
          JournalScopeSummary(scope: scope("p", "b"), address: nil, records: 3, openIntents: 1),
          JournalScopeSummary(scope: scope("\u{E9}", "b"), address: "https://a/b", records: 0, openIntents: 0),
        ])
    },
    Case("a scope knows the others that load to the same address") { subject in
      let journal = try subject.open()
      let scopes = ["b", "a", "c", "\u{0}"].map { JournalScope(pipeline: $0, destination: "d", mapping: "m", location: "l") }
      #expect(try journal.describe(scopes[0], address: "https://a/é").isEmpty)
      #expect(try journal.describe(scopes[0], address: "https://a/é").isEmpty)
      // Other bytes.
      #expect(try journal.describe(scopes[1], address: "https://a/e\u{301}").isEmpty)
      #expect(try subject.open().describe(scopes[2], address: "https://a/é") == [scopes[0]])
      #expect(try journal.describe(scopes[3], address: "https://a/é") == [scopes[0], scopes[2]])
      // It moves.
      #expect(try journal.describe(scopes[0], address: "https://b") == [])
      #expect(try journal.describe(scopes[2], address: "https://a/é") == [scopes[3]])
      #expect(try subject.open().scopes().map(\.address) == ["https://a/é", "https://a/e\u{301}", "https://b", "https://a/é"])
    },
    Case("nothing that is recorded changes an address") { subject in
      let journal = try subject.open()
      try journal.describe(scope, address: "https://a")
      try send("a", digest: [1], .accepted(), journal, subject.lease)
      try journal.adopt([AdoptedRecord(key: "b")], in: scope, under: subject.lease)
      #expect(
        try journal.scopes() == [JournalScopeSummary(scope: scope, address: "https://a", records: 2, openIntents: 0)])
    },
  ]
}
