import Core
import Transform

/// `fields`: the tree of targets, flattened.
extension MappingBuilder {
  mutating func readFields(_ entries: [YAMLEntry], under prefix: [String], position: TargetPosition) {
    for entry in entries { readField(entry, under: prefix, position: position) }
  }

  /// One entry; `address.city: city` stands for a nested one.
  private mutating func readField(_ entry: YAMLEntry, under prefix: [String], position: TargetPosition) {
    let names = entry.key.split(exactly: ".")
    guard names.allSatisfy({ !$0.isEmpty }) else {
      report(.badPath, at: entry.keyPlace, "'\(entry.key)' is not a target field: a name is missing")
      return
    }
    guard prefix.count + names.count <= PathText.maximumParts else {
      report(
        .badPath, at: entry.keyPlace,
        "the target field is \(prefix.count + names.count) levels deep, but at most \(PathText.maximumParts) can be written",
        hint: "shorten its name")
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
        report(.notAssignable, at: place, "'\(owner)' accepts \(Assignability.describe(node)), so it has no field '\(name)'")
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
    if case .node(let index) = parent, let name = path.last, isRequired(name, in: index) {
      draft.isRequiredByTarget = true
    }
    fieldTree.add(path[...], fields.count)
    fields.append(draft)
  }

  /// The entries of a nested target; nil if `node` is a path or a long form.
  private mutating func nested(_ node: YAMLNode, _ position: TargetPosition) -> [YAMLEntry]? {
    guard let entries = node.entries else { return nil }
    if let inner = node["fields"], inner.isMapping || inner.isRefused, !isNamed("fields", in: position) {
      node.checkKeys("a nested target", known: ["fields"], &diagnostics)
      return inner.entries ?? []
    }
    let words = Set(names: MappingKeywords.field)
    switch position {
    case .node: guard isObject(position) else { return nil }
    case .unchecked: return nil
    // For an unknown target this is undecidable; a map without any known keyword is treated as a nested one.
    case .poisoned: guard !entries.contains(where: { words.contains($0.key) }) else { return nil }
    }
    return entries.contains { MappingKeywords.values.contains(exactly: $0.key) } ? nil : entries
  }

  /// The field with this dotted name.
  func field(named name: String) -> FieldDraft? {
    field(of: name.split(exactly: "."))
  }

  func field(of target: [String]) -> FieldDraft? { fieldTree.field(at: target).map { fields[$0] } }

  /// Whether a diagnostic has named this target, a part of it, or the whole that contains it.
  func isMeant(_ name: String) -> Bool { meantTargets.overlaps(name) }

  private mutating func isNamed(_ name: String, in position: TargetPosition) -> Bool {
    guard case .node(let index) = position else { return false }
    return property(name, of: index) != nil
  }

  /// Whether nothing writes this target, a part of it, or the whole that contains it.
  private mutating func isOnlyWriter(_ path: [String], at place: SourcePlace) -> Bool {
    guard let other = fieldTree.writer(of: path).map({ fields[$0] }) else { return true }
    let what =
      other.model.target.isExactly(path)
      ? "" : " as part of '\(other.model.target.count < path.count ? other.name : path.joined(separator: "."))'"
    report(
      .twoWriters, at: place, "'\(path.joined(separator: "."))' is written twice\(what); first on line \(other.keyPlace.line)")
    return false
  }
}
