import Core
import Testing

/// Records that are known from elsewhere: from lookups, and from another journal.
extension JournalConformance {
  static let adopted: [Case] = [
    Case("what a lookup shows is known, for keys without any result") { subject in
      let journal = try subject.open()
      let records = [
        AdoptedRecord(key: "a", remoteID: "17", entityTag: "x", digest: [1, 0], fields: [2]), AdoptedRecord(key: "", digest: []),
        AdoptedRecord(key: "e\u{301}"),
      ]
      try journal.adopt([], in: scope, under: subject.lease)
      try journal.adopt(records, in: scope, under: subject.lease)
      #expect(
        try subject.open().accepted(["a", "", "e\u{301}", "\u{E9}"], in: scope) == [
          "a": Accepted(remoteID: "17", entityTag: "x", digest: [1, 0], fields: [2]), "": Accepted(digest: []),
          "e\u{301}": Accepted(),
        ])
    },
    Case("a later lookup replaces an earlier one") { subject in
      let journal = try subject.open()
      try journal.adopt(
        [AdoptedRecord(key: "a", remoteID: "1", entityTag: "x", digest: [1], fields: [1])], in: scope, under: subject.lease)
      try journal.adopt([AdoptedRecord(key: "a", entityTag: "y")], in: scope, under: subject.lease)
      #expect(try journal.accepted("a", in: scope) == Accepted(entityTag: "y"))
    },
    Case("a lookup does not replace a record that is present and has had a result") { subject in
      let journal = try subject.open()
      let found = AdoptedRecord(key: "a", remoteID: "2", entityTag: "y", digest: [2])
      try send("a", digest: [1], .accepted(remoteID: "1"), journal, subject.lease)
      try journal.adopt([found], in: scope, under: subject.lease)
      #expect(try journal.accepted("a", in: scope) == Accepted(remoteID: "1", digest: [1], epoch: 1))
      try send("a", digest: [1], .unknown, journal, subject.lease)
      try journal.adopt([found], in: scope, under: subject.lease)
      #expect(try journal.accepted("a", in: scope) == Accepted(remoteID: "1", epoch: 2))
    },
    Case("a record that was removed, or never accepted, is present again, and keeps its epoch") { subject in
      let journal = try subject.open()
      for fate in [.removed, .refused] as [IntentResult.Fate] {
        let key = Name("\(fate)")
        try send(key, digest: [1], fate, journal, subject.lease)
        try journal.adopt([AdoptedRecord(key: key, remoteID: "2", digest: [2])], in: scope, under: subject.lease)
        #expect(try journal.accepted(key, in: scope) == Accepted(remoteID: "2", digest: [2], epoch: 1))
        // From now on, it has had a result, and is present.
        try journal.adopt([AdoptedRecord(key: key, remoteID: "3")], in: scope, under: subject.lease)
        #expect(try journal.accepted(key, in: scope)?.remoteID == "2")
      }
    },
    Case("a result replaces what a lookup has shown, and keeps the ID") { subject in
      let journal = try subject.open()
      try journal.adopt(
        [AdoptedRecord(key: "a", remoteID: "1", entityTag: "x", digest: [1], fields: [1])], in: scope, under: subject.lease)
      try send("a", digest: [2], .accepted(), journal, subject.lease)
      #expect(try journal.accepted("a", in: scope) == Accepted(remoteID: "1", digest: [2], epoch: 1))
    },
  ]

  /// Merges records, and returns what became of them.
  private static func merge(
    _ records: [JournalRecord], into journal: any Journal, _ lease: Lease, isTrial: Bool = false
  ) throws -> [JournalMerge] {
    var merges: [JournalMerge] = []
    try journal.merge(under: lease, isTrial: isTrial) { merge in
      for record in records { merges += try merge([record], scope) }
    }
    return merges
  }

  static let merged: [Case] = [
    Case("a record of another journal replaces one of which fewer calls were resolved, and no other") { subject in
      let journal = try subject.open()
      let here = Accepted(remoteID: "1", entityTag: "x", digest: [1], fields: [1], epoch: 1)
      var (same, newer, older, other, absent) = (here, here, here, here, Accepted.absent(epoch: 9))
      (newer.epoch, newer.fields, newer.entityTag) = (2, [], nil)
      (older.epoch, older.remoteID) = (0, "2")
      other.digest = [2]
      same.digest = [1]
      absent.epoch = 3
      for key in ["same", "newer", "older", "other", "absent"] as [Name] {
        let id = try journal.intend(request([record(0, key, [1], [1])]), under: subject.lease)
        try journal.resolve(id, [IntentResult(0, .accepted(remoteID: "1", entityTag: "x"))])
      }
      let records = [
        JournalRecord("same", same), JournalRecord("newer", newer), JournalRecord("older", older), JournalRecord("other", other),
        JournalRecord("absent", absent), JournalRecord("new", .absent(epoch: 7)), JournalRecord("e\u{301}", older),
        JournalRecord("e\u{301}", older),
      ]
      let expected: [JournalMerge] = [.same, .replaced, .older, .conflicting, .replaced, .added, .added, .same]
      let keys = records.map(\.key)
      let before = try journal.accepted(keys, in: scope)
      #expect(try merge(records, into: journal, subject.lease, isTrial: true) == expected)
      #expect(try subject.open().accepted(keys, in: scope) == before)
      #expect(try merge(records, into: journal, subject.lease) == expected)
      #expect(
        try subject.open().accepted(keys, in: scope) == [
          "same": here, "newer": newer, "older": here, "other": here, "absent": absent, "new": .absent(epoch: 7),
          "e\u{301}": older,
        ])
    },
    Case("a merge that fails has changed nothing") { subject in
      let journal = try subject.open()
      let failure = #expect(throws: OperationFailure.self) {
        try journal.merge(under: subject.lease, isTrial: false) { merge in
          _ = try merge([JournalRecord("a", Accepted(epoch: 1))], scope)
          throw OperationFailure(.damaged, "line 2")
        }
      }
      #expect(failure == OperationFailure(.damaged, "line 2"))
      #expect(try journal.accepted("a", in: scope) == nil && journal.scopes().isEmpty)
    },
    Case("the result of an intent that was open during a merge changes only the epoch of what was merged") { subject in
      let journal = try subject.open()
      let before = try journal.intend(request([record(0, "a", [1])]), under: subject.lease)
      _ = try merge([JournalRecord("a", Accepted(remoteID: "9", digest: [9], epoch: 4))], into: journal, subject.lease)
      try journal.resolve(before, [IntentResult(0, .removed)])
      #expect(try journal.accepted("a", in: scope) == Accepted(remoteID: "9", digest: [9], epoch: 5))
      try send("a", digest: [2], .accepted(), journal, subject.lease)
      #expect(try journal.accepted("a", in: scope) == Accepted(remoteID: "9", digest: [2], epoch: 6))
    },
    Case("all that is known about a scope's records comes in the order of their keys, each once") { subject in
      let journal = try subject.open()
      try journal.forEachRecord(in: scope) { _ in Issue.record("a record of an empty scope") }
      var other = scope
      other.mapping = "n"
      try journal.adopt([AdoptedRecord(key: "elsewhere")], in: other, under: subject.lease)
      var expected = (0..<600).map { JournalRecord(Name("\($0)"), Accepted(remoteID: Name("\($0)"), epoch: $0)) }
      expected += oddNames.map { JournalRecord(Name($0), .absent(epoch: 1)) }
      expected.sort { $0.key < $1.key }
      _ = try merge(expected.reversed(), into: journal, subject.lease)
      var found: [JournalRecord] = []
      try subject.open().forEachRecord(in: scope) { records in
        #expect(!records.isEmpty && records.count <= 1000)
        found += records
      }
      #expect(found == expected)
      #expect(throws: OperationFailure(.fault, "enough")) {
        try journal.forEachRecord(in: scope) { _ in throw OperationFailure(.fault, "enough") }
      }
      #expect(try journal.accepted("0", in: scope) != nil)
    },
  ]
}
