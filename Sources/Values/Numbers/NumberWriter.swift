package import Core

/// The function `text` of a number: its digits without an exponent, to a fixed number of decimal places and with other marks where the
/// mapping wants them.
///
///     1.10 -> 1.10        {decimals: 2}: 7 -> 7.00       {group_mark: ".", decimal_mark: ","}: -1234.5 -> -1.234,5
package struct NumberWriter: Sendable, Hashable {
  /// Nil: as many as the number has.
  package var decimals: Int?
  package var decimalMark: String
  package var groupMark: String?
  package var grouping: NumberForm.Grouping

  package init(
    decimals: Int? = nil, decimalMark: String = ".", groupMark: String? = nil, grouping: NumberForm.Grouping = .thousands
  ) {
    self.decimals = decimals
    self.decimalMark = decimalMark
    self.groupMark = groupMark
    self.grouping = grouping
  }

  /// Whether there is something that a text cannot be given.
  package var isForNumbersOnly: Bool { self != NumberWriter() }

  /// Makes the text of a JSON number in `arena`, to be finished by the caller; what stands there after a failure is not a number. Fails
  /// only if the number has more than 64 digits without its exponent.
  package func write(_ number: Span<UInt8>, into arena: inout ByteArena) -> NumberRefusal? {
    arena.begin()
    if let refusal = Numbers.decimal(number, into: &arena) { return refusal }
    var digits = arena.finish()
    if let decimals {
      arena.begin()
      switch Rounding.halfEven(digits.span, places: decimals, into: &arena) {
      case .same: break
      case .rounded: digits = arena.finish()
      case .refused(let refusal): return refusal
      }
    }
    arena.begin()
    append(digits.span, into: &arena)
    return nil
  }

  /// `digits` are a decimal, rounded if need be: what it has beyond `decimals` are zeros.
  private func append(_ digits: Span<UInt8>, into arena: inout ByteArena) {
    var start = 0
    if digits[0] == UInt8(ascii: "-") {
      arena.append(digits[0])
      start = 1
    }
    var point = start
    while point < digits.count, digits[point] != UInt8(ascii: ".") { point += 1 }
    for index in start..<point {
      if index > start, let groupMark, endsGroup(point - index) { append(groupMark, into: &arena) }
      arena.append(digits[index])
    }
    let available = max(0, digits.count - point - 1)
    let wanted = decimals ?? available
    guard wanted > 0 else { return }
    append(decimalMark, into: &arena)
    for place in 0..<wanted { arena.append(place < available ? digits[point + 1 + place] : UInt8(ascii: "0")) }
  }

  /// Whether a mark stands before the digit that has `left` digits to the point, itself among them.
  private func endsGroup(_ left: Int) -> Bool {
    switch grouping {
    case .thousands: left % 3 == 0
    case .indian: left == 3 || left > 3 && left % 2 == 1
    }
  }

  private func append(_ mark: String, into arena: inout ByteArena) {
    for byte in mark.utf8 { arena.append(byte) }
  }
}
