import Core
import Values

/// Checks that concern every kind of value: types, enumerations, and schemas that apply to the same value.
extension ValidationRun {
  mutating func checkAny(_ check: Int, _ schema: Int, _ value: Int, _ marks: Int) -> Bool {
    switch program.checks[check].rule {
    case .never: return fail(.schemaFalse, schema, check, value)
    case .types(let types): return admits(types, value) || fail(.schemaType, schema, check, value)
    case .enumeration(let number):
      space.key.removeAll(keepingCapacity: true)
      tape.appendKey(of: value, to: &space.key)
      let key = space.key
      if program.tables.enumerations[number].keys.contains(key.span) { return true }
      return fail(program.checks[check].keyword == .const ? .schemaConst : .schemaEnum, schema, check, value)
    case .reference(let target): return apply(target, value, marks, always: true)
    case .dynamicReference(let number): return apply(target(of: number), value, marks, always: true)
    case .allOf(let list): return checkAll(list, value, marks)
    case .anyOf(let list): return checkSome(list, value, marks) || fail(.schemaAnyOf, schema, check, value)
    case .oneOf(let list): return checkOne(list, schema, check, value, marks)
    case .negation(let negated):
      let unjudged = unjudged
      if isValid(negated, value, -1) { return fail(.schemaNot, schema, check, value) }
      return self.unjudged == unjudged || fail(.patternLimit, schema, check, value)
    case .conditional(let number): return checkConditional(number, schema, check, value, marks)
    default: return true
    }
  }

  private func admits(_ types: JSONTypes, _ value: Int) -> Bool {
    switch tape.kind(value) {
    case .null: types.contains(.null)
    case .true, .false: types.contains(.boolean)
    case .string: types.contains(.string)
    case .array: types.contains(.array)
    case .object: types.contains(.object)
    case .number: types.contains(.number) || (types.contains(.integer) && Numbers.isWhole(tape.text(value).span))
    }
  }

  private mutating func checkAll(_ list: Int, _ value: Int, _ marks: Int) -> Bool {
    var isValid = true
    for schema in program.tables.lists[list] where !apply(schema, value, marks, always: true) {
      isValid = false
      if !isCollecting { break }
    }
    return isValid
  }

  private mutating func checkSome(_ list: Int, _ value: Int, _ marks: Int) -> Bool {
    var isValid = false
    for schema in program.tables.lists[list] where self.isValid(schema, value, marks) {
      isValid = true
      // The annotations of the other branches count as well.
      if marks < 0 { break }
    }
    return isValid
  }

  private mutating func checkOne(_ list: Int, _ schema: Int, _ check: Int, _ value: Int, _ marks: Int) -> Bool {
    var count = 0
    let unjudged = unjudged
    for schema in program.tables.lists[list] where isValid(schema, value, marks) {
      count += 1
      if count > 1, !isCollecting { break }
    }
    if count != 1 { return fail(.schemaOneOf, schema, check, value, detail: count) }
    return self.unjudged == unjudged || fail(.patternLimit, schema, check, value)
  }

  private mutating func checkConditional(_ number: Int, _ schema: Int, _ check: Int, _ value: Int, _ marks: Int) -> Bool {
    let condition = program.tables.conditions[number]
    if condition.then == nil, condition.otherwise == nil, marks < 0 { return true }
    let unjudged = unjudged
    if isValid(condition.condition, value, marks) {
      guard let then = condition.then else { return true }
      return apply(then, value, marks, always: true, falseCode: .schemaThen)
    }
    if self.unjudged != unjudged { return fail(.patternLimit, schema, check, value) }
    guard let otherwise = condition.otherwise else { return true }
    return apply(otherwise, value, marks, always: true, falseCode: .schemaElse)
  }
}
