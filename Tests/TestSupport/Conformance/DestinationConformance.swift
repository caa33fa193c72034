package import Core
import Testing

/// The contract of every `Destination`: one table of checks, run over each implementation.
///
///     @Test(arguments: subjects, DestinationConformance.checks)
///     func `a destination honors its contract`(subject: DestinationConformance.Subject, check: DestinationConformance.Check) async throws {
///       try await check.run(subject)
///     }
package enum DestinationConformance {
  /// An implementation under test.
  package struct Subject: Sendable, CustomTestStringConvertible {
    package let name: String
    /// Makes a destination with a target of its own, which is empty. Files go below the folder.
    package let make: @Sendable (TemporaryFolder) throws -> any Destination
    /// What the target has, as text, in an order that does not depend on how it got there; empty: nothing.
    package let content: @Sendable (any Destination, TemporaryFolder) throws -> String
    /// Its predictions name the fields that change.
    package let namesFields: Bool

    package init(
      _ name: String, namesFields: Bool = false, make: @escaping @Sendable (TemporaryFolder) throws -> any Destination,
      content: @escaping @Sendable (any Destination, TemporaryFolder) throws -> String
    ) {
      self.name = name
      self.namesFields = namesFields
      self.make = make
      self.content = content
    }

    package var testDescription: String { name }
  }

  package struct Check: Sendable, CustomTestStringConvertible {
    package let testDescription: String
    package let run: @Sendable (Subject) async throws -> Void

    init(_ testDescription: String, _ run: @escaping @Sendable (Subject) async throws -> Void) {
      self.testDescription = testDescription
      self.run = run
    }
  }

  package static let checks = outcomes + interruptions + forecasts

  /// Records with texts, lists, nested fields, nulls, and fields that are missing.
  static func records(_ count: Int, mapping: String = "people") -> StagedRecords {
    StagedRecords(
      (0..<count).map { index in
        switch index % 3 {
        case 0: #"{"id":"k\#(index)","address":{"city":"Köln \#(index)"},"tags":["a","\"\#(index)"]}"#
        case 1: #"{"id":"k\#(index)","address":{"city":null},"tags":[]}"#
        default: #"{"id":"k\#(index)"}"#
        }
      },
      columns: [
        LoadColumn(path: ["id"], types: .string), LoadColumn(path: ["address", "city"], types: [.string, .null]),
        LoadColumn(path: ["tags"], types: .array),
      ], mapping: mapping)
  }
}

/// One destination with its target, and how records are loaded into it.
struct DestinationBench {
  let subject: DestinationConformance.Subject
  let folder = TemporaryFolder()
  let destination: any Destination

  init(_ subject: DestinationConformance.Subject) throws {
    self.subject = subject
    destination = try subject.make(folder)
  }

  var isAtomic: Bool { destination.traits.delivery == .atomic }
  func content() throws -> String { try subject.content(destination, folder) }

  /// What is in the folder beside the staged records, with the files below it.
  func names() -> [String] { folder.names().filter { !$0.hasPrefix("staged-") }.flatMap { [$0] + folder.names(in: $0) } }

  /// From the check to the end.
  @discardableResult
  func load(_ records: StagedRecords, size: Int? = nil) async throws -> RecordingSink {
    let sink = RecordingSink()
    try destination.check(records.part())
    var session = try await destination.begin(records.part(), reporting: sink)
    try await records.submit(to: &session, in: folder, size: size)
    try await session.finish()
    if isAtomic { try await session.publish() }
    await session.close()
    return sink
  }

  /// Nil: the destination cannot be read back.
  func compare(_ records: StagedRecords, size: Int? = nil) async throws -> (StoredCounts, [StoredDifference])? {
    let options = ComparisonOptions(isWhole: true, scratch: folder.path)
    var session: any ComparisonSession
    do { session = try await destination.beginComparing(records.part(), options) } catch let failure as OperationFailure {
      #expect(failure.code == .configuration)
      return nil
    }
    try await records.submit(to: &session, in: folder, size: size)
    var differences: [StoredDifference] = []
    let counts = try await session.compare { differences.append($0) }
    await session.close()
    await session.close()
    return (counts, differences)
  }

  /// What a separate target has after an undisturbed load.
  func undisturbed(_ records: StagedRecords) async throws -> String {
    let other = try DestinationBench(subject)
    try await other.load(records)
    return try other.content()
  }

  /// Each record has one outcome, which says that it has been loaded or that this is not known.
  func expectOutcomes(_ sink: RecordingSink, count: Int, _ place: SourceLocation = #_sourceLocation) {
    let outcomes = sink.outcomes
    #expect(outcomes.keys.sorted() == (0..<UInt64(count)).map { $0 }, sourceLocation: place)
    #expect(outcomes.values.allSatisfy { $0.count == 1 }, sourceLocation: place)
    let known: Set<Outcome> = [.written, .created, .updated, .unchanged, .pending]
    #expect(Set(outcomes.values.joined().map(\.outcome)).isSubset(of: known), sourceLocation: place)
    let pending = outcomes.filter { $0.value.contains { $0.outcome == .pending } }.keys
    let problems = sink.problems
    #expect(pending.allSatisfy { problems[$0]?.isEmpty == false }, "a pending record needs a reason", sourceLocation: place)
  }
}
