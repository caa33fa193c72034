import Core
import Expressions
import Transform

/// Where a value comes from, with its text for explanations.
private struct Origin {
  var value: ValueModel
  var facts: ValueFacts
  var place: SourcePlace
  var text: String
}

/// What a value is compiled for.
enum ValueOwner {
  case variable
  /// A field of records of which `where` is true.
  case field(filter: ExpressionNarrowing)

  var isVariable: Bool { if case .variable = self { true } else { false } }

  /// Vars are computed before `where` is evaluated, fields only if it holds.
  var surroundings: Surroundings {
    switch self {
    case .variable: Surroundings()
    case .field(let filter): Surroundings().knowing(filter, true)
    }
  }
}

/// One field or var: its value, chain, default, and the handling of errors and null.
extension ValueReader {
  mutating func readValue(
    _ entry: YAMLEntry, target: [String], position: TargetPosition, as owner: ValueOwner
  ) -> FieldDraft? {
    let node = entry.value
    let name = target.joined(separator: ".")
    let isVariable = owner.isVariable
    var surroundings = owner.surroundings
    guard node.isMapping else {
      if node.elements != nil {
        node.reportWrongKind("'\(name)'", wanted: "a path or a map", hint: "write {from: […]}", &diagnostics)
      }
      guard node.elements == nil, let found = readPath(node, "'\(name)'").map({ narrowed($0, by: surroundings) }) else {
        return nil
      }
      let origin = Origin(value: found.value, facts: found.facts, place: node.place, text: node.scalar?.text ?? "")
      return draft(
        entry, target: target, position: position, origin: origin, chain: Chain(facts: found.facts), isVariable: isVariable)
    }
    checkReview(node, isVariable ? "var '\(name)'" : "'\(name)'")
    guard checkWords(node, name, entry.keyPlace, isVariable) else { return nil }
    let condition = isVariable ? nil : node["when"].map { self.condition($0, "when", under: surroundings) }
    if let condition { surroundings = surroundings.knowing(condition.narrowing, true) }
    // For a case, the values of its branches go through `do` before they reach the target.
    let origin = readOrigin(node, node.entry("do") == nil ? position : .unchecked, surroundings)
    let chain = chain(node["do"], origin?.facts ?? .poisoned, name)
    let usable = origin ?? Origin(value: .constant(.null), facts: .poisoned, place: node.place, text: "?")
    var result = draft(
      entry, target: target, position: position, origin: usable, chain: chain, surroundings, isVariable: isVariable)
    // What a misspelled keyword meant for null, errors or the type is unknown.
    let words = isVariable ? MappingKeywords.variable : MappingKeywords.field
    if node.entries?.contains(where: { !words.contains($0.key) }) == true { result.facts.isPoisoned = true }
    result.model.condition = condition?.found?.model
    return origin == nil ? nil : result
  }

  /// Whether the map is a long form with a value that can be compiled.
  private mutating func checkWords(_ node: YAMLNode, _ name: String, _ place: SourcePlace, _ isVariable: Bool) -> Bool {
    let words = isVariable ? MappingKeywords.variable : MappingKeywords.field
    let hasValue = MappingKeywords.values.contains { node.entry($0) != nil }
    let what = isVariable ? "var '\(name)'" : "'\(name)'"
    node.checkKeys(
      what, known: words, required: hasValue ? [] : ["from"], at: place, &diagnostics)
    let stated = MappingKeywords.values.compactMap { node.entry($0) }.sorted { $0.keyPlace < $1.keyPlace }
    if stated.count > 1 {
      report(
        .badArgument, at: stated[1].keyPlace, "'\(stated[0].key)' and '\(stated[1].key)' cannot be used together",
        hint: "keep one of them")
    }
    if let other = node.entry("else"), node.entry("case") == nil {
      report(.badArgument, at: other.keyPlace, "'else' requires 'case'", hint: "for an absent value, use default")
    }
    return !stated.isEmpty
  }

  private mutating func readOrigin(
    _ node: YAMLNode, _ position: TargetPosition = .unchecked, _ surroundings: Surroundings
  ) -> Origin? {
    if let entry = node.entry("expr") {
      return expression(entry.value, "expr", under: surroundings).map {
        Origin(value: .expression($0.model), facts: $0.facts, place: entry.value.place, text: $0.model.checked.text)
      }
    }
    if let entry = node.entry("case") {
      return readCases(entry, otherwise: node["else"], into: position, under: surroundings).map {
        let count = entry.value.elements?.count ?? 0
        return Origin(value: $0.value, facts: $0.facts, place: entry.keyPlace, text: "case of \(count)")
      }
    }
    if let constant = node["const"] {
      // The conflict has been reported; the paths are still checked.
      if let from = node["from"] { for path in from.elements ?? [from] { _ = readPath(path, "from") } }
      guard let value = constant.literal("const", &diagnostics) else { return nil }
      return Origin(
        value: .constant(value), facts: literalFacts(constant, value, "'const'"), place: constant.place, text: value.text)
    }
    guard let from = node["from"] else { return nil }
    guard let elements = from.elements else {
      return readPath(from, "from").map {
        let facts = narrowed($0, by: surroundings).facts
        return Origin(value: $0.value, facts: facts, place: from.place, text: from.scalar?.text ?? "")
      }
    }
    guard !elements.isEmpty else {
      report(.wrongKind, at: from.place, "from must name at least one path")
      return nil
    }
    let found = elements.map { element in readPath(element, "from").map { narrowed($0, by: surroundings) } }
    let resolved = found.compactMap(\.self)
    var facts = ValueFacts(type: .list(.joined(resolved.map(\.facts.type))), isNullable: false)
    facts.elementsAreNullable = resolved.allSatisfy(\.facts.isNullable)
    facts.hasNullElements = resolved.contains(where: \.facts.isNullable)
    var seen: Set<SourcePath> = []
    for one in resolved {
      facts.privacy = max(facts.privacy, one.facts.privacy)
      facts.paths += one.facts.paths.filter { seen.insert($0).inserted }
      facts.lookupFields.formUnion(one.facts.lookupFields)
      facts.raises(one.facts.errors)
      facts.countsMilliseconds = facts.countsMilliseconds || one.facts.countsMilliseconds
      facts.isPoisoned = facts.isPoisoned || one.facts.isPoisoned
    }
    if resolved.count < found.count { facts = facts.asPoisoned }
    let text = "[" + elements.map { $0.scalar?.text ?? "?" }.joined(separator: ", ") + "]"
    return Origin(value: .list(resolved.map(\.value)), facts: facts, place: from.place, text: text)
  }

  /// A literal of the mapping; each element of a list is a known value.
  func literalFacts(_ node: YAMLNode, _ value: JSONValue, _ what: String) -> ValueFacts {
    var facts = ValueFacts(type: .literal(value), isNullable: value == .null, makesNull: value == .null)
    switch value {
    case .null: facts.known = []
    case .array(let elements):
      facts.elementsAreNullable = elements.allSatisfy { $0 == .null }
      facts.hasNullElements = elements.contains(.null)
      facts.known = zip(elements, node.elements ?? []).map { KnownValue(value: $0, place: $1.place, what: what, isElement: true) }
    default: facts.known = [KnownValue(value: value, place: node.place, what: what)]
    }
    return facts
  }

  private mutating func draft(
    _ entry: YAMLEntry, target: [String], position: TargetPosition, origin: Origin, chain: Chain,
    _ surroundings: Surroundings = Surroundings(), isVariable: Bool
  ) -> FieldDraft {
    let node = entry.value
    var facts = chain.facts
    let isFine = check(facts, into: position, at: chain.end ?? origin.place)
    let hasWrongType = !isFine && facts.known == nil
    if !isFine { facts = facts.asPoisoned }
    var model = FieldModel(target: target, value: origin.value, steps: chain.steps, place: entry.keyPlace)
    model.omitsNull = settings.omitsNulls && !isVariable
    var stated: Privacy?
    let words = MappingKeywords.fieldGroup
    if node.isMapping {
      // A default matches the value that it replaces: beside a value of the wrong type, it is not checked.
      let place = hasWrongType ? .poisoned : position
      let fallback = node["default"].flatMap { readDefault($0, beside: facts, into: place, under: surroundings) }
      model.fallback = fallback?.model
      if let word = node["on_error"]?.word("on_error", oneOf: words.words(of: "on_error"), &diagnostics) {
        model.onError = FieldModel.OnError(rawValue: word) ?? .reject
      }
      if let fallback { facts.formUnion(fallback.facts) }
      applyOnError(model.onError, node, origin.facts, chain, position, &facts)
      if let required = node["required"], let value = required.boolean("required", &diagnostics), value {
        model.isRequired = true
        if facts.isNullable { facts.raises([.required]) }
        facts.isNullable = false
        (facts.mayBeMissing, facts.makesNull) = (false, false)
      }
      if let write = node["write"] {
        model.writesOnlyOnCreate = write.word("write", oneOf: words.words(of: "write"), &diagnostics) != nil
      }
      if let nulls = node["nulls"] {
        model.omitsNull = nulls.word("nulls", oneOf: words.words(of: "nulls"), &diagnostics) == "omit"
      }
      stated = node["pii"].flatMap { privacy($0, "pii") }
      model.references = node["references"].flatMap { reference($0, of: target, facts) }
    }
    if model.omitsNull { (facts.mayBeMissing, facts.makesNull) = (facts.isNullable, false) }
    if case .node(let index) = position { model.node = index }
    model.type = facts.type
    model.privacy = stated ?? facts.privacy
    return FieldDraft(
      model: model, facts: facts, keyPlace: entry.keyPlace, statedPrivacy: stated, position: position,
      origin: .init(step: origin.text, type: origin.facts.type.name), trace: chain.trace)
  }

  private mutating func applyOnError(
    _ onError: FieldModel.OnError, _ node: YAMLNode, _ source: ValueFacts, _ chain: Chain, _ position: TargetPosition,
    _ facts: inout ValueFacts
  ) {
    let place = node["on_error"]?.place ?? node.place
    switch onError {
    case .reject: break
    case .nullify: if !chain.facts.errors.isEmpty { facts.admitNull() }
    case .default:
      if node.entry("default") == nil {
        report(.missingKeyword, at: place, "on_error: default needs the key 'default'")
      } else if node["default"]?.isNull == true {
        facts.admitNull()
      }
    case .keep:
      guard node.entry("expr") == nil, node.entry("case") == nil else {
        report(
          .badArgument, at: place, "keep keeps the source value, but expr and case have none",
          hint: "use nullify, default or reject")
        return
      }
      guard !source.isPoisoned else { return }
      facts.forget()
      guard case .node(let index) = position, let schema = target.schema else {
        // Values of other types are also kept: nothing checks them after this.
        facts.type = source.errors.contains(.wrongType) ? .any : .joined([facts.type, source.type])
        return
      }
      if let mismatch = Assignability(schema: schema).mismatch(source.type, into: index) {
        report(
          .notAssignable, at: place,
          "keep would write the source value, which is \(mismatch.source), but the target accepts \(mismatch.target)",
          hint: "use nullify, default or reject")
      }
      facts.type = .joined([facts.type, source.type])
    }
  }

  /// A literal, or a map with `from` and `do`. `main` is what it replaces.
  private mutating func readDefault(
    _ node: YAMLNode, beside main: ValueFacts, into position: TargetPosition, under surroundings: Surroundings
  ) -> (model: FallbackModel, facts: ValueFacts)? {
    if node.isMapping, node.entry("from") != nil || node.entry("do") != nil || !target.isObject(position) {
      node.checkKeys(
        "default", known: MappingKeywords.fallbackGroup.names, required: MappingKeywords.fallbackGroup.required, &diagnostics)
      guard let origin = readOrigin(node, .unchecked, surroundings) else { return nil }
      let chain = chain(node["do"], origin.facts, "default")
      let isFine = check(chain.facts, into: position, at: chain.end ?? origin.place)
      let facts = isFine ? chain.facts : chain.facts.asPoisoned
      return (FallbackModel(value: origin.value, steps: chain.steps, place: node.place), facts)
    }
    guard let value = node.literal("default", &diagnostics) else { return nil }
    let facts = literalFacts(node, value, "'default'")
    guard check(facts, into: position, at: node.place) else {
      return (FallbackModel(value: .constant(value), place: node.place), facts.asPoisoned)
    }
    let found = converted(node, value, facts, beside: main, into: position)
    return (FallbackModel(value: found.value, place: node.place), found.facts)
  }
}
