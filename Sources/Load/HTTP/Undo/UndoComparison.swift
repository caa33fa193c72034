import Core
import Records

/// Compares whole records as a destination shows them. Unlike `RecordComparison`, it compares all their members, and values as they
/// are spelled: `1` and `1.0` differ. The order of members does not count.
struct UndoComparison: Sendable {
  /// Members that are neither compared nor put back: the destination's own ID and tag, what `omit` names, and what is volatile.
  let skipped: Set<Name>
  /// The same for members inside others, by their paths.
  let nested: [[Name]]
  /// The members that say which record it is: the key and, if the mapping writes it, the destination's ID.
  let identifying: Set<Name>

  init(_ plan: PartPlan) {
    // `before` may have been removed since the run.
    var skipped = Set((plan.resource.before?.omit ?? []).map(\.name) + plan.resource.volatile)
    var nested: [[Name]] = []
    var identifying: Set<Name> = []
    if case .member(let name)? = plan.keyPath.steps.first { identifying.insert(name) }
    let written = plan.columns.map { $0.path.map { Name($0) } }
    for path in [plan.resource.remoteID?.path, plan.resource.entityTag?.path].compactMap(\.self) {
      let names = Self.members(path, in: plan)
      // What the mapping writes is put back, even if it is the ID.
      let isWritten = written.contains { $0.starts(with: names) || names.starts(with: $0) }
      guard let first = names.first else { continue }
      if isWritten {
        if path == plan.resource.remoteID?.path { identifying.insert(first) }
      } else if names.count == 1 {
        skipped.insert(first)
      } else {
        nested.append(names)
      }
    }
    (self.skipped, self.nested, self.identifying) = (skipped, nested, identifying)
  }

  init(skipped: Set<Name>, nested: [[Name]] = []) { (self.skipped, self.nested, identifying) = (skipped, nested, []) }

  /// Where a record has what a response has at `path`; empty: that is beside the record. Elements of lists are not told apart.
  private static func members(_ path: ResponsePath, in plan: PartPlan) -> [Name] {
    let prefix = plan.resource.record?.steps ?? []
    let isInside = path.steps.count > prefix.count && path.steps.starts(with: prefix)
    // The records of a list have no envelope, so such a path is inside them.
    guard isInside || plan.resource.find?.items != nil else { return [] }
    var names: [Name] = []
    for step in isInside ? path.steps.dropFirst(prefix.count) : path.steps[...] {
      guard case .member(let name) = step else { break }
      names.append(name)
    }
    return names
  }

  /// Without the members inside others that do not count.
  private func stripped(_ record: JSONValue) -> JSONValue {
    nested.reduce(record) { $0.removing($1.map(\.text)[...]) }
  }

  /// The names of the members that differ, in the order of the records.
  func differences(_ one: JSONValue, _ other: JSONValue) -> [String] {
    let (one, other) = (stripped(one), stripped(other))
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

  /// Whether `now` is what a run, or an undo, has left. Equal tags say so, too, if they are strong (RFC 9110, section 8.8.3.2). Nil:
  /// that is not known.
  func isAsLeft(_ image: UndoLog.Image, _ now: StoredRecord) -> Bool? {
    if let tag = image.entityTag, tag == now.entityTag, tag.isStrongTag { return true }
    guard let left = image.value, let record = now.record else {
      guard let tag = image.entityTag, let own = now.entityTag, tag.isStrongTag, own.isStrongTag else { return nil }
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

extension CallContext.Undo {
  /// Whether a record has what was sent to put it back. Null may have removed a member.
  func isShown(_ sent: JSONValue?, in stored: StoredRecord) -> Bool {
    guard !isDelete, let sent, let record = stored.record else { return false }
    return Self.isShown(managed.reduce(sent) { $0.removing([$1]) }, in: record)
  }

  private static func isShown(_ sent: JSONValue, in stored: JSONValue?) -> Bool {
    guard let members = sent.objectValue, let stored, stored.objectValue != nil else {
      return UndoComparison.isSame(sent, stored ?? .null)
    }
    return members.allSatisfy { isShown($0.value, in: stored[$0.name]) }
  }
}

extension UndoLog.Image {
  var value: JSONValue? { record.flatMap { try? JSONReader.read($0) } }
}
