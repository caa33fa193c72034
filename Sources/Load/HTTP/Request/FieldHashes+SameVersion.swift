import Core

extension Accepted {
  /// Whether the destination has accepted the version of a record with these hashes, as far as the journal tells.
  func isVersion(_ staged: [UInt8]) -> Bool { fields != FieldHashes.putBack && FieldHashes.isSameVersion(fields, staged) }
}

extension FieldHashes {
  /// Whether the destination has accepted this version of a record, as far as the hashes tell. Fields that it did not apply, and old
  /// values that it keeps, do not make another version. True where the journal has no hashes, as for records that it has from a list.
  static func isSameVersion(_ accepted: [UInt8], _ staged: [UInt8]) -> Bool {
    changes(from: accepted, to: staged)?.allSatisfy(\.isMarked) ?? true
  }
}
