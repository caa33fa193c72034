import Core
import Expressions
import Transform

/// What the target requires: fields that nothing writes, and fields that may have no value.
///
/// A member is required if its object is present. An object that nothing requires is present if one of its fields is, so a
/// member of it may be missing as long as all other members are missing too (MappingLanguage.md, "Null and missing").
extension FieldPhase {
  /// Checks that need all fields: required targets that nothing writes, those that may have no value, the target's key.
  mutating func checkTargets() {
    var missing: [String] = []
    // Fields that were reported as `nullable-into-required`.
    var reported: Set<Int> = []
    if let schema = target.schema {
      collectMissing(schema.root, under: [], fields.tree, schema, &missing)
      checkRequired(schema.root, fields.tree, path: [], around: nil, schema, &reported)
    }
    checkNulls(reported: reported)
    warnOfLookAlikes()
    if !missing.isEmpty, !context.options.allowsGaps {
      let names = missing.map { "'\($0)'" }.joined(separator: ", ")
      let verb =
        missing.count == 1 ? "is required by the target and is not mapped" : "are required by the target and are not mapped"
      // A field that only looks like a required one is probably a typo.
      let written = fields.drafts.map(\.name)
      let slip = missing.lazy.compactMap { NearestName.lookAlike(of: $0, in: written) }.first
      let hint = slip.map { "'\($0.other)' is a different field: \($0.difference)" }
      report(.requiredNotMapped, at: fields.place, "\(names) \(verb)", hint: hint)
    }
    let unmapped = Set(names: missing)
    for node in target.keyNodes {
      guard let key = node.scalar?.text, node.scalar?.meaning != .null else { continue }
      guard let field = fields.named(key) else {
        guard !unmapped.contains(key), !fields.isMeant(key), !context.options.allowsGaps else { continue }
        let hint = NearestName.hint(key, in: fields.drafts.map(\.name)) ?? "map it under 'fields'"
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
    if target.schema == nil { warnOfLookAlikes(among: fields.drafts.map { ($0.name, $0.keyPlace) }, "field") }
    let vars = vars.states.values.map(\.entry).sorted { $0.keyPlace < $1.keyPlace }
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
      if !fields.meant.holds(text) { missing.append(text) }
    }
    // Members that the mapping writes one by one.
    for name in tree.names {
      guard let member = tree.members[name], member.field == nil, let child = node.child(name) else { continue }
      collectMissing(child, under: prefix + [name], member, target, &missing)
    }
  }

  /// `around`: the innermost object that nothing requires; nil: all are present in every record.
  private mutating func checkRequired(
    _ index: Int, _ tree: FieldTree, path: [String], around: LooseObject?, _ target: TargetSchema, _ reported: inout Set<Int>
  ) {
    let node = target.nodes[index]
    let required = Set(names: node.required)
    for name in tree.names {
      guard let member = tree.members[name] else { continue }
      let isRequired = required.contains(name)
      if let field = member.field {
        if isRequired { judge(field, around, target, &reported) }
        continue
      }
      guard let child = node.child(name) else { continue }
      let path = path + [name]
      let here = isRequired ? around : LooseObject(name: path.joined(separator: "."), member, fields.drafts)
      checkRequired(child, member, path: path, around: here, target, &reported)
      if isRequired, target.nodes[child].required.isEmpty { judge(object: member, path, around) }
    }
  }

  private mutating func judge(
    _ index: Int, _ around: LooseObject?, _ target: TargetSchema, _ reported: inout Set<Int>
  ) {
    let field = fields.drafts[index]
    guard !field.facts.isPoisoned else { return }
    var takesNull = false
    if case .node(let index) = field.position { takesNull = target.nodes[index].types.contains(.null) }
    let isWrittenNull = field.facts.makesNull && !takesNull
    if around == nil ? field.facts.isNullable && (field.facts.mayBeMissing || !takesNull) : isWrittenNull {
      reported.insert(index)
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
    reported.insert(index)
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
      !parts.contains(where: { fields.drafts[$0].facts.isPoisoned || !Self.mayBeMissing(fields.drafts[$0]) })
    else { return }
    if let around, survivor(of: first, in: around, besides: Set(parts)) == nil { return }
    let name = path.joined(separator: ".")
    report(
      .warning, .nullableIntoRequired, at: fields.drafts[first].keyPlace,
      "'\(name)' is required by the target and is missing when all its fields are: such records will be rejected",
      hint: "give one of them a default, or set required: true if rejection is intended")
  }

  private static func mayBeMissing(_ field: FieldDraft) -> Bool { field.facts.mayBeMissing || field.model.condition != nil }

  /// A field of the object that may be present while the one at `index` is missing; nil if there is none, or it is unknown.
  private func survivor(of index: Int, in object: LooseObject, besides own: Set<Int>) -> FieldDraft? {
    guard !object.hasPoisoned else { return nil }
    let absence = FieldAbsence(fields.drafts[index])
    for (other, first, second) in object.absences where !other.follows(absence) {
      if !own.contains(first) { return fields.drafts[first] }
      if let second, !own.contains(second) { return fields.drafts[second] }
    }
    return nil
  }
}
