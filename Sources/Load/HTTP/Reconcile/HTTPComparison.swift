import Control
import Core
import HTTP

/// Compares what was loaded into an `http` destination with what it has: by its list, by lookups, or both.
///
/// What the list shows is not believed at once, because a list may change while it is read: a record that is deleted on page 1 moves
/// another one from page 3 to page 2, where it is missed. Everything that does not agree is read again, by `find` where there is one, and
/// only what is confirmed is reported.
final class HTTPComparison: ComparisonSession {
  let plan: PartPlan
  let engine: HTTPEngine
  let records: ComparedRecords
  let lookup: PatientLookup
  let journal: any Journal
  private let lease: LeaseHolder
  private let options: ComparisonOptions
  private let outgoing: OutgoingRecords
  private var reader: JournalReader { JournalReader(plan: plan, journal: journal) }
  /// Keys of records of which it is not known what became of their last call.
  private let open: Set<Name>
  /// Other scopes that load to the same address; nil: not needed yet.
  private var others: [JournalScope]?
  private var counts = StoredCounts(readBy: "list")

  /// At most this many records are looked up again one by one; the list is read again for more.
  private static let lookupsAtMost = 10_000
  /// A run of a few records is compared by lookups, if other records do not matter.
  private static let fewRecords = 1_000
  /// How often the list is read again before it counts as being changed.
  private static let readingsAtMost = 5
  /// How many records of a list show which fields it has, and how many of these must have a value.
  private static let sampleRecords = 1_000
  private static let sampleValues = 20
  static let chunk = 256

  /// - Throws: `OperationFailure` with the code `configuration` if the destination cannot be read back.
  static func check(_ plan: PartPlan, _ part: LoadPart, _ options: ComparisonOptions) throws(OperationFailure) {
    func failure(_ why: String) -> OperationFailure { OperationFailure(.configuration, "'\(plan.destination)' \(why)") }
    guard part.key.count == 1 else {
      throw failure("identifies the records of '\(part.mapping)' by several fields: what it has cannot be matched with them")
    }
    let (list, find) = (plan.resource.list != nil, plan.resource.find != nil)
    guard list || find else {
      throw failure(
        "has neither `list` nor `find` for '\(part.mapping)': what it has cannot be read back; add one of them to the pipeline")
    }
    switch options.reading {
    case .list where !list: throw failure("has no `list` for '\(part.mapping)': add one to the pipeline, or read it by key")
    case .key where !find: throw failure("has no `find` for '\(part.mapping)': add one to the pipeline, or read the list")
    default: return
    }
  }

  init(
    _ part: LoadPart, _ plan: PartPlan, _ services: HTTPDestination.Services, _ options: ComparisonOptions, _ lease: LeaseHolder
  ) async throws {
    self.plan = plan
    self.options = options
    self.lease = lease
    engine = services.engine
    journal = services.journal
    lookup = PatientLookup(lookup: RecordLookup(plan: plan, engine: services.engine))
    outgoing = OutgoingRecords(
      plan, key: part.key, BodyWriter(plan.resource.body, columns: plan.columns, items: plan.resource.batch?.items))
    records = try ComparedRecords(
      plan.columns, plan.comparison, in: options.scratch, name: "\(plan.destination)-\(plan.scope.mapping)")
    // With a `key` of its own, the key need not be at the field that has it in the mapping.
    if plan.resource.key != nil { records.ignored = Set(part.key) }
    let (journal, scope) = (journal, plan.scope)
    open = Set(
      try await BlockingWork.perform {
        try journal.openIntents(scope).flatMap { intent in intent.request.records.compactMap(\.key) }
      })
  }

  func close() async {
    records.close()
    await lease.release()
  }

  // MARK: Expecting

  func expect(_ batch: StagedBatch) async throws {
    for start in stride(from: 0, to: batch.count, by: Self.chunk) {
      try Task.checkCancellation()
      let copies = outgoing.copy(batch[start..<min(start + Self.chunk, batch.count)])
      let known = try await reader.accepted(copies.map(\.key))
      try records.expect(
        copies.map { record in
          let accepted = known[record.key].flatMap { $0.isPresent ? $0 : nil }
          var expected = ComparedRecords.Expected(
            key: record.key, values: RecordValues.values(of: try JSONReader.read(record.json), plan.columns),
            remoteID: accepted?.remoteID, lookup: Self.lookup(record))
          if open.contains(record.key) {
            expected.skipped = .uncertain
          } else if !(accepted.map { FieldHashes.isSameVersion($0.fields, record.fields) } ?? false) {
            expected.skipped = .loadedSince
          }
          return expected
        })
    }
  }

  /// The fields that requests name.
  private static func lookup(_ record: OutgoingRecord) -> JSONValue? {
    if record.values.isEmpty { return nil }
    return .object(record.values.sorted { $0.key < $1.key }.map { .init($0.key.text, .string($0.value.text)) })
  }

  // MARK: Comparing

  func compare(reporting sink: (StoredDifference) throws -> Void) async throws -> StoredCounts {
    counts.judgesExtras = options.isWhole
    if let list = plan.resource.list, try !readsByKey() {
      try await readList(list)
      if records.comparesValues {
        try await confirm(list)
      } else {
        counts.readBy = "list and key"
        records.comparesValues = true
        try await readByKey(findsSeveral: findsSeveral)
        _ = try records.findCandidates()
        counts.changedWhileRead += try await lookUpCandidates(findsSeveral: findsSeveral)
      }
    } else {
      counts.readBy = "key"
      counts.judgesExtras = false
      try await readByKey(findsSeveral: findsSeveral)
    }
    try records.report(&counts, to: sink)
    return counts
  }

  private var findsSeveral: Bool { plan.resource.find?.items != nil }

  private func readsByKey() throws -> Bool {
    if let reading = options.reading { return reading == .key }
    return try !options.isWhole && plan.resource.find != nil && records.count() <= Self.fewRecords
  }

  // MARK: The list

  private func readList(_ list: ListDocument) async throws {
    var sample: [DestinationListing.Entry] = []
    var isKnown = false
    _ = try await DestinationListing(plan: plan, engine: engine).readAll(list) { page in
      if isKnown { return try await take(page) }
      sample += page
      guard sample.count >= Self.sampleRecords else { return }
      isKnown = true
      try judge(sample)
      try await take(sample)
      sample = []
    }
    guard !isKnown else { return }
    try judge(sample)
    try await take(sample)
  }

  /// Finds the columns that the list does not show: many of its records should have a value there, and none has the field.
  private func judge(_ sample: [DestinationListing.Entry]) throws {
    var expected = plan.columns.map { _ in 0 }
    var shown = plan.columns.map { _ in false }
    for entry in sample {
      guard let key = entry.key, let record = entry.record.record, let values = try records.values(of: key) else { continue }
      let stored = RecordValues.values(of: record, plan.columns)
      for index in plan.columns.indices {
        if values[index] ?? .null != .null { expected[index] += 1 }
        if stored[index] != nil { shown[index] = true }
      }
    }
    let hidden = plan.columns.indices.filter {
      expected[$0] >= Self.sampleValues && !shown[$0] && !records.ignored.contains($0)
    }
    guard !hidden.isEmpty else { return }
    if plan.resource.find != nil, options.reading == nil {
      records.comparesValues = false
    } else {
      counts.notShown = hidden
      records.ignored.formUnion(hidden)
    }
  }

  private func take(_ page: [DestinationListing.Entry]) async throws {
    try Task.checkCancellation()
    try records.takeKeyless(page.filter { $0.key == nil }.map(\.record.remoteID))
    let leftAlone = try await unjudged(page)
    try records.take(page.compactMap { entry in entry.key.flatMap { leftAlone.contains($0) ? nil : reading($0, entry.record) } })
  }

  func reading(_ key: Name, _ stored: StoredRecord) -> ComparedRecords.Reading {
    ComparedRecords.Reading(
      key: key, values: RecordValues.values(of: stored.record ?? .null, plan.columns), remoteID: stored.remoteID)
  }

  /// The unexpected keys of a page that are no difference: records of earlier loads, and of others that load to the same address.
  private func unjudged(_ page: [DestinationListing.Entry]) async throws -> Set<Name> {
    let unknown = try records.unknown(among: page.compactMap(\.key))
    guard options.isWhole, !unknown.isEmpty else { return unknown }
    var leftBehind: Set<Name> = []
    for scope in [plan.scope] + (try await scopesAtSameAddress()) {
      let rest = unknown.subtracting(leftBehind)
      if rest.isEmpty { break }
      leftBehind.formUnion(try await reader.accepted(Array(rest), in: scope).filter { $0.value.isPresent }.keys)
    }
    counts.leftBehind += page.count { entry in !entry.isRepeated && entry.key.map { leftBehind.contains($0) } ?? false }
    return leftBehind
  }

  private func scopesAtSameAddress() async throws -> [JournalScope] {
    if let others { return others }
    let (journal, scope, address) = (journal, plan.scope, Name(plan.address))
    let found = try await BlockingWork.perform {
      try journal.scopes().filter { $0.scope != scope && $0.address == address }.map(\.scope)
    }
    others = found
    return found
  }

  // MARK: Reading again

  private func confirm(_ list: ListDocument) async throws {
    let count = try records.findCandidates()
    guard count > 0 else { return }
    if plan.resource.find != nil, count <= Self.lookupsAtMost {
      counts.changedWhileRead += try await lookUpCandidates(findsSeveral: findsSeveral)
      return
    }
    for _ in 0..<Self.readingsAtMost {
      let before = try records.findCandidates()
      if before == 0 { return }
      try records.forgetCandidates()
      do {
        _ = try await DestinationListing(plan: plan, engine: engine).readAll(list) { page in
          try records.take(page.compactMap { entry in entry.key.map { reading($0, entry.record) } }, onlyCandidates: true)
        }
      } catch let failure as OperationFailure where failure.code == .configuration {
        throw isChanging(failure)
      }
      let refuted = try before - records.findCandidates()
      counts.changedWhileRead += refuted
      // Two readings that show the same are believed.
      if refuted == 0 { return }
    }
    throw isChanging(nil)
  }

  private func isChanging(_ underlying: OperationFailure?) -> OperationFailure {
    OperationFailure(
      .destinationBusy,
      "'\(plan.destination)' is being changed while its list for '\(plan.scope.mapping)' is read: reconcile when nothing else writes to it",
      underlying: underlying)
  }

  func parentIDs(of records: [OutgoingRecord]) async throws -> [Name: [Name: Accepted]] {
    try await reader.parentIDs(of: records)
  }
}
