import Core
import GHL

/// Lists contacts, reads what belongs to each many at a time, and lands them in the order of the list.
struct ContactStream {
  private typealias Group = ThrowingTaskGroup<(Int, ContactBundle), any Error>

  private let client: GHLClient
  private let plan: FetchPlan
  private let observer: any RunObserver
  private let writer: SnapshotWriter
  private let window: Int
  private let limit: Int
  /// Of members of a business, and of contacts that belong to none: these have no tasks in bulk.
  private let ofMembers: ContactFetch
  private let ofOutsiders: ContactFetch
  private let landsTasks: Bool

  private var seen = IdentifierSet()
  private var submitted = 0
  private var landed = 0
  private var ready: [Int: ContactBundle] = [:]
  private var outages = 0

  /// So many records in a row without an answer: the source is down, and each further record would only add to it.
  private static let outagesAtMost = 20

  init(_ extractor: Extractor, _ writer: SnapshotWriter, readsTasks: Bool, readsTasksOfMembers: Bool) {
    client = extractor.client
    plan = extractor.plan
    observer = extractor.observer
    self.writer = writer
    window = extractor.options.window
    limit = extractor.options.limit ?? .max
    let (client, plan) = (extractor.client, extractor.plan)
    func fetch(tasks: Bool) -> ContactFetch {
      ContactFetch(
        client: client, readsDetail: plan.makes(.detail), readsNotes: plan.makes(.notes),
        readsAppointments: plan.makes(.appointments), readsTasks: tasks)
    }
    ofMembers = fetch(tasks: readsTasksOfMembers)
    ofOutsiders = fetch(tasks: readsTasks)
    landsTasks = readsTasks
  }

  mutating func read(_ businesses: [String]) async throws {
    try await writer.open("contact")
    if plan.makes(.notes) { try await writer.open("note") }
    if plan.makes(.appointments) { try await writer.open("appointment") }
    if landsTasks { try await writer.open("task") }
    observer.stageBegan(.extract, of: "contact", expected: nil)
    try await withThrowingTaskGroup(of: (Int, ContactBundle).self) { group in
      for business in businesses where submitted < limit {
        var pages = ContactsOfBusiness(business: business)
        while submitted < limit, let page = try await pages.next(client) {
          await writer.notePage()
          for record in page.records { try await submit(record, ofMembers, &group) }
        }
        if let claimed = pages.claimed, submitted < limit { try await writer.noteClaim(claimed, of: "contact") }
      }
      if submitted < limit { try await readOutsiders(&group) }
      while landed < submitted { try await landNext(&group) }
    }
    observer.stageEnded(.extract, of: "contact")
  }

  /// Contacts that belong to no business: those that no business's list had.
  private mutating func readOutsiders(_ group: inout Group) async throws {
    switch plan.withoutBusiness {
    case .ignore: return
    case .count:
      // With some of the businesses only, what is left over says nothing.
      guard plan.businesses == .all else { return }
      // One by one: the search's own total is not to be relied on, and this costs one call per page.
      await writer.setOutsideBusinesses(try await countOutsiders())
    case .include:
      var count = 0
      var walk = ContactSearch()
      while submitted < limit, let page = try await walk.next(client) {
        await writer.notePage()
        let outsiders = page.records.filter { isOutside($0) }
        count += outsiders.count
        for record in outsiders { try await submit(record, ofOutsiders, &group) }
      }
      if submitted < limit { await writer.setOutsideBusinesses(count) }
    }
  }

  private func countOutsiders() async throws -> Int {
    var count = 0
    var walk = ContactSearch()
    while let page = try await walk.next(client) {
      await writer.notePage()
      count += page.records.count { isOutside($0) }
    }
    return count
  }

  private func isOutside(_ record: RawRecord) -> Bool {
    guard let id = record.id, !seen.contains(id) else { return false }
    // Where all businesses were read, who was in none of them is outside, whatever the index says.
    return plan.businesses == .all || (RecordText.member("businessId", of: record.line) ?? "").isEmpty
  }

  private mutating func submit(_ record: RawRecord, _ fetch: ContactFetch, _ group: inout Group) async throws {
    guard submitted < limit, record.id.map({ seen.insert($0) }) ?? true else { return }
    let index = submitted
    submitted += 1
    if fetch.isListOnly {
      ready[index] = ContactBundle(record: record)
      try await landReady()
      return
    }
    group.addTask { (index, try await fetch.fetch(record)) }
    while submitted - landed >= window { try await landNext(&group) }
  }

  private mutating func landNext(_ group: inout Group) async throws {
    guard let (index, bundle) = try await group.next() else { return }
    ready[index] = bundle
    try await landReady()
  }

  private mutating func landReady() async throws {
    while let bundle = ready.removeValue(forKey: landed) {
      landed += 1
      try await land(bundle)
      observer.stageAdvanced(.extract, of: "contact", done: landed)
    }
  }

  private mutating func land(_ bundle: ContactBundle) async throws {
    if bundle.isGone {
      try await writer.noteGone("contact")
      return
    }
    if let record = bundle.record { try await writer.append([record], to: "contact") }
    if !bundle.notes.isEmpty { try await writer.append(bundle.notes, to: "note") }
    if !bundle.appointments.isEmpty { try await writer.append(bundle.appointments, to: "appointment") }
    if !bundle.tasks.isEmpty { try await writer.append(bundle.tasks, to: "task") }
    for problem in bundle.problems { try await writer.refuse(problem, isMissing: true) }
    outages = bundle.outage == nil ? 0 : outages + 1
    if let outage = bundle.outage, outages >= Self.outagesAtMost { throw outage }
  }
}
