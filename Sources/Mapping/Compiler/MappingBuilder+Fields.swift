import Core
import Transform

/// `fields`: the tree of targets, flattened.
extension MappingBuilder {
  mutating func readFields(_ entries: [YAMLEntry], under prefix: [String], position: TargetPosition) {
    for entry in entries { readField(entry, under: prefix, position: position) }
  }

  /// One entry; `address.city: city` stands for a nested one.
  private mutating func readField(_ entry: YAMLEntry, under prefix: [String], position: TargetPosition) {
    let names = entry.key.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard names.allSatisfy({ !$0.isEmpty }) else {
      report(.badPath, at: entry.keyPlace, "'\(entry.key)' is no target field: a name is missing")
      return
    }
    var here = position
    var parent = position
    var path = prefix
    var column = entry.keyPlace.column
    for name in names {
      path.append(name)
      var place = entry.keyPlace
      if names.count > 1, entry.keyPlace.length == entry.key.count { (place.column, place.length) = (column, name.count) }
      parent = here
      if path.count > prefix.count + 1 || !prefix.isEmpty, case .node(let index) = here, let node = target?.nodes[index],
        !node.types.contains(.object)
      {
        let owner = path.dropLast().joined(separator: ".")
        report(.notAssignable, at: place, "'\(owner)' takes \(Assignability.describe(node)), and so has no field '\(name)'")
        here = .poisoned
      } else {
        here = descend(here, name, at: place, path: path)
      }
      column += name.count + 1
    }
    if let nested = nested(entry.value, here) {
      readFields(nested, under: path, position: here)
      return
    }
    guard isOnlyWriter(path, at: entry.keyPlace) else { return }
    guard var draft = readValue(entry, target: path, position: here, isVariable: false) else {
      meantTargets.insert(path.joined(separator: "."))
      return
    }
    if case .node(let index) = parent, let name = path.last, target?.nodes[index].required.contains(name) == true {
      draft.isRequiredByTarget = true
      if draft.facts.isNullable, !draft.facts.isPoisoned {
        report(
          .warning, .nullableIntoRequired, at: entry.keyPlace,
          "'\(draft.name)' is required by the target and may be null: such records will be rejected",
          hint: "give a default, or say required: true if that is meant")
      } else if draft.model.condition != nil {
        report(
          .warning, .nullableIntoRequired, at: entry.keyPlace,
          "'\(draft.name)' is required by the target and is missing where its 'when' is false: such records will be rejected",
          hint: "use case with else, or leave the condition out")
      }
    }
    fields.append(draft)
  }

  /// The entries of a nested target; nil where `node` is a path or a long form.
  private mutating func nested(_ node: YAMLNode, _ position: TargetPosition) -> [YAMLEntry]? {
    guard let entries = node.entries else { return nil }
    if let inner = node["fields"], inner.isMapping || inner.isRefused, !isNamed("fields", in: position) {
      node.checkKeys("a nested target", known: ["fields"], &diagnostics)
      return inner.entries ?? []
    }
    let words = Set(MappingKeywords.field)
    switch position {
    case .node: guard isObject(position) else { return nil }
    case .unchecked: return nil
    // Of an unknown target nobody can tell; a map of no known word at all is taken for a nested one.
    case .poisoned: guard !entries.contains(where: { words.contains($0.key) }) else { return nil }
    }
    return entries.contains { MappingKeywords.values.contains($0.key) } ? nil : entries
  }

  private func isNamed(_ name: String, in position: TargetPosition) -> Bool {
    guard case .node(let index) = position else { return false }
    return target?.nodes[index].property(name) != nil
  }

  /// Whether nobody writes this target, a part of it or the whole that it is a part of.
  private mutating func isOnlyWriter(_ path: [String], at place: SourcePlace) -> Bool {
    guard let other = fields.first(where: { $0.model.target.starts(with: path) || path.starts(with: $0.model.target) }) else {
      return true
    }
    let what =
      other.model.target == path
      ? "" : " as a part of '\(other.model.target.count < path.count ? other.name : path.joined(separator: "."))'"
    report(
      .twoWriters, at: place, "'\(path.joined(separator: "."))' is written twice\(what); first on line \(other.keyPlace.line)")
    return false
  }

  /// `pii: {email: hash, address: {city: mask}}` of the document.
  mutating func readPrivacy(_ node: YAMLNode, under prefix: [String]) {
    guard let entries = node.entries("pii", &diagnostics) else { return }
    for entry in entries {
      let path = prefix + entry.key.split(separator: ".").map(String.init)
      let name = path.joined(separator: ".")
      if entry.value.isMapping {
        readPrivacy(entry.value, under: path)
        continue
      }
      let policy = privacy(entry.value, "pii.\(name)")
      let matches = fields.indices.filter { fields[$0].model.target.starts(with: path) }
      if matches.isEmpty, !meantTargets.contains(name) {
        let hint = NearestName.hint(name, in: fields.map(\.name))
        report(.unknownTargetField, at: entry.keyPlace, "pii: no field '\(name)' is mapped here", hint: hint)
      }
      for index in matches where fields[index].statedPrivacy == nil { fields[index].statedPrivacy = policy }
    }
  }

  mutating func privacy(_ node: YAMLNode, _ what: String) -> Privacy? {
    node.word(what, oneOf: MappingKeywords.privacies, &diagnostics).flatMap { Privacy(rawValue: $0) }
  }

  /// Gives each field its policy: its own, or that of its sources; and at least that of every field that shares a
  /// source with it, since a source value takes the strictest policy of the targets that it feeds.
  mutating func spreadPrivacy() {
    let own = fields.map { $0.statedPrivacy ?? $0.facts.privacy }
    func strictest(_ paths: [SourcePath], _ policy: Privacy) -> Privacy {
      var policy = policy
      for other in fields.indices where own[other] > policy {
        if paths.contains(where: { path in fields[other].facts.paths.contains { overlap(path, $0) } }) { policy = own[other] }
      }
      return policy
    }
    for index in fields.indices { fields[index].model.privacy = strictest(fields[index].facts.paths, own[index]) }
    // A var's problems show what it reads, and so as little as the fields that read the same.
    for state in vars.values {
      guard let index = state.index else { continue }
      varModels[index].privacy = strictest(state.facts.paths, state.facts.privacy)
    }
  }

  /// Ledgers and outcomes name records by their keys, as they are: a personal key shows itself there.
  mutating func checkKeyPrivacy() {
    guard let key = scope.key, let (policy, place) = scope.keyPrivacy else { return }
    let readers = fields.filter { field in field.facts.paths.contains { overlap($0, key) } }
    let shown = readers.map(\.model.privacy).max() ?? policy
    guard shown != .show else { return }
    report(
      .warning, .personalKey, at: place,
      "'\(key.text)' is personal (\(shown.rawValue)), and as the key it stands in ledgers and outcomes as it is",
      hint: "use an id as the key, or say pii: show for the field that it feeds")
  }

  /// One path leads to the other's value, or to a part of it, or it cannot be told that it does not.
  private func overlap(_ left: SourcePath, _ right: SourcePath) -> Bool {
    // A custom field is an element of the record's list; which one, only its location says.
    switch (left.root, right.root) {
    case (.custom(let one), .custom(let other)): return one == other
    case (.custom, .record), (.custom, .parent): return Self.mayBeCustom(right)
    case (.record, .custom), (.parent, .custom): return Self.mayBeCustom(left)
    case (.custom, .item), (.item, .custom): return scope.item.map { Self.mayBeCustom($0.path) } ?? false
    case (.item, .item): return Self.isPrefix(left.steps, right.steps)
    case (.item, _), (_, .item):
      // An element of the list of `each`, against a path into that list or to it.
      guard let list = scope.item?.path.steps else { return false }
      return Self.isPrefix(list, left.root == .item ? right.steps : left.steps)
    default: return Self.isPrefix(left.steps, right.steps)
    }
  }

  private static func isPrefix(_ left: [SourcePath.Step], _ right: [SourcePath.Step]) -> Bool {
    zip(left, right).allSatisfy { mayBeSame($0, $1) }
  }

  /// Of two elements of a list it can be told that they are two where both are counted.
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
