import Core
import Values

/// Checks of arrays.
extension ValidationRun {
  mutating func checkArray(_ check: Int, _ schema: Int, _ value: Int, _ marks: Int) -> Bool {
    switch program.checks[check].rule {
    case .minItems(let least): return tape.childCount(value) >= least || fail(.schemaMinItems, schema, check, value)
    case .maxItems(let most): return tape.childCount(value) <= most || fail(.schemaMaxItems, schema, check, value)
    case .uniqueItems: return isUnique(value) || fail(.schemaUniqueItems, schema, check, value)
    case .elements(let number): return checkElements(number, value, marks)
    case .contains(let number): return checkContains(number, schema, check, value, marks)
    case .unevaluatedItems(let rest): return checkRest(rest, value, marks, falseCode: .schemaUnevaluatedItems)
    default: return checkAny(check, schema, value, marks)
    }
  }

  private mutating func checkElements(_ number: Int, _ value: Int, _ marks: Int) -> Bool {
    let first = program.tables.elements[number].first
    let rest = program.tables.elements[number].rest
    let restCode: ProblemCode =
      program.tables.elements[number].restKeyword == .additionalItems ? .schemaAdditionalItems : .schemaItems
    var isValid = true
    var index = 0
    var child = value + 1
    let end = tape.end(value)
    while child < end {
      guard let next = index < first.count ? first[index] : rest else { break }
      mark(index, in: marks)
      if !evaluate(next, child, -1, falseCode: index < first.count ? .schemaFalse : restCode) {
        isValid = false
        if !isCollecting { return false }
      }
      index += 1
      child = tape.end(child)
    }
    return isValid
  }

  private mutating func checkContains(_ number: Int, _ schema: Int, _ check: Int, _ value: Int, _ marks: Int) -> Bool {
    let rule = program.tables.contains[number]
    let mustSeeAll = rule.marks && marks >= 0
    let unjudged = unjudged
    var count = 0
    var index = 0
    var child = value + 1
    let end = tape.end(value)
    while child < end {
      if isValid(rule.schema, child, -1) {
        count += 1
        if rule.marks { mark(index, in: marks) }
      }
      if !mustSeeAll, count >= rule.least, rule.most == .max || count > rule.most { break }
      index += 1
      child = tape.end(child)
    }
    if count < rule.least {
      return fail(rule.least == 1 || count == 0 ? .schemaContains : .schemaMinContains, schema, check, value, detail: count)
    }
    if count > rule.most { return fail(.schemaMaxContains, schema, check, value, detail: count) }
    return rule.most == .max || self.unjudged == unjudged || fail(.patternLimit, schema, check, value)
  }

  /// Children that no keyword has evaluated.
  mutating func checkRest(_ rest: Int, _ value: Int, _ marks: Int, falseCode: ProblemCode) -> Bool {
    guard marks >= 0 else { return true }
    var isValid = true
    var index = 0
    var child = value + 1
    let end = tape.end(value)
    while child < end {
      if !isMarked(index, in: marks), !evaluate(rest, child, -1, falseCode: falseCode) {
        isValid = false
        if !isCollecting { return false }
      }
      index += 1
      child = tape.end(child)
    }
    markAll(value, in: marks)
    return isValid
  }

  /// Whether no two elements are equal: by their keys, looked up by hash.
  private mutating func isUnique(_ value: Int) -> Bool {
    guard tape.childCount(value) > 1 else { return true }
    space.key.removeAll(keepingCapacity: true)
    var seen: [UInt64: Range<Int>] = [:]
    seen.reserveCapacity(tape.childCount(value))
    var child = value + 1
    let end = tape.end(value)
    while child < end {
      let start = space.key.count
      tape.appendKey(of: child, to: &space.key)
      let range = start..<space.key.count
      var hash = space.key[range].withUnsafeBufferPointer { bytes in
        bytes.baseAddress.map { Hash64.of(Text(start: $0, count: bytes.count).span) } ?? 0
      }
      // Another value with the same hash: continue with the next.
      while let other = seen[hash] {
        if space.key[other].elementsEqual(space.key[range]) { return false }
        hash &+= 1
      }
      seen[hash] = range
      child = tape.end(child)
    }
    return true
  }
}
