package import Core
import Values

/// Where a schema takes integers and no other numbers, so that a whole number in another notation (`2.0`, `2e0`) is written as an
/// integer there.
///
/// A place is named by its path in the record. Every schema that applies there counts, including what applies to the values around
/// it. The answer holds for all records: where another record may have `2.5`, a number keeps its notation.
///
///     {"anyOf": [{"type": "integer"}, {"type": "null"}]}                integers only
///     {"type": "number", "multipleOf": 1}                               integers only
///     {"enum": [1, 2, null]}                                            integers only
///     {"if": {"type": "integer"}, "then": {"minimum": 0}}               any number
///
/// `not`, `unevaluatedProperties`, `unevaluatedItems` and `dependentSchemas` are not searched.
package struct IntegerPlaces: Sendable {
  package enum Step: Sendable, Hashable {
    case member(Name)
    case element(Int)
  }

  private let program: SchemaProgram
  package let distinctions: PlaceDistinctions

  init(_ program: SchemaProgram) {
    self.program = program
    distinctions = PlaceDistinctions(program.tables)
  }

  /// Whether an integer is valid at `path` and no other number is.
  package func contain(_ path: [Step]) -> Bool {
    var question = Question(program: program, path: path)
    return !question.admits(.fraction, 0, 0) && question.admits(.integer, 0, 0)
  }

  /// Whether there may be such a place at `path` or below. Asked once per field, so that the values of most fields are not searched.
  package func mayReach(_ path: [Step]) -> Bool {
    var open = [0]
    for step in path {
      let around = inPlace(open)
      // An enumeration may list whole objects.
      if around.contains(where: { restrictsNumbers($0, within: true) }) { return true }
      open = around.flatMap { schemas(of: step, in: $0) }
    }
    var seen: Set<Int> = []
    while let next = open.popLast() {
      guard seen.insert(next).inserted else { continue }
      if restrictsNumbers(next) { return true }
      for index in program.nodes[next].checks {
        let rule = program.checks[Int(index)].rule
        open += program.inPlace(rule)
        switch rule {
        case .members(let number):
          let members = program.tables.members[number]
          open += members.schemas + members.patterns.map(\.schema) + [members.additional].compactMap(\.self)
        case .elements(let number):
          let elements = program.tables.elements[number]
          open += elements.first + [elements.rest].compactMap(\.self)
        default: break
        }
      }
    }
    return false
  }

  /// - Parameter within: ask only about numbers within the value.
  private func restrictsNumbers(_ node: Int, within: Bool = false) -> Bool {
    program.nodes[node].checks.contains { index in
      switch program.checks[Int(index)].rule {
      case .types(let types): !within && types.contains(.integer) && !types.contains(.number)
      case .multipleOf(let number): !within && program.isWhole(divisor: number)
      case .enumeration(let number):
        program.tables.enumerations[number].values.contains { value in
          switch value {
          case .number: !within
          case .array, .object: true
          default: false
          }
        }
      default: false
      }
    }
  }

  /// Schemas, and all that they apply to the same value.
  private func inPlace(_ starts: [Int]) -> Set<Int> {
    var found: Set<Int> = []
    var open = starts
    while let next = open.popLast() {
      guard found.insert(next).inserted else { continue }
      for index in program.nodes[next].checks { open += program.inPlace(program.checks[Int(index)].rule) }
    }
    return found
  }

  private func schemas(of step: Step, in node: Int) -> [Int] {
    program.nodes[node].checks.flatMap { program.schemas(of: step, in: program.checks[Int($0)].rule) }
  }
}

/// Whether an integer, or a number that is not one, can be valid at a path.
private struct Question {
  enum Kind {
    case integer, fraction
  }

  private struct Key: Hashable {
    var kind: Kind
    var node: Int
    var depth: Int
  }

  let program: SchemaProgram
  let path: [IntegerPlaces.Step]
  private var known: [Key: Bool] = [:]

  init(program: SchemaProgram, path: [IntegerPlaces.Step]) {
    (self.program, self.path) = (program, path)
  }

  /// - Parameter depth: how many steps of the path lead to the value that the schema applies to.
  mutating func admits(_ kind: Kind, _ node: Int, _ depth: Int) -> Bool {
    let key = Key(kind: kind, node: node, depth: depth)
    if let known = known[key] { return known }
    // A dynamic reference can lead back to its own schema, which then restricts nothing.
    known[key] = true
    var result = !program.nodes[node].isFalse
    for index in program.nodes[node].checks where result { result = admits(kind, program.checks[Int(index)].rule, depth) }
    known[key] = result
    return result
  }

  private mutating func admits(_ kind: Kind, _ rule: SchemaProgram.Rule, _ depth: Int) -> Bool {
    switch rule {
    case .never: return false
    case .types(let types):
      guard depth < path.count else { return types.contains(kind == .integer ? .integer : .number) }
      if case .member = path[depth] { return types.contains(.object) }
      return types.contains(.array)
    case .enumeration(let number):
      return program.tables.enumerations[number].values.contains { Self.has(kind, $0, path[depth...]) }
    case .multipleOf(let number): return kind == .integer || depth < path.count || !program.isWhole(divisor: number)
    case .reference(let target): return admits(kind, target, depth)
    case .allOf(let list): return admits(kind, allOf: program.tables.lists[list], depth)
    case .anyOf(let list), .oneOf(let list): return admits(kind, anyOf: program.tables.lists[list], depth)
    case .dynamicReference: return admits(kind, anyOf: program.inPlace(rule), depth)
    case .conditional(let number):
      let condition = program.tables.conditions[number]
      if admits(kind, allOf: [condition.condition] + [condition.then].compactMap(\.self), depth) { return true }
      // What does not meet the condition can be anything.
      return condition.otherwise.map { admits(kind, $0, depth) } ?? true
    case .members, .elements:
      guard depth < path.count else { return true }
      return admits(kind, allOf: program.schemas(of: path[depth], in: rule), depth + 1)
    default: return true
    }
  }

  private mutating func admits(_ kind: Kind, allOf nodes: [Int], _ depth: Int) -> Bool {
    for node in nodes where !admits(kind, node, depth) { return false }
    return true
  }

  private mutating func admits(_ kind: Kind, anyOf nodes: [Int], _ depth: Int) -> Bool {
    for node in nodes where admits(kind, node, depth) { return true }
    return false
  }

  /// Whether a value of an enumeration has such a number at a path.
  private static func has(_ kind: Kind, _ value: JSONValue, _ path: ArraySlice<IntegerPlaces.Step>) -> Bool {
    guard let step = path.first else {
      guard case .number(let digits) = value else { return false }
      return digits.withBytes { Numbers.isWhole($0) } == (kind == .integer)
    }
    switch (step, value) {
    case (.member(let name), .object(let members)):
      return members.contains { Name($0.name) == name && has(kind, $0.value, path.dropFirst()) }
    case (.element(let index), .array(let elements)):
      return elements.indices.contains(index) && has(kind, elements[index], path.dropFirst())
    default: return false
    }
  }
}

extension SchemaProgram {
  fileprivate func isWhole(divisor: Int) -> Bool { tables.divisors[divisor].text.withBytes { Numbers.isWhole($0) } }

  /// The schemas that a rule applies to the same value, apart from `not`.
  fileprivate func inPlace(_ rule: Rule) -> [Int] {
    switch rule {
    case .reference(let target): return [target]
    case .dynamicReference(let number): return [tables.dynamics[number].initial] + tables.dynamics[number].byResource.values
    case .allOf(let list), .anyOf(let list), .oneOf(let list): return tables.lists[list]
    case .conditional(let number):
      let condition = tables.conditions[number]
      return [condition.condition] + [condition.then, condition.otherwise].compactMap(\.self)
    default: return []
    }
  }

  /// The schemas that a rule applies to a member or an element of the value.
  fileprivate func schemas(of step: IntegerPlaces.Step, in rule: Rule) -> [Int] {
    switch (rule, step) {
    case (.members(let number), .member(let name)):
      let members = tables.members[number]
      return name.text.withBytes { bytes in
        var found = members.declared.set.position(of: bytes).map { [members.schemas[$0]] } ?? []
        var isUndecided = false
        for (pattern, schema) in members.patterns {
          switch tables.patterns[pattern].matches(bytes, PatternWorkspace()) {
          case .matched: found.append(schema)
          case .notMatched: break
          case .limitExceeded: isUndecided = true
          }
        }
        return found.isEmpty && !isUndecided ? [members.additional].compactMap(\.self) : found
      }
    case (.elements(let number), .element(let index)):
      let elements = tables.elements[number]
      return elements.first.indices.contains(index) ? [elements.first[index]] : [elements.rest].compactMap(\.self)
    default: return []
    }
  }
}
