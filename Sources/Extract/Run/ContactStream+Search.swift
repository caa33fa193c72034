import Core
import GHL

/// What a search through the whole location showed.
struct SearchFindings: Sendable {
  /// It came to its end, and its records say to which business they belong.
  var isWhole = false
  /// Contacts of no business were asked for.
  var takesOutsiders = false
  /// What the source says is the number of all contacts of the location, after the whole search.
  var total: Int?
}

/// The search through the whole location: who is in no business, and whom the lists of the businesses missed.
extension ContactStream {
  /// It is made where outsiders are wanted or counted, and where a list broke off or came short.
  mutating func search(_ group: inout Group) async throws {
    let counts = plan.makes(.outside)
    guard counts || !open.isEmpty else { return }
    if !counts {
      observer.note("\(open.lists.count) lists of contacts ended too soon: searching the whole location for the rest")
    }
    do {
      try await walk(&group, counts: counts)
    } catch let failure as GHLFailure where failure.mayConcernOneRecord {
      observer.note(failure.description)
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
    // Where a list is open and no record has said yet to which business it belongs, not saying so proves nothing.
    var undecided: [RawRecord] = []
    var walk = ContactSearch()
    // One by one: the search's own total is not to be relied on, and this costs one call per page.
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
        let business = RecordText.member("businessId", of: record.line) ?? ""
        if !business.isEmpty, !knowsBusinesses {
          knowsBusinesses = true
          for earlier in undecided { try await takeOutsider(earlier, "", &outside, &group) }
          undecided = []
        }
        guard isNew else { continue }
        if businesses.contains(business) {
          try await takeMember(record, of: business, &group)
        } else if counts {
          // Where all lists are whole, who is in none of them is outside, whatever the index says.
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
    found.isWhole = knowsBusinesses && walk.count >= walk.total ?? 0
    found.total = walk.total
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

  /// As the contact itself says. One that cannot be read is met again where it is fetched.
  private func ownBusiness(of record: RawRecord) async throws -> String {
    guard let id = record.id else { return "" }
    do throws(GHLFailure) {
      return try await client.contact(id).flatMap { RecordText.member("businessId", of: $0.line) } ?? ""
    } catch {
      guard !error.endsRun else { throw error }
      return ""
    }
  }
}
