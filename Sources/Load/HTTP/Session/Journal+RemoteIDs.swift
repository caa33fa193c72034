import Core

extension Journal {
  /// The destination's ID of each record of a scope that is there, as far as it is known.
  ///
  /// - Parameters:
  ///   - isCounted: which records count.
  ///   - body: must not call the journal.
  /// - Throws: as `forEachRecord`.
  func forEachRemoteID(
    in scope: JournalScope, where isCounted: (Accepted) -> Bool = { $0.isPresent },
    _ body: (_ id: Name, _ key: Name) throws -> Void
  ) throws {
    try forEachRecord(in: scope) { records in
      for record in records where isCounted(record.known) {
        if let id = record.known.remoteID { try body(id, record.key) }
      }
    }
  }
}
