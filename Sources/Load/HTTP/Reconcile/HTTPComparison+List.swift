import Core
import HTTP

/// Reading the destination's list.
extension HTTPComparison {
  /// - Returns: the columns that the list does not show.
  func readList(_ list: ListDocument) async throws -> [Int] {
    var sample: [(entry: DestinationListing.Entry, values: [JSONValue?])] = []
    var hidden: [Int]?
    var done = 0
    func judge() async throws {
      let found = try hiddenColumns(sample)
      hidden = found
      try await take(sample.map(\.entry))
      sample = []
    }
    _ = try await DestinationListing(plan: plan, engine: engine).readAll(list) { page in
      done += page.count
      options.advanced(done)
      if hidden != nil { return try await take(page) }
      // Other records say nothing about the fields of those that were loaded.
      var rest: [DestinationListing.Entry] = []
      for entry in page {
        if let values = try entry.key.flatMap({ try records.values(of: $0) }) {
          sample.append((entry, values))
        } else {
          rest.append(entry)
        }
      }
      try await take(rest)
      if sample.count >= Self.sampleRecords { try await judge() }
    }
    if hidden == nil { try await judge() }
    return hidden ?? []
  }

  /// Finds the columns that the list does not show: many of its records should have a value there, and none has the field.
  private func hiddenColumns(_ sample: [(entry: DestinationListing.Entry, values: [JSONValue?])]) throws -> [Int] {
    var expected = plan.columns.map { _ in 0 }
    var shown = plan.columns.map { _ in false }
    for (entry, values) in sample {
      guard let record = entry.record.record else { continue }
      let stored = RecordValues.values(of: record, plan.columns)
      for index in plan.columns.indices {
        if values[index] ?? .null != .null { expected[index] += 1 }
        if stored[index] != nil { shown[index] = true }
      }
    }
    let hidden = plan.columns.indices.filter {
      expected[$0] >= Self.sampleValues && !shown[$0] && !records.lenient.contains($0)
    }
    guard !hidden.isEmpty else { return [] }
    records.ignored.formUnion(hidden)
    if plan.resource.find == nil || options.reading != nil { counts.notShown = hidden }
    return hidden
  }

  func take(_ page: [DestinationListing.Entry]) async throws {
    try Task.checkCancellation()
    if options.isWhole { try records.takeKeyless(page.filter { $0.key == nil }.map(\.record.remoteID)) }
    let leftAlone = try await unjudged(page)
    try records.take(page.compactMap { entry in entry.key.flatMap { leftAlone.contains($0) ? nil : reading($0, entry.record) } })
  }

  func reading(_ key: Name, _ stored: StoredRecord) -> ComparedRecords.Reading {
    let values = RecordValues.values(of: stored.record ?? .null, plan.columns)
    for column in records.lenient where values[column] ?? .null != .null { shownLenient.insert(column) }
    return ComparedRecords.Reading(key: key, values: values, remoteID: stored.remoteID)
  }

  /// The unexpected keys of a page that are no difference: records of earlier loads, of others that load to the same address, and of
  /// calls whose result is not known.
  private func unjudged(_ page: [DestinationListing.Entry]) async throws -> Set<Name> {
    let unknown = try records.unknown(among: page.compactMap(\.key))
    guard options.isWhole, !unknown.isEmpty else { return unknown }
    let uncertain = unknown.intersection(open)
    let others = unknown.subtracting(uncertain)
    if others.isEmpty { return uncertain }
    var leftBehind: Set<Name> = []
    for (scope, open) in [(scope: plan.scope, open: [])] + (try await scopesAtSameAddress()) {
      let rest = others.subtracting(leftBehind)
      if rest.isEmpty { break }
      leftBehind.formUnion(rest.intersection(open))
      leftBehind.formUnion(try await reader.accepted(Array(rest), in: scope).filter { $0.value.isPresent }.keys)
    }
    counts.leftBehind += page.count { entry in !entry.isRepeated && entry.key.map { leftBehind.contains($0) } ?? false }
    return leftBehind.union(uncertain)
  }

  private func scopesAtSameAddress() async throws -> [(scope: JournalScope, open: Set<Name>)] {
    if let others { return others }
    let (journal, scope, address) = (journal, plan.scope, Name(plan.address))
    let found = try await BlockingWork.perform {
      try journal.scopes().filter { $0.scope != scope && $0.address == address }.map(\.scope)
        .map { (scope: $0, open: try HTTPComparison.openKeys($0, journal)) }
    }
    others = found
    return found
  }
}
