import Core

/// What the journal would know about the records of a part after the load that a dry run predicts, as far as it does not know it
/// already. Safe to use from many tasks.
final class ForecastFates: Sendable {
  private struct Content {
    var keys: ForecastKeys
    /// IDs that lookups have shown.
    var ids: [Name: Name] = [:]
    /// More of them, once there are many.
    var table: RecordTable?
    /// The load would take over what the destination's list has.
    var listed: RecordTable?
  }

  private let content: Locked<Content>
  private let path: String
  /// Other records refer to those of the part, so that their IDs matter.
  private let isParent: Bool

  private static let idsInMemory = 4096

  /// - Parameters:
  ///   - count: of records.
  ///   - path: IDs are kept beside this file.
  init(count: Int, isParent: Bool, beside path: String) {
    content = Locked(Content(keys: ForecastKeys(count: count)))
    self.isParent = isParent
    self.path = path
  }

  /// Nil if nothing was predicted for the key.
  subscript(key: Name) -> ForecastKeys.Fate? { content.withLock { $0.keys[key] } }

  func adopt(_ listed: RecordTable) { content.withLock { $0.listed = listed } }

  /// - Parameter id: what is known of its ID at the destination.
  /// - Throws: `OperationFailure` if the disk is full.
  func set(_ key: Name, _ fate: ForecastKeys.Fate, id: Name?) throws {
    try content.withLock { content in
      content.keys.set(key, fate)
      guard isParent, let id else { return }
      content.ids[key] = id
      guard content.ids.count >= Self.idsInMemory else { return }
      let table: RecordTable
      if let known = content.table {
        table = known
      } else {
        table = try RecordTable(beside: path)
        try table.seal()
        content.table = table
      }
      try table.add(content.ids.map { .init(key: $0.key, remoteID: $0.value, record: []) })
      content.ids = [:]
    }
  }

  /// The ID that a lookup or the list has shown.
  ///
  /// - Throws: `OperationFailure`.
  func id(of key: Name) throws -> Name? {
    try content.withLock { content in
      if let id = content.ids[key] { return id }
      if let id = try content.table?.rows(of: key).last?.remoteID { return id }
      return try content.listed?.rows(of: key).first?.remoteID
    }
  }

  /// The ID that children of a record would name; nil: there is none, so they wait.
  ///
  /// - Parameters:
  ///   - journal: what it says about the record now; nil: nothing, or that it is not there.
  ///   - newID: that of a record which the load creates; nil: the destination gives none.
  /// - Throws: `OperationFailure`.
  func idForChildren(of key: Name, journal: Accepted?, newID: Name?) throws -> Name? {
    let fate = self[key]
    if fate == .removed { return nil }
    if let journal, journal.epoch > 0, let id = journal.remoteID { return id }
    if let id = try id(of: key) ?? journal?.remoteID { return id }
    if case .accepted? = fate { return newID }
    return nil
  }
}

/// What has been predicted for those mappings of a run to which others refer. Safe to use from many tasks.
final class ForecastParents: Sendable {
  private let mappings = Locked<[Name: ForecastFates]>([:])

  func keep(_ fates: ForecastFates, of mapping: String) { mappings.withLock { $0[Name(mapping)] = fates } }

  func fates(of mapping: Name) -> ForecastFates? { mappings.withLock { $0[mapping] } }
}
