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
    for index in fields.indices {
      var policy = own[index]
      for other in fields.indices where other != index && own[other] > policy {
        let isShared = fields[index].facts.paths.contains { path in
          fields[other].facts.paths.contains { Self.overlap(path, $0) }
        }
        if isShared { policy = own[other] }
      }
      fields[index].model.privacy = policy
    }
  }

  /// One path leads to the other's value, or to a part of it.
  private static func overlap(_ left: SourcePath, _ right: SourcePath) -> Bool {
    let roots: [SourcePath.Root] = [.record, .parent]
    guard left.root == right.root || (roots.contains(left.root) && roots.contains(right.root)) else { return false }
    return left.steps.starts(with: right.steps) || right.steps.starts(with: left.steps)
  }
}
