import Core
import Expressions
import Transform

/// `when where expr case assert`: compiled against the scope that they stand in.
extension MappingBuilder {
  typealias ResolvedExpression = (model: ExpressionModel, facts: ValueFacts)

  /// Nil where something was reported.
  mutating func expression(
    _ node: YAMLNode, _ what: String, in expressionScope: ExpressionScope, expecting: ExpressionCompiler.Expectation = .any
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
    for diagnostic in compilation.diagnostics { report(diagnostic, text, node) }
    guard let checked = compilation.expression else {
      markMentions(in: text)
      return nil
    }
    var facts = ValueFacts(type: checked.type.valueType, isNullable: checked.isNullable)
    facts.elementsAreNullable = true
    var inputs: [ExpressionModel.Input] = []
    for path in checked.paths {
      if let input = input(path, node, &facts) { inputs.append(input) }
    }
    guard inputs.count == checked.paths.count else { return nil }
    if let value = checked.constantValue {
      facts.known = value == .null ? [] : [KnownValue(value: value, place: node.place, what: what)]
      facts.isNullable = value == .null
    } else {
      facts.raises([.expressionError])
      if inputs.contains(where: \.isDeclared) { facts.raises([.wrongType]) }
    }
    return (ExpressionModel(checked: checked, inputs: inputs, place: node.place), facts)
  }

  /// `when`, `where`, `assert` and the branches of `case`: neither null nor always the same.
  mutating func condition(_ node: YAMLNode, _ what: String, in expressionScope: ExpressionScope) -> ResolvedExpression? {
    guard let found = expression(node, what, in: expressionScope, expecting: .condition) else { return nil }
    if let truth = found.model.checked.constantTruth {
      report(.constantCondition, at: node.place, "\(what) is always \(truth)", hint: "leave it out, or name a field in it")
    }
    return found
  }

  private mutating func report(_ diagnostic: ExpressionDiagnostic, _ text: String, _ node: YAMLNode) {
    let range = diagnostic.characters(in: text)
    let place = node.place(at: range.lowerBound, count: range.count)
    report(Self.code(of: diagnostic.code), at: place, diagnostic.message, hint: diagnostic.hint)
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

  /// Where a path of an expression comes from.
  private mutating func input(_ path: ExpressionPath, _ node: YAMLNode, _ facts: inout ValueFacts) -> ExpressionModel.Input? {
    func refuse(_ message: String, _ hint: String? = nil) -> ExpressionModel.Input? {
      report(.badPath, at: node.place, message, hint: hint)
      return nil
    }
    switch path.root {
    case "now": return .now
    case "vars":
      guard let name = path.names.first else { return refuse("say which var: vars.NAME") }
      guard path.names.count == 1 else { return refuse("a var is read whole: vars.\(name)") }
      vars[name]?.isUsed = true
      guard let state = vars[name], let index = state.index else {
        // What was wrong with it has been said, but for one that comes later.
        return vars[name]?.progress == .done ? nil : refuse("the var '\(name)' cannot be read here", "write vars.\(name)")
      }
      facts.privacy = max(facts.privacy, state.facts.privacy)
      facts.readsAlso(state.facts.paths)
      return .variable(index)
    case "target":
      guard !path.names.isEmpty else { return refuse("name a field of the target: target.FIELD") }
      guard let field = fields.first(where: { $0.model.target == path.names }) else {
        if meantTargets.contains(where: { $0.split(separator: ".").first.map(String.init) == path.names[0] }) { return nil }
        let name = path.names.joined(separator: ".")
        return refuse("'\(name)' is read by the fields that are mapped: \(fieldsUnder(path.names).joined(separator: ", "))")
      }
      facts.privacy = max(facts.privacy, field.facts.privacy)
      return .target(path.names)
    case "custom":
      guard let key = path.names.first else { return refuse("say which custom field: custom.KEY") }
      readNames.insert("custom")
      readNames.insert("custom.\(key)")
      noteUncheckedCustomFields(at: node.place)
      let definition = scope.customFields?.first { $0.key == key }
      facts.privacy = max(facts.privacy, definition?.privacy ?? .mask, Self.privacy(of: path.names.dropFirst(), in: .any))
      let source = SourcePath(root: .custom(key: key), steps: path.names.dropFirst().map { .member($0) })
      facts.readsAlso([source])
      let type = Self.type(of: path.names.dropFirst(), in: definition?.dataType.valueType ?? .any)
      return .source(source, type: type)
    case "item":
      if let item = scope.item {
        facts.privacy = max(facts.privacy, item.privacy, Self.privacy(of: path.names[...], in: item.type))
        if case .member(let name)? = item.path.steps.first { readNames.insert(name) }
      }
      let source = SourcePath(root: .item, steps: path.names.map { .member($0) }, caseInsensitiveSteps: path.anyCaseNames)
      facts.readsAlso([source])
      return .source(source, type: Self.type(of: path.names[...], in: scope.item?.type ?? .any))
    default:
      guard let name = path.names.first else {
        return refuse("'\(path.root)' is the whole record; name a field: \(path.root).FIELD")
      }
      readNames.insert(name)
      facts.privacy = max(facts.privacy, Self.privacy(of: path.names[...], in: .object(scope.shape)))
      let source = SourcePath(
        root: path.root == "parent" ? .parent : .record, steps: path.names.map { .member($0) },
        caseInsensitiveSteps: path.anyCaseNames)
      facts.readsAlso([source])
      return .source(source, type: Self.type(of: path.names[...], in: .object(scope.shape)))
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

  private func fieldsUnder(_ names: [String]) -> [String] {
    fields.filter { $0.model.target.starts(with: names) || names.starts(with: $0.model.target) }.map(\.name)
  }

  /// What an expression that does not compile was about counts as read: no second message says otherwise.
  private mutating func markMentions(in text: String) {
    for name in Self.mentionedVars(in: text) { vars[name]?.isUsed = true }
    let words = Set(text.matches(of: /[A-Za-z_][A-Za-z0-9_]*/).map { String($0.0) })
    readNames.formUnion(scope.shape.fields.map(\.name).filter { words.contains($0) })
    readNames.formUnion((scope.customFields ?? []).map(\.key).filter { words.contains($0) }.map { "custom.\($0)" })
  }

  /// The vars that a text mentions, whatever else it says: for the order in which vars are compiled.
  static func mentionedVars(in text: String) -> [String] {
    let indexed = text.matches(of: /\bvars\s*\[\s*(?:'([^']*)'|"([^"]*)")\s*\]/).map { String($0.1 ?? $0.2 ?? "") }
    // What stands in quotes is text.
    let plain = text.replacing(/'[^']*'|"[^"]*"/, with: "''")
    return indexed + plain.matches(of: /\bvars\s*\.\s*([A-Za-z_][A-Za-z0-9_]*)/).map { String($0.1) }
  }

  // MARK: where, case

  mutating func readFilter(_ node: YAMLNode) -> ExpressionModel? {
    condition(node, "where", in: sourceExpressionScope())?.model
  }

  /// `case` with its `else`.
  mutating func readCases(_ entry: YAMLEntry, otherwise: YAMLNode?, into position: TargetPosition) -> ResolvedValue? {
    guard let elements = entry.value.elements("case", &diagnostics) else { return nil }
    if elements.isEmpty { report(.wrongKind, at: entry.keyPlace, "case must have one branch at least") }
    var branches: [CaseModel] = []
    var facts: ValueFacts?
    var isWhole = !elements.isEmpty
    var seen: [String: Int] = [:]
    let expressionScope = sourceExpressionScope()
    func add(_ more: ValueFacts, to facts: inout ValueFacts?) {
      guard var known = facts else { return facts = more }
      // Any branch may be taken: unlike a default, one does not stand in for another.
      let isNullable = known.isNullable || more.isNullable
      known.formUnion(more)
      known.isNullable = isNullable
      facts = known
    }
    var errors: [SourcePath] = []
    for (index, element) in elements.enumerated() {
      guard element.entries("a branch of case", &diagnostics) != nil else {
        isWhole = false
        continue
      }
      element.checkKeys("a branch of case", known: ["when", "value", "from", "expr"], required: ["when"], &diagnostics)
      let condition = element["when"].flatMap { self.condition($0, "when", in: expressionScope) }
      if let text = element["when"]?.scalar?.text {
        let plain = Self.withoutSpaces(text)
        if let first = seen[plain], let when = element["when"] {
          report(.unreachableCase, at: when.place, "this branch is never reached: branch \(first) has the same condition")
        }
        seen[plain] = seen[plain] ?? index + 1
      }
      guard let value = branchValue(element, ["value", "from", "expr"], "a branch of case"), let condition else {
        isWhole = false
        continue
      }
      errors += condition.facts.paths
      add(value.facts, to: &facts)
      branches.append(CaseModel(condition: condition.model, value: value.value, place: element.place))
    }
    var last: ValueModel?
    if let otherwise {
      if otherwise.isMapping, otherwise.entry("from") != nil || otherwise.entry("expr") != nil || !isObject(position) {
        otherwise.checkKeys("else", known: ["from", "expr"], &diagnostics)
        guard let value = branchValue(otherwise, ["from", "expr"], "else") else { return nil }
        last = value.value
        add(value.facts, to: &facts)
      } else if let value = otherwise.literal("else", &diagnostics) {
        last = .constant(value)
        add(literalFacts(otherwise, value, "'else'"), to: &facts)
      } else {
        return nil
      }
    }
    guard isWhole, var facts else { return nil }
    if last == nil { facts.isNullable = true }
    facts.readsAlso(errors)
    facts.raises([.expressionError])
    return (.cases(branches, otherwise: last), facts)
  }

  /// Without the white space between words; what stands in quotes stays.
  private static func withoutSpaces(_ text: String) -> String {
    var quote: Character?
    return text.filter { character in
      if let open = quote {
        if character == open { quote = nil }
        return true
      }
      if character == "'" || character == "\"" { quote = character }
      return !character.isWhitespace
    }
  }

  /// Exactly one of `value`, `from`, `expr`.
  private mutating func branchValue(_ node: YAMLNode, _ words: [String], _ what: String) -> ResolvedValue? {
    let stated = words.compactMap { node.entry($0) }
    guard let entry = stated.first else {
      report(.missingKeyword, at: node.place, "\(what) needs one of the keys \(words.map { "'\($0)'" }.joined(separator: ", "))")
      return nil
    }
    if stated.count > 1 {
      report(.badArgument, at: stated[1].keyPlace, "'\(entry.key)' and '\(stated[1].key)' exclude each other")
    }
    switch entry.key {
    case "from": return readPath(entry.value, "from")
    case "expr":
      return expression(entry.value, "expr", in: sourceExpressionScope()).map { (.expression($0.model), $0.facts) }
    default:
      guard let value = entry.value.literal("value", &diagnostics) else { return nil }
      return (.constant(value), literalFacts(entry.value, value, "a case value"))
    }
  }
}
