import Core
import Files
import Glibc
import Load
import Testing

extension DestinationConformance {
  static let interruptions: [Check] = [
    Check("a session that is closed before its end leaves no trace at an atomic target") { subject in
      for steps in 0..<6 {
        let bench = try DestinationBench(subject)
        let sink = RecordingSink()
        var run = try LoadRun(bench, subject.form.records(6), sink)
        try await run.perform(steps, isCancelled: false)
        await run.session?.close()
        guard bench.isAtomic else { continue }
        #expect(try bench.content() == "", "closed after \(steps) steps")
        #expect(bench.names().filter { $0.hasSuffix(".part") } == [])
        #expect(sink.outcomes.isEmpty)
      }
    },
    Check("after a session was dropped, the part can be loaded from its beginning") { subject in
      let records = subject.form.records(6)
      let expected = try await DestinationBench(subject).undisturbed(records)
      for steps in 1..<7 {
        let bench = try DestinationBench(subject)
        var run: LoadRun? = try LoadRun(bench, records, RecordingSink())
        try await run?.perform(steps, isCancelled: false)
        run = nil
        bench.expectOutcomes(try await bench.load(records), count: 6)
        #expect(try bench.content() == expected, "dropped after \(steps) steps")
      }
    },
    Check("a task can be cancelled before each step") { subject in
      let records = subject.form.records(6)
      let expected = try await DestinationBench(subject).undisturbed(records)
      for steps in 0..<7 {
        let bench = try DestinationBench(subject)
        let sink = RecordingSink()
        try await Task {
          var run = try LoadRun(bench, records, sink)
          try? await run.perform(steps, isCancelled: false)
          withUnsafeCurrentTask { $0?.cancel() }
          try? await run.perform(7, isCancelled: true)
          await run.session?.close()
        }.value
        #expect(sink.outcomes.values.allSatisfy { $0.count == 1 })
        if bench.isAtomic {
          #expect(["", expected].contains(try bench.content()), "cancelled after \(steps) steps")
          #expect(bench.names().filter { $0.hasSuffix(".part") } == [])
        }
        bench.expectOutcomes(try await bench.load(records), count: 6)
        #expect(try bench.content() == expected, "cancelled after \(steps) steps")
      }
    },
    Check("publish after a failed publish") { subject in
      let bench = try DestinationBench(subject)
      let (records, sink) = (subject.form.records(3), RecordingSink())
      guard bench.isAtomic, let target = bench.destination.target(of: records.part()) else { return }
      var session = try await bench.destination.begin(records.part(), reporting: sink)
      try await records.submit(to: &session, in: bench.folder)
      try await session.finish()
      try OutputFile.makeFolder(target.path)
      for _ in 0..<2 {
        await #expect(throws: OperationFailure.self) { try await session.publish() }
        #expect(sink.outcomes.isEmpty && session.files == [])
      }
      #expect(rmdir(target.path) == 0)
      let isPublished = await (try? session.publish()) != nil
      let expected = try await bench.undisturbed(records)
      #expect(try bench.content() == (isPublished ? expected : ""))
      bench.expectOutcomes(sink, count: isPublished ? 3 : 0)
      await session.close()
      bench.expectOutcomes(try await bench.load(records), count: 3)
      #expect(try bench.content() == expected)
    },
    Check("what a killed process left beside the target is removed") { subject in
      let bench = try DestinationBench(subject)
      let records = subject.form.records(2)
      guard let target = bench.destination.target(of: records.part()) else { return }
      try await bench.load(records)
      let before = try bench.content()
      // No process has a number this large.
      let name = ".\(FilePath.name(of: target.path)).\(Int32.max)-abc.part"
      let folder = FilePath.folder(of: target.path).dropFirst(bench.folder.path.count + 1)
      try bench.folder.write("\(folder)/\(name)", "personal data")
      #expect(bench.destination.removeLeftovers(of: records.part()) == [name])
      #expect(!bench.names().contains(name))
      #expect(try bench.content() == before)
    },
  ]
}

/// A load that goes forward step by step: `begin`, three batches, `finish`, `publish`.
private struct LoadRun {
  let bench: DestinationBench
  let records: StagedRecords
  let sink: RecordingSink
  var session: (any LoadSession)?
  private var done = 0
  private let reader: StagedReader
  private let batch: StagedBatch?

  /// Reads all records, because a reader throws in a cancelled task, and is not what is tested.
  init(_ bench: DestinationBench, _ records: StagedRecords, _ sink: RecordingSink) throws {
    self.bench = bench
    self.records = records
    self.sink = sink
    reader = try records.reader(in: bench.folder)
    batch = try reader.next()
  }

  /// Goes on until `steps` steps have been taken.
  ///
  /// - Parameter isCancelled: expects at most a `CancellationError`.
  mutating func perform(_ steps: Int, isCancelled: Bool) async throws {
    do {
      while done < min(steps, 6) {
        try await step()
        done += 1
      }
    } catch {
      #expect(isCancelled && error is CancellationError, "\(error)")
      throw error
    }
  }

  private mutating func step() async throws {
    switch done {
    case 0: session = try await bench.destination.begin(records.part(), reporting: sink)
    case 1...3:
      guard let batch else { return }
      let third = batch.count / 3
      try await session?.submit(batch[(done - 1) * third..<done * third])
    case 4: try await session?.finish()
    default: if bench.isAtomic { try await session?.publish() }
    }
  }
}
