import Core
import Values

/// Checks of objects.
extension ValidationRun {
  mutating func checkObject(_ check: Int, _ schema: Int, _ value: Int, _ marks: Int) -> Bool {
    switch program.checks[check].rule {
    case .minProperties(let least):
      return tape.childCount(value) >= least || fail(.schemaMinProperties, schema, check, value)
    case .maxProperties(let most): return tape.childCount(value) <= most || fail(.schemaMaxProperties, schema, check, value)
    case .required(let names):
      return checkRequired(program.tables.names[names], .schemaRequired, schema, check, value, other: -1)
    case .members(let number): return checkMembers(number, value, marks)
    case .propertyNames(let names): return checkNames(names, schema, check, value)
    case .dependentRequired(let number): return checkDependencies(number, schema, check, value, marks, .schemaDependentRequired)
    case .dependentSchemas(let number): return checkDependencies(number, schema, check, value, marks, .schemaDependencies)
    case .unevaluatedProperties(let rest): return checkRest(rest, value, marks, falseCode: .schemaUnevaluatedProperties)
    default: return checkAny(check, schema, value, marks)
    }
  }

  /// One look at the members, however many names there are.
  private mutating func checkRequired(
    _ names: SchemaProgram.Names, _ code: ProblemCode, _ schema: Int, _ check: Int, _ value: Int, other: Int
  ) -> Bool {
    guard !names.names.isEmpty else { return true }
    let start = space.marks.count
    for _ in 0..<((names.names.count + 63) / 64) { space.marks.append(0) }
    defer { releaseMarks(start) }
    var child = value + 1
    let end = tape.end(value)
    var missing = names.names.count
    while child < end {
      if let position = names.set.position(of: tape.name(child).span), !isMarked(position, in: start) {
        mark(position, in: start)
        missing -= 1
      }
      child = tape.end(child)
    }
    guard missing > 0 else { return true }
    if !isCollecting { return false }
    for position in names.names.indices where !isMarked(position, in: start) {
      _ = fail(code, schema, check, value, detail: position, other: other)
    }
    return false
  }

  private mutating func checkMembers(_ number: Int, _ value: Int, _ marks: Int) -> Bool {
    var isValid = true
    var index = 0
    var child = value + 1
    let end = tape.end(value)
    let hasPatterns = !program.tables.members[number].patterns.isEmpty
    while child < end {
      let name = tape.name(child)
      var isKnown = false
      if let position = program.tables.members[number].declared.set.position(of: name.span) {
        isKnown = true
        if !evaluate(program.tables.members[number].schemas[position], child, -1) { isValid = false }
      }
      if hasPatterns { checkPatterns(number, name, child, &isKnown, &isValid) }
      if !isKnown, let additional = program.tables.members[number].additional {
        isKnown = true
        if !evaluate(additional, child, -1, falseCode: .schemaAdditionalProperties) { isValid = false }
      }
      if isKnown { mark(index, in: marks) }
      if !isValid, !isCollecting { return false }
      index += 1
      child = tape.end(child)
    }
    return isValid
  }

  private mutating func checkPatterns(_ number: Int, _ name: Text, _ child: Int, _ isKnown: inout Bool, _ isValid: inout Bool) {
    for entry in program.tables.members[number].patterns {
      switch program.tables.patterns[entry.pattern].matches(name.span, space.workspace) {
      case .notMatched: continue
      case .matched: break
      case .limitExceeded:
        isKnown = true
        isValid = false
        _ = fail(.patternLimit, entry.schema, -1, child)
        continue
      }
      isKnown = true
      if !evaluate(entry.schema, child, -1, falseCode: .schemaPatternProperties) { isValid = false }
    }
  }

  /// Names are values as well: each is appended to the tape after everything else, and removed again.
  private mutating func checkNames(_ names: Int, _ schema: Int, _ check: Int, _ value: Int) -> Bool {
    var isValid = true
    var child = value + 1
    let end = tape.end(value)
    while child < end {
      let copy = tape.appendName(of: child)
      let unjudged = unjudged
      let passes = self.isValid(names, copy, -1)
      tape.removeLast(copy)
      if !passes {
        isValid = false
        if !isCollecting { return false }
        _ = fail(self.unjudged == unjudged ? .schemaPropertyNames : .patternLimit, schema, check, child)
      }
      child = tape.end(child)
    }
    return isValid
  }

  private mutating func checkDependencies(
    _ number: Int, _ schema: Int, _ check: Int, _ value: Int, _ marks: Int, _ code: ProblemCode
  ) -> Bool {
    var isValid = true
    for index in program.tables.dependencies[number].indices {
      guard tape.member(program.tables.dependencies[number][index].name, of: value) != nil else { continue }
      let code = program.checks[check].keyword == .dependencies ? .schemaDependencies : code
      if let dependent = program.tables.dependencies[number][index].schema {
        let falseCode: ProblemCode =
          program.checks[check].keyword == .dependencies ? .schemaDependencies : .schemaDependentSchemas
        if !apply(dependent, value, marks, always: true, falseCode: falseCode) { isValid = false }
      } else {
        let names = program.tables.dependencies[number][index].required
        if !checkRequired(names, code, schema, check, value, other: index) { isValid = false }
      }
      if !isValid, !isCollecting { return false }
    }
    return isValid
  }
}
