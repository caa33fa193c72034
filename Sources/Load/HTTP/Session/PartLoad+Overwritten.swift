import Core

/// A new record that the destination has written into what belongs to another record.
extension PartLoad {
  /// Makes the next load send the other record again, because the destination no longer has its values. A record of another mapping, or
  /// of another source location, is only reported: its journal may be in use by another process.
  ///
  /// - Parameter id: the destination's, of what was overwritten.
  /// - Returns: why the new record fails, with the key of the other one.
  /// - Throws: what the journal throws.
  func noteOverwritten(_ id: Name?, by member: Member) async throws -> String {
    func shown(_ name: Name?) -> String { VisibleText.escaped(String((name?.text ?? "").prefix(100))) }
    guard let id, let owner = try await reader.owner(of: id, besides: member.record.key) else {
      return
        "it was written into \(shown(id)), which belongs to a record of another mapping or location, whose values it has overwritten; the next run looks it up again"
    }
    let known = owner.known
    let record = OutgoingRecord(
      ordinal: 0, source: "", line: 0, key: owner.key, digest: known.digest ?? [], fields: known.fields, json: [], values: [:])
    try await note(
      Member(record: record, ticket: -1, known: known), .present(remoteID: known.remoteID, fields: known.fields))
    return
      "it was written into \(shown(id)), which belongs to the record \(shown(owner.key)) of this mapping; the next run looks it up again, and sends \(shown(owner.key)) again"
  }
}
