import Core
import Testing

/// Epochs of keys, which only rise.
extension JournalConformance {
  private static let fates: [IntentResult.Fate] = [.accepted(remoteID: "1"), .removed, .unknown, .refused]

  static let epochs: [Case] = [
    Case("every result raises the key's epoch, whatever it is") { subject in
      let journal = try subject.open()
      for (number, first) in fates.enumerated() {
        for (other, second) in fates.enumerated() {
          let key = Name("\(number) \(other)")
          try send(key, digest: [1], first, journal, subject.lease)
          #expect(try journal.accepted(key, in: scope)?.epoch == 1, "\(first)")
          try send(key, digest: [1], second, journal, subject.lease)
          #expect(try subject.open().accepted(key, in: scope)?.epoch == 2, "\(first), \(second)")
        }
      }
    },
    Case("a result raises the epoch by one more than the intent's own") { subject in
      let journal = try subject.open()
      for (number, fate) in fates.enumerated() {
        let key = Name("\(number)")
        for (epoch, expected) in [(0, 1), (3, 5), (1, 7)] {
          let id = try journal.intend(
            request([record(0, key), record(1, Name("other \(key)"))], epoch: epoch), under: subject.lease)
          try journal.resolve(id, [IntentResult(0, fate)])
          #expect(try journal.accepted(key, in: scope)?.epoch == expected, "\(fate)")
        }
        #expect(try journal.accepted(Name("other \(key)"), in: scope) == nil)
      }
    },
    Case("the epoch that an intent has when its result comes counts") { subject in
      let journal = try subject.open()
      let id = try journal.intend(request([record(0, "a"), record(1, "b")]), under: subject.lease)
      try journal.resolve(id, [IntentResult(0, .refused)])
      _ = try journal.apply(
        JournalChanges(updates: [IntentUpdate(id: id, epoch: 2, idempotencyKey: "j", context: [])]), under: subject.lease)
      try journal.resolve(id, [IntentResult(1, .refused)])
      #expect(try journal.accepted(["a", "b"], in: scope) == ["a": .absent(epoch: 1), "b": .absent(epoch: 3)])
    },
    Case("only the result that counts raises the epoch") { subject in
      let journal = try subject.open()
      let id = try journal.intend(request([record(0, "a"), record(1, "b")]), under: subject.lease)
      for fate in fates { try journal.resolve(id, [IntentResult(0, fate), IntentResult(0, fate)]) }
      #expect(try journal.accepted("a", in: scope)?.epoch == 1)
      try journal.resolve(id, [IntentResult(1, .refused)])
      try journal.resolve(id, fates.map { IntentResult(0, $0) })
      #expect(try journal.accepted(["a", "b"], in: scope).mapValues(\.epoch) == ["a": 1, "b": 1])
    },
    Case("results of older intents raise the epoch too, and never lower it", lateResultsCheck),
    Case("the greatest epochs add up") { subject in
      let journal = try subject.open()
      for round in 1...3 {
        let id = try journal.intend(request([record(0, "a")], epoch: IntentRequest.greatestEpoch), under: subject.lease)
        try journal.resolve(id, [IntentResult(0, .refused)])
        #expect(try journal.accepted("a", in: scope)?.epoch == round * (IntentRequest.greatestEpoch + 1))
      }
    },
    Case("epochs belong to their scope") { subject in
      let journal = try subject.open()
      var other = scope
      other.location = "k"
      try send("a", digest: [1], .removed, journal, subject.lease)
      #expect(try journal.accepted("a", in: other) == nil)
      _ = try journal.intend(request([record(0, "a")], in: other), under: subject.lease)
      #expect(try journal.accepted("a", in: other) == nil)
    },
    Case("several processes that resolve at once raise each epoch once per intent") { subject in
      let journal = try subject.open()
      let ids = try (0..<10).map { _ in try journal.intend(request([record(0, "a")]), under: subject.lease) }
      _ = try concurrently(4) { _ in
        let journal = try subject.open()
        for id in ids { try journal.resolve(id, [IntentResult(0, .refused)]) }
      }
      #expect(try journal.accepted("a", in: scope) == .absent(epoch: 10))
    },
  ]

  @Sendable private static func lateResultsCheck(_ subject: Subject) throws {
    let journal = try subject.open()
    for (number, newer) in fates.enumerated() {
      for (other, older) in fates.enumerated() {
        let key = Name("\(number) \(other)")
        let first = try journal.intend(request([record(0, key)], epoch: 1), under: subject.lease)
        let second = try journal.intend(request([record(0, key)], epoch: 2), under: subject.lease)
        try journal.resolve(second, [IntentResult(0, newer)])
        #expect(try journal.accepted(key, in: scope)?.epoch == 3)
        try subject.open().resolve(first, [IntentResult(0, older)])
        #expect(try journal.accepted(key, in: scope)?.epoch == 5, "\(older) after \(newer)")
      }
    }
  }
}
