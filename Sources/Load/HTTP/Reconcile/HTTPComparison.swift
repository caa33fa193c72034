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
  let options: ComparisonOptions
  private let outgoing: OutgoingRecords
  var reader: JournalReader { JournalReader(plan: plan, journal: journal) }
  /// Keys of records of which it is not known what became of their last call.
  let open: Set<Name>
  /// Other scopes that load to the same address, with their keys as in `open`; nil: not needed yet.
  var others: [(scope: JournalScope, open: Set<Name>)]?
  /// Of `open`, those that are expected.
  private var openExpected: Set<Name> = []
  /// Of the lenient columns, those that a record has shown.
  var shownLenient: Set<Int> = []
  var counts = StoredCounts(readBy: "list")

  /// At most this many records are looked up again one by one; the list is read again for more.
  private static let lookupsAtMost = 10_000
  /// A run of a few records is compared by lookups, if other records do not matter.
  private static let fewRecords = 1_000
  /// How often the list is read again before it counts as being changed.
  private static let readingsAtMost = 5
  /// How many records of a list show which fields it has, and how many of these must have a value.
  static let sampleRecords = 1_000
  static let sampleValues = 20
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
    lookup = PatientLookup(lookup: RecordLookup(plan: plan, engine: services.engine, keepsBytes: false))
    outgoing = OutgoingRecords(
      plan, key: part.key, BodyWriter(plan.resource.body, columns: plan.columns, items: plan.resource.batch?.items))
    records = try ComparedRecords(
      plan.columns, plan.comparison, in: options.scratch, name: "\(plan.destination)-\(plan.scope.mapping)")
    // With a `key` of its own, the key need not be at the field that has it in the mapping.
    if plan.resource.key != nil { records.lenient = Set(part.key) }
    let (journal, scope) = (journal, plan.scope)
    open = try await BlockingWork.perform { try HTTPComparison.openKeys(scope, journal) }
  }

  static func openKeys(_ scope: JournalScope, _ journal: any Journal) throws -> Set<Name> {
    Set(try journal.openIntents(scope).flatMap { intent in intent.request.records.compactMap(\.key) })
  }

  func close() async {
    records.close()
    await lease.release()
  }

  // MARK: Expecting

  func expect(_ batch: StagedBatch, as role: ComparisonRole) async throws {
    guard role != .beside else { return }
    for start in stride(from: 0, to: batch.count, by: Self.chunk) {
      try Task.checkCancellation()
      var copies = outgoing.copy(batch[start..<min(start + Self.chunk, batch.count)])
      if role == .uncertain { copies = copies.filter { open.contains($0.key) } }
      let known = try await reader.accepted(copies.map(\.key))
      try records.expect(
        copies.map { record in
          let accepted = known[record.key].flatMap { $0.isPresent ? $0 : nil }
          var expected = ComparedRecords.Expected(
            key: record.key, values: RecordValues.values(of: try JSONReader.read(record.json), plan.columns),
            remoteID: accepted?.remoteID, lookup: Self.lookup(record))
          if open.contains(record.key) {
            openExpected.insert(record.key)
            expected.skipped = .uncertain
          } else if accepted?.fields == FieldHashes.adopted {
            expected.skipped = .leftAlone
          } else if !(accepted.map { $0.isVersion(record.fields) } ?? false) {
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
      let hidden = try await readList(list)
      try await confirm(list)
      if counts.notShown.isEmpty, !hidden.isEmpty {
        // The list has shown which records there are, and `find` shows all that they have.
        counts.readBy = "list and key"
        records.ignored.subtract(hidden)
        try await readByKey(hidden: hidden)
        if try records.findCandidates(onlyExpected: true) > 0 { counts.changedWhileRead += try await lookUpCandidates() }
      }
    } else {
      counts.readBy = "key"
      counts.judgesExtras = false
      try await readByKey()
      // What does not agree is read once more: it may have been changed meanwhile.
      if try records.findCandidates(onlyExpected: true) > 0 { counts.changedWhileRead += try await lookUpCandidates() }
    }
    // Whether calls of records that no run has accepted took effect is not known either.
    if options.isWhole { counts.uncertain += open.subtracting(openExpected).count }
    try records.report(&counts, digestKey: options.digestKey, to: sink)
    if counts.loaded > 0 { counts.notShown = Set(counts.notShown).union(records.lenient.subtracting(shownLenient)).sorted() }
    return counts
  }

  private func readsByKey() throws -> Bool {
    if let reading = options.reading { return reading == .key }
    return try !options.isWhole && plan.resource.find != nil && records.count() <= Self.fewRecords
  }

  // MARK: Reading again

  /// Reads everything that does not agree again: by lookups, as far as they can say something about it, or else by the list.
  private func confirm(_ list: ListDocument) async throws {
    let count = try records.findCandidates()
    guard count > 0 else { return }
    if plan.resource.find != nil, count <= Self.lookupsAtMost { counts.changedWhileRead += try await lookUpCandidates() }
    for _ in 0..<Self.readingsAtMost {
      let before = try records.candidateCount()
      if before == 0 { return }
      try records.forgetCandidates()
      do {
        _ = try await DestinationListing(plan: plan, engine: engine).readAll(list) { page in
          try Task.checkCancellation()
          try records.take(page.compactMap { entry in entry.key.map { reading($0, entry.record) } }, onlyCandidates: true)
        }
      } catch let failure as OperationFailure where failure.code == .configuration {
        throw isChanging(failure)
      }
      try records.dropAgreeing()
      let refuted = try before - records.candidateCount()
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
