package import Control
package import Core

/// What later runs did with the records of open items: where each item stands.
package struct LaterOutcomes {
  /// A run that began after the one whose items are open.
  package struct Run: Sendable {
    package var id: String
    /// Of its `outcomes.ndjson`; nil: its process died when it may have been sending, so nobody knows what it did.
    package var path: String?
    /// It replayed the same items.
    package var isReplayOfSame: Bool
    /// It replayed a corrected table, and this replay sends the values of the source.
    package var wasCorrected = false
    /// The snapshot that it read is older than that of the items.
    package var hasOlderSnapshot = false
    /// It can be resumed.
    package var canResume = true
    /// Mappings that had another source key in this run, or perhaps had: their records cannot be found by their keys.
    package var otherKeys: Set<Name> = []
    /// Mappings of which some records have been undone at the destination.
    package var undone: Set<Name> = []
    /// Mappings of which records were undone at the destination after this run had begun, with the run that was undone: what it found
    /// `unchanged` may be gone.
    package var undoneSince: [Name: String] = [:]
    /// The mappings that it ran; nil: not known.
    package var mappings: Set<Name>?

    package init(id: String, path: String?, isReplayOfSame: Bool) {
      self.id = id
      self.path = path
      self.isReplayOfSame = isReplayOfSame
    }

    fileprivate func mayHave(_ mapping: Name) -> Bool { mappings?.contains(mapping) ?? true }
  }

  private struct Key: Hashable {
    var mapping: Name
    var record: Name
  }

  private struct Place: Hashable {
    var mapping: Name
    var line: Int
    var element: Int
  }

  private let items: [OpenItems.Item]
  private let hasEach: (Name) -> Bool
  private var standings: [ReplayStanding?]
  private var byKey: [Key: [Int]] = [:]
  private var byPlace: [Place: [Int]] = [:]
  /// Items without a key, by their mappings.
  private var keyless: [Name: [Int]] = [:]
  /// All items, by their mappings.
  private var byMapping: [Name: [Int]] = [:]
  /// What the run that is being read did with the items.
  private var found: [Int: ReplayStanding] = [:]
  /// Items without a standing.
  private var left: Int

  /// Reads the outcomes of one run after the other, until it is known where each item stands.
  ///
  /// - Parameters:
  ///   - later: the newest first.
  ///   - hasEach: whether a mapping makes items of the elements of a list.
  /// - Returns: one standing for each item, in their order.
  /// - Throws: `OperationFailure` if a file cannot be read, or a run that nobody knows enough about may have sent newer versions;
  ///   `CancellationError`.
  package static func standings(
    of items: [OpenItems.Item], at destination: Name, later: [Run], hasEach: @escaping (Name) -> Bool
  ) throws -> [ReplayStanding] {
    var reading = LaterOutcomes(items, hasEach)
    for run in later where reading.left > 0 {
      guard let path = run.path else {
        try reading.refuse(run)
        reading.leaveKeyless(run)
        continue
      }
      try OutcomeLine.forEach(in: path) { line in
        try Task.checkCancellation()
        if line.destination == destination { reading.take(line, of: run) }
        return true
      }
      reading.endRun()
    }
    return reading.standings.map { $0 ?? .replay }
  }

  private init(_ items: [OpenItems.Item], _ hasEach: @escaping (Name) -> Bool) {
    self.items = items
    self.hasEach = hasEach
    standings = Array(repeating: nil, count: items.count)
    left = items.count
    for (index, item) in items.enumerated() {
      byMapping[item.mapping, default: []].append(index)
      let element = item.element(hasEach: hasEach(item.mapping))
      if let record = item.key(element: element) {
        byKey[Key(mapping: item.mapping, record: record), default: []].append(index)
      } else {
        keyless[item.mapping, default: []].append(index)
      }
      byPlace[Place(mapping: item.mapping, line: item.line, element: element), default: []].append(index)
    }
  }

  private mutating func take(_ line: OutcomeLine, of run: Run) {
    let indices: [Int]
    let element = line.element(hasEach: hasEach(line.mapping))
    if run.isReplayOfSame {
      // The same input: a key may be another one by now, but places stay.
      let place = Place(mapping: line.mapping, line: line.line, element: element)
      let here = byPlace[place] ?? []
      indices = here.count > 1 ? here.filter { items[$0].record == line.record } : here
    } else if run.otherKeys.contains(line.mapping) {
      for index in byMapping.removeValue(forKey: line.mapping) ?? [] where standings[index] == nil {
        found[index] = .keyless(since: run.id)
      }
      return
    } else {
      // Elements change their places: a run that has read one of them has read the record.
      indices = line.key(element: element).flatMap { byKey[Key(mapping: line.mapping, record: $0)] } ?? []
      for index in keyless.removeValue(forKey: line.mapping) ?? [] where standings[index] == nil {
        found[index] = .keyless(since: run.id)
      }
    }
    let later = ReplayStanding.Later(
      run: run.id, outcome: line.outcome, isReplayOfSame: run.isReplayOfSame, isUndone: run.undone.contains(line.mapping),
      hasOlderSnapshot: run.hasOlderSnapshot, wasCorrected: run.wasCorrected, undoneSince: run.undoneSince[line.mapping])
    guard let standing = ReplayStanding(later) else { return }
    for index in indices where standings[index] == nil {
      // One element that is open keeps the others from being resolved.
      guard let before = found[index] else {
        found[index] = standing
        continue
      }
      if case .resolved = before { found[index] = standing }
    }
  }

  private mutating func endRun() {
    for (index, standing) in found { standings[index] = standing }
    left -= found.count
    found = [:]
  }

  /// It cannot be found out either whether the run has sent newer versions of items without a key.
  private mutating func leaveKeyless(_ run: Run) {
    for (index, item) in items.enumerated() where standings[index] == nil && item.record == nil && run.mayHave(item.mapping) {
      found[index] = .keyless(since: run.id)
    }
    endRun()
  }

  private func refuse(_ run: Run) throws(OperationFailure) {
    let count = items.indices.count { standings[$0] == nil && items[$0].record != nil && run.mayHave(items[$0].mapping) }
    guard count > 0 else { return }
    let what = "may have sent newer versions of \(count == 1 ? "1 record" : "\(count) records")"
    throw OperationFailure(
      .usage,
      run.canResume
        ? "run \(run.id) was killed, and \(what): continue it first: waybill run \(CommandOption.resume) \(run.id)"
        : "run \(run.id) \(what), and how it ended is not known: run the pipeline to read \(count == 1 ? "it" : "them") again"
    )
  }
}
