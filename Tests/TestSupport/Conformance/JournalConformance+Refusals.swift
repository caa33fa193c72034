import Core
import Testing

/// What destinations refused.
extension JournalConformance {
  private static func refusal(_ digest: [UInt8], run: Name = "r") -> Accepted.Refusal { .init(digest: digest, run: run) }

  static let refusals: [Case] = [
    Case("a refusal is remembered with its run, and nothing else is known about the record") { subject in
      let journal = try subject.open()
      let id = try journal.intend(request([record(0, "a", [1, 2]), record(1, nil, [3])], run: "run 7"), under: subject.lease)
      try journal.resolve(id, [IntentResult(0, .declined(digest: [7])), IntentResult(1, .declined(digest: [8]))])
      #expect(try subject.open().accepted("a", in: scope) == .absent(epoch: 1, refusal: refusal([7], run: "run 7")))
      var found: [JournalRecord] = []
      try journal.forEachRecord(in: scope) { found += $0 }
      #expect(found == [JournalRecord("a", .absent(epoch: 1, refusal: refusal([7], run: "run 7")))])
    },
    Case("a refused update leaves what was accepted, and its digest") { subject in
      let journal = try subject.open()
      try send("a", digest: [1], .accepted(remoteID: "17", entityTag: "x"), journal, subject.lease)
      try send("a", digest: [2], .declined(digest: [2]), journal, subject.lease)
      #expect(
        try subject.open().accepted("a", in: scope)
          == Accepted(remoteID: "17", entityTag: "x", digest: [1], epoch: 2, refusal: refusal([2])))
    },
    Case("the next refusal replaces it, and a call that was not sent leaves it") { subject in
      let journal = try subject.open()
      try send("a", digest: [1], .declined(digest: [1]), journal, subject.lease)
      try send("a", digest: [2], .declined(digest: [2]), journal, subject.lease)
      try send("a", digest: [3], .refused, journal, subject.lease)
      #expect(try journal.accepted("a", in: scope) == .absent(epoch: 3, refusal: refusal([2])))
    },
    Case("it is forgotten once anything else is known") { subject in
      let journal = try subject.open()
      let fates: [Name: IntentResult.Fate] = [
        "accepted": .accepted(), "present": .present(), "removed": .removed, "unknown": .unknown,
      ]
      for (key, fate) in fates {
        try send(key, digest: [1], .declined(digest: [1]), journal, subject.lease)
        try send(key, digest: [2], fate, journal, subject.lease)
        #expect(try journal.accepted(key, in: scope)?.refusal == nil, "\(key)")
      }
    },
    Case("a late refusal of an old call does not bring it back") { subject in
      let journal = try subject.open()
      let old = try journal.intend(request([record(0, "a", [1])]), under: subject.lease)
      try send("a", digest: [2], .accepted(remoteID: "1"), journal, subject.lease)
      try journal.resolve(old, [IntentResult(0, .declined(digest: [1]))])
      #expect(try journal.accepted("a", in: scope) == Accepted(remoteID: "1", digest: [2], epoch: 2))
    },
    Case("a lookup leaves it: the record is there, but not as it was sent") { subject in
      let journal = try subject.open()
      try send("a", digest: [1], .declined(digest: [1]), journal, subject.lease)
      try journal.adopt([AdoptedRecord(key: "a", remoteID: "1")], in: scope, under: subject.lease)
      let known = try #require(try journal.accepted("a", in: scope))
      #expect(known.isPresent && known.remoteID == "1" && known.refusal == refusal([1]))
    },
    Case("another journal neither takes it over nor differs by it") { subject in
      let journal = try subject.open()
      try send("a", digest: [1], .declined(digest: [1]), journal, subject.lease)
      let foreign = Accepted.absent(epoch: 5, refusal: refusal([9], run: "elsewhere"))
      var merges: [JournalMerge] = []
      try journal.merge(under: subject.lease, isTrial: false) { merge in
        merges += try merge([JournalRecord("a", .absent(epoch: 1)), JournalRecord("b", foreign)], scope)
        merges += try merge([JournalRecord("b", .absent(epoch: 5))], scope)
      }
      #expect(merges == [.same, .added, .same])
      #expect(
        try journal.accepted(["a", "b"], in: scope) == ["a": .absent(epoch: 1, refusal: refusal([1])), "b": .absent(epoch: 5)])
      // A record that was resolved more often elsewhere replaces this one, with its refusal.
      try journal.merge(under: subject.lease, isTrial: false) { merge in
        merges = try merge([JournalRecord("a", Accepted(remoteID: "7", epoch: 9))], scope)
      }
      #expect(merges == [.replaced])
      #expect(try journal.accepted("a", in: scope) == Accepted(remoteID: "7", epoch: 9))
    },
  ]
}
