import Core

/// Fills the journal with what the destination has, from the destination's own list of records.
struct JournalRebuild: Sendable {
  let plan: PartPlan
  let engine: HTTPEngine

  /// - Parameter calls: open calls to resolve at the end of the list.
  func run(
    _ list: ListDocument, _ writer: JournalWriter, resolving calls: ListedCalls = ListedCalls()
  ) async throws -> DestinationListing.Counts {
    var calls = calls
    let counts = try await DestinationListing(plan: plan, engine: engine).read(list) { page in
      let digests = StoredDigests(plan)
      let adopted = page.map { entry in
        let adopted = digests.adopted(entry.key, entry.record)
        calls.take(entry.key, entry.record, digest: adopted.digest)
        return adopted
      }
      try await writer.adopt(adopted, in: plan.scope)
    }
    for call in calls.results { try await writer.resolve(call.id, call.results) }
    return counts
  }
}
