import Core

/// The records of one resource, in the order in which they were created.
struct AppCollection: Sendable {
  let resource: AppResource
  let seed: UInt64
  /// A deleted record leaves an empty place, so that the others keep theirs.
  private(set) var places: [AppRecord?] = []
  private(set) var count = 0
  private(set) var tally = Tally()
  private var byID: [Name: Int] = [:]
  /// More than one place only if keys are not unique.
  private var byKey: [Name: [Int]] = [:]
  private var byParent: [Int: [Int]] = [:]
  private var generations: [Name: Int] = [:]

  /// What happened to the records of a resource.
  struct Tally: Sendable, Hashable {
    var created = 0
    var replaced = 0
    var merged = 0
    var deleted = 0
    /// Records that were created with a key that was, or had been, in use.
    var duplicates = 0
    /// Records that a fault created on behalf of another client.
    var createdByOthers = 0
  }

  init(_ resource: AppResource, seed: UInt64) {
    self.resource = resource
    self.seed = seed
  }

  // MARK: Reading

  func place(ofID id: String) -> Int? { byID[Name(id)] }

  /// The places of the records with this key: one at most, if keys are unique.
  func places(ofKey key: Name) -> [Int] { byKey[key] ?? [] }

  /// The places of the records of a contact, in order.
  func places(ofParent parent: Int) -> [Int] { byParent[parent] ?? [] }

  /// All records, in the order of their keys.
  var sorted: [AppRecord] { places.compactMap { $0 }.sorted { ($0.key, $0.id) < ($1.key, $1.id) } }

  // MARK: Writing

  @discardableResult
  mutating func insert(_ body: AppRecordBody, parent: Int?, now: Int, byOther: Bool = false) -> AppRecord {
    let generation = generations[body.key, default: 0]
    generations[body.key] = generation + 1
    let record = AppRecord(
      id: newID(body.key, generation), key: body.key, parent: parent, insertedAt: now, modifiedAt: now, fields: body.fields)
    let place = places.count
    places.append(record)
    count += 1
    byID[Name(record.id)] = place
    byKey[body.key, default: []].append(place)
    if let parent { byParent[parent, default: []].append(place) }
    tally.created += 1
    if generation > 0 { tally.duplicates += 1 }
    if byOther { tally.createdByOthers += 1 }
    return record
  }

  enum Change { case replace, merge, touch }

  /// Replaces the members of the record at a place. `touch` keeps them and changes only the version.
  mutating func update(_ place: Int, fields: [UInt8]? = nil, _ change: Change, now: Int) -> AppRecord? {
    guard var record = places[place] else { return nil }
    if let fields { record.fields = fields }
    record.version += 1
    record.modifiedAt = now
    places[place] = record
    switch change {
    case .replace: tally.replaced += 1
    case .merge: tally.merged += 1
    case .touch: break
    }
    return record
  }

  /// Its ID stays known: reading it gives 410, not 404.
  mutating func delete(_ place: Int) {
    guard let record = places[place] else { return }
    places[place] = nil
    count -= 1
    tally.deleted += 1
    byKey[record.key]?.removeAll { $0 == place }
    if let parent = record.parent { byParent[parent]?.removeAll { $0 == place } }
  }

  /// Depends on the seed, the key and how often the key was used, not on the order of requests.
  private func newID(_ key: Name, _ generation: Int) -> String {
    var hash = Draw.hash(Array(key.text.utf8), seed: Draw.mix(seed &+ UInt64(resource.index)))
    hash = Draw.mix(hash &+ UInt64(generation))
    while true {
      let id = resource.idPrefix + Hexadecimal.text(hash, digits: 16)
      if byID[Name(id)] == nil { return id }
      hash = Draw.mix(hash)
    }
  }
}
