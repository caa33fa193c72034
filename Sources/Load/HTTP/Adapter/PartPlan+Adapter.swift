import Core

extension PartPlan {
  /// What must not be in flight together with a record.
  func keysInFlight(of record: OutgoingRecord) -> [Name] {
    guard let adapter else { return [record.key] }
    var keys = [record.key]
    // Keys are arbitrary texts, and identities are not among them.
    for identity in adapter.identities(of: record).map({ Name("\u{1}\($0.text)") }) where !keys.contains(identity) {
      keys.append(identity)
    }
    return keys
  }

  /// Whether an adapter must look a record up before it is updated.
  func adapterReadsBefore(_ member: PartLoad.Member) -> Bool {
    guard let adapter, let known = member.known, known.isPresent else { return false }
    return adapter.readsBefore(member.record, known: known)
  }
}
