import Core
import Expressions
import Transform

/// A possible value of a case, until the types of the other values are known.
private struct Alternative {
  var value: ValueModel
  var facts: ValueFacts
  /// For a literal: its place and its value.
  var literal: (node: YAMLNode, value: JSONValue)?
}

/// `case` with its `else`.
extension ValueReader {
  /// Each branch is evaluated under its own condition and the negation of all previous ones.
  mutating func readCases(
    _ entry: YAMLEntry, otherwise: YAMLNode?, into position: TargetPosition, under outer: Surroundings
  ) -> ResolvedValue? {
    guard let elements = entry.value.elements("case", &diagnostics) else { return nil }
    if elements.isEmpty { report(.wrongKind, at: entry.keyPlace, "case must have at least one branch") }
    var conditions: [(model: ExpressionModel, place: SourcePlace)] = []
    var alternatives: [Alternative] = []
    var isWhole = !elements.isEmpty
    var seen: [Name: Int] = [:]
    var reads: [SourcePath] = []
    var surroundings = outer
    for (index, element) in elements.enumerated() {
      guard element.entries("a branch of case", &diagnostics) != nil else {
        isWhole = false
        continue
      }
      element.checkKeys("a branch of case", known: ["when", "value", "from", "expr"], required: ["when"], &diagnostics)
      let when = element["when"].map { self.condition($0, "when", under: surroundings) }
      let narrowing = when?.narrowing ?? ExpressionNarrowing(isUnknown: true)
      noteRepeated(element["when"], index, &seen)
      let value = branchValue(
        element, ["value", "from", "expr"], "a branch of case", under: surroundings.knowing(narrowing, true))
      surroundings = surroundings.knowing(narrowing, false)
      guard let value, let condition = when?.found else {
        isWhole = false
        continue
      }
      reads += condition.facts.paths
      conditions.append((condition.model, element.place))
      alternatives.append(value)
    }
    var hasOtherwise = false
    if let otherwise {
      guard let value = readOtherwise(otherwise, into: position, under: surroundings) else { return nil }
      alternatives.append(value)
      hasOtherwise = true
    }
    guard isWhole, let (values, joined) = unified(alternatives, into: position) else { return nil }
    var facts = joined
    if !hasOtherwise { facts.admitNull() }
    facts.readsAlso(reads)
    facts.raises([.expressionError])
    let branches = zip(conditions, values).map { CaseModel(condition: $0.model, value: $1, place: $0.place) }
    return (.cases(branches, otherwise: hasOtherwise ? values.last : nil), facts)
  }

  /// Literals take the type of the other values.
  private mutating func unified(
    _ alternatives: [Alternative], into position: TargetPosition
  ) -> (values: [ValueModel], facts: ValueFacts)? {
    guard alternatives.first != nil else { return nil }
    var main: ValueFacts?
    for one in alternatives where one.literal == nil {
      if main == nil { main = one.facts } else { main?.formAlternative(one.facts) }
    }
    let type =
      main?.type ?? alternatives.first { $0.literal?.value != .null && $0.literal?.value != .array([]) }?.facts.type
    var joined: ValueFacts?
    var values: [ValueModel] = []
    for one in alternatives {
      var (value, facts) = (one.value, one.facts)
      if let main, let (node, literal) = one.literal, literal != .null {
        (value, facts) = converted(node, literal, facts, beside: main, into: position)
      }
      values.append(value)
      // Null has no type of its own, and an empty list none of its elements.
      if one.literal?.value == .null, let type { facts.type = type }
      if one.literal?.value == .array([]), let type, type.element != nil { facts.type = type }
      // If the type of the other values depends on the data, a literal is checked by itself.
      if let literal = one.literal, main?.known == nil, main != nil, !facts.isPoisoned,
        !check(facts, into: position, at: literal.node.place)
      {
        facts = facts.asPoisoned
      }
      if joined == nil { joined = facts } else { joined?.formAlternative(facts) }
    }
    return joined.map { (values, $0) }
  }

  private mutating func readOtherwise(
    _ node: YAMLNode, into position: TargetPosition, under surroundings: Surroundings
  ) -> Alternative? {
    if node.isMapping, node.entry("from") != nil || node.entry("expr") != nil || !target.isObject(position) {
      node.checkKeys("else", known: ["from", "expr"], &diagnostics)
      return branchValue(node, ["from", "expr"], "else", under: surroundings)
    }
    return node.literal("else", &diagnostics).map {
      Alternative(value: .constant($0), facts: literalFacts(node, $0, "'else'"), literal: (node, $0))
    }
  }

  /// Exactly one of `value`, `from`, `expr`.
  private mutating func branchValue(
    _ node: YAMLNode, _ words: [String], _ what: String, under surroundings: Surroundings
  ) -> Alternative? {
    let stated = words.compactMap { node.entry($0) }
    guard let entry = stated.first else {
      // A misspelled key has been reported.
      let known = Set(words + ["when"])
      if node.entries?.contains(where: { !known.contains($0.key) }) == true { return nil }
      report(.missingKeyword, at: node.place, "\(what) needs one of the keys \(words.map { "'\($0)'" }.joined(separator: ", "))")
      return nil
    }
    if stated.count > 1 {
      report(.badArgument, at: stated[1].keyPlace, "'\(entry.key)' and '\(stated[1].key)' cannot be used together")
    }
    switch entry.key {
    case "from":
      return readPath(entry.value, "from").map {
        let found = narrowed($0, by: surroundings)
        return Alternative(value: found.value, facts: found.facts)
      }
    case "expr":
      return expression(entry.value, "expr", under: surroundings).map {
        Alternative(value: .expression($0.model), facts: $0.facts)
      }
    default:
      return entry.value.literal("value", &diagnostics).map {
        Alternative(
          value: .constant($0), facts: literalFacts(entry.value, $0, "a case value"), literal: (entry.value, $0))
      }
    }
  }

  private mutating func noteRepeated(_ when: YAMLNode?, _ index: Int, _ seen: inout [Name: Int]) {
    guard let when, let text = when.scalar?.text else { return }
    let plain = Self.withoutSpaces(text)
    if let first = seen[plain] {
      report(.unreachableCase, at: when.place, "this branch is never reached: branch \(first) has the same condition")
    } else {
      seen[plain] = index + 1
    }
  }

  /// Without the white space between words; quoted text is kept.
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
}
