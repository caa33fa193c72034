package import Control
package import Core

/// What later runs did with the records of open items: where each item stands.
package struct LaterOutcomes {
  /// A run that began after the one whose items are open.
  package struct Run: Sendable {
    package var id: String
    /// Of its `outcomes.ndjson`.
    package var path: String
    /// It replayed the same items.
    package var isReplayOfSame: Bool

    package init(id: String, path: String, isReplayOfSame: Bool) {
      self.id = id
      self.path = path
      self.isReplayOfSame = isReplayOfSame
    }
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
  private var left: Int

  /// Reads the outcomes of one run after the other, until it is known where each item stands.
  ///
  /// - Parameters:
  ///   - later: the newest first.
  ///   - hasEach: whether a mapping makes items of the elements of a list.
  /// - Returns: one standing for each item, in their order.
  /// - Throws: `OperationFailure` if a file cannot be read.
  package static func standings(
    of items: [OpenItems.Item], at destination: Name, later: [Run], hasEach: @escaping (Name) -> Bool
  ) throws -> [ReplayStanding] {
    var reading = LaterOutcomes(items, hasEach)
    for run in later where reading.left > 0 {
      try OutcomeLine.forEach(in: run.path) { line in
        if line.destination == destination { reading.take(line, of: run) }
        return reading.left > 0
      }
    }
    return reading.standings.map { $0 ?? .replay }
  }

  private init(_ items: [OpenItems.Item], _ hasEach: @escaping (Name) -> Bool) {
    self.items = items
    self.hasEach = hasEach
    standings = Array(repeating: nil, count: items.count)
    left = items.count
    for (index, item) in items.enumerated() {
      if let record = item.record { byKey[Key(mapping: item.mapping, record: record), default: []].append(index) }
      let place = Place(mapping: item.mapping, line: item.line, element: item.element(hasEach: hasEach(item.mapping)))
      byPlace[place, default: []].append(index)
    }
  }

  private mutating func take(_ line: OutcomeLine, of run: Run) {
    let indices: [Int]
    if run.isReplayOfSame {
      // The same input: a key may be another one by now, but places stay.
      let place = Place(mapping: line.mapping, line: line.line, element: line.element(hasEach: hasEach(line.mapping)))
      let found = byPlace[place] ?? []
      indices = found.count > 1 ? found.filter { items[$0].record == line.record } : found
    } else {
      indices = line.record.flatMap { byKey[Key(mapping: line.mapping, record: $0)] } ?? []
    }
    let later = ReplayStanding.Later(run: run.id, outcome: line.outcome, isReplayOfSame: run.isReplayOfSame)
    guard let standing = ReplayStanding(later) else { return }
    for index in indices where standings[index] == nil {
      standings[index] = standing
      left -= 1
    }
  }
}
