import Core
import GHL
import TestSupport
import Testing

@testable import Load

/// The contract of every destination, with contacts of a `ghl` destination.
@Suite struct GHLConformanceTests {
  static let subjects: [DestinationConformance.Subject] = [
    subject("ghl") { _ in },
    subject("ghl v3 that loses responses", .v3) { bench in
      bench.api.setScript { $0.isWrite && $0.number % 4 == 0 ? .lostAfter : nil }
    },
  ]

  @Test(.ends(withinMinutes: 5), arguments: subjects, DestinationConformance.checks)
  func `a destination honors its contract`(
    subject: DestinationConformance.Subject, check: DestinationConformance.Check
  ) async throws {
    try await check.run(subject)
  }

  /// GHL knows contacts by their e-mail addresses, has only texts as tags, and keeps what an update leaves out.
  private static func subject(
    _ name: String, _ generation: GHLVersions.Generation = .dated, _ prepare: @escaping @Sendable (GHLBench) -> Void
  ) -> DestinationConformance.Subject {
    var form = DestinationConformance.RecordForm()
    (form.city, form.email, form.otherTags) = (["city"], "email", #"["b"]"#)
    (form.keepsMissing, form.many) = (true, 60)
    return .init(
      name, namesFields: true, form: form,
      make: { _ in
        let bench = try GHLBench(generation) { $0.replacesTags = true }
        prepare(bench)
        return BenchedGHL(bench: bench)
      },
      content: { destination, _ in try (destination as? BenchedGHL)?.content ?? "" })
  }
}

/// The destination of a bench, whose state is the bench's: each load is that of a new process.
private struct BenchedGHL: Destination {
  let bench: GHLBench
  let name = "crm"
  let traits = DestinationTraits(delivery: .incremental)

  /// Each contact as text, in an order that does not depend on how it got there.
  var content: String {
    get throws {
      try bench.contacts().map { contact in
        let tags = (contact["tags"]?.arrayValue ?? []).map(\.text).sorted().joined(separator: " ")
        return "\(contact["email"]?.text ?? "-") \(contact["city"]?.text ?? "-") \(tags)\n"
      }.sorted().joined()
    }
  }

  /// Whatever the mapping is called, it is loaded in the same way.
  private func destination(of part: LoadPart) -> HTTPDestination {
    var bench = bench
    bench.document.parts[0].mapping = part.mapping
    return bench.destination()
  }

  func check(_ part: LoadPart) throws(OperationFailure) { try destination(of: part).check(part) }

  func begin(_ part: LoadPart, reporting sink: any OutcomeSink) async throws -> any LoadSession {
    try Task.checkCancellation()
    return try await destination(of: part).begin(part, reporting: sink)
  }

  func forecast(
    _ part: LoadPart, _ request: ForecastRequest, to sink: any ForecastSink
  ) async throws -> any LoadSession {
    try await destination(of: part).forecast(part, request, to: sink)
  }

  func beginComparing(_ part: LoadPart, _ options: ComparisonOptions) async throws -> any ComparisonSession {
    try await destination(of: part).beginComparing(part, options)
  }
}
