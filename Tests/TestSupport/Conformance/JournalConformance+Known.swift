import Core
import Testing

/// What destinations have.
extension JournalConformance {
  static let known: [Case] = [
    Case("an accepted record is known with its ID, tag and digest") { subject in
      let journal = try subject.open()
      try send("a", digest: [1, 0, 255], .accepted(remoteID: "17", entityTag: "\"x\""), journal, subject.lease)
      try send("b", digest: [], .accepted(), journal, subject.lease)
      #expect(
        try subject.open().accepted(["b", "c", "a", "a"], in: scope) == [
          "a": Accepted(remoteID: "17", entityTag: "\"x\"", digest: [1, 0, 255], epoch: 1), "b": Accepted(digest: [], epoch: 1),
        ])
    },
    Case("a later result replaces the tag and the digest, and keeps the ID") { subject in
      let journal = try subject.open()
      try send("a", digest: [1], .accepted(remoteID: "17", entityTag: "x"), journal, subject.lease)
      try send("a", digest: [2], .accepted(), journal, subject.lease)
      #expect(try journal.accepted("a", in: scope) == Accepted(remoteID: "17", digest: [2], epoch: 2))
      try send("a", digest: [3], .accepted(remoteID: "18", entityTag: "y"), journal, subject.lease)
      #expect(try journal.accepted("a", in: scope) == Accepted(remoteID: "18", entityTag: "y", digest: [3], epoch: 3))
    },
    Case("a refused record is known as before") { subject in
      let journal = try subject.open()
      try send("a", digest: [1], .refused, journal, subject.lease)
      #expect(try journal.accepted("a", in: scope) == .absent(epoch: 1))
      try send("a", digest: [1], .accepted(remoteID: "17", entityTag: "x"), journal, subject.lease)
      try send("a", digest: [2], .refused, journal, subject.lease)
      #expect(try journal.accepted("a", in: scope) == Accepted(remoteID: "17", entityTag: "x", digest: [1], epoch: 3))
    },
    Case("after an unknown result, no digest is known, so that nothing seems unchanged") { subject in
      let journal = try subject.open()
      try send("a", digest: [1], .accepted(remoteID: "17", entityTag: "x"), journal, subject.lease)
      try send("a", digest: [2], .unknown, journal, subject.lease)
      #expect(try journal.accepted("a", in: scope) == Accepted(remoteID: "17", epoch: 2))
      // It may have been created.
      try send("b", digest: [1], .unknown, journal, subject.lease)
      #expect(try journal.accepted("b", in: scope) == Accepted(epoch: 1))
    },
    Case("the hashes of a record's fields are known as its digest is") { subject in
      let journal = try subject.open()
      let hashes: [UInt8] = [0, 0xFF, 7]
      for (key, fate, expected) in [
        ("a", .accepted(), hashes), ("b", .unknown, []), ("c", .removed, []), ("d", .refused, []),
        ("e", .accepted(fields: [1, 0]), [1, 0]), ("f", .accepted(fields: []), []),
      ] as [(Name, IntentResult.Fate, [UInt8])] {
        let id = try journal.intend(request([record(0, key, [1], hashes)]), under: subject.lease)
        try journal.resolve(id, [IntentResult(0, fate)])
        #expect(try subject.open().accepted(key, in: scope)?.fields == expected, "\(fate)")
      }
      // Replaced, not added to.
      let id = try journal.intend(request([record(0, "a", [2], [])]), under: subject.lease)
      try journal.resolve(id, [IntentResult(0, .accepted())])
      #expect(try journal.accepted("a", in: scope) == Accepted(digest: [2], epoch: 2))
    },
    Case("many keys at once are found, and those without a result are missing") { subject in
      let journal = try subject.open()
      let keys = (0..<2000).map { Name("\($0)") }
      let records = keys.enumerated().map { record(UInt64($0), $1) }
      let id = try journal.intend(request(Array(records.prefix(1500))), under: subject.lease)
      #expect(try journal.accepted(keys, in: scope).isEmpty)
      try journal.resolve(id, (0..<1000).map { IntentResult($0, .accepted(remoteID: keys[Int($0)])) })
      let known = try journal.accepted(keys + keys, in: scope)
      #expect(known.count == 1000)
      #expect(keys.prefix(1000).allSatisfy { known[$0]?.remoteID == $0 })
    },
    Case("a removed record is not present, and may come back with another ID") { subject in
      let journal = try subject.open()
      try send("a", digest: [1], .accepted(remoteID: "17", entityTag: "x"), journal, subject.lease)
      try send("a", digest: [], .removed, journal, subject.lease)
      #expect(try subject.open().accepted("a", in: scope) == .absent(epoch: 2))
      try send("a", digest: [2], .accepted(), journal, subject.lease)
      #expect(try journal.accepted("a", in: scope) == Accepted(digest: [2], epoch: 3))
    },
    Case("the result of an older intent does not replace that of a newer one", laterResultCheck),
    Case("a record without a key is not remembered, and an empty key is a key") { subject in
      let journal = try subject.open()
      let id = try journal.intend(request([record(0, nil), record(1, "")]), under: subject.lease)
      try journal.resolve(id, [IntentResult(0, .accepted(remoteID: "1")), IntentResult(1, .accepted(remoteID: "2"))])
      #expect(try journal.accepted("", in: scope)?.remoteID == "2")
    },
    Case("keys, IDs and tags are kept and compared by their bytes") { subject in
      let journal = try subject.open()
      let names = oddNames.map { Name($0) }
      for (number, name) in names.enumerated() {
        try send(name, digest: [UInt8(number)], .accepted(remoteID: name, entityTag: name), journal, subject.lease)
      }
      let known = try subject.open().accepted(names, in: scope)
      #expect(known.count == names.count)
      for (number, name) in names.enumerated() {
        #expect(known[name] == Accepted(remoteID: name, entityTag: name, digest: [UInt8(number)], epoch: 1))
      }
    },
  ]

  @Sendable private static func laterResultCheck(_ subject: Subject) throws {
    let journal = try subject.open()
    let fates: [IntentResult.Fate] = [.accepted(remoteID: "old"), .removed, .unknown, .refused]
    let newer: [(IntentResult.Fate, Accepted)] = [
      (.accepted(remoteID: "new"), Accepted(remoteID: "new", digest: [2], epoch: 2)), (.removed, .absent(epoch: 2)),
      (.unknown, Accepted(epoch: 2)),
    ]
    for (number, (fate, expected)) in newer.enumerated() {
      for (other, old) in fates.enumerated() {
        let key = Name("\(number) \(other)")
        let first = try journal.intend(request([record(0, key, [1])]), under: subject.lease)
        let second = try journal.intend(request([record(0, key, [2])]), under: subject.lease)
        try journal.resolve(second, [IntentResult(0, fate)])
        try subject.open().resolve(first, [IntentResult(0, old)])
        #expect(try journal.accepted(key, in: scope) == expected, "\(old) after \(fate)")
      }
    }
  }
}
