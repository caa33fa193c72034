import Core

/// Fills the journal with what the destination has, from the destination's own list of records.
struct JournalRebuild: Sendable {
  let plan: PartPlan
  let engine: HTTPEngine

  func run(_ list: ListDocument, _ writer: JournalWriter) async throws -> DestinationListing.Counts {
    try await DestinationListing(plan: plan, engine: engine).read(list) { page in
      let digests = StoredDigests(plan)
      let adopted = page.map { entry in
        let own = entry.record.record.flatMap { digests.result(of: $0) }
        return AdoptedRecord(
          key: entry.key, remoteID: entry.record.remoteID, entityTag: entry.record.entityTag, digest: own?.digest,
          fields: own?.fields ?? [])
      }
      try await writer.adopt(adopted, in: plan.scope)
    }
  }
}
