import Core
import GHL
import Records
import Values

/// The result of a search through the whole location.
struct SearchFindings: Sendable {
  /// The search was complete, and its records name the business that they belong to.
  var isWhole = false
  /// Contacts without a business were requested.
  var takesOutsiders = false
  /// The number of contacts of the location that the source reports after the whole search.
  var total: Int?
}

/// The search through the whole location: finds contacts without a business, and contacts that the businesses' lists missed.
extension ContactStream {
  /// It runs if contacts without a business are included or counted, and if a list broke off or ended short.
  mutating func search(_ group: inout Group) async throws {
    let counts = plan.makes(.outside)
    guard counts || !open.isEmpty else { return }
    if !counts {
      observer.receive(.listsEndedEarly(count: open.lists.count))
    }
    do {
      try await walk(&group, counts: counts)
    } catch let failure as GHLFailure where failure.mayConcernOneRecord {
      observer.receive(.partRefused(reason: failure.description))
      // If the search was meant to find what the lists lacked, its failure is reported in any case.
      guard counts else { return }
      _ = try await writer.breakOff(
        ExtractProblem(
          code: .sourceRefused, severity: .error, entity: "contact", record: nil, location: client.configuration.location,
          message: "contacts without a business could not be fetched: \(failure.description)",
          status: failure.status, traceId: failure.traceId))
    }
  }

  private mutating func walk(_ group: inout Group, counts: Bool) async throws {
    found.takesOutsiders = counts && plan.withoutBusiness == .include
    var outside = 0
    var knowsBusinesses = false
    // While a list is open and no record has named its business yet, a missing business proves nothing.
    var undecided: [RawRecord] = []
    var walk = client.contacts()
    // One by one: the search's own total is unreliable, and this costs one call per page.
    while submitted < limit, let page = try await walk.next(client) {
      await writer.notePage()
      for stray in page.strays {
        let problem = ExtractProblem(
          stray, entity: "contact", record: stray.shownId, location: client.configuration.location,
          list: "the location-wide search")
        try await writer.refuse(problem, missing: 1)
      }
      for record in page.records {
        let isNew = record.id.map { !seen.contains($0) } ?? false
        guard isNew || !knowsBusinesses else { continue }
        let business = record.slice["businessId"]?.stringValue ?? ""
        if !business.isEmpty, !knowsBusinesses {
          knowsBusinesses = true
          for earlier in undecided { try await takeOutsider(earlier, "", &outside, &group) }
          undecided = []
        }
        guard isNew else { continue }
        if businesses.contains(business) {
          try await takeMember(record, of: business, &group)
        } else if counts {
          // If all lists are complete, a contact in none of them has no business, whatever the index says.
          if business.isEmpty, !knowsBusinesses, !open.isEmpty {
            undecided.append(record)
          } else {
            try await takeOutsider(record, business, &outside, &group)
          }
        }
      }
    }
    for record in undecided where submitted < limit {
      let business = try await ownBusiness(of: record)
      if businesses.contains(business) {
        try await takeMember(record, of: business, &group)
      } else {
        try await takeOutsider(record, business, &outside, &group)
      }
    }
    guard submitted < limit else { return }
    found.isWhole = knowsBusinesses && walk.count >= walk.claimed ?? 0
    found.total = walk.claimed
    if counts { await writer.setOutsideBusinesses(outside) }
  }

  private mutating func takeMember(_ record: RawRecord, of business: String, _ group: inout Group) async throws {
    open.recover(business)
    try await submit(record, ofMembers, &group)
  }

  private mutating func takeOutsider(
    _ record: RawRecord, _ business: String, _ outside: inout Int, _ group: inout Group
  ) async throws {
    outside += 1
    guard found.takesOutsiders else { return try await writer.leaveOut(.noBusiness, record: record.id, business: business) }
    try await submit(record, ofOutsiders, &group)
  }

  /// According to the contact itself. One that cannot be read fails again when it is fetched.
  private func ownBusiness(of record: RawRecord) async throws -> String {
    guard let id = record.id else { return "" }
    do throws(GHLFailure) {
      return try await client.contact(id).flatMap { $0.slice["businessId"]?.stringValue } ?? ""
    } catch {
      guard !error.endsRun else { throw error }
      return ""
    }
  }
}
