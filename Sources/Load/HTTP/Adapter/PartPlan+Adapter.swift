import Core

extension PartPlan {
  /// What must not be in flight together with a record.
  func keysInFlight(of record: OutgoingRecord) -> [Name] {
    guard let adapter else { return [record.key] }
    var keys = [record.key]
    // Keys are arbitrary texts, and identities are not among them.
    for identity in adapter.identities(of: record).map(Self.besideKeys) where !keys.contains(identity) { keys.append(identity) }
    return keys
  }

  /// The identities that a record reserves until the result of its call is known.
  func identitiesHeld(by record: OutgoingRecord) -> [Name] { adapter?.identitiesHeld(by: record).map(Self.besideKeys) ?? [] }

  /// Why a new record has to wait for another one with an identity of its own; nil: it does not.
  ///
  /// - Parameter isBlocked: whether a key or an identity is reserved by a call whose result is not known.
  func hold(on record: OutgoingRecord, _ isBlocked: (Name) -> Bool) -> PartLoad.Reason? {
    guard let adapter else { return nil }
    let identity = adapter.identitiesHeld(by: record).first { isBlocked(Self.besideKeys($0)) }
    return identity.map { .held(adapter.title(of: $0)) }
  }

  private static func besideKeys(_ identity: Name) -> Name { Name("\u{1}\(identity.text)") }

  /// What is lost if another mapping or another pipeline loads to the same address; nil: nothing.
  func effect(of other: JournalScope) -> String? {
    if let adapter { return adapter.effect(of: other, on: scope) }
    return other.location.isExactly(scope.location) ? "each overwrites what the other has sent for the same keys" : nil
  }

  /// Whether an adapter must look a record up before it is updated: its parent is another one now, and may not have it.
  func adapterReadsBefore(_ record: OutgoingRecord, known: Accepted?) -> Bool {
    guard let adapter, let known, known.isPresent else { return false }
    return adapter.readsBefore(record, known: known)
  }
}
