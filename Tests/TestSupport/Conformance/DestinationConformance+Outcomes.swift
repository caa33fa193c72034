import Core
import Testing

extension DestinationConformance {
  static let outcomes: [Check] = [
    Check("each record has exactly one outcome") { subject in
      for count in [0, 1, 2, subject.form.many] {
        let bench = try DestinationBench(subject)
        let sink = try await bench.load(bench.records(count))
        bench.expectOutcomes(sink, count: count)
      }
    },
    Check("batch boundaries do not matter") { subject in
      let records = subject.form.records(25)
      let expected = try await DestinationBench(subject).undisturbed(records)
      #expect(!expected.isEmpty)
      for size in [1, 2, 7, 24, 25, 100] {
        let bench = try DestinationBench(subject)
        let sink = try await bench.load(records, size: size)
        bench.expectOutcomes(sink, count: 25)
        #expect(try bench.content() == expected, "batches of \(size)")
      }
    },
    Check("what was loaded compares as equal, whatever the batches, and comparing changes nothing") { subject in
      let bench = try DestinationBench(subject)
      let records = subject.form.records(25)
      try await bench.load(records)
      let content = try bench.content()
      var digests: Set<String> = []
      for size in [1, 7, 100] {
        guard let (counts, differences) = try await bench.compare(records, size: size) else { return }
        #expect(differences == [] && counts.isEqual)
        #expect(counts.loaded == 25 && counts.stored == 25)
        digests.formUnion([counts.loadedDigest, counts.storedDigest])
      }
      // What a run records of the load is what a comparison says of it, whatever the batches.
      for size in [1, 7, 100] {
        guard let totals = try bench.totals(records, size: size) else { break }
        #expect(totals.records == 25 && totals.distinctKeys == 25)
        digests.insert(totals.digest)
      }
      #expect(digests.count == 1)
      #expect(try bench.content() == content)
      #expect(!bench.names().contains { $0.contains("compared") || $0.contains("expected") })
    },
    Check("loading the same part again changes nothing") { subject in
      let bench = try DestinationBench(subject)
      let records = subject.form.records(9)
      try await bench.load(records)
      let first = try bench.content()
      let sink = try await bench.load(records)
      bench.expectOutcomes(sink, count: 9)
      #expect(try bench.content() == first)
      let outcomes = Set(sink.outcomes.values.joined().map(\.outcome))
      #expect(outcomes.isDisjoint(with: [.created, .updated]))
    },
    Check("publishing and closing twice is the same as once") { subject in
      let bench = try DestinationBench(subject)
      let (records, sink) = (subject.form.records(4), RecordingSink())
      var session = try await bench.destination.begin(records.part(), reporting: sink)
      try await records.submit(to: &session, in: bench.folder)
      try await session.finish()
      if bench.isAtomic {
        try await session.publish()
        try await session.publish()
      }
      await session.close()
      await session.close()
      bench.expectOutcomes(sink, count: 4)
      #expect(try bench.content() == (await bench.undisturbed(records)))
      for file in session.files { #expect(bench.names().contains { file.hasSuffix("/\($0)") }) }
    },
    Check("names are opaque") { subject in
      for name in ["a/b", "..", "ü \"x\" 'y' `z`", "a;b--%41", "select", "e\u{301}", "\"\u{301}"] {
        let bench = try DestinationBench(subject)
        var odd = StagedRecords(
          [#"{"id":"1","\#(JSONText.name)":{"x":2}}"#],
          columns: [
            LoadColumn(path: ["id"], types: .string), LoadColumn(path: [JSONText.plain, "x"], types: .integer),
          ])
        odd.mapping = name
        let sink = RecordingSink()
        var session = try await bench.destination.begin(odd.part(location: name), reporting: sink)
        try await odd.submit(to: &session, in: bench.folder)
        try await session.finish()
        if bench.isAtomic { try await session.publish() }
        await session.close()
        bench.expectOutcomes(sink, count: 1)
      }
    },
    Check("a part that is kept does not reach the target") { subject in
      let bench = try DestinationBench(subject)
      guard bench.isAtomic else { return }
      let (records, sink) = (subject.form.records(3), RecordingSink())
      let part = records.part(keptIn: "\(bench.folder.path)/kept")
      var session = try await bench.destination.begin(part, reporting: sink)
      try await records.submit(to: &session, in: bench.folder)
      try await session.finish()
      try await session.publish()
      await session.close()
      #expect(try bench.content() == "")
      #expect(sink.words == ["pending", "pending", "pending"])
      for file in session.files {
        #expect(file.hasPrefix("\(bench.folder.path)/kept/"))
        #expect(bench.folder.mode(of: String(file.dropFirst(bench.folder.path.count + 1))) == 0o600)
      }
    },
  ]

  /// The name of a field with everything that a format must quote.
  private enum JSONText {
    static let plain = "a.b \"c\", 'd' \\ ü \"\u{301}"
    static let name = #"a.b \"c\", 'd' \\ ü \"\#u{301}"#
  }
}
