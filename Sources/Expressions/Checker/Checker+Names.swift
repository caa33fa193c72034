import Core

/// Names, members and elements: what a path of the scope means, and what is not there.
extension Checker {
  mutating func checkName(_ node: Int, _ name: String, isRooted: Bool) {
    if !isRooted, let local = locals.last(where: { $0.name.isExactly(name) }) {
      types[node] = local.type
      resolutions[node] = .local(local.level)
      places[node] = .local(local.number, [])
      return
    }
    if scope.resolvesPaths, !name.isEmpty, let root = scope.root(named: name) {
      let path = ExpressionPath(root: name, names: [])
      return take(
        CheckedPath(
          path: path, type: root.type, isNullable: root.isNullable, label: root.label, unknownMember: root.unknownMember), node)
    }
    if let bare = scope.bare, case .object(let shape) = bare.type, let field = bare.field(named: name) {
      return take(member(field, of: bare, shape), node)
    }
    if let type = TypeName.byName[name], scope.bare?.hidesTypes != true {
      types[node] = .type
      resolutions[node] = .type(type)
      return
    }
    if let bare = scope.bare, case .object(let shape) = bare.type, let others = shape.others {
      return take(member(FieldShape(name, others), of: bare, shape), node)
    }
    reportUndeclared(node, name)
  }

  private func member(_ field: FieldShape, of root: ExpressionScope.Root, _ shape: ObjectShape) -> CheckedPath {
    CheckedPath(
      path: ExpressionPath(root: root.name, names: [field.name], anyCaseNames: shape.isCaseInsensitive ? [0] : []),
      type: field.type, isNullable: root.isNullable || field.isNullable, label: "\(field.name) of \(root.label)",
      unknownMember: root.unknownMember)
  }

  private mutating func reportUndeclared(_ node: Int, _ name: String) {
    failures[node] = .undeclared
    let place = tree[node].place
    guard !reportedNames.contains(where: { $0.contains(place.lowerBound) }) else { return }
    if let (range, odd) = SyntaxAdvice.oddName(around: place, in: bytes, scope), let hint = SyntaxAdvice.reading(odd, scope) {
      reportedNames.append(range)
      hasUnknownName = true
      return report(
        scope.bare?.unknownMember ?? .undeclared, at: range, "the field '\(odd)' cannot be written this way", hint: hint)
    }
    let candidates = scope.names + locals.map(\.name)
    let near = NearestName.find(name, in: candidates)
    var hint = Self.constantHint(name) ?? near.map { NearestName.question(name, $0) }
    if meantAsText.contains(node), Self.constantHint(name) == nil {
      hint = (hint.map { $0 + " " } ?? "") + "for the text, write '\(name)'"
    }
    if let near, let bare = scope.bare {
      meantPaths.insert(ExpressionPath(root: bare.name, names: [near]))
    } else {
      hasUnknownName = true
    }
    if let bare = scope.bare, !bare.name.isEmpty {
      return report(
        bare.unknownMember, at: place, Self.unknown(name, in: bare.label, bare.unknownMember), hint: hint,
        offered: near.map { [$0] } ?? [])
    }
    if hint == nil, candidates.isEmpty { hint = "names are the members of an input, but there is no input" }
    report(.undeclared, at: place, "undeclared reference to '\(name)'", hint: hint, offered: near.map { [$0] } ?? [])
  }

  /// What other languages call a constant of this one.
  private static func constantHint(_ name: String) -> String? {
    switch name {
    case "undefined", "None", "nil", "nothing", "Nothing", "NaN", "NONE", "NIL": "write null"
    default: ["true", "false", "null"].contains(name.lowercased()) ? "write \(name.lowercased())" : nil
    }
  }

  /// Remembers plain names that may be meant as texts.
  mutating func noteMeantAsText(_ node: Int) {
    switch tree[node].kind {
    case .name(_, false): meantAsText.insert(node)
    case .list(let elements): for element in elements { noteMeantAsText(element) }
    default: break
    }
  }

  private static func unknown(_ name: String, in label: String, _ code: ExpressionDiagnostic.Code) -> String {
    switch code {
    case .unknownVar: "this mapping has no var '\(name)'"
    case .unknownCustomField: "no custom field '\(name)' in \(label)"
    default: "no field '\(name)' in \(label)"
    }
  }

  /// The node is the value at `path`.
  private mutating func take(_ found: CheckedPath, _ node: Int) {
    paths[node] = found
    places[node] = .path(found.path)
    types[node] = ExpressionType(found.type)
    isNullable[node] = found.isNullable && !nonNull.contains(.path(found.path))
    resolutions[node] = .slot(0)
    if types[node] == .timestamp { resolutions[node] = .timeSlot(0) }
    if found.type.isMixture { mixtures[node] = found.type }
  }

  /// `google.protobuf.Timestamp`, and members of an input whose names have dots: the longest name wins.
  private mutating func checkDotted(_ node: Int) -> Bool {
    guard let (dotted, isRooted) = dottedName(node), let first = dotted.split(separator: ".").first.map(String.init) else {
      return false
    }
    if !isRooted, locals.contains(where: { $0.name.isExactly(first) }) { return false }
    if let bare = scope.bare, case .object(let shape) = bare.type, let field = bare.field(named: dotted) {
      take(member(field, of: bare, shape), node)
      return true
    }
    if let type = TypeName.byName[dotted], !scope.names.contains(exactly: first) {
      types[node] = .type
      resolutions[node] = .type(type)
      return true
    }
    return false
  }

  private func dottedName(_ node: Int) -> (String, isRooted: Bool)? {
    switch tree[node].kind {
    case .name(let name, let isRooted): return (name, isRooted)
    case .select(let operand, let field):
      guard let (name, isRooted) = dottedName(operand) else { return nil }
      return (name + "." + field, isRooted)
    default: return nil
    }
  }

  mutating func checkSelect(_ node: Int, _ operand: Int, _ field: String) {
    if checkDotted(node) { return }
    check(operand)
    if let found = extended(operand, by: field, at: tree[node].place) {
      if case .some(let path) = found { take(path, node) }
      return
    }
    checkMember(node, operand, field, isTest: false)
  }

  mutating func checkHas(_ node: Int, _ operand: Int, _ field: String) {
    check(operand)
    types[node] = .bool
    if let found = extended(operand, by: field, at: tree[node].place) {
      guard case .some(let path) = found else { return }
      paths[node] = path
      resolutions[node] = .hasSlot(0)
      truths[node].ifTrue = withAncestors(.path(path.path))
      return
    }
    checkMember(node, operand, field, isTest: true)
    types[node] = .bool
    if let place = places[node] { truths[node].ifTrue = withAncestors(place) }
    isNullable[node] = false
    places[node] = nil
  }

  /// The path of `operand` with one name more; nil if `operand` is not such a path, and `.some(nil)` if something was
  /// reported.
  private mutating func extended(_ operand: Int, by name: String, at place: Range<Int>) -> CheckedPath?? {
    guard scope.resolvesPaths, let base = paths[operand] else { return nil }
    let root = scope.root(named: base.path.root)
    if let root, root.wholes.contains(base.path.names.map { Name($0) }) { return nil }
    var found = base
    var shapes: [ObjectShape] = []
    switch base.type {
    case .any: break
    case .object(let shape): shapes = [shape]
    case .oneOf(let members):
      for case .object(let shape) in members.sorted(by: { $0.name < $1.name }) { shapes.append(shape) }
      if shapes.isEmpty, !members.contains(.any) { return nil }
    default: return nil
    }
    guard let shape = shapes.first else {
      found.path.names.append(name)
      (found.type, found.isNullable) = (.any, true)
      found.label = "\(name) of \(base.label)"
      return found
    }
    if shape.isCaseInsensitive { found.path.anyCaseNames.insert(found.path.names.count) }
    found.path.names.append(name)
    found.label = "\(name) of \(base.label)"
    let isMember = base.path.names.isEmpty
    if let field = isMember ? root?.field(named: name) : shape.field(named: name) {
      found.type = field.type
      // The member of an object that is absent is absent.
      let isNullable = base.isNullable && !nonNull.contains(.path(base.path))
      found.isNullable = isNullable || field.isNullable || shapes.count > 1
      return found
    }
    if let others = shape.others {
      (found.type, found.isNullable) = (others, true)
      return found
    }
    let names = shape.fields.map(\.name) + (isMember ? root?.otherNames ?? [] : [])
    let near = NearestName.find(name, in: names)
    if let near {
      meantPaths.insert(ExpressionPath(root: base.path.root, names: base.path.names + [near]))
    } else {
      hasUnknownName = true
    }
    report(
      base.unknownMember, at: place, Self.unknown(name, in: base.label, base.unknownMember),
      hint: near.map { NearestName.question(name, $0) }, offered: near.map { [$0] } ?? [])
    return .some(nil)
  }

  private mutating func checkMember(_ node: Int, _ operand: Int, _ field: String, isTest: Bool) {
    requireValue(operand)
    if let place = places[operand] { places[node] = extended(place, by: field) }
    switch types[operand] {
    case .dyn:
      types[node] = .dyn
      if scope.isStrict, scope.missingIsNull, case .path? = places[operand] {
        // Of a value of the mapping's that nobody declared, a member may be absent, as that of a source field may.
        undeclaredMembers.insert(node)
        isNullable[node] = !isKnown(node)
      }
    case .failed: break
    case .map(let key, let value):
      guard TypeRelations.comparable(key, .string) || !scope.isStrict else {
        return report(
          .typeMismatch, at: tree[node].place, "the map's keys are of type '\(key.name)', not names", hint: "read it by index")
      }
      types[node] = value.asElement
    case .object(let shape):
      guard let found = shape.field(named: field) else {
        if let others = shape.others {
          types[node] = ExpressionType(others)
          isNullable[node] = scope.isStrict && scope.missingIsNull && !isKnown(node)
        } else {
          let names = shape.fields.map(\.name)
          let near = NearestName.find(field, in: names)
          let offered = near.map { [$0] } ?? (names.count > 12 ? [] : names)
          report(
            memberCode(operand), at: tree[node].place, "no field '\(field)' in '\(text(operand))'",
            hint: near.map { NearestName.question(field, $0) }
              ?? (offered.isEmpty ? nil : "it has: \(offered.joined(separator: ", "))"), offered: offered)
        }
        return
      }
      // Dates inside a value are texts.
      types[node] = found.type == .date || found.type == .datetime ? .dyn : ExpressionType(found.type)
      if found.type.isMixture { mixtures[node] = found.type }
      isNullable[node] = found.isNullable && !isKnown(node)
    case let type:
      var hint: String?
      hint = ForeignFunctions.memberHint(field, text(operand), of: type)
      if case .list = type, hint == nil { hint = "take one element: \(text(operand))[0].\(field), or test with exists()" }
      report(
        .typeMismatch, at: tree[node].place, "\(type.noun) has no member '\(field)'", hint: hint)
    }
  }

  /// The slug for a member that the value of a path does not have: fields of the target are the mapping's own.
  private func memberCode(_ operand: Int) -> ExpressionDiagnostic.Code {
    if case .path(let path)? = places[operand], scope.root(named: path.root)?.unknownMember == .unknownTargetField {
      return .unknownTargetField
    }
    return .unknownSourceField
  }

  private func isKnown(_ node: Int) -> Bool { places[node].map { nonNull.contains($0) } ?? false }

  mutating func checkIndex(_ node: Int, _ operand: Int, _ key: Int) {
    check(operand)
    check(key)
    if case .literal(.string(let bytes)) = tree[key].kind,
      let found = extended(operand, by: String(decoding: bytes, as: UTF8.self), at: tree[key].range)
    {
      if case .some(let path) = found { take(path, node) }
      return
    }
    if scope.isStrict, case .literal(.string(let bytes)) = tree[key].kind, case .path? = places[operand],
      types[operand].mayHaveMembers
    {
      // Of what is read whole, `x["name"]` is `x.name`.
      let name = String(decoding: bytes, as: UTF8.self)
      memberNames[node] = name
      return checkMember(node, operand, name, isTest: false)
    }
    requireValue(operand)
    requireValue(key)
    switch types[operand] {
    case .dyn: types[node] = .dyn
    case .failed: break
    case .list(let element):
      switch types[key] {
      case .int, .number, .dyn, .failed: types[node] = element.asElement
      default: reportIndex(node, operand, key, hint: "the index of a list is an int, counted from 0")
      }
    case .map(let wanted, let value):
      guard TypeRelations.comparable(wanted, types[key]) || !scope.isStrict else { return reportIndex(node, operand, key) }
      types[node] = value.asElement
    case .object:
      switch types[key] {
      case .string, .dyn, .failed: types[node] = .dyn
      default: reportIndex(node, operand, key)
      }
    default: reportIndex(node, operand, key)
    }
  }

  private mutating func reportIndex(_ node: Int, _ operand: Int, _ key: Int, hint: String? = nil) {
    reportMismatch("_[_]", [operand, key], at: tree[node].place, hint: hint)
  }

  // MARK: Places

  func extended(_ place: NarrowedPlace, by name: String) -> NarrowedPlace {
    switch place {
    case .path(var path):
      path.names.append(name)
      return .path(path)
    case .local(let number, let names): return .local(number, names + [Name(name)])
    }
  }

  /// What is not null has objects around it that are not null.
  func withAncestors(_ place: NarrowedPlace) -> Set<NarrowedPlace> {
    var places: Set<NarrowedPlace> = [place]
    switch place {
    case .path(var path):
      while !path.names.isEmpty {
        path.names.removeLast()
        path.anyCaseNames.remove(path.names.count)
        places.insert(.path(path))
      }
    case .local(let number, var names):
      while !names.isEmpty {
        names.removeLast()
        places.insert(.local(number, names))
      }
    }
    return places
  }
}
