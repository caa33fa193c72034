package import Core
import Load
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
    package let form: RecordForm

    package init(
      _ name: String, namesFields: Bool = false, form: RecordForm = RecordForm(),
      make: @escaping @Sendable (TemporaryFolder) throws -> any Destination,
      content: @escaping @Sendable (any Destination, TemporaryFolder) throws -> String
    ) {
      self.name = name
      self.namesFields = namesFields
      self.form = form
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

  /// What the records that are loaded look like; the defaults suit a destination that takes any field.
  package struct RecordForm: Sendable {
    /// The path of a text.
    package var city = ["address", "city"]
    /// A field that identifies each record to the destination, with an e-mail address; nil: there is none.
    package var email: String?
    /// What replaces an empty list of tags, as JSON.
    package var otherTags = "[1]"
    /// A field that a record does not have stays as it is.
    package var keepsMissing = false
    /// The number of records that are many.
    package var many = 2_000

    package init() {}

    /// `"address":{"city":"Köln 0"}`
    ///
    /// - Parameter text: JSON.
    func city(_ text: String) -> String {
      let (first, rest) = (city[0], city.dropFirst())
      return #""\#(first)":"# + rest.map { #"{"\#($0)":"# }.joined() + text + rest.map { _ in "}" }.joined()
    }

    /// Records with texts, lists, nested fields, nulls, and fields that are missing.
    func records(_ count: Int) -> StagedRecords {
      let own: [LoadColumn] = email.map { [LoadColumn(path: [$0], types: .string)] } ?? []
      return StagedRecords(
        (0..<count).map { index in
          let key = #""id":"k\#(index)""# + (email.map { #","\#($0)":"k\#(index)@x.io""# } ?? "")
          return switch index % 3 {
          case 0: #"{\#(key),\#(city(#""Köln \#(index)""#)),"tags":["a","\"\#(index)"]}"#
          case 1: #"{\#(key),\#(city("null")),"tags":[]}"#
          default: "{\(key)}"
          }
        },
        columns: [LoadColumn(path: ["id"], types: .string), LoadColumn(path: city, types: [.string, .null])]
          + [LoadColumn(path: ["tags"], types: .array)] + own)
    }
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
  func records(_ count: Int) -> StagedRecords { subject.form.records(count) }

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

  /// Nil: the form of its records is known only once the destination has been read.
  func totals(_ records: StagedRecords, size: Int) throws -> LoadedTotals? {
    let options = TotalsOptions(scratch: folder.path, digestKey: [])
    guard var session = try destination.beginTotals(records.part(), options) else { return nil }
    let reader = try records.reader(in: folder)
    while let batch = try reader.next() {
      for start in stride(from: 0, to: batch.count, by: size) { try session.add(batch[start..<min(start + size, batch.count)]) }
    }
    return try session.finish()
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
