import Core
import Transform

/// A place in the source's types, on the way along a path.
struct SourceWalk {
  var path: SourcePath
  var type: ValueType
  var isNullable: Bool
  var privacy: Privacy
  /// How messages refer to the start of the path.
  var label: String
  /// The path has moved past its start.
  var isInside = false
  var options: [String]?
  var countsMilliseconds = false
}

typealias ResolvedValue = (value: ValueModel, facts: ValueFacts)

/// Paths of the mapping, resolved against the shape of the source.
extension SourceReader {
  /// Nil if something was reported.
  mutating func readPath(_ node: YAMLNode, _ what: String) -> ResolvedValue? {
    if node.scalar == nil {
      node.reportWrongKind(what, wanted: "a path", &diagnostics)
      return nil
    }
    guard let text = node.word(what, &diagnostics) else { return nil }
    let path: PathText
    do {
      path = try PathText(text)
    } catch {
      report(.badPath, at: node.place(at: error.offset, count: error.count), error.message, hint: error.hint)
      return nil
    }
    if let part = path.parts.dropFirst(PathText.maximumParts).first {
      report(
        .badPath, at: node.place(at: part.offset, count: part.count),
        "the path has \(path.parts.count) steps, but records nested deeper than \(PathText.maximumParts) levels are not read",
        hint: "shorten it")
      return nil
    }
    let rest = path.parts.dropFirst()
    switch path.parts[0].name {
    case "vars": return variable(path, node)
    case "custom": return custom(path, node)
    case "item":
      guard let item = source.item else { return rootless("item", node) }
      if let field = item.path.steps.first, case .member(let name) = field { marks.names.insert(name) }
      let start = SourceWalk(
        path: SourcePath(root: .item), type: item.type, isNullable: true, privacy: item.privacy, label: "the item")
      guard let found = walk(start, rest, node) else { return nil }
      if case .source(let path, _, _) = found.value { marks.add(path, at: node.place) }
      return found
    case "parent":
      guard source.item != nil else { return rootless("parent", node) }
      return record(.parent, rest, node, text)
    case "record": return record(.record, rest, node, text)
    default: return record(.record, path.parts[...], node, text)
    }
  }

  private mutating func rootless(_ root: String, _ node: YAMLNode) -> ResolvedValue? {
    let isField = source.shape.field(named: root) != nil
    let hint = isField ? "the field of that name is read as record.\(root)" : nil
    report(.badPath, at: node.place(at: 0, count: root.count), "'\(root)' has a meaning only with source.each", hint: hint)
    return nil
  }

  private mutating func record(
    _ root: SourcePath.Root, _ parts: ArraySlice<PathText.Part>, _ node: YAMLNode, _ text: String
  ) -> ResolvedValue? {
    guard !parts.isEmpty else {
      report(.badPath, at: node.place, "'\(text)' is the whole record; name a field: \(text).FIELD")
      return nil
    }
    let start = SourceWalk(
      path: SourcePath(root: root), type: .object(source.shape), isNullable: false, privacy: .show, label: source.label)
    guard var found = walk(start, parts, node) else { return nil }
    if case .source(let path, _, _) = found.value {
      if case .member(let name)? = path.steps.first { marks.names.insert(name) }
      marks.add(path, at: node.place)
      if root == .record, path == source.key { found.facts.excludeNull() }
    }
    return found
  }

  private mutating func variable(_ path: PathText, _ node: YAMLNode) -> ResolvedValue? {
    guard path.parts.count >= 2, let name = path.parts[1].name else {
      report(.badPath, at: node.place, "name the var: vars.NAME")
      return nil
    }
    let part = path.parts[1]
    guard let state = vars[name] else {
      let place = node.place(at: part.offset, count: part.count)
      let near = nearest(name, in: vars.names, of: vars.names.count)
      if let near { vars[near]?.isUsed = true }
      let hint = near.map { NearestName.question(name, $0) } ?? (vars.names.isEmpty ? "declare it under 'vars'" : nil)
      report(.unknownVar, at: place, "this mapping has no var '\(name)'", hint: hint)
      return nil
    }
    vars[name]?.isUsed = true
    guard let index = state.index else { return nil }
    guard path.parts.count > 2 else { return (.variable(index), state.facts) }
    return memberOfVariable(name, index, path, node)
  }

  /// `vars.place.city`: the value in the source if the var is a plain path, otherwise the member of the var's value.
  private mutating func memberOfVariable(
    _ name: String, _ index: Int, _ path: PathText, _ node: YAMLNode
  ) -> ResolvedValue? {
    let rest = path.parts.dropFirst(2)
    if let plain = vars[name]?.plain {
      var start = plain
      start.label = "vars.\(name)"
      guard let found = walk(start, rest, node) else { return nil }
      if case .source(let path, _, _) = found.value { marks.add(path, at: node.place) }
      return found
    }
    if let part = rest.first(where: { $0.name == nil }) {
      report(
        .badPath, at: node.place(at: part.offset, count: part.count),
        "a path cannot select an element of a var's value", hint: "select the element in the var: do: [first]")
      return nil
    }
    guard let state = vars[name] else { return nil }
    // Members are looked up in what is known about the value; the path itself does not exist in the source.
    let start = SourceWalk(
      path: SourcePath(steps: [.member("vars"), .member(name)]), type: state.facts.type, isNullable: state.facts.isNullable,
      privacy: state.facts.privacy, label: "vars.\(name)")
    guard var facts = walk(start, rest, node)?.facts else { return nil }
    facts.paths = state.facts.paths
    facts.errors = [.wrongType]
    (facts.mayBeMissing, facts.makesNull) = (false, facts.isNullable)
    guard let model = memberExpression(of: name, index, rest.compactMap(\.name), at: node.place) else { return nil }
    return (.expression(model), facts)
  }

  private mutating func custom(_ path: PathText, _ node: YAMLNode) -> ResolvedValue? {
    marks.names.insert("custom")
    guard path.parts.count >= 2, let key = path.parts[1].name else {
      report(.badPath, at: node.place, "name the custom field: custom.KEY")
      return nil
    }
    var start = SourceWalk(
      path: SourcePath(root: .custom(key: key)), type: .any, isNullable: true, privacy: .mask, label: "custom.\(key)")
    if let definitions = source.customFields {
      guard let definition = definitions.first(where: { $0.key.isExactly(key) }) else {
        let part = path.parts[1]
        let near = definitions.first { $0.name.isExactly(key) || "contact.\($0.key)".isExactly(key) }.map {
          NearestName.question(key, $0.key)
        }
        if let found = NearestName.find(key, in: definitions.map(\.key)) { marks.names.insert("custom.\(found)") }
        report(
          .unknownCustomField, at: node.place(at: part.offset, count: part.count), "no custom field '\(key)' in \(source.label)",
          hint: near ?? NearestName.hint(key, in: definitions.map(\.key)))
        return nil
      }
      start.type = definition.dataType.valueType
      start.privacy = definition.privacy
      start.countsMilliseconds = definition.dataType == .date
      if !definition.options.isEmpty { start.options = definition.options }
    } else {
      noteUncheckedCustomFields(at: node.place)
    }
    marks.names.insert("custom.\(key)")
    guard let found = walk(start, path.parts.dropFirst(2), node) else { return nil }
    if case .source(let path, _, _) = found.value { marks.add(path, at: node.place) }
    return found
  }

  /// Reported once.
  mutating func noteUncheckedCustomFields(at place: SourcePlace) {
    guard source.customFields == nil, !marks.unchecked.contains("custom-fields") else { return }
    marks.unchecked.append("custom-fields")
    report(
      .note, .customFieldsNotChecked, at: place, "custom fields are not checked: there are no definitions",
      hint: "extract once, or name them: source: {custom_fields: FILE}")
  }

  /// How messages refer to the value in which the next name is looked up.
  private func label(of at: SourceWalk) -> String {
    guard at.isInside else { return at.label }
    return at.path.isOfVariable ? at.path.text : "\(at.path.text) of \(source.label)"
  }

  private mutating func walk(
    _ start: SourceWalk, _ parts: ArraySlice<PathText.Part>, _ node: YAMLNode
  ) -> ResolvedValue? {
    var at = start
    for part in parts {
      at.countsMilliseconds = false
      guard step(part, &at, node) else { return nil }
      at.options = nil
      at.isInside = true
    }
    var facts = ValueFacts(
      type: at.type, isNullable: at.isNullable, mayBeMissing: at.isNullable, privacy: at.privacy, paths: [at.path])
    facts.options = at.options
    facts.countsMilliseconds = at.countsMilliseconds
    facts.elementsAreNullable = true
    // Nothing is known about the fields of an unknown entity.
    facts.isPoisoned = !source.isKnown
    if at.type != .any || at.path.isNested { facts.errors = [.wrongType] }
    let kinds = DeclaredKinds(source: at.type)
    return (.source(at.path, accepts: kinds.kinds, elements: kinds.elements), facts)
  }

  private mutating func step(_ part: PathText.Part, _ at: inout SourceWalk, _ node: YAMLNode) -> Bool {
    let place = node.place(at: part.offset, count: part.count)
    var candidates: [ValueType] = [at.type]
    if case .oneOf(let members) = at.type { candidates = members.sorted { $0.name < $1.name } }
    if candidates.contains(.any) {
      at.path.steps.append(Self.pathStep(part.kind))
      (at.type, at.isNullable) = (.any, true)
      if let name = part.name { at.privacy = max(at.privacy, DefaultPrivacy.policy(of: name)) }
      return true
    }
    switch part.kind {
    case .name(let name):
      let shapes = candidates.compactMap { type -> ObjectShape? in if case .object(let shape) = type { shape } else { nil } }
      guard let shape = shapes.first else {
        var hint: String?
        if case .list? = candidates.first { hint = "take one element: \(at.path.text)[0].\(name)" }
        report(
          .badPath, at: place, "'\(at.path.text)' is \(Assignability.article(at.type)) and has no member '\(name)'", hint: hint)
        return false
      }
      if shape.isCaseInsensitive { at.path.caseInsensitiveSteps.insert(at.path.steps.count) }
      at.path.steps.append(.member(name))
      if let field = shape.field(named: name) {
        at.type = field.type
        at.countsMilliseconds = field.countsMilliseconds
        at.isNullable = at.isNullable || field.isNullable
        at.privacy = max(at.privacy, field.privacy)
      } else if let others = shape.others {
        (at.type, at.isNullable) = (others, true)
        warnOfLookAlike(name, in: shape.fields.map(\.name), of: shape.fields.count, at: place, at.label)
        // For a channel's own settings, only the member determines the content.
        if !shape.isCaseInsensitive { at.privacy = max(at.privacy, DefaultPrivacy.policy(of: name)) }
      } else {
        let near = nearest(name, in: shape.fields.map(\.name), of: shape.fields.count)
        if at.path.steps.count == 1, let near { marks.names.insert(near) }
        if isOfHeader, at.path.steps.count == 1, at.path.root == .record || at.path.root == .parent {
          // Those of the header: `shape` also has what `source.optional` names.
          let names = columns ?? []
          report(
            .missingColumn, at: place, "the input has no column '\(name)'",
            hint: wantsHint(among: names.count) ? Self.columnHint(name, in: names) : nil)
          return false
        }
        let hint = near.map { NearestName.question(name, $0) } ?? customHint(name)
        var owner = at
        owner.path.steps.removeLast()
        report(.unknownSourceField, at: place, "no field '\(name)' in \(label(of: owner))", hint: hint)
        return false
      }
    case .index, .select:
      guard let element = candidates.lazy.compactMap(\.element).first else {
        report(.badPath, at: place, "'\(at.path.text)' is \(Assignability.article(at.type)), not a list")
        return false
      }
      if case .select(let member, _) = part.kind, case .object(let shape) = element, shape.field(named: member) == nil,
        shape.others == nil
      {
        let hint = NearestName.hint(member, in: shape.fields.map(\.name))
        let place = node.place(at: part.offset, count: member.count)
        report(.unknownSourceField, at: place, "no field '\(member)' in an element of \(at.path.text)", hint: hint)
        return false
      }
      at.path.steps.append(Self.pathStep(part.kind))
      (at.type, at.isNullable) = (element, true)
    }
    return true
  }

  /// A custom field's key where a field's name is expected.
  private func customHint(_ name: String) -> String? {
    source.customFields?.contains { $0.key.isExactly(name) } == true ? "a custom field is read as custom.\(name)" : nil
  }

  private static func pathStep(_ kind: PathText.Kind) -> SourcePath.Step {
    switch kind {
    case .name(let name): .member(name)
    case .index(let index): .index(index)
    case .select(let member, let text): .select(member: member, equals: text)
    }
  }
}

extension SourcePath {
  /// Only in messages: a var has no place in the source.
  fileprivate var isOfVariable: Bool { root == .record && steps.first == .member("vars") }
}

extension CustomFieldDefinition {
  /// Free text and data that identifies a person is masked; a choice among options, a number or a date is shown.
  var privacy: Privacy {
    switch dataType {
    case .text, .largeText, .phone, .email, .textboxList, .fileUpload, .unknown: .mask
    case .singleOptions, .radio, .numerical, .monetary, .date, .multipleOptions, .checkbox: .show
    }
  }
}
