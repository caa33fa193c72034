import Core
import GHL

/// Lists contacts, reads what belongs to each many at a time, and lands them in the order of the list.
struct ContactStream: Sendable {
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
  /// Tasks that are in the file, of whichever way they came.
  private var tasksSeen = IdentifierSet()
  private var submitted = 0
  private var landed = 0
  private var ready: [Int: ContactBundle] = [:]
  private var outages = 0
  /// Businesses that were asked for, and those of them whose list came short of what the source says.
  private var businesses: Set<String> = []
  private var shortages: [Shortage] = []
  /// Contacts that only the search brought, by their business.
  private var missed: [String: Int] = [:]

  private struct Shortage {
    var business: String
    var came: Int
    var claimed: Int
  }

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

  /// The contacts of each business, in the order of its list.
  mutating func readMembers(_ businesses: [String]) async throws {
    self.businesses = Set(businesses)
    try await writer.open("contact")
    if plan.makes(.notes) { try await writer.open("note") }
    if plan.makes(.appointments) { try await writer.open("appointment") }
    if landsTasks { try await writer.open("task") }
    observer.stageBegan(.extract, of: "contact", expected: nil)
    try await withThrowingTaskGroup(of: (Int, ContactBundle).self) { group in
      var refusals: [GHLFailure] = []
      for business in businesses where submitted < limit {
        if let refusal = try await readMembers(of: business, &group) { refusals.append(refusal) }
      }
      // Without any list there is nothing to go on with.
      if let refusal = refusals.last, refusals.count == businesses.count { throw refusal }
      while landed < submitted { try await landNext(&group) }
    }
  }

  /// - Returns: why the list of this business could not be read to its end.
  private mutating func readMembers(of business: String, _ group: inout Group) async throws -> GHLFailure? {
    var pages = ContactsOfBusiness(business: business)
    var refusal: GHLFailure?
    while submitted < limit {
      let found: GHLPage?
      do throws(GHLFailure) {
        found = try await pages.next(client)
      } catch {
        try await quarantine(business, error)
        refusal = error
        break
      }
      guard let page = found else {
        if let claimed = pages.claimed, pages.count < claimed {
          shortages.append(Shortage(business: business, came: pages.count, claimed: claimed))
        }
        break
      }
      await writer.notePage()
      for record in page.records { try await submit(record, ofMembers, &group) }
    }
    if let claimed = pages.claimed, submitted < limit { try await writer.noteClaim(claimed, of: "contact") }
    return refusal
  }

  /// One business that is gone or cannot be listed is a problem of its own; the others are read.
  private mutating func quarantine(_ business: String, _ failure: GHLFailure) async throws {
    switch failure.kind {
    case .notFound, .validation, .serverError, .timedOut, .unreachable: break
    default: throw failure
    }
    let problem = ExtractProblem(
      failure, entity: "contact", record: nil, location: client.configuration.location, business: business)
    try await writer.refuse(problem, isMissing: true)
    try count(failure.mayRetry ? failure : nil)
  }

  /// What the search has beyond the lists: contacts that belong to no business, and members that a list missed.
  ///
  /// - Parameter tasks: those that are in the file already. Call it once these are written, so that the order of the
  ///   file follows from the source alone.
  mutating func readOutsiders(after tasks: IdentifierSet?) async throws {
    if let tasks { tasksSeen = tasks }
    if submitted < limit {
      try await withThrowingTaskGroup(of: (Int, ContactBundle).self) { group in
        try await search(&group)
        while landed < submitted { try await landNext(&group) }
      }
    }
    if submitted < limit { try await noteShortages() }
    observer.stageEnded(.extract, of: "contact")
  }

  private mutating func search(_ group: inout Group) async throws {
    let takesOutsiders: Bool
    switch plan.withoutBusiness {
    case .ignore: return
    case .count:
      // With some of the businesses only, what is left over says nothing.
      guard plan.businesses == .all else { return }
      takesOutsiders = false
    case .include: takesOutsiders = true
    }
    var outside = 0
    var walk = ContactSearch()
    // One by one: the search's own total is not to be relied on, and this costs one call per page.
    while submitted < limit, let page = try await walk.next(client) {
      await writer.notePage()
      for record in page.records where record.id.map({ !seen.contains($0) }) ?? false {
        let business = RecordText.member("businessId", of: record.line) ?? ""
        if businesses.contains(business) {
          missed[business, default: 0] += 1
          try await submit(record, ofMembers, &group)
        } else if plan.businesses == .all || business.isEmpty {
          // Where all businesses were read, who is in none of them is outside, whatever the index says.
          outside += 1
          if takesOutsiders { try await submit(record, ofOutsiders, &group) }
        }
      }
    }
    if submitted < limit { await writer.setOutsideBusinesses(outside) }
  }

  private func noteShortages() async throws {
    for shortage in shortages {
      let came = shortage.came + missed[shortage.business, default: 0]
      guard came < shortage.claimed else { continue }
      let problem = ExtractProblem(
        code: .sourceRefused, severity: .warning, entity: "contact", record: nil, location: client.configuration.location,
        message: "business \(shortage.business): \(came) came of \(shortage.claimed) that the source says it has")
      try await writer.refuse(problem, isMissing: false)
    }
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
      for problem in bundle.problems { try await writer.refuse(problem, isMissing: false) }
      return
    }
    if let record = bundle.record { try await writer.append([record], to: "contact") }
    if !bundle.notes.isEmpty { try await writer.append(bundle.notes, to: "note") }
    if !bundle.appointments.isEmpty { try await writer.append(bundle.appointments, to: "appointment") }
    let tasks = bundle.tasks.filter { $0.id.map { tasksSeen.insert($0) } ?? true }
    if !tasks.isEmpty { try await writer.append(tasks, to: "task") }
    for problem in bundle.problems { try await writer.refuse(problem, isMissing: true) }
    try count(bundle.outage)
  }

  private mutating func count(_ outage: GHLFailure?) throws(GHLFailure) {
    outages = outage == nil ? 0 : outages + 1
    if let outage, outages >= Self.outagesAtMost { throw outage }
  }
}
