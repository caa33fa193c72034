import Control
import Core
import GHL
import HTTP
import Values

/// Lists contacts, reads the records of many contacts at a time, and writes them in the order of the list.
struct ContactStream: Sendable {
  /// The result of reading a contact.
  enum Arrival: Sendable {
    case whole(ContactBundle)
    /// It did not fit in the memory for responses; it is read again when it is next to land.
    case postponed(RawRecord, ContactFetch)
  }

  typealias Group = ThrowingTaskGroup<(Int, Arrival), any Error>

  let client: GHLClient
  let plan: FetchPlan
  let observer: any RunObserver
  let writer: SnapshotWriter
  private let window: Int
  let limit: Int
  private let sizes: KnownSizes
  /// Contacts of a business, and contacts without one: the tasks of the latter cannot be fetched in bulk.
  let ofMembers: ContactFetch
  let ofOutsiders: ContactFetch
  private let landsTasks: Bool

  private(set) var seen = IdentitySet()
  /// Tasks in the file, however they were fetched.
  private var tasksSeen = IdentitySet()
  private(set) var submitted = 0
  private var gone = 0
  /// Contacts that also appeared in the list of another business.
  private var repeated = 0
  private var landed = 0
  /// `landed`, for the tasks that read contacts.
  private let frontier = Frontier()
  private var ready: [Int: Arrival] = [:]
  /// The size of the largest contacts received recently.
  private var usualBytes = 0
  private var outages = 0
  private var refusals = RefusalWatch()
  /// The requested businesses, and those whose list broke off or ended short of what the source reports.
  private(set) var businesses: Set<Name> = []
  var open = OpenLists()
  /// The result of the search.
  var found = SearchFindings()
  /// Businesses whose list was started, with the number of contacts that the source reports.
  private var begun = 0
  private var claimed = 0

  /// About this many bytes of records may wait for those before them.
  private static let heldBytes = 64 << 20
  /// After this many records in a row without a response, the source is considered down.
  private static let outagesAtMost = 20
  /// More contacts than this, and more than this share, cannot have been deleted between listing and reading.
  private static let goneAtMost = 10
  private static let goneAtMostShare = 0.1

  init(_ extractor: Extractor, _ writer: SnapshotWriter, readsTasks: Bool, readsTasksOfMembers: Bool) {
    client = extractor.client
    plan = extractor.plan
    observer = extractor.observer
    self.writer = writer
    window = extractor.options.window
    limit = extractor.options.limit ?? .max
    sizes = extractor.sizes
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
    self.businesses = Set(names: businesses)
    try await writer.open("contact")
    if plan.makes(.notes) { try await writer.open("note") }
    if plan.makes(.appointments) { try await writer.open("appointment") }
    if landsTasks { try await writer.open("task") }
    observer.stageBegan(.extract, of: "contact", size: estimate)
    try await withThrowingTaskGroup(of: (Int, Arrival).self) { group in
      var refusals: [GHLFailure] = []
      for business in businesses where submitted < limit {
        if let refusal = try await readMembers(of: business, &group) { refusals.append(refusal) }
      }
      // Without any list, there is nothing to continue with.
      if let refusal = refusals.last, refusals.count == businesses.count { throw refusal }
      while landed < submitted { try await landNext(&group) }
    }
  }

  /// - Returns: Why the list of this business could not be read to its end.
  private mutating func readMembers(of business: String, _ group: inout Group) async throws -> GHLFailure? {
    var pages = client.contacts(ofBusiness: business)
    var refusal: GHLFailure?
    var isFirst = true
    while submitted < limit {
      let found: GHLPage?
      do throws(GHLFailure) {
        found = try await pages.next(client)
      } catch {
        try await quarantine(business, pages, error)
        refusal = error
        break
      }
      guard let page = found else {
        if pages.isShort { open.add(.init(business: business, came: pages.count, claimed: pages.claimed)) }
        break
      }
      await writer.notePage()
      open.add(page.strays, in: business, claimed: page.claimed)
      if isFirst {
        isFirst = false
        expect(page.claimed)
      }
      for record in page.records { try await submit(record, ofMembers, &group) }
    }
    if let claimed = pages.claimed, submitted < limit { try await writer.noteClaim(claimed, of: "contact") }
    return refusal
  }

  /// A business that is gone or cannot be listed is one problem; the other businesses are still read.
  private mutating func quarantine(_ business: String, _ pages: GHLPages, _ failure: GHLFailure) async throws {
    guard failure.mayConcernOneRecord else { throw failure }
    let problem = ExtractProblem(
      failure, entity: "contact", record: nil, location: client.configuration.location, business: business)
    open.add(
      .init(
        business: business, came: pages.count, claimed: pages.claimed, refusal: try await writer.breakOff(problem)))
    try count(failure.mayRetry ? failure : nil)
  }

  /// For the progress: the total is known once every list has begun, unless contacts outside of the lists are read as well.
  private mutating func expect(_ count: Int?) {
    guard let count else { return }
    begun += 1
    claimed += count
    let isWhole = begun == businesses.count && !plan.makes(.outside)
    observer.stageBegan(.extract, of: "contact", size: isWhole ? .exactly(min(claimed, limit)) : estimate)
  }

  /// What a limit, the newest snapshot or the lists that have begun say; nil before the first one.
  private var estimate: StageSize? {
    if limit < Int.max, sizes.contacts.map({ $0 > limit }) ?? true { return .atMost(limit) }
    if let known = sizes.contacts { return .about(known) }
    guard begun > 0 else { return nil }
    let average = Double(claimed) / Double(begun)
    return .about(Int(min(average * Double(max(1, businesses.count)), 1e15)))
  }

  /// What the search found beyond the lists: contacts without a business, and contacts that a list missed.
  ///
  /// - Parameter tasks: those that are in the file already. Call it once these are written, so that the order of the
  ///   file follows from the source alone.
  mutating func readOutsiders(after tasks: IdentitySet?) async throws {
    if let tasks { tasksSeen = tasks }
    if submitted < limit {
      try await withThrowingTaskGroup(of: (Int, Arrival).self) { group in
        try await search(&group)
        while landed < submitted { try await landNext(&group) }
      }
    }
    try refusals.end()
    try await settleOpenLists()
    try await noteGone()
    try await noteRepeated()
    observer.stageEnded(.extract, of: "contact")
  }

  /// What is missing from the lists that broke off or ended short, after everything was tried.
  private func settleOpenLists() async throws {
    let location = client.configuration.location
    let known = open.unsized.isEmpty || found.isWhole ? nil : sizes.members(of: open.unsized)
    var missing = 0
    var missingOf: [Name: Int] = [:]
    for list in open.lists {
      // With a limit, the limited number is present.
      let isEnough = submitted >= limit
      let count = isEnough ? 0 : open.missing(for: list, searched: found.isWhole, sizes: known)
      missing += count ?? 0
      missingOf[list.business, default: 0] += count ?? 0
      if let refusal = list.refusal {
        if let count { try await writer.settle(refusal, missing: count) }
      } else if let count, count > 0, let claimed = list.claimed {
        let problem = ExtractProblem(
          code: .sourceRefused, severity: .error, entity: "contact", record: nil, location: location,
          message: "business \(list.business): received \(claimed - count) of \(claimed) contacts reported by the source")
        try await writer.refuse(problem, missing: count)
      }
    }
    missing += try await settleStrays(missingOf)
    // With contacts without a business included, the location's own count covers them all.
    guard found.takesOutsiders, submitted < limit, let total = found.total, total > seen.count + missing else { return }
    let problem = ExtractProblem(
      code: .sourceRefused, severity: .error, entity: "contact", record: nil, location: location,
      message: "received \(seen.count) of the location's \(total) contacts reported by the source")
    try await writer.refuse(problem, missing: total - seen.count - missing)
  }

  /// A stray record took the place of a missing one, unless that one is already counted or the search found it, or the
  /// stray is a contact that moved and also appeared in its own list.
  ///
  /// - Parameter counted: the number of contacts known to be missing, by business.
  /// - Returns: how many more are missing.
  private func settleStrays(_ counted: [Name: Int]) async throws -> Int {
    var accounted = open.accounted(missing: counted, searched: found.isWhole)
    var missing = 0
    for (business, stray) in open.strays {
      let isKnown = submitted >= limit || stray.id.map { seen.contains($0) } ?? false
      let problem = ExtractProblem(
        stray, entity: "contact", record: stray.shownId, location: client.configuration.location,
        list: "the list of business \(business)", severity: isKnown ? .warning : .error)
      let isCounted = isKnown || accounted[business, default: 0] > 0
      if !isKnown { accounted[business, default: 0] -= 1 }
      if !isCounted { missing += 1 }
      try await writer.refuse(problem, missing: isCounted ? 0 : 1)
    }
    return missing
  }

  /// Some contacts may be deleted during a run, but not this many.
  private func noteGone() async throws {
    let isMany = gone > Self.goneAtMost && Double(gone) > Double(landed) * Self.goneAtMostShare
    guard gone > 0, isMany || gone == landed else { return }
    let problem = ExtractProblem(
      code: .sourceRefused, severity: .error, entity: "contact", record: nil, location: client.configuration.location,
      message: "\(gone) of \(landed) listed contacts were refused with 400 or 404: too many to have been deleted in the meantime")
    try await writer.refuse(problem, missing: gone)
  }

  /// Records left out as duplicates are also reported.
  private func noteRepeated() async throws {
    guard repeated > 0 else { return }
    let what =
      repeated == 1
      ? "1 contact appeared in the lists of several businesses, and is included"
      : "\(repeated) contacts appeared in the lists of several businesses, and are included"
    let problem = ExtractProblem(
      code: .duplicateRecord, severity: .note, entity: "contact", record: nil, location: client.configuration.location,
      message: "\(what) once")
    try await writer.refuse(problem)
  }

  mutating func submit(_ record: RawRecord, _ fetch: ContactFetch, _ group: inout Group) async throws {
    guard submitted < limit else { return }
    guard record.id.map({ seen.insert($0) }) ?? true else {
      repeated += 1
      return
    }
    let index = submitted
    submitted += 1
    if fetch.isListOnly {
      ready[index] = .whole(ContactBundle(record: record))
      try await landReady()
      return
    }
    group.addTask { [frontier] in
      // A contact waits in memory for the contacts before it.
      let hold = AnswerHold { frontier.landed == index }
      do {
        var bundle = try await AnswerHold.$current.withValue(hold) { try await fetch.fetch(record) }
        bundle.hold = hold
        return (index, .whole(bundle))
      } catch {
        guard hold.isPostponed, !Task.isCancelled else { throw error }
        return (index, .postponed(record, fetch))
      }
    }
    while submitted - landed >= room { try await landNext(&group) }
  }

  /// How many contacts may be under way at once: fewer if they are large, since they wait for those before them.
  private var room: Int { max(1, min(window, Self.heldBytes / max(1, usualBytes))) }

  private mutating func landNext(_ group: inout Group) async throws {
    guard let (index, arrival) = try await group.next() else { return }
    let bytes = if case .whole(let bundle) = arrival { bundle.bytes } else { Self.heldBytes }
    usualBytes = max(bytes, usualBytes - usualBytes / 8)
    ready[index] = arrival
    try await landReady()
  }

  /// After how many contacts the requests are counted.
  private static let landedPerCount = 50

  private mutating func landReady() async throws {
    while let arrival = ready.removeValue(forKey: landed) {
      let bundle =
        switch arrival {
        case .whole(let bundle): bundle
        case .postponed(let record, let fetch): try await fetch.fetch(record)
        }
      landed += 1
      try await land(bundle)
      frontier.landed = landed
      observer.stageAdvanced(.extract, of: "contact", done: landed)
      if landed % Self.landedPerCount == 0 {
        let quota = await client.quota
        observer.receive(.requestsCounted(made: quota.made, remaining: quota.remaining))
      }
    }
  }

  private mutating func land(_ bundle: ContactBundle) async throws {
    if bundle.isGone {
      gone += 1
      try await writer.noteGone("contact")
      for problem in bundle.problems { try await writer.refuse(problem) }
      return
    }
    if let record = bundle.record { try await writer.append([record], to: "contact") }
    if !bundle.notes.isEmpty { try await writer.append(bundle.notes, to: "note") }
    if !bundle.appointments.isEmpty { try await writer.append(bundle.appointments, to: "appointment") }
    let tasks = bundle.tasks.filter { $0.id.map { tasksSeen.insert($0) } ?? true }
    if !tasks.isEmpty { try await writer.append(tasks, to: "task") }
    for problem in bundle.problems { try await writer.refuse(problem, missing: 1) }
    try refusals.take(bundle)
    try count(bundle.outage)
  }

  private mutating func count(_ outage: GHLFailure?) throws(GHLFailure) {
    // A source that mixes some records up is not down.
    let isMixedUp = outage?.kind == .wrongRecord && refusals.hasAnswers
    outages = outage == nil || isMixedUp ? 0 : outages + 1
    if let outage, outages >= Self.outagesAtMost { throw outage }
  }
}
