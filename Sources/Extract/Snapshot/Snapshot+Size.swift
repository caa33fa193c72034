import Core
import Records

extension Snapshot {
  /// How much the location had when the snapshot was made; reads the contacts once.
  ///
  /// - Parameter wanted: ids or names of businesses; nil: all.
  /// - Throws: `OperationFailure`; `ExtractFailure` for a business that the snapshot does not know.
  package func size(businesses wanted: [String]? = nil) throws -> LocationSize {
    var members: [Name: Int] = [:]
    try each("contact") { line in members[RecordText.member("businessId", of: line) ?? "", default: 0] += 1 }
    var found: [(id: String, name: String)] = []
    try each("business") { line in
      guard let id = RecordText.member("id", of: line) else { return }
      found.append((id, RecordText.member("name", of: line) ?? ""))
    }
    let ids = try BusinessChoice.ids(of: wanted, among: found)
    let listed = found.map { members[$0.id] ?? 0 }.reduce(0, +)
    let known = members.values.reduce(0, +)
    // If they were included, they are in the file; if they were counted, the manifest has their number.
    let outside = max(known - listed, manifest.outsideBusinesses ?? 0)
    return LocationSize(
      businesses: found.count, members: ids.map { members[$0] ?? 0 }, outside: outside, total: listed + outside)
  }

  private func each(_ entity: String, _ body: ([UInt8]) -> Void) throws {
    guard var source = try records(of: entity)?.open() else { return }
    let batch = RecordBatch()
    while try source.fill(batch) {
      try Task.checkCancellation()
      for item in batch.items where item.fault == nil {
        body(Array(UnsafeBufferPointer(rebasing: batch.bytes[item.start..<item.end])))
      }
    }
  }
}

/// Resolves IDs and names to businesses.
package enum BusinessChoice {
  /// In the order of the list. Nil means all of them.
  ///
  /// - Throws: `ExtractFailure.unknownBusiness`.
  package static func ids(
    of wanted: [String]?, among found: [(id: String, name: String)]
  ) throws(ExtractFailure) -> [String] {
    guard let wanted else { return found.map(\.id) }
    for name in wanted where !found.contains(where: { $0.id.isExactly(name) || $0.name.isExactly(name) }) {
      throw ExtractFailure.unknownBusiness(name, hint: NearestName.hint(name, in: found.flatMap { [$0.name, $0.id] }))
    }
    return found.filter { wanted.contains(exactly: $0.id) || wanted.contains(exactly: $0.name) }.map(\.id)
  }
}
