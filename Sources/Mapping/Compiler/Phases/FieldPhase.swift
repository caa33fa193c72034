import Core
import Transform

/// `fields`: the tree of targets, flattened; then what can be said once all of them are known.
struct FieldPhase: FieldReader {
  var scope: MappingScope
  let filter: MappingFilter
  var fields: MappingFields

  init(_ before: FilterPhase) {
    scope = before.scope
    filter = before.filter
    fields = MappingFields(place: before.context.document.entry("fields")?.keyPlace ?? before.context.start)
    var hasNoFields = false
    if let entry = context.document.entry("fields"), let entries = entry.value.entries("fields", &diagnostics) {
      hasNoFields = entries.isEmpty
      readFields(entries, under: [], position: target.rootPosition)
    }
    if let node = context.document["pii"] { readPrivacy(node, under: []) }
    if context.document["fields"] != nil { checkTargets() }
    // If the target requires fields, these have already been reported.
    if hasNoFields, !context.options.allowsGaps, !diagnostics.all.contains(where: { $0.code == .requiredNotMapped }) {
      report(.wrongKind, at: fields.place, "fields must name at least one target field")
    }
  }

  private mutating func readFields(_ entries: [YAMLEntry], under prefix: [String], position: TargetPosition) {
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
      if path.count > prefix.count + 1 || !prefix.isEmpty, case .node(let index) = here, let node = target.schema?.nodes[index],
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
    guard var draft = readValue(entry, target: path, position: here, as: .field(filter: filter.narrowing)) else {
      fields.meant.insert(path.joined(separator: "."))
      return
    }
    if case .node(let index) = parent, let name = path.last, target.requires(name, in: index) {
      draft.isRequiredByTarget = true
    }
    fields.add(draft)
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
    case .node: guard target.isObject(position) else { return nil }
    case .unchecked: return nil
    // For an unknown target this is undecidable; a map without any known keyword is treated as a nested one.
    case .poisoned: guard !entries.contains(where: { words.contains($0.key) }) else { return nil }
    }
    return entries.contains { MappingKeywords.values.contains(exactly: $0.key) } ? nil : entries
  }

  private mutating func isNamed(_ name: String, in position: TargetPosition) -> Bool {
    guard case .node(let index) = position else { return false }
    return target.property(name, of: index) != nil
  }

  /// Whether nothing writes this target, a part of it, or the whole that contains it.
  private mutating func isOnlyWriter(_ path: [String], at place: SourcePlace) -> Bool {
    guard let other = fields.tree.writer(of: path).map({ fields.drafts[$0] }) else { return true }
    let what =
      other.model.target.isExactly(path)
      ? "" : " as part of '\(other.model.target.count < path.count ? other.name : path.joined(separator: "."))'"
    report(
      .twoWriters, at: place, "'\(path.joined(separator: "."))' is written twice\(what); first on line \(other.keyPlace.line)")
    return false
  }

  /// Descends by one name; a name that the schema does not have is reported.
  private mutating func descend(_ position: TargetPosition, _ name: String, at place: SourcePlace, path: [String])
    -> TargetPosition
  {
    guard case .node(let index) = position, let schema = target.schema else { return position }
    let node = schema.nodes[index]
    if let property = target.property(name, of: index) { return .node(property.node) }
    switch node.additional {
    case .allowed:
      warnOfLookAlike(name, in: node.properties.map(\.name), of: node.properties.count, at: place, schema.file)
      return .unchecked
    case .node(let index):
      warnOfLookAlike(name, in: node.properties.map(\.name), of: node.properties.count, at: place, schema.file)
      return .node(index)
    case .unspecified, .denied:
      // Nothing is reported about a member with an empty schema.
      if node.types == .all, node.properties.isEmpty, node.additional == .unspecified, path.count > 1 { return .unchecked }
      let near = nearest(name, in: node.properties.map(\.name), of: node.properties.count)
      if let near { fields.meant.insert((path.dropLast() + [near]).joined(separator: ".")) }
      let owner = path.count > 1 ? "'\(path.dropLast().joined(separator: "."))' of \(schema.file)" : schema.file
      let listed = node.properties.count > 12 ? [] : node.properties.map(\.name)
      let hint =
        near.map { NearestName.question(name, $0) } ?? (listed.isEmpty ? nil : "it has: \(listed.joined(separator: ", "))")
      report(.unknownTargetField, at: place, "no field '\(name)' in \(owner)", hint: hint)
      return .poisoned
    }
  }

  /// `pii: {email: hash, address: {city: mask}}` of the document.
  private mutating func readPrivacy(_ node: YAMLNode, under prefix: [String]) {
    guard let entries = node.entries("pii", &diagnostics) else { return }
    for entry in entries {
      let path = prefix + entry.key.split(exactly: ".").filter { !$0.isEmpty }
      let name = path.joined(separator: ".")
      if entry.value.isMapping {
        readPrivacy(entry.value, under: path)
        continue
      }
      let policy = privacy(entry.value, "pii.\(name)")
      let matches = fields.tree.tree(at: path)?.all ?? []
      if matches.isEmpty, !fields.isMeant(name) {
        let hint = NearestName.hint(name, in: fields.drafts.map(\.name))
        report(.unknownTargetField, at: entry.keyPlace, "pii: no field '\(name)' is mapped here", hint: hint)
      }
      for index in matches where fields.drafts[index].statedPrivacy == nil { fields.drafts[index].statedPrivacy = policy }
    }
  }
}
