import Core
import Transform

/// How values of each field may look in ledgers, logs and reports.
extension ModelPhase {
  /// Gives each field its policy: its own, or that of its sources; and at least that of every field that shares a
  /// source with it, since a source value takes the strictest policy of the targets that it feeds.
  mutating func spreadPrivacy() {
    let own = fields.drafts.map { $0.statedPrivacy ?? $0.facts.privacy }
    var policies: [SourcePath: Privacy] = [:]
    for (index, field) in fields.drafts.enumerated() where own[index] > .show {
      for path in field.facts.paths { policies[path] = max(policies[path] ?? .show, own[index]) }
    }
    // Paths that begin with different members, or read different custom fields, never overlap; paths into the list of
    // custom fields and paths of elements may overlap any other.
    var byMember: [String: [SourcePath]] = [:]
    for path in policies.keys { byMember[Self.firstMember(path) ?? "", default: []].append(path) }
    var known: [SourcePath: Privacy] = [:]
    func policy(of path: SourcePath) -> Privacy {
      if let policy = known[path] { return policy }
      let member = Self.firstMember(path)
      let near = member.map { (byMember[$0] ?? []) + (byMember[""] ?? []) } ?? Array(policies.keys)
      let policy = near.reduce(Privacy.show) { overlap(path, $1) ? max($0, policies[$1] ?? .show) : $0 }
      known[path] = policy
      return policy
    }
    func strictest(_ paths: [SourcePath], _ own: Privacy) -> Privacy { paths.reduce(own) { max($0, policy(of: $1)) } }
    for index in fields.drafts.indices {
      fields.drafts[index].model.privacy = strictest(fields.drafts[index].facts.paths, own[index])
    }
    // A var's problems show what it reads, and so as little as the fields that read the same.
    for state in vars.states.values {
      guard let index = state.index else { continue }
      vars.models[index].privacy = strictest(state.facts.paths, state.facts.privacy)
    }
  }

  /// The record's member that a path begins with, or its custom field, if the path can overlap only paths with the same
  /// beginning.
  private static func firstMember(_ path: SourcePath) -> String? {
    switch path.root {
    case .custom(let key): return "custom.\(key)"
    case .item: return nil
    case .record, .parent: break
    }
    guard case .member(let name)? = path.steps.first, !mayBeCustom(path) else { return nil }
    return name.lowercased()
  }

  /// Ledgers and outcomes name records by their unmasked keys: a personal key is visible there.
  mutating func checkKeyPrivacy() {
    guard let key = source.key, let (policy, place) = source.keyPrivacy else { return }
    let readers = fields.drafts.filter { field in field.facts.paths.contains { overlap($0, key) } }
    let shown = readers.map(\.model.privacy).max() ?? policy
    guard shown != .show else { return }
    report(
      .warning, .personalKey, at: place,
      "'\(key.text)' is personal (\(shown.rawValue)), and as the key it appears unmasked in ledgers and outcomes",
      hint: "use an ID as the key, or set pii: show for the field that it feeds")
  }

  /// Whether one path leads to the other's value, or to a part of it, or may do so.
  private func overlap(_ left: SourcePath, _ right: SourcePath) -> Bool {
    // A custom field is an element of the record's list; which one, only its location says.
    switch (left.root, right.root) {
    case (.custom(let one), .custom(let other)): return one == other
    case (.custom, .record), (.custom, .parent): return Self.mayBeCustom(right)
    case (.record, .custom), (.parent, .custom): return Self.mayBeCustom(left)
    case (.custom, .item), (.item, .custom): return source.item.map { Self.mayBeCustom($0.path) } ?? false
    case (.item, .item): return Self.isPrefix(left.steps, right.steps)
    case (.item, _), (_, .item):
      // An element of the list of `each`, against a path into that list or to it.
      guard let list = source.item?.path.steps else { return false }
      return Self.isPrefix(list, left.root == .item ? right.steps : left.steps)
    default: return Self.isPrefix(left.steps, right.steps)
    }
  }

  private static func isPrefix(_ left: [SourcePath.Step], _ right: [SourcePath.Step]) -> Bool {
    zip(left, right).allSatisfy { mayBeSame($0, $1) }
  }

  /// Two elements of a list are known to be different if both have an index.
  private static func mayBeSame(_ left: SourcePath.Step, _ right: SourcePath.Step) -> Bool {
    switch (left, right) {
    case (.member(let one), .member(let other)): one == other || one.lowercased() == other.lowercased()
    case (.index(let one), .index(let other)): one == other
    case (.select(let member, let one), .select(let otherMember, let other)): member != otherMember || one == other
    case (.index, .select), (.select, .index): true
    case (.member, _), (_, .member): false
    }
  }

  private static func mayBeCustom(_ path: SourcePath) -> Bool {
    guard case .member(let name)? = path.steps.first else { return true }
    return name == "customFields" || name == "custom"
  }
}
