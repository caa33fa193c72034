import Core
import Expressions
import Transform

/// What the target requires: fields that nothing writes, and fields that may have no value.
///
/// A member is required if its object is present. An object that nothing requires is present if one of its fields is, so a
/// member of it may be missing as long as all other members are missing too (MappingLanguage.md, "Null and missing").
extension MappingBuilder {
  /// Checks that need all fields: required targets that nothing writes, those that may have no value, the target's key.
  mutating func checkTargets(targetKey: [YAMLNode]) {
    var missing: [String] = []
    if let target {
      collectMissing(target.root, under: [], fieldTree, target, &missing)
      checkRequired(target.root, fieldTree, path: [], around: nil, target)
    }
    checkNulls(reported: nullableReported)
    warnOfLookAlikes()
    if !missing.isEmpty, !options.allowsGaps {
      let names = missing.map { "'\($0)'" }.joined(separator: ", ")
      let verb =
        missing.count == 1 ? "is required by the target and is not mapped" : "are required by the target and are not mapped"
      // A field that only looks like a required one is probably a typo.
      let written = fields.map(\.name)
      let slip = missing.lazy.compactMap { NearestName.lookAlike(of: $0, in: written) }.first
      let hint = slip.map { "'\($0.other)' is a different field: \($0.difference)" }
      report(.requiredNotMapped, at: fieldsPlace, "\(names) \(verb)", hint: hint)
    }
    let unmapped = Set(names: missing)
    for node in targetKey {
      guard let key = node.scalar?.text, node.scalar?.meaning != .null else { continue }
      guard let field = field(named: key) else {
        guard !unmapped.contains(key), !isMeant(key), !options.allowsGaps else { continue }
        let hint = NearestName.hint(key, in: fields.map(\.name)) ?? "map it under 'fields'"
        report(.unknownTargetField, at: node.place, "target.key: no field '\(key)' is mapped", hint: hint)
        continue
      }
      if field.facts.isNullable, !field.facts.isPoisoned, !field.isRequiredByTarget {
        report(
          .warning, .nullableIntoRequired, at: field.keyPlace,
          "'\(key)' is the target's key and may be null: such records will be rejected",
          hint: "set required: true if rejection is intended")
      }
    }
  }

  /// Without a schema, nothing else shows that two fields that look the same are different. The same always applies to vars.
  private mutating func warnOfLookAlikes() {
    if target == nil { warnOfLookAlikes(among: fields.map { ($0.name, $0.keyPlace) }, "field") }
    let vars = vars.values.map(\.entry).sorted { $0.keyPlace < $1.keyPlace }
    warnOfLookAlikes(among: vars.map { ($0.key, $0.keyPlace) }, "var")
  }

  private mutating func warnOfLookAlikes(among names: [(name: String, place: SourcePlace)], _ what: String) {
    for pair in NearestName.lookAlikes(in: names.map(\.name)) {
      guard let place = names.first(where: { $0.name.isExactly(pair.name) })?.place else { continue }
      report(
        .warning, .similarNames, at: place, "'\(pair.name)' looks like the \(what) '\(pair.other)' but is a different one",
        hint: pair.difference)
    }
  }

  private func collectMissing(
    _ index: Int, under prefix: [String], _ tree: FieldTree, _ target: TargetSchema, _ missing: inout [String]
  ) {
    let node = target.nodes[index]
    for name in node.required where tree.members[name] == nil {
      let text = (prefix + [name]).joined(separator: ".")
      if !meantTargets.holds(text) { missing.append(text) }
    }
    // Members that the mapping writes one by one.
    for name in tree.names {
      guard let member = tree.members[name], member.field == nil, let child = node.child(name) else { continue }
      collectMissing(child, under: prefix + [name], member, target, &missing)
    }
  }

  /// An object that may be absent, with its name.
  private struct LooseObject {
    var name: String
    /// When its fields are missing: each case once, with the fields that are missing in that case (two of them are enough).
    var absences: [(absence: Absence, first: Int, second: Int?)] = []
    var hasPoisoned = false

    init(name: String, _ tree: FieldTree, _ fields: [FieldDraft]) {
      self.name = name
      var positions: [Absence: Int] = [:]
      for index in tree.all {
        if fields[index].facts.isPoisoned { hasPoisoned = true }
        let absence = Absence(fields[index])
        if let position = positions[absence] {
          if absences[position].second == nil { absences[position].second = index }
        } else {
          positions[absence] = absences.count
          absences.append((absence, index, nil))
        }
      }
    }
  }

  /// When a field is missing: its condition is false, or the one path that it copies is absent.
  private struct Absence: Hashable {
    var condition: Name?
    var mayBeMissing: Bool
    var path: SourcePath?

    init(_ field: FieldDraft) {
      condition = field.model.condition.map { Name($0.checked.text) }
      mayBeMissing = field.facts.mayBeMissing
      path = mayBeMissing && field.facts.paths.count == 1 ? field.facts.paths.first : nil
    }

    /// Whether a field that is missing in this case is missing whenever `other` is.
    func follows(_ other: Absence) -> Bool {
      if let asked = other.condition, condition != asked { return false }
      return !other.mayBeMissing || (mayBeMissing && path != nil && path == other.path)
    }
  }

  /// `around`: the innermost object that nothing requires; nil: all are present in every record.
  private mutating func checkRequired(
    _ index: Int, _ tree: FieldTree, path: [String], around: LooseObject?, _ target: TargetSchema
  ) {
    let node = target.nodes[index]
    let required = Set(names: node.required)
    for name in tree.names {
      guard let member = tree.members[name] else { continue }
      let isRequired = required.contains(name)
      if let field = member.field {
        if isRequired { judge(field, around, target) }
        continue
      }
      guard let child = node.child(name) else { continue }
      let path = path + [name]
      let here = isRequired ? around : LooseObject(name: path.joined(separator: "."), member, fields)
      checkRequired(child, member, path: path, around: here, target)
      if isRequired, target.nodes[child].required.isEmpty { judge(object: member, path, around) }
    }
  }

  private mutating func judge(_ index: Int, _ around: LooseObject?, _ target: TargetSchema) {
    let field = fields[index]
    guard !field.facts.isPoisoned else { return }
    var takesNull = false
    if case .node(let index) = field.position { takesNull = target.nodes[index].types.contains(.null) }
    let isWrittenNull = field.facts.makesNull && !takesNull
    if around == nil ? field.facts.isNullable && (field.facts.mayBeMissing || !takesNull) : isWrittenNull {
      nullableReported.insert(index)
      report(
        .warning, .nullableIntoRequired, at: field.keyPlace,
        "'\(field.name)' is required by the target and may be null: such records will be rejected",
        hint: "give a default, or set required: true if rejection is intended")
      return
    }
    guard field.facts.mayBeMissing || field.model.condition != nil else { return }
    let other = around.flatMap { survivor(of: index, in: $0, besides: [index]) }
    guard around == nil || other != nil else { return }
    let end =
      other.map { "while '\($0.name)' is present" }
      ?? "when its 'when' is false"
    nullableReported.insert(index)
    let whole = around.map { " if there is any '\($0.name)'" } ?? ""
    report(
      .warning, .nullableIntoRequired, at: field.keyPlace,
      "'\(field.name)' is required by the target\(whole), and \(around == nil ? "is" : "may be") missing \(end): such records will be rejected",
      hint: field.facts.mayBeMissing
        ? "give a default, or set required: true if rejection is intended" : "use case with else, or remove the condition")
  }

  /// A required object that is missing if all its fields are.
  private mutating func judge(object tree: FieldTree, _ path: [String], _ around: LooseObject?) {
    let parts = tree.all
    guard let first = parts.first,
      !parts.contains(where: { fields[$0].facts.isPoisoned || !Self.mayBeMissing(fields[$0]) })
    else { return }
    if let around, survivor(of: first, in: around, besides: Set(parts)) == nil { return }
    let name = path.joined(separator: ".")
    report(
      .warning, .nullableIntoRequired, at: fields[first].keyPlace,
      "'\(name)' is required by the target and is missing when all its fields are: such records will be rejected",
      hint: "give one of them a default, or set required: true if rejection is intended")
  }

  private static func mayBeMissing(_ field: FieldDraft) -> Bool { field.facts.mayBeMissing || field.model.condition != nil }

  /// A field of the object that may be present while the one at `index` is missing; nil if there is none, or it is unknown.
  private func survivor(of index: Int, in object: LooseObject, besides own: Set<Int>) -> FieldDraft? {
    guard !object.hasPoisoned else { return nil }
    let absence = Absence(fields[index])
    for (other, first, second) in object.absences where !other.follows(absence) {
      if !own.contains(first) { return fields[first] }
      if let second, !own.contains(second) { return fields[second] }
    }
    return nil
  }
}
