import Core
import Records

/// Sizes from the newest complete snapshot: for progress, and to tell what is missing from a list that broke off.
struct KnownSizes: Sendable {
  private let snapshot: Snapshot?
  private let isOfSameBusinesses: Bool

  init(snapshots: String, location: String, plan: FetchPlan) {
    var names: [String]?
    if case .some(let wanted) = plan.businesses { names = wanted }
    let latest = SnapshotReader(root: snapshots).latestComplete(location: location, businesses: names)
    snapshot = latest
    isOfSameBusinesses = latest?.manifest.businesses.map { Set(names: $0) } == names.map { Set(names: $0) }
  }

  /// The number of contacts that the plan will read; nil if unknown.
  var contacts: Int? {
    guard isOfSameBusinesses, let expected = snapshot?.manifest.entities["contact"]?.expected, expected > 0 else { return nil }
    return expected
  }

  /// How many contacts each of these businesses had; nil if no snapshot has that. Reads the snapshot's contacts once.
  func members(of businesses: Set<Name>) -> [Name: Int]? {
    guard let contacts = snapshot?.records(of: "contact") else { return nil }
    var counts = Dictionary(uniqueKeysWithValues: businesses.map { ($0, 0) })
    var walker = RecordWalker()
    walker.addPath([.member("businessId")], slot: 0)
    let cells = UnsafeMutableBufferPointer<Cell>.allocate(capacity: 1)
    cells.initialize(repeating: .missing)
    defer { cells.deallocate() }
    do {
      var source = try contacts.open()
      let batch = RecordBatch()
      while try source.fill(batch) {
        guard walker.index(batch.bytes) else { return nil }
        for item in batch.items where item.fault == nil {
          guard walker.walk(item.start..<item.end, into: cells) == nil, cells[0].kind == .string else { continue }
          counts[cells[0].text.string]? += 1
        }
      }
    } catch {
      return nil
    }
    return counts
  }
}
