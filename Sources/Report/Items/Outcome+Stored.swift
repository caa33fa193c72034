import Core

/// The number of an outcome in item logs and fate logs.
extension Outcome {
  /// Never renumber them.
  private static let stored: [Outcome] = [
    .written, .created, .updated, .unchanged, .removed, .filtered, .merged, .rejected, .failed, .pending,
  ]

  var storedCode: UInt8 { UInt8(Self.stored.firstIndex(of: self) ?? 0) }

  /// Nil for a number that is not one.
  init?(storedCode code: UInt8) {
    guard Int(code) < Self.stored.count else { return nil }
    self = Self.stored[Int(code)]
  }
}
