package import Core
package import Values

/// Everything that a schema requires of one scalar, prepared once per field, so that the evaluator checks a cell on its bytes
/// without allocation.
///
/// Cells are JSON values as encoders write them: dates and datetimes are strings, a decimal or number without a
/// fraction (`1.0`, `1e3`) is an integer. A missing cell has nothing to check. Of a list or an object only the kind is
/// checked here; what is in it is `SchemaValidator`'s.
///
/// A class, so that callers borrow it: copies of its arrays would cost reference counting.
package final class ScalarChecks: Sendable {
  /// Kinds that pass `type` without inspecting the value.
  private let kinds: CellKinds
  /// `type` requires an integer, and the cell is a decimal or a number.
  private let wantsWhole: Bool
  private let admitsArrays: Bool
  private let admitsObjects: Bool
  private let isFalse: Bool

  private let checksText: Bool
  private let minLength: Int
  private let maxLength: Int
  private let formats: [StringFormat]
  private let patterns: [Pattern]

  private let checksNumbers: Bool
  private let minimum: NumericLimit?
  private let maximum: NumericLimit?
  private let exclusiveMinimum: NumericLimit?
  private let exclusiveMaximum: NumericLimit?
  private let divisors: [Divisor]

  private let checksEnumeration: Bool
  private let isConstant: Bool
  private let enumeration: Enumeration

  /// - Parameter node: an index into `schema.nodes`.
  package init(_ schema: TargetSchema, node index: Int) {
    let node = schema.nodes[index]
    let parts = [node] + node.also.map { schema.nodes[$0] }
    isFalse = node.isFalse
    let types = node.types
    var kinds: CellKinds = []
    if types.contains(.null) { kinds.formUnion(CellKinds(.null)) }
    if types.contains(.boolean) { kinds.formUnion(.boolean) }
    if types.contains(.integer) { kinds.formUnion(.integer) }
    if types.contains(.number) { kinds.formUnion([CellKinds(.decimal), CellKinds(.number)]) }
    if types.contains(.string) { kinds.formUnion([.string, .date, .datetime]) }
    if types.contains(.array) { kinds.formUnion(.list) }
    self.kinds = kinds
    wantsWhole = types.contains(.integer) && !types.contains(.number)
    admitsArrays = types.contains(.array)
    admitsObjects = types.contains(.object)

    minLength = node.minLength ?? 0
    maxLength = node.maxLength ?? .max
    formats = parts.compactMap { $0.format.flatMap(StringFormat.init(name:)) }
    patterns = parts.compactMap { $0.pattern.flatMap { try? Pattern($0) } }
    checksText = minLength > 0 || maxLength < .max || !formats.isEmpty || !patterns.isEmpty

    minimum = node.minimum.map { NumericLimit($0) }
    maximum = node.maximum.map { NumericLimit($0) }
    exclusiveMinimum = node.exclusiveMinimum.map { NumericLimit($0) }
    exclusiveMaximum = node.exclusiveMaximum.map { NumericLimit($0) }
    divisors = parts.compactMap { $0.multipleOf.flatMap { Divisor($0) } }
    checksNumbers =
      minimum != nil || maximum != nil || exclusiveMinimum != nil || exclusiveMaximum != nil || !divisors.isEmpty

    checksEnumeration = node.enumeration != nil
    isConstant = node.isConstant
    enumeration = Enumeration(node.enumeration ?? [])
  }

  /// Nothing can fail: the evaluator need not ask.
  package var isEmpty: Bool {
    !isFalse && !checksText && !checksNumbers && !checksEnumeration && admitsArrays && admitsObjects && !wantsWhole
      && CellKinds.any.subtracting([CellKinds(.missing), .object]).isSubset(of: kinds)
  }

  /// Every check that `cell` fails; empty if it passes. Strings must be valid UTF-8, numbers JSON numbers.
  package func failures(of cell: Cell, _ workspace: borrowing PatternWorkspace) -> FailedChecks {
    let kind = cell.kind
    guard kind != .missing else { return [] }
    let bytes = cell.text
    let text = bytes.span
    var failed: FailedChecks = isFalse ? .never : []
    if !kinds.contains(kind), !admits(kind, text) { failed.formUnion(.type) }
    switch kind {
    case .string, .date, .datetime: if checksText { failed.formUnion(textFailures(text, kind, workspace)) }
    case .integer, .decimal, .number: if checksNumbers { failed.formUnion(numberFailures(cell, text)) }
    case .missing, .null, .true, .false, .list, .object, .blocked: break
    }
    if checksEnumeration, !enumeration.admits(cell, text) { failed.formUnion(isConstant ? .constant : .enumeration) }
    return failed
  }

  /// The kinds for which the value must be inspected.
  private func admits(_ kind: CellKind, _ text: Span<UInt8>) -> Bool {
    switch kind {
    case .decimal, .number: return wantsWhole && Numbers.isWhole(text)
    // Outside 64 bits an integer is a `number`; within, its kind has been asked for.
    case .object: return text.count > 0 && text[0] == UInt8(ascii: "[") ? admitsArrays : admitsObjects
    default: return false
    }
  }

  private func textFailures(_ bytes: Span<UInt8>, _ kind: CellKind, _ workspace: borrowing PatternWorkspace) -> FailedChecks {
    var failed: FailedChecks = []
    if minLength > 0, !CharacterCount.exceeds(minLength - 1, bytes) { failed.formUnion(.minLength) }
    if CharacterCount.exceeds(maxLength, bytes) { failed.formUnion(.maxLength) }
    for index in formats.indices where !isVouchedFor(formats[index], by: kind) && !formats[index].matches(bytes) {
      failed.formUnion(.format)
    }
    for index in patterns.indices {
      switch patterns[index].matches(bytes, workspace) {
      case .matched: break
      case .notMatched: failed.formUnion(.pattern)
      case .limitExceeded: failed.formUnion(.patternLimit)
      }
    }
    return failed
  }

  /// What the kernels that made the cell have seen to already.
  private func isVouchedFor(_ format: StringFormat, by kind: CellKind) -> Bool {
    (format == .date && kind == .date) || (format == .dateTime && kind == .datetime)
  }

  private func numberFailures(_ cell: Cell, _ text: Span<UInt8>) -> FailedChecks {
    var failed: FailedChecks = []
    if let minimum, minimum.compare(cell, text) < 0 { failed.formUnion(.minimum) }
    if let maximum, maximum.compare(cell, text) > 0 { failed.formUnion(.maximum) }
    if let exclusiveMinimum, exclusiveMinimum.compare(cell, text) <= 0 { failed.formUnion(.exclusiveMinimum) }
    if let exclusiveMaximum, exclusiveMaximum.compare(cell, text) >= 0 { failed.formUnion(.exclusiveMaximum) }
    for index in divisors.indices where divisors[index].divides(text) != true { failed.formUnion(.multipleOf) }
    return failed
  }
}
