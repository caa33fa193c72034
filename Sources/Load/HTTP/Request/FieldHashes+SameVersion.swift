import Core

extension Accepted {
  /// Whether the destination has accepted this version of a record, as far as the journal tells: by the hashes of its fields or, of a
  /// record that Waybill has not written or that an undo has put back, by its digest.
  func isVersion(withDigest staged: [UInt8], fields hashes: [UInt8]) -> Bool {
    FieldHashes.table(fields) == nil ? digest == staged : FieldHashes.isSameVersion(fields, hashes)
  }
}

extension FieldHashes {
  /// Whether the destination has accepted this version of a record, as far as the hashes tell. Fields that it did not apply, and old
  /// values that it keeps, do not make another version.
  static func isSameVersion(_ accepted: [UInt8], _ staged: [UInt8]) -> Bool {
    changes(from: accepted, to: staged)?.allSatisfy(\.isMarked) ?? true
  }
}
