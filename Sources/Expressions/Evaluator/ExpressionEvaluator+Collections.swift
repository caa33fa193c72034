import Core
import Values

/// Lists and maps: creating them, and their content.
extension ExpressionEvaluator {
  mutating func list(_ elements: UnsafeMutablePointer<ExpressionValue>, _ count: Int) -> ExpressionValue {
    for index in 0..<count where elements[index].isError { return elements[index] }
    madeBytes &+= count * MemoryLayout<ExpressionValue>.stride
    let values = lists.take(count)
    values.update(from: elements, count: count)
    return ExpressionValue(.list, pointer: UnsafeRawPointer(values), count: count)
  }

  /// `count` pairs. A key of another type than int, uint, bool and string, and a key that is there already, are errors.
  mutating func map(_ pairs: UnsafeMutablePointer<ExpressionValue>, _ count: Int) -> ExpressionValue {
    for index in 0..<2 * count where pairs[index].isError { return pairs[index] }
    for index in 0..<count where !Keys.isKey(pairs[2 * index]) { return .error(.keyType) }
    guard !Keys.haveTwins(pairs, count) else { return .error(.duplicateKey) }
    madeBytes &+= 2 * count * MemoryLayout<ExpressionValue>.stride
    let values = lists.take(2 * count)
    values.update(from: pairs, count: 2 * count)
    return ExpressionValue(.map, pointer: UnsafeRawPointer(values), count: count)
  }

  /// The value of a key; nil if the map has none.
  mutating func lookUp(_ key: ExpressionValue, in map: ExpressionValue) -> ExpressionValue? {
    if map.kind == .object {
      guard key.kind == .string else { return nil }
      return member(key.text, ofJSON: map.text)
    }
    guard let pairs = map.values else { return nil }
    work &+= map.size * MemoryLayout<ExpressionValue>.stride
    for index in 0..<map.size where Keys.equal(pairs[2 * index], key) { return pairs[2 * index + 1] }
    return nil
  }

  /// `isDeclared`: a member of a record's value. There, null and empty values have no members, and a different shape is the
  /// source's fault, not the expression's.
  mutating func select(_ operand: ExpressionValue, _ name: ExpressionValue, isDeclared: Bool) -> ExpressionValue {
    if operand.isError { return operand }
    guard operand.isMap else { return isDeclared ? memberOfOther(operand, .null) : .error(.noOverload) }
    return lookUp(name, in: operand) ?? (isDeclared ? .null : .error(.noSuchKey))
  }

  mutating func has(_ operand: ExpressionValue, _ name: ExpressionValue, isDeclared: Bool) -> ExpressionValue {
    if operand.isError { return operand }
    guard operand.isMap else { return isDeclared ? memberOfOther(operand, .bool(false)) : .error(.noOverload) }
    guard let value = lookUp(name, in: operand) else { return .bool(false) }
    return .bool(!(isDeclared && value.isNull))
  }

  /// `nothing` if the value is null or empty.
  @inline(never)
  private mutating func memberOfOther(_ operand: ExpressionValue, _ nothing: ExpressionValue) -> ExpressionValue {
    switch operand.kind {
    case .null: return nothing
    case .string, .list, .cells: return operand.size == 0 ? nothing : .error(.wrongType)
    case .array:
      let list = resolved(operand)
      return list.isError ? list : list.size == 0 ? nothing : .error(.wrongType)
    default: return .error(.wrongType)
    }
  }

  mutating func element(of operand: ExpressionValue, at key: ExpressionValue) -> ExpressionValue {
    if operand.isError { return operand }
    if key.isError { return key }
    if operand.isMap {
      guard Keys.isKey(key) || key.kind == .double else { return .error(.keyType) }
      return lookUp(key, in: operand) ?? .error(.noSuchKey)
    }
    guard operand.isList else { return .error(.noOverload) }
    let index: Int64
    switch key.kind {
    case .int: index = key.word
    case .uint: index = Int64(clamping: key.uintValue)
    case .double:
      guard let whole = Int64(exactly: key.doubleValue) else { return .error(.indexType) }
      index = whole
    default: return .error(.indexType)
    }
    let list = resolved(operand)
    if list.isError { return list }
    guard index >= 0, index < Int64(list.size) else { return .error(.indexRange) }
    return item(list, Int(index))
  }

  /// Whether a list has an equal element, or a map the key.
  mutating func contained(_ value: ExpressionValue, in container: ExpressionValue) -> ExpressionValue {
    if value.isError { return value }
    if container.isError { return container }
    if container.isMap {
      guard Keys.isKey(value) || value.kind == .double else { return .bool(false) }
      return .bool(lookUp(value, in: container) != nil)
    }
    guard container.isList else { return .error(.noOverload) }
    let list = resolved(container)
    if list.isError { return list }
    guard mayRead(bytes: list.size * MemoryLayout<ExpressionValue>.stride) else { return .error(.tooManySteps) }
    for index in 0..<list.size {
      let element = item(list, index)
      if equal(element, value) {
        comparisonFailure = nil
        return .bool(true)
      }
      guard comparisons <= stepLimit, work <= workLimit else {
        comparisonFailure = nil
        return .error(.tooManySteps)
      }
    }
    // Elements that have no value make the result an error only where no other one is equal.
    return compared(false)
  }

  mutating func size(_ value: ExpressionValue) -> ExpressionValue {
    switch value.kind {
    case .string: return .int(CharacterCount.of(value.text.span))
    case .bytes, .list, .cells, .map: return .int(value.size)
    case .array, .object:
      var cursor = JSONCursor(value.text)
      var count = 0
      cursor.enter()
      while cursor.hasMore() {
        if value.kind == .object {
          _ = cursor.string()
          cursor.colon()
        }
        _ = cursor.value()
        count += 1
      }
      return .int(count)
    default: return .error(.noOverload)
    }
  }
}
