import Core
import GRDB
import Load
import Records
import TestSupport
import Testing

@Suite struct DestinationConformanceTests {
  /// One line for each implementation.
  static let subjects: [DestinationConformance.Subject] = [
    file(.csv(.init())), file(.ndjson), file(.json), sqlite(.upsert), sqlite(.replace), incremental("", lossPeriod: nil),
    incremental(" that loses responses", lossPeriod: 5),
    http("", { $0 }), http(" in batches", { try $0.inBatches }), http(" that loses responses", { $0.losing }),
    .init("count", make: { _ in CountingDestination() }, content: { destination, _ in counted(destination) }),
  ]

  @Test(.ends(withinMinutes: 10), arguments: subjects, DestinationConformance.checks)
  func `a destination honors its contract`(
    subject: DestinationConformance.Subject, check: DestinationConformance.Check
  ) async throws {
    try await check.run(subject)
  }

  private static func file(_ format: FileFormat) -> DestinationConformance.Subject {
    .init(
      format.name, namesFields: true,
      make: { FileDestination(name: "x", path: try PathTemplate("\($0.path)/out/{mapping}"), format: format) },
      content: { _, folder in folder.read("out/people") ?? "" })
  }

  private static func sqlite(_ mode: SQLiteMode) -> DestinationConformance.Subject {
    .init(
      "sqlite \(mode.rawValue)", namesFields: true,
      make: {
        SQLiteDestination(
          name: "x", path: try PathTemplate("\($0.path)/out/{mapping}.sqlite"), table: try PathTemplate("{location} {mapping}"),
          mode: mode)
      }, content: { _, folder in try SQLiteContent.text(of: "loc1 people", in: "\(folder.path)/out/people.sqlite") })
  }

  private static func incremental(_ name: String, lossPeriod: Int?) -> DestinationConformance.Subject {
    .init(
      "incremental fake\(name)", make: { _ in IncrementalFake(lossPeriod: lossPeriod) },
      content: { destination, _ in (destination as? IncrementalFake)?.content ?? "" })
  }

  private static func http(
    _ name: String, _ change: @escaping @Sendable (HTTPBench) throws -> HTTPBench
  ) -> DestinationConformance.Subject {
    .init(
      "http\(name)", namesFields: true, make: { _ in BenchedDestination(try change(try HTTPBench(FakeAPI()))) },
      content: { destination, _ in (destination as? BenchedDestination)?.bench.api.text ?? "" })
  }

  private static func counted(_ destination: any Destination) -> String {
    let counts = (destination as? CountingDestination)?.counts.withLock { $0 } ?? [:]
    return counts.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)\n" }.joined()
  }
}
