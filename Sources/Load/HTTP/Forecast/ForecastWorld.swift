import Control
import Core
import Files
import Values

/// What a dry run knows about the records of a part at an `http` destination: from the journal, from the destination's list of
/// records, and from lookups. It reads what the load would read, and changes nothing.
final class ForecastWorld {
  /// What a lookup or the list says about a record.
  enum Seen: Sendable {
    case notRead
    case absent
    case found(StoredRecord)
    /// It could not be read.
    case failed(PartLoad.Reason)
  }

  /// A record, with all that is known about it.
  struct View: Sendable {
    /// With the IDs of its parents: those that have none yet stand in with `standIn`.
    var record: OutgoingRecord
    var known: Accepted?
    var seen = Seen.notRead
    /// `seen` comes from the list, which may show fewer fields than a lookup.
    var isListed = false
    /// Its ID at the destination, as far as it is known from there.
    var foundID: Name?

    /// Of what is sent, and of what the journal knows. Calls that changed nothing do not count: of a record that is not there, the
    /// journal only knows that there were some. The IDs of parents do not count either: those of new ones are not known yet.
    var basis: UInt64 {
      var bytes = record.ownDigest ?? record.digest
      if let known, known.isPresent {
        bytes.append(1)
        for part in [known.digest ?? [], known.fields, Array((known.remoteID?.text ?? "").utf8)] {
          withUnsafeBytes(of: part.count.littleEndian) { bytes += $0 }
          bytes += part
        }
      }
      return Hash64.of(bytes.span)
    }
  }

  /// In place of an ID or a tag that the destination will only give during the load.
  static let standIn: Name = "new"

  let plan: PartPlan
  /// Each record that the journal does not know is looked up.
  private(set) var findsFirst = false
  /// What the destination has refused is sent again.
  private var resendsRefused = false
  /// Keys whose earlier calls have no known result, each with the reason.
  private(set) var blocked: [Name: String] = [:]
  /// Why the destination cannot be read any more.
  private(set) var stopped: OperationFailure?
  /// Every record is compared with what is there.
  let isCompared: Bool
  private let services: HTTPDestination.Services
  private let reader: JournalReader
  private let lookup: PatientLookup
  private let parents: ForecastParents
  private let request: ForecastRequest
  /// What is predicted for the records.
  let fates: ForecastFates
  /// What the destination's list has.
  private var listed: RecordTable?
  /// The columns of fields that no record in the list has.
  private(set) var unlisted: Set<Int> = []
  /// Keys that several records in the list have.
  private var repeatedKeys: Set<Name> = []
  /// The load would take over what the list has.
  private var adoptsList = false
  private let digests: StoredDigests

  /// - Parameter count: of the records of the part.
  init(
    _ plan: PartPlan, _ services: HTTPDestination.Services, _ parents: ForecastParents, _ request: ForecastRequest, count: Int
  ) {
    self.plan = plan
    fates = ForecastFates(count: count, isParent: plan.isParent, beside: request.staged)
    self.services = services
    self.parents = parents
    self.request = request
    isCompared = request.comparesDestination
    reader = JournalReader(plan: plan, journal: services.journal)
    lookup = PatientLookup(lookup: RecordLookup(plan: plan, engine: services.engine))
    digests = StoredDigests(plan)
  }

  // MARK: Opening

  /// - Throws: as the load would, before its first call.
  func open(_ part: LoadPart) async throws {
    let opening = PartOpening(reading: plan, services: services)
    try await opening.checkAddress()
    try await opening.openAdapter()
    try await readOpenIntents()
    let (states, plan) = (services.states, plan)
    // The reasons that an interrupted load was given may be in no ledger.
    let wasInterrupted = try await BlockingWork.perform { try LoadReports.wasInterrupted(plan, states) }
    resendsRefused = services.resendsRefused || wasInterrupted
    var list: ListDocument?
    switch try await opening.acquaintance() {
    case .known: break
    case .find: findsFirst = true
    case .list(let found):
      list = found
      adoptsList = true
    }
    if isCompared, list == nil {
      guard plan.resource.list != nil || plan.resource.find != nil else {
        throw OperationFailure(
          .configuration,
          "'\(plan.destination)' cannot be read for '\(plan.scope.mapping)': add `list` or `find` to its requests, or run without \(CommandOption.against)"
        )
      }
      // A list shows more than a narrowed run needs.
      if !part.isNarrowed || plan.resource.find == nil { list = plan.resource.list }
    }
    if let list { try await read(list) }
  }

  private func readOpenIntents() async throws {
    let (journal, scope) = (services.journal, plan.scope)
    let intents = try await BlockingWork.perform { try journal.openIntents(scope) }
    for intent in intents where !intent.request.isLookup {
      for record in intent.request.records where intent.open.contains(record.ordinal) {
        if let key = record.key { blocked[key] = "an earlier call (\(intent.request.target)) has no known result" }
      }
    }
  }

  private func read(_ list: ListDocument) async throws {
    let table = try RecordTable(beside: request.staged)
    let changes = FieldChanges(plan)
    var hidden = Set(plan.columns.indices)
    do {
      var repeated: Set<Name> = []
      let counts = try await DestinationListing(plan: plan, engine: services.engine).readAll(list) { entries in
        repeated.formUnion(entries.filter(\.isRepeated).compactMap(\.key))
        let page = entries.compactMap { entry in entry.isRepeated ? nil : entry.key.map { (key: $0, record: entry.record) } }
        for record in page.compactMap(\.record.record) where !hidden.isEmpty {
          hidden = hidden.filter { changes.value(of: $0, in: record) == nil }
        }
        let rows = page.map { key, stored in
          RecordTable.Row(
            key: key, remoteID: stored.remoteID, entityTag: stored.entityTag,
            record: Array((stored.record ?? .object([])).text.utf8))
        }
        try await BlockingWork.perform { try table.add(rows) }
      }
      try await BlockingWork.perform { try table.seal() }
      (listed, repeatedKeys) = (table, repeated)
      if counts.records > 0 { unlisted = hidden }
      if adoptsList { fates.adopt(table) }
    } catch let failure as OperationFailure where failure.code != .cannotWrite {
      stopped = failure
    }
  }

  /// The list stays where the forecasts of children read it.
  func close() { if !adoptsList { listed?.close() } }

  // MARK: Records

  /// In the order of the records.
  func views(of records: [OutgoingRecord]) async throws -> [View] {
    let known = try await reader.accepted(records.map(\.key))
    let ids = try await reader.parentIDs(of: records)
    var views: [View] = []
    for record in records {
      let record = try withParents(record, ids)
      views.append(View(record: record, known: try adopted(known[record.key], record.key)))
    }
    let wanted = views.indices.filter { needsLookup(views[$0]) }
    guard !wanted.isEmpty, stopped == nil else { return views }
    for index in wanted { try lookInList(&views[index]) }
    try await lookUp(wanted.filter { if case .notRead = views[$0].seen { true } else { false } }, in: &views)
    return views
  }

  /// Looks records up side by side, and those that the load would keep apart in their order: what one of them finds, the next one does
  /// not.
  private func lookUp(_ wanted: [Int], in views: inout [View]) async throws {
    var flight = KeysInFlight()
    var ready = wanted.filter { flight.enter($0, for: plan.keysInFlight(of: views[$0].record)) }[...]
    let lookup = lookup
    try await withThrowingTaskGroup(of: (Int, PatientLookup.Found).self) { group in
      var underWay = 0
      while true {
        while underWay < max(1, plan.document.concurrent), stopped == nil, let index = ready.popFirst() {
          let record = views[index].record
          group.addTask { (index, try await lookup.necessary(record)) }
          underWay += 1
        }
        guard let (index, found) = try await group.next() else { return }
        underWay -= 1
        views[index].seen = try seen(found)
        ready += flight.leave(index)
      }
    }
  }

  /// Looks up a record whose parents were not known before.
  func look(_ view: View) async throws -> View {
    var view = view
    guard case .notRead = view.seen, needsLookup(view), stopped == nil else { return view }
    try lookInList(&view)
    if case .notRead = view.seen { view.seen = try seen(await lookup.necessary(view.record)) }
    return view
  }

  private func seen(_ found: PatientLookup.Found) throws -> Seen {
    switch found.result {
    case .absent: return .absent
    case .found(let stored): return .found(stored)
    case .cancelled: throw CancellationError()
    case .stopped(let failure):
      stopped = stopped ?? failure
      return .failed(PartLoad.Reason(.notSent, failure.description))
    case .undecided(let reason): return .failed(reason)
    case .failed(_, _, let why), .unauthorized(let why, _):
      return .failed(PartLoad.Reason(.notSent, "it could not be looked up: \(why)"))
    }
  }

  /// The record as it would be once the load had taken over the list.
  private func adopted(_ known: Accepted?, _ key: Name) throws -> Accepted? {
    guard adoptsList, !(known?.isPresent ?? false) || known?.epoch == 0, let stored = try inList(key) else { return known }
    let own = digests.adopted(key, stored)
    return Accepted(
      remoteID: own.remoteID, entityTag: own.entityTag, digest: own.digest, fields: own.fields, epoch: known?.epoch ?? 0)
  }

  private func inList(_ key: Name) throws -> StoredRecord? {
    guard let row = try listed?.rows(of: key).first else { return nil }
    return StoredRecord(remoteID: row.remoteID, entityTag: row.entityTag, record: try? JSONReader.read(row.record))
  }

  private func lookInList(_ view: inout View) throws {
    guard listed != nil, isCompared || adoptsList else { return }
    if repeatedKeys.contains(view.record.key), case .unchanged = verdict(on: view) {
      // A lookup says how many there are.
      if plan.resource.find == nil {
        view.seen = .failed(PartLoad.Reason(.notSent, "the destination's list has several records with this key"))
      }
      return
    }
    if let stored = try inList(view.record.key) {
      guard plan.resource.find == nil || isListEnough(for: view) else { return }
      (view.seen, view.isListed) = (.found(stored), true)
      return
    }
    // A list read by page numbers skips a record when another one is removed.
    let isDoubtful = view.known?.isPresent ?? false
    if !isDoubtful || plan.resource.find == nil { view.seen = .absent }
  }

  /// Whether the list says what the load would find out about a record by a lookup.
  private func isListEnough(for view: View) -> Bool {
    if case .unchanged = verdict(on: view) { return true }
    return unlisted.isEmpty && view.known?.isPresent ?? false && !plan.readsBefore(view.known)
  }

  private func needsLookup(_ view: View) -> Bool {
    // Nothing can be there under a parent that is not.
    if namesNewParent(view.record) { return false }
    let verdict = verdict(on: view)
    switch verdict {
    case .ends: return false
    case .unchanged: return isCompared
    case .waits where plan.resource.find?.request.namesParent == true: return false
    case .waits, .goesOn:
      // Without hashes, only what is there shows what the load would replace, and whether somebody changes it before that.
      if plan.resource.find != nil || adoptsList, let known = view.known, known.isPresent, FieldHashes.table(known.fields) == nil
      {
        return true
      }
      return isCompared || looksUp(view.known) || plan.readsBefore(view.known)
        || plan.adapterReadsBefore(view.record, known: view.known)
    }
  }

  /// What the load would decide.
  func verdict(on view: View) -> RecordVerdict {
    plan.verdict(on: view.record, known: view.known, resendsRefused: resendsRefused)
  }

  /// The load looks the record up, because it may be there although the journal does not say so.
  private func looksUp(_ known: Accepted?) -> Bool { plan.mayBeThere(known, findsFirst: findsFirst) }

  private func namesNewParent(_ record: OutgoingRecord) -> Bool {
    plan.resource.find?.request.namesParent == true && record.parents.values.contains(Self.standIn)
  }

  // MARK: Parents

  private func withParents(_ record: OutgoingRecord, _ ids: [Name: [Name: Accepted]]) throws -> OutgoingRecord {
    guard !plan.parents.isEmpty else { return record }
    var ids = ids
    for reference in plan.parents {
      guard let key = record.values[reference.field] else { continue }
      let isOwn = reference.mapping.text.isExactly(plan.scope.mapping)
      guard let fates = isOwn ? fates : parents.fates(of: reference.mapping) else { continue }
      let id = try fates.idForChildren(
        of: key, journal: ids[reference.mapping]?[key], newID: givesIDs(reference.mapping) ? Self.standIn : nil)
      ids[reference.mapping, default: [:]][key] = id.map { Accepted(remoteID: $0) }
    }
    return record.with(plan.parents, ids)
  }

  /// The record with the IDs that its parents have now.
  func withParents(_ record: OutgoingRecord) async throws -> OutgoingRecord {
    try withParents(record, try await reader.parentIDs(of: [record]))
  }

  private func givesIDs(_ mapping: Name) -> Bool { plan.document.resource(of: mapping.text)?.remoteID != nil }
}
