import Core
import Records

/// Compares whole records as a destination shows them. Unlike `RecordComparison`, it compares all their members, and values as they
/// are spelled: `1` and `1.0` differ. The order of members does not count.
struct UndoComparison: Sendable {
  /// Members that are neither compared nor put back: the destination's own ID and tag, and what `omit` names.
  let skipped: Set<Name>

  init(_ plan: PartPlan) {
    var skipped = Set((plan.resource.before?.omit ?? []).map(\.name))
    let prefix = plan.resource.record?.steps ?? []
    let written = Set(plan.columns.compactMap { $0.path.first.map { Name($0) } })
    for path in [plan.resource.remoteID?.path, plan.resource.entityTag?.path].compactMap(\.self) {
      let own = path.steps.starts(with: prefix) ? path.steps.dropFirst(prefix.count) : path.steps[...]
      // What the mapping writes is put back, even if it is the ID.
      if case .member(let name)? = own.first, !written.contains(name) { skipped.insert(name) }
    }
    self.skipped = skipped
  }

  init(skipped: Set<Name>) { self.skipped = skipped }

  /// The names of the members that differ, in the order of the records.
  func differences(_ one: JSONValue, _ other: JSONValue) -> [String] {
    let names = (one.objectValue ?? []).map(\.name) + (other.objectValue ?? []).map(\.name).filter { one[$0] == nil }
    return names.filter { name in
      guard !skipped.contains(Name(name)) else { return false }
      guard let left = one[name], let right = other[name] else { return true }
      return !Self.isSame(left, right)
    }
  }

  /// The members that the destination has set itself, as it does with versions and times: those that were not sent and that
  /// nevertheless have another value since.
  func managed(before: JSONValue, _ entry: UndoLog.After?) -> Set<Name> {
    guard let entry, let after = entry.image.value else { return [] }
    return Set(differences(before, after).filter { after[$0] != nil }.map { Name($0) }).subtracting(entry.sent)
  }

  /// The names of the members that are not as they were before. A member that the destination sets itself does not count if it has
  /// changed again; if it has not, putting it back had no effect.
  func notRestored(before: JSONValue, after: UndoLog.After?, now: JSONValue) -> [String] {
    let managed = managed(before: before, after)
    let result = after?.image.value
    return differences(before, now).filter { name in
      guard managed.contains(Name(name)), let value = now[name], let last = result?[name] else { return true }
      return Self.isSame(value, last)
    }
  }

  /// Whether `now` is what a run has left. Equal tags say so, too, if they are strong (RFC 9110, section 8.8.3.2).
  func isAsAfter(_ after: UndoLog.After, _ now: StoredRecord) -> Bool? {
    if let tag = after.image.entityTag, tag == now.entityTag, !tag.text.hasPrefix("W/") { return true }
    guard let left = after.image.value, let record = now.record else {
      guard let tag = after.image.entityTag, let own = now.entityTag, !tag.text.hasPrefix("W/"), !own.text.hasPrefix("W/") else {
        return nil
      }
      return false
    }
    return differences(left, record).isEmpty
  }

  static func isSame(_ one: JSONSlice, _ other: JSONSlice) -> Bool {
    if one.raw == other.raw { return true }
    guard let left = try? JSONReader.read(Array(one.raw)), let right = try? JSONReader.read(Array(other.raw)) else {
      return false
    }
    return isSame(left, right)
  }

  static func isSame(_ one: JSONValue, _ other: JSONValue) -> Bool {
    switch (one, other) {
    case (.array(let left), .array(let right)): return left.count == right.count && zip(left, right).allSatisfy { isSame($0, $1) }
    case (.object(let left), .object(let right)):
      return left.count == right.count
        && left.allSatisfy { member in other[member.name].map { isSame(member.value, $0) } ?? false }
    default: return one == other
    }
  }
}

extension UndoLog.Image {
  var value: JSONValue? { record.flatMap { try? JSONReader.read($0) } }
}
