import GHL

/// Distinguishes a refusal of one contact from one that applies to all: a user without permission for notes is refused
/// every time, a locked contact only once.
struct RefusalWatch: Sendable {
  /// After this many refusals for one kind of record without any success, the refusal is taken to apply to all.
  static let atMost = 5

  private var answered: Set<String> = []
  private var refused: [String: (count: Int, failure: GHLFailure)] = [:]

  /// The source returned something of this kind.
  var hasAnswers: Bool { !answered.isEmpty }

  /// - Throws: the refusal that applies to every contact.
  mutating func take(_ bundle: ContactBundle) throws(GHLFailure) {
    answered.formUnion(bundle.answered)
    for (entity, failure) in bundle.refusals.sorted(by: { $0.key < $1.key }) where !answered.contains(entity) {
      let count = (refused[entity]?.count ?? 0) + 1
      refused[entity] = (count, failure)
      if count >= Self.atMost { throw failure }
    }
  }

  /// Called after the last contact.
  ///
  /// - Throws: the refusal for any kind of record that was never returned.
  func end() throws(GHLFailure) {
    let never = refused.sorted { $0.key < $1.key }.first { !answered.contains($0.key) }
    if let failure = never?.value.failure { throw failure }
  }
}
