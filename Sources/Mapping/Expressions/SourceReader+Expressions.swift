import Core
import Expressions
import Transform

/// A range of an expression's text. Its place is computed only if something is reported, because that scans the whole text.
private struct Word {
  var range: Range<Int>
  var text: String
  var node: YAMLNode
}

typealias ResolvedExpression = (model: ExpressionModel, facts: ValueFacts)

/// `when where expr case assert`: compiled against their scopes.
extension SourceReader {
  /// Nil if something was reported.
  mutating func expression(
    _ node: YAMLNode, _ what: String, in expressionScope: ExpressionScope, expecting: ExpressionCompiler.Expectation = .any
  ) -> ResolvedExpression? {
    var narrowing = ExpressionNarrowing(isUnknown: true)
    return expression(node, what, in: expressionScope, expecting: expecting, &narrowing)
  }

  /// `narrowing`: what it guarantees about null, even if it does not compile.
  private mutating func expression(
    _ node: YAMLNode, _ what: String, in expressionScope: ExpressionScope, expecting: ExpressionCompiler.Expectation,
    _ narrowing: inout ExpressionNarrowing
  ) -> ResolvedExpression? {
    guard node.scalar != nil else {
      node.reportWrongKind(what, wanted: "an expression", &diagnostics)
      return nil
    }
    // `true`, `1` and `null` are expressions as much as text is.
    guard let text = node.scalar?.text, !text.isEmpty || node.scalar?.style != .plain else {
      node.reportWrongKind(what, wanted: "an expression", &diagnostics)
      return nil
    }
    let compilation = ExpressionCompiler.compile(text, scope: expressionScope, expecting: expecting)
    narrowing = compilation.narrowing
    for diagnostic in compilation.diagnostics { report(diagnostic, text, node) }
    guard let checked = compilation.expression else {
      markMentions(in: text)
      return nil
    }
    if let failure = checked.constantFailure {
      report(.badArgument, at: node.place, "\(what) fails for every record: \(failure.reason)")
      return nil
    }
    var facts = ValueFacts(type: checked.valueType, isNullable: checked.isNullable, makesNull: checked.isNullable)
    facts.elementsAreNullable = true
    facts.isPoisoned = !source.isKnown
    var inputs: [ExpressionModel.Input] = []
    for (path, range) in zip(checked.paths, checked.pathRanges) {
      if let input = input(path, Word(range: range, text: text, node: node), &facts) { inputs.append(input) }
    }
    guard inputs.count == checked.paths.count else { return nil }
    if let value = checked.constantValue {
      facts.known = value == .null ? [] : [KnownValue(value: value, place: node.place, what: what)]
      (facts.isNullable, facts.makesNull) = (value == .null, value == .null)
    } else {
      facts.raises([.expressionError])
      if inputs.contains(where: \.isDeclared) { facts.raises([.wrongType]) }
    }
    return (ExpressionModel(checked: checked, inputs: inputs, place: node.place), facts)
  }

  /// `when`, `where`, `assert` and the branches of `case`: neither null nor always the same.
  mutating func condition(_ node: YAMLNode, _ what: String, in expressionScope: ExpressionScope) -> ResolvedExpression? {
    var narrowing = ExpressionNarrowing(isUnknown: true)
    return condition(node, what, in: expressionScope, &narrowing)
  }

  private mutating func condition(
    _ node: YAMLNode, _ what: String, in expressionScope: ExpressionScope, _ narrowing: inout ExpressionNarrowing
  ) -> ResolvedExpression? {
    guard let found = expression(node, what, in: expressionScope, expecting: .condition, &narrowing) else { return nil }
    if let truth = found.model.checked.constantTruth {
      report(.constantCondition, at: node.place, "\(what) is always \(truth)", hint: "remove it, or use a field in it")
    }
    return found
  }

  /// An expression of a field, where the conditions around it hold.
  mutating func expression(_ node: YAMLNode, _ what: String, under surroundings: Surroundings) -> ResolvedExpression? {
    expression(node, what, in: sourceExpressionScope(for: node.scalar?.text ?? "", under: surroundings))
  }

  /// A condition of a field, with what it guarantees about null.
  mutating func condition(
    _ node: YAMLNode, _ what: String, under surroundings: Surroundings
  ) -> (found: ResolvedExpression?, narrowing: ExpressionNarrowing) {
    var narrowing = ExpressionNarrowing(isUnknown: true)
    let scope = sourceExpressionScope(for: node.scalar?.text ?? "", under: surroundings)
    let found = condition(node, what, in: scope, &narrowing)
    return (found, narrowing)
  }

  /// A path's value where the conditions around it hold.
  func narrowed(_ found: ResolvedValue, by surroundings: Surroundings) -> ResolvedValue {
    guard found.facts.isNullable else { return found }
    var path: ExpressionPath?
    switch found.value {
    case .source(let found, _, _): path = Self.expressionPath(found)
    case .variable(let index): path = vars.models[index].target.first.map { ExpressionPath(root: "vars", names: [$0]) }
    default: break
    }
    guard let path, surroundings.nonNull.contains(path) else { return found }
    var found = found
    found.facts.excludeNull()
    return found
  }

  /// How an expression names a path of members; nil for one with elements.
  private static func expressionPath(_ path: SourcePath) -> ExpressionPath? {
    var names: [String] = []
    for step in path.steps {
      guard case .member(let name) = step else { return nil }
      names.append(name)
    }
    switch path.root {
    case .record: return ExpressionPath(root: "record", names: names, anyCaseNames: path.caseInsensitiveSteps)
    case .parent: return ExpressionPath(root: "parent", names: names, anyCaseNames: path.caseInsensitiveSteps)
    case .item: return ExpressionPath(root: "item", names: names, anyCaseNames: path.caseInsensitiveSteps)
    case .custom(let key): return ExpressionPath(root: "custom", names: [key] + names)
    }
  }

  private func place(of range: Range<Int>, in text: String, _ node: YAMLNode) -> SourcePlace {
    let characters = ExpressionDiagnostic.characters(of: range, in: text)
    return node.place(at: characters.lowerBound, count: characters.count)
  }

  private mutating func report(_ diagnostic: ExpressionDiagnostic, _ text: String, _ node: YAMLNode) {
    let place = place(of: diagnostic.range, in: text, node)
    if diagnostic.code == .unknownVar {
      let bytes = Array(text.utf8)[diagnostic.range]
      let near = nearest(String(decoding: bytes, as: UTF8.self), in: vars.names, of: vars.names.count)
      if let near { vars[near]?.isUsed = true }
    }
    if isOfHeader, diagnostic.code == .unknownSourceField {
      let message = diagnostic.message.replacing("no field", with: "no column")
      return report(.missingColumn, at: place, message, hint: columnHint(diagnostic, text))
    }
    report(Self.code(of: diagnostic.code), at: place, diagnostic.message, hint: diagnostic.hint)
  }

  /// The expression's own hint, unless it offers a name that only `source.optional` lists: hints offer only columns in the header.
  private func columnHint(_ diagnostic: ExpressionDiagnostic, _ text: String) -> String? {
    guard let columns else { return diagnostic.hint }
    let declared = source.optional.map(\.name).filter { !columns.contains(exactly: $0) }
    guard diagnostic.offered.contains(where: { declared.contains(exactly: $0) }) else { return diagnostic.hint }
    var name = String(decoding: Array(text.utf8)[diagnostic.range], as: UTF8.self)
    if let quote = name.first, quote == "\"" || quote == "'" { name = String(name.dropFirst().dropLast()) }
    return Self.columnHint(name, in: columns)
  }

  private static func code(of code: ExpressionDiagnostic.Code) -> DiagnosticCode {
    switch code {
    case .syntax: .expressionSyntax
    case .notSupported: .expressionNotSupported
    case .undeclared, .unknownSourceField: .unknownSourceField
    case .unknownTargetField: .unknownTargetField
    case .unknownCustomField: .unknownCustomField
    case .unknownVar: .unknownVar
    case .unknownFunction: .unknownFunction
    case .typeMismatch: .typeMismatch
    case .nullableOperand: .nullableOperand
    case .badArgument: .badArgument
    }
  }

  private func place(of word: Word) -> SourcePlace { place(of: word.range, in: word.text, word.node) }

  /// Where a path of an expression comes from.
  private mutating func input(_ path: ExpressionPath, _ word: Word, _ facts: inout ValueFacts) -> ExpressionModel.Input? {
    func refuse(_ message: String, _ hint: String? = nil) -> ExpressionModel.Input? {
      report(.badPath, at: place(of: word), message, hint: hint)
      return nil
    }
    switch path.root {
    case "now": return .now
    case "vars":
      guard let name = path.names.first else { return refuse("name the var: vars.NAME") }
      vars[name]?.isUsed = true
      guard let state = vars[name], let index = state.index else {
        // Its problems have been reported, unless it is declared later.
        return vars[name]?.progress == .done ? nil : refuse("the var '\(name)' cannot be read here", "write vars.\(name)")
      }
      if path.names.count > 1, let plain = state.plain {
        let names = path.names.dropFirst()
        var read = plain.path
        read.caseInsensitiveSteps.formUnion(path.anyCaseNames.map { $0 - 1 + plain.path.steps.count })
        read.steps += names.map { .member($0) }
        facts.privacy = max(facts.privacy, plain.privacy, Self.privacy(of: names, in: plain.type))
        facts.readsAlso([read])
        marks.add(read, at: place(of: word))
        return .source(read, type: Self.type(of: names, in: plain.type))
      }
      facts.privacy = max(facts.privacy, state.facts.privacy)
      facts.readsAlso(state.facts.paths)
      return .variable(index)
    case "target":
      guard !path.names.isEmpty else { return refuse("name a field of the target: target.FIELD") }
      let name = path.names.joined(separator: ".")
      guard let finishedFields else { return refuse("the target cannot be read here") }
      guard let field = finishedFields.at(path.names) else {
        if finishedFields.isMeant(name) { return nil }
        let parts = Self.names(under: path.names, in: finishedFields)
        let hint = parts.first.map { "test its fields: \($0) != null" }
        return refuse("'\(name)' consists of fields and has no value of its own: \(parts.joined(separator: ", "))", hint)
      }
      facts.privacy = max(facts.privacy, field.facts.privacy)
      return .target(path.names)
    case "custom":
      guard let key = path.names.first else { return refuse("name the custom field: custom.KEY") }
      marks.names.insert("custom")
      marks.names.insert("custom.\(key)")
      noteUncheckedCustomFields(at: place(of: word))
      let definition = source.customFields?.first { $0.key.isExactly(key) }
      facts.privacy = max(facts.privacy, definition?.privacy ?? .mask, Self.privacy(of: path.names.dropFirst(), in: .any))
      let read = SourcePath(root: .custom(key: key), steps: path.names.dropFirst().map { .member($0) })
      facts.readsAlso([read])
      marks.add(read, at: place(of: word))
      let type = Self.type(of: path.names.dropFirst(), in: definition?.dataType.valueType ?? .any)
      return .source(read, type: type)
    case "item":
      if let item = source.item {
        facts.privacy = max(facts.privacy, item.privacy, Self.privacy(of: path.names[...], in: item.type))
        if case .member(let name)? = item.path.steps.first { marks.names.insert(name) }
      }
      let read = SourcePath(root: .item, steps: path.names.map { .member($0) }, caseInsensitiveSteps: path.anyCaseNames)
      facts.readsAlso([read])
      marks.add(read, at: place(of: word))
      return .source(read, type: Self.type(of: path.names[...], in: source.item?.type ?? .any))
    default:
      guard let name = path.names.first else {
        return refuse("'\(path.root)' is the whole record; name a field: \(path.root).FIELD")
      }
      marks.names.insert(name)
      facts.privacy = max(facts.privacy, Self.privacy(of: path.names[...], in: .object(source.shape)))
      let read = SourcePath(
        root: path.root == "parent" ? .parent : .record, steps: path.names.map { .member($0) },
        caseInsensitiveSteps: path.anyCaseNames)
      facts.readsAlso([read])
      marks.add(read, at: place(of: word))
      return .source(read, type: Self.type(of: path.names[...], in: .object(source.shape)))
    }
  }

  /// The declared type at the end of names, as the checker finds it.
  private static func type(of names: ArraySlice<String>, in type: ValueType) -> ValueType {
    guard let name = names.first else { return type }
    var shapes: [ObjectShape] = []
    switch type {
    case .object(let shape): shapes = [shape]
    case .oneOf(let members): for case .object(let shape) in members.sorted(by: { $0.name < $1.name }) { shapes.append(shape) }
    default: break
    }
    guard let shape = shapes.first else { return .any }
    return Self.type(of: names.dropFirst(), in: shape.field(named: name)?.type ?? shape.others ?? .any)
  }

  /// The strictest policy on the way along names, as `readPath` takes it.
  private static func privacy(of names: ArraySlice<String>, in type: ValueType) -> Privacy {
    guard let name = names.first else { return .show }
    var shapes: [ObjectShape] = []
    switch type {
    case .object(let shape): shapes = [shape]
    case .oneOf(let members): for case .object(let shape) in members { shapes.append(shape) }
    default: break
    }
    let fields = shapes.compactMap { $0.field(named: name) }
    let rest = names.dropFirst()
    guard !fields.isEmpty else {
      let isCaseInsensitive = shapes.contains { $0.isCaseInsensitive }
      let own = isCaseInsensitive ? Privacy.show : DefaultPrivacy.policy(of: name)
      return max(own, privacy(of: rest, in: shapes.first?.others ?? .any))
    }
    return fields.map { max($0.privacy, privacy(of: rest, in: $0.type)) }.max() ?? .show
  }

  private static func names(under names: [String], in fields: MappingFields) -> [String] {
    fields.drafts.filter { $0.model.target.count >= names.count && $0.model.target.prefix(names.count).isExactly(names) }.prefix(
      12
    ).map(
      \.name)
  }

  /// Names in an expression that does not compile count as read, so that they are not also reported as unused.
  private mutating func markMentions(in text: String) {
    for name in Self.mentionedVars(in: text) { vars[name]?.isUsed = true }
    let words = Set(text.matches(of: /[A-Za-z_][A-Za-z0-9_]*/).map { String($0.0) })
    marks.names.formUnion(Set(names: source.shape.fields.map(\.name).filter { words.contains($0) }))
    marks.names.formUnion(Set(names: (source.customFields ?? []).map(\.key).filter { words.contains($0) }.map { "custom.\($0)" }))
  }

  /// The vars that a text mentions, for the order in which vars are compiled.
  static func mentionedVars(in text: String) -> [String] {
    guard text.contains("vars") else { return [] }
    let indexed = text.matches(of: /\bvars\s*\[\s*(?:'([^']*)'|"([^"]*)")\s*\]/).map { String($0.1 ?? $0.2 ?? "") }
    // Quoted parts are text.
    let plain = text.replacing(/'[^']*'|"[^"]*"/, with: "''")
    return indexed + plain.matches(of: /\bvars\s*\.\s*([A-Za-z_][A-Za-z0-9_]*)/).map { String($0.1) }
  }
}
