/// What reading back a sample of the unchanged records of a part has shown.
package struct VerifyCounts: Sendable, Hashable, Codable {
  /// Records that were read and compared.
  package var records: Int
  /// Of these, those that are not as they were loaded.
  package var drifted: Int
  /// Of these, those that the destination no longer has.
  package var missing: Int
  /// Of the drifted and the missing ones, those that were sent again and accepted.
  package var resent: Int
  /// Records of the sample that could not be read.
  package var notRead: Int

  package init(records: Int = 0, drifted: Int = 0, missing: Int = 0, resent: Int = 0, notRead: Int = 0) {
    self.records = records
    self.drifted = drifted
    self.missing = missing
    self.resent = resent
    self.notRead = notRead
  }
}
