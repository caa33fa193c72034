import Core

/// The steps of macros, with what each does with errors: `all` and `exists` absorb them where another element decides,
/// the others do not (language definition, "Macros").
extension ExpressionEvaluator {
  static func initial(_ macro: UInt8) -> ExpressionValue {
    switch Macro(rawValue: macro) {
    case .all: .bool(true)
    case .exists: .bool(false)
    default: .int(0)
    }
  }

  /// Turns the value at `place` into a list; a map into its keys; anything else into an error.
  ///
  /// In place, and not inlined: given back and stored by the caller, the result is lost by the optimiser of Swift 6.3. Only builds
  /// for release show that.
  @inline(never)
  mutating func makeIterable(_ place: UnsafeMutablePointer<ExpressionValue>) {
    let value = place.pointee
    switch value.kind {
    case .error, .list, .cells, .map: break
    case .array, .object: place.pointee = resolved(value)
    default: place.pointee = .error(.noOverload)
    }
  }

  /// Element of a list, or key of a map.
  @inline(__always)
  mutating func item(_ range: ExpressionValue, _ position: Int) -> ExpressionValue {
    switch range.kind {
    case .list: range.values.map { $0[position] } ?? .null
    case .cells: range.cells.map { value(of: $0[position]) } ?? .null
    default: range.values.map { $0[2 * position] } ?? .null
    }
  }

  /// Where to go on.
  mutating func step(
    _ instruction: Instruction, result: UnsafeMutablePointer<ExpressionValue>, value: ExpressionValue,
    element: ExpressionValue, at: Int
  ) -> Int {
    let loop = Int(instruction.first)
    let end = Int(instruction.second)
    let macro = Macro(rawValue: instruction.small)
    if macro == .map {
      guard !value.isError else {
        result.pointee = value
        return end
      }
      madeBytes &+= MemoryLayout<ExpressionValue>.stride
      pending.push(value)
      return loop
    }
    guard value.kind == .bool else {
      let error = value.isError ? value : Self.stamped(ExpressionMismatch.condition(value), at)
      let absorbs = macro == .all || macro == .exists
      if !result.pointee.isError { result.pointee = error }
      return absorbs ? loop : end
    }
    switch macro {
    case .all:
      guard value.word == 0 else { return loop }
      result.pointee = value
      return end
    case .exists:
      guard value.word != 0 else { return loop }
      result.pointee = value
      return end
    case .existsOne:
      if value.word != 0 { result.pointee.word += 1 }
    default:
      if value.word != 0 {
        madeBytes &+= MemoryLayout<ExpressionValue>.stride
        pending.push(element)
      }
    }
    return loop
  }

  mutating func finished(_ macro: UInt8, _ result: ExpressionValue, from start: Int) -> ExpressionValue {
    let kind = Macro(rawValue: macro)
    switch kind {
    case .existsOne: return result.isError ? result : .bool(result.word == 1)
    case .filter, .map:
      let count = pending.count - start
      defer { pending.truncate(to: start) }
      guard !result.isError else { return result }
      guard mayMake(bytes: count * MemoryLayout<ExpressionValue>.stride) else { return .error(.tooLarge) }
      let values = lists.take(count)
      if count > 0 { values.update(from: pending.base + start, count: count) }
      return ExpressionValue(.list, pointer: UnsafeRawPointer(values), count: count)
    default: return result
    }
  }
}
