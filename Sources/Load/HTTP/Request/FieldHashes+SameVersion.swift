import Core

extension Accepted {
  /// Whether the destination has accepted the version of a record with these hashes, as far as the journal tells. Not what an undo has
  /// put back, of which nothing is known.
  func isOfVersion(_ staged: [UInt8]) -> Bool {
    if digest == nil, FieldHashes.table(fields) == nil { return false }
    return FieldHashes.isSameVersion(fields, staged)
  }
}

extension FieldHashes {
  /// Whether the destination has accepted this version of a record, as far as the hashes tell. Fields that it did not apply, and old
  /// values that it keeps, do not make another version. True where the journal has no hashes, as for adopted records.
  static func isSameVersion(_ accepted: [UInt8], _ staged: [UInt8]) -> Bool {
    changes(from: accepted, to: staged)?.allSatisfy(\.isMarked) ?? true
  }
}
