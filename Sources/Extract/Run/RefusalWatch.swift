import GHL

/// Tells a refusal that concerns one contact from one that every contact meets: a user who may not read notes is refused
/// each time, one contact that is locked is not.
struct RefusalWatch: Sendable {
  /// After this many refusals of one kind of record without an answer, the refusal is taken to concern all.
  static let atMost = 5

  private var answered: Set<String> = []
  private var refused: [String: (count: Int, failure: GHLFailure)] = [:]

  /// The source has given something that was asked for.
  var hasAnswers: Bool { !answered.isEmpty }

  /// - Throws: the refusal that every contact meets.
  mutating func take(_ bundle: ContactBundle) throws(GHLFailure) {
    answered.formUnion(bundle.answered)
    for (entity, failure) in bundle.refusals.sorted(by: { $0.key < $1.key }) where !answered.contains(entity) {
      let count = (refused[entity]?.count ?? 0) + 1
      refused[entity] = (count, failure)
      if count >= Self.atMost { throw failure }
    }
  }

  /// At the end of all contacts.
  ///
  /// - Throws: the refusal of what was never answered.
  func end() throws(GHLFailure) {
    let never = refused.sorted { $0.key < $1.key }.first { !answered.contains($0.key) }
    if let failure = never?.value.failure { throw failure }
  }
}
