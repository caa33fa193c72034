import Core
import Schema
import Transform

/// Values against the nodes of the target schema.
extension MappingBuilder {
  /// Whether a value can go where it is written: each value that the mapping itself writes by the whole schema of the
  /// target, any other by its type and its length.
  mutating func check(_ facts: ValueFacts, into position: TargetPosition, at place: SourcePlace, isList: ValueType) {
    guard !facts.isPoisoned, case .node(let index) = position, let target else { return }
    if let known = facts.known {
      guard facts.type.element != nil else {
        for value in known { check(value, node: index, target) }
        return
      }
      if target.nodes[index].types.contains(.array) {
        if let items = target.nodes[index].items { for value in known { check(value, node: items, target) } }
        return
      }
    }
    if let mismatch = Assignability(schema: target).mismatch(facts.type, into: index) {
      report(.notAssignable, at: place, "\(mismatch.source) cannot go into \(mismatch.target)", hint: mismatch.hint)
      return
    }
    let node = target.nodes[index]
    if let most = node.maxLength, let longest = facts.longest, longest > most, facts.type != .any {
      let hint = facts.type == .string ? "cut it to what the target takes: {truncate: \(most)}" : nil
      report(.tooLongForTarget, at: place, "up to \(longest) characters, the target takes \(most)", hint: hint)
    }
  }

  /// One value of the mapping: the first thing that is wrong with it.
  private mutating func check(_ known: KnownValue, node index: Int, _ target: TargetSchema) {
    guard let failure = validator?.failures(in: known.value, node: index).first else { return }
    let node = target.nodes[index]
    let shown = "\(known.what): \(known.value.text)"
    switch failure.code {
    case .schemaType:
      let isTextMeant = node.types.subtracting(.null) == .string
      switch known.value {
      case .number, .bool:
        guard isTextMeant else { fallthrough }
        report(
          .wrongKind, at: known.place, "\(shown) is \(Assignability.article(.literal(known.value))), the target takes text",
          hint: "write \"\(written(known))\"")
      default:
        report(
          .notAssignable, at: known.place,
          "\(shown) is \(Assignability.article(.literal(known.value))), the target takes \(Assignability.describe(node))")
      }
    case .schemaEnum, .schemaConst:
      let members = node.enumeration ?? []
      let texts = members.compactMap(\.stringValue)
      let hint =
        known.value.stringValue.flatMap { NearestName.hint($0, in: texts) }
        ?? (members.count <= 12 ? "one of: \(members.map(\.text).joined(separator: ", "))" : nil)
      report(.enumMember, at: known.place, "\(shown) is not in the target's enum", hint: hint)
    case .schemaMaxLength:
      let most = node.maxLength.map(String.init) ?? "fewer"
      let count = known.value.stringValue.map { $0.unicodeScalars.count } ?? 0
      report(.tooLongForTarget, at: known.place, "\(shown) has \(count) characters, the target takes \(most)")
    case .schemaPattern:
      report(.patternNeverMatches, at: known.place, "\(shown) does not match the target's pattern \(node.pattern ?? "")")
    default:
      report(.constantOutsideTarget, at: known.place, "\(shown): \(failure.message)")
    }
  }

  /// The scalar as the file has it: `0123`, not 123.
  private func written(_ known: KnownValue) -> String {
    let fallback = known.value.text
    guard let line = diagnostics.files[known.place.file]?.line(known.place.line) else { return fallback }
    let text = line.dropFirst(known.place.column - 1).prefix(known.place.length)
    return text.isEmpty ? fallback : String(text)
  }

  /// What only all fields together can tell: required targets that nobody writes, and the target's key.
  mutating func checkTargets(targetKey: [YAMLNode]) {
    var missing: [String] = []
    if let target { collectMissing(target.root, under: [], target, &missing) }
    if !missing.isEmpty {
      let names = missing.map { "'\($0)'" }.joined(separator: ", ")
      let verb =
        missing.count == 1 ? "is required by the target and is not mapped" : "are required by the target and are not mapped"
      report(.requiredNotMapped, at: fieldsPlace, "\(names) \(verb)")
    }
    for node in targetKey {
      guard let key = node.scalar?.text, node.scalar?.meaning != .null else { continue }
      guard let field = fields.first(where: { $0.name == key }) else {
        guard !missing.contains(key), !meantTargets.contains(key) else { continue }
        let hint = NearestName.hint(key, in: fields.map(\.name)) ?? "map it under 'fields'"
        report(.unknownTargetField, at: node.place, "target.key: no field '\(key)' is mapped", hint: hint)
        continue
      }
      if field.facts.isNullable, !field.facts.isPoisoned, !field.isRequiredByTarget {
        report(
          .warning, .nullableIntoRequired, at: field.keyPlace,
          "'\(key)' is the target's key and may be null: such records will be rejected",
          hint: "say required: true if that is meant")
      }
    }
  }

  private func collectMissing(_ index: Int, under prefix: [String], _ target: TargetSchema, _ missing: inout [String]) {
    let node = target.nodes[index]
    func writers(_ path: [String]) -> [FieldDraft] { fields.filter { $0.model.target.starts(with: path) } }
    for name in node.required {
      let path = prefix + [name]
      let text = path.joined(separator: ".")
      let isMeant = meantTargets.contains { $0 == text || $0.hasPrefix(text + ".") }
      if writers(path).isEmpty, !isMeant { missing.append(text) }
    }
    // Members that the mapping writes piece by piece.
    var parts: [String] = []
    for field in writers(prefix) where field.model.target.count > prefix.count + 1 {
      let name = field.model.target[prefix.count]
      if !parts.contains(name) { parts.append(name) }
    }
    for name in parts {
      if let child = node.child(name) { collectMissing(child, under: prefix + [name], target, &missing) }
    }
  }

  /// A note that names what the mapping leaves behind.
  mutating func noteUnmapped(at place: SourcePlace) {
    let names =
      scope.shape.fields.map(\.name)
      + (scope.customFields ?? []).map { "custom.\($0.key)" }
    let unread = names.filter { !readNames.contains($0) && !($0 == "customFields" && readNames.contains("custom")) }
    guard !unread.isEmpty else { return }
    let shown = unread.prefix(12).joined(separator: ", ") + (unread.count > 12 ? " and \(unread.count - 12) more" : "")
    let verb = unread.count == 1 ? "is" : "are"
    report(
      .note, .unmappedSourceField, at: place,
      "\(unread.count) of \(names.count) fields of \(scope.label) \(verb) not read: \(shown)")
  }
}
