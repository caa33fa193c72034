package import Core
package import GHL
import Records
import Values

/// Reads one location into a snapshot, following a plan.
///
///     businesses ─▶ contacts of each, in the list's order ─▶ per contact: detail, notes, appointments (many at once)
///                └▶ tasks of each
///     then the contacts that belong to no business, and their tasks
///
/// Files are written in the order of the lists, whatever the order of the responses: a window of contacts in progress is
/// held. A record that is still refused after all retries is a problem, and the run continues; a failure that would affect
/// every record (a wrong token, a spent quota) ends it.
package struct Extractor: Sendable {
  package struct Options: Sendable {
    /// `.waybill/snapshots`.
    package var snapshots: String
    /// Joins this snapshot, for another location; nil: a new one.
    package var snapshotId: String?
    /// At most this many contacts.
    package var limit: Int?
    /// How the extraction is narrowed on request, for the manifest.
    package var narrowing: Narrowing?
    /// Contacts in progress at the same time.
    package var window: Int

    package init(
      snapshots: String, snapshotId: String? = nil, limit: Int? = nil, narrowing: Narrowing? = nil, window: Int = 64
    ) {
      self.narrowing = narrowing
      self.snapshots = snapshots
      self.snapshotId = snapshotId
      self.limit = limit
      self.window = max(1, window)
    }
  }

  let client: GHLClient
  let plan: FetchPlan
  let options: Options
  let observer: any RunObserver
  let sizes: KnownSizes

  package init(client: GHLClient, plan: FetchPlan, options: Options, observer: any RunObserver = SilentObserver()) {
    self.client = client
    self.plan = plan
    self.options = options
    self.observer = observer
    sizes = KnownSizes(snapshots: options.snapshots, location: client.configuration.location, plan: plan)
  }

  /// Never throws: the result has the failure, and everything that was fetched before it. A cancelled task ends it with
  /// a consistent, incomplete snapshot.
  package func run() async -> ExtractResult {
    let writer: SnapshotWriter
    do throws(OperationFailure) {
      writer = try SnapshotWriter(
        root: options.snapshots, id: options.snapshotId, location: client.configuration.location, limit: options.limit,
        narrowing: options.narrowing, plan: plan)
    } catch {
      return ExtractResult(snapshot: nil, problems: [], quota: await client.quota, failure: .snapshot(error))
    }
    var failure: ExtractFailure?
    do {
      try await extract(to: writer)
    } catch let error as ExtractFailure {
      failure = error
    } catch let error as GHLFailure {
      failure = .source(error)
    } catch let error as OperationFailure {
      failure = .snapshot(error)
    } catch {
      failure = .source(GHLFailure(.cancelled, ""))
    }
    let quota = await client.quota
    do throws(OperationFailure) {
      let end = try await writer.finish(failure: failure, quota: quota)
      return ExtractResult(
        snapshot: Snapshot(folder: writer.folder, manifest: end.manifest), problems: end.problems, notes: end.notes, quota: quota,
        failure: failure)
    } catch {
      let state = await writer.state
      return ExtractResult(
        snapshot: Snapshot(folder: writer.folder, manifest: state.manifest), problems: state.problems, quota: quota,
        failure: failure ?? .snapshot(error))
    }
  }

  private var location: String { client.configuration.location }

  private func extract(to writer: SnapshotWriter) async throws {
    let location = try await readLocation(writer)
    if plan.makes(.customFields) { try await writer.writeCustomFields(try await client.customFields()) }
    if plan.makes(.users) { try await readUsers(writer, company: location?.companyId) }
    guard plan.makes(.businesses) else { return }
    let businesses = try await readBusinesses(writer)
    let tasks = try await chooseTasks(businesses)
    if tasks == .byContact, !plan.makes(.list) {
      try await Extractor(client: client, plan: plan.listingContacts, options: options, observer: observer)
        .readContacts(businesses, tasks, writer)
    } else {
      try await readContacts(businesses, tasks, writer)
    }
  }

  private func readContacts(_ businesses: [String], _ tasks: TaskWay, _ writer: SnapshotWriter) async throws {
    await writer.setCalls(plan)
    guard plan.makes(.list) else {
      if tasks == .byBusiness { _ = try await readTasks(businesses, writer) }
      return
    }

    // The contacts and the tasks of businesses have files of their own, so they are read concurrently. Contacts without a
    // business also have tasks: these follow, or the order of the file would depend on the order of the responses.
    var stream = ContactStream(self, writer, readsTasks: tasks != .none, readsTasksOfMembers: tasks == .byContact)
    var tasksOfBusinesses: IdentitySet?
    try await withThrowingTaskGroup(of: Part.self) { group in
      if tasks == .byBusiness {
        group.addTask { .tasks(try await self.readTasks(businesses, writer)) }
      }
      group.addTask { [stream] in
        var members = stream
        try await members.readMembers(businesses)
        return .contacts(members)
      }
      for try await part in group {
        switch part {
        case .tasks(let seen): tasksOfBusinesses = seen
        case .contacts(let members): stream = members
        }
      }
    }
    try await stream.readOutsiders(after: tasksOfBusinesses)
  }

  private enum Part: Sendable {
    case tasks(IdentitySet)
    case contacts(ContactStream)
  }

  // MARK: What comes first

  /// Where the token may not read it, and nothing needs its zone, its country or its company, the run goes on without.
  private func readLocation(_ writer: SnapshotWriter) async throws -> GHLLocation? {
    do throws(GHLFailure) {
      let location = try await client.location()
      await writer.setLocation(location)
      return location
    } catch {
      // Any other failure of the first call, in the server or the network, would affect the next ones as well.
      guard error.kind == .scopeMissing else { throw error }
      if let reasons = plan.reasons[.location] { throw ExtractFailure.locationNeeded(error, by: reasons) }
      let problem = ExtractProblem(
        error, entity: "location", record: nil, location: client.configuration.location, severity: .warning)
      try await writer.refuse(problem)
      observer.receive(.partRefused(reason: error.description))
      return nil
    }
  }

  private func readUsers(_ writer: SnapshotWriter, company: String?) async throws {
    try await writer.open("user")
    guard let company else {
      throw GHLFailure(
        .malformedAnswer, "the location's response has no companyId, which is needed to list users", endpoint: .users)
    }
    var walk = client.users(company: company)
    try await readAll(&walk, to: "user", writer)
  }

  private func readBusinesses(_ writer: SnapshotWriter) async throws -> [String] {
    try await writer.open("business")
    var walk = client.businesses()
    var found: [(id: String, name: String)] = []
    var strays = 0
    while let page = try await walk.next(client) {
      try await writer.append(page.records, to: "business")
      await writer.notePage()
      strays += try await refuse(page.strays, of: "business", writer)
      found += page.records.compactMap { record in record.id.map { ($0, record.slice["name"]?.stringValue ?? "") } }
    }
    try await noteShort(walk, of: "business", besides: strays, writer)
    if case .all = plan.businesses, plan.makes(.list), strays > 0 || walk.isShort {
      // The number of contacts of the unlisted businesses is unknown.
      let problem = ExtractProblem(
        code: .sourceRefused, severity: .error, entity: "contact", record: nil, location: location,
        message: "the list of businesses is incomplete: contacts of the missing businesses are missing as well")
      _ = try await writer.breakOff(problem)
    }
    guard case .some(let wanted) = plan.businesses else { return found.map(\.id) }
    let chosen = try BusinessChoice.ids(of: wanted, among: found)
    let isChosen = Set(chosen)
    for business in found where !isChosen.contains(business.id) {
      try await writer.leaveOut(.notSelected, record: nil, business: business.id)
    }
    return chosen
  }

  // MARK: Tasks

  private enum TaskWay { case none, byBusiness, byContact }

  /// In bulk if the token permits it; one small call finds out.
  private func chooseTasks(_ businesses: [String]) async throws -> TaskWay {
    guard plan.makes(.tasks) else { return .none }
    // Of a few contacts, the tasks of the few only.
    guard options.limit == nil else { return .byContact }
    guard let first = businesses.first else { return .byBusiness }
    var probe = client.tasks(ofBusiness: first)
    do throws(GHLFailure) {
      _ = try await probe.next(client)
      return .byBusiness
    } catch {
      guard [.scopeMissing, .notFound, .validation, .versionRefused].contains(error.kind) else {
        guard error.mayConcernOneRecord else { throw error }
        return .byBusiness
      }
      observer.receive(.tasksReadPerContact(reason: error.description))
      return .byContact
    }
  }

  /// - Returns: the tasks that it wrote.
  private func readTasks(_ businesses: [String], _ writer: SnapshotWriter) async throws -> IdentitySet {
    try await writer.open("task")
    observer.stageBegan(.extract, of: "task", expected: nil)
    var seen = IdentitySet()
    var done = 0
    var strays: [(business: String, record: StrayRecord)] = []
    var refusals: [GHLFailure] = []
    for business in businesses {
      var walk = client.tasks(ofBusiness: business)
      do {
        while let page = try await walk.next(client) {
          await writer.notePage()
          strays += page.strays.map { (business, $0) }
          let fresh = page.records.filter { $0.id.map { seen.insert($0) } ?? true }
          try await writer.append(fresh, to: "task")
          done += fresh.count
          observer.stageAdvanced(.extract, of: "task", done: done)
        }
      } catch let failure as GHLFailure where failure.mayConcernOneRecord {
        refusals.append(failure)
        // The number of a business's tasks is unknown.
        let problem = ExtractProblem(failure, entity: "task", record: nil, location: location, business: business)
        _ = try await writer.breakOff(problem)
      }
    }
    if let refusal = refusals.last, refusal.endsRun, refusals.count == businesses.count { throw refusal }
    for (business, stray) in strays {
      // When a contact changes its business, its tasks move with it.
      let isKnown = stray.id.map { seen.contains($0) } ?? false
      let problem = ExtractProblem(
        stray, entity: "task", record: nil, location: location, list: "the tasks of business \(business)",
        severity: isKnown ? .warning : .error)
      try await writer.refuse(problem, missing: isKnown ? 0 : 1)
    }
    observer.stageEnded(.extract, of: "task")
    return seen
  }

  /// - Returns: How many there were.
  private func refuse(_ strays: [StrayRecord], of entity: String, _ writer: SnapshotWriter) async throws -> Int {
    for stray in strays {
      let problem = ExtractProblem(stray, entity: entity, record: nil, location: location, list: "the list of \(entity) records")
      try await writer.refuse(problem, missing: 1)
    }
    return strays.count
  }

  private func readAll(_ walk: inout GHLPages, to entity: String, _ writer: SnapshotWriter) async throws {
    var strays = 0
    while let page = try await walk.next(client) {
      await writer.notePage()
      try await writer.append(page.records, to: entity)
      strays += try await refuse(page.strays, of: entity, writer)
    }
    try await noteShort(walk, of: entity, besides: strays, writer)
  }

  /// - Parameter strays: records that were left out and are already counted as missing.
  private func noteShort(_ walk: GHLPages, of entity: String, besides strays: Int, _ writer: SnapshotWriter) async throws {
    guard walk.isShort, let claimed = walk.claimed, claimed > walk.count + strays else { return }
    let problem = ExtractProblem(
      code: .sourceRefused, severity: .error, entity: entity, record: nil, location: location,
      message: "received \(walk.count) of \(claimed) \(entity) records reported by the source")
    try await writer.refuse(problem, missing: claimed - walk.count - strays)
  }
}
