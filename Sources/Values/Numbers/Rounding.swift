package import Core

/// Rounding of a number's text by its digits alone, so that it is exact whatever their number: half to even, as
/// IEEE 754 and ISO 80000-1 (rule A) have it.
package enum Rounding {
  package enum Outcome: Sendable, Hashable {
    /// There is nothing to round: the text is its own result, and nothing was appended.
    case same
    /// Appended without an exponent, with exactly `places` decimal places.
    case rounded
    case refused(NumberRefusal)
  }

  /// Rounds to a multiple of ten to the power of `-places`: 2 to hundredths, 0 to whole numbers, -2 to hundreds.
  package static func halfEven(_ text: Span<UInt8>, places: Int, into arena: inout ByteArena) -> Outcome {
    let number: NumberText
    switch NumberText.read(text) {
    case .refused(let refusal): return .refused(refusal)
    case .number(let read): number = read
    }
    let value = NumberValue(number, in: text)
    if value.isZero || value.scale >= -places { return .same }
    let kept = max(0, value.top + places)
    let isUp = value.top + places >= 0 && isUp(value, number, text, kept: kept)
    var digits = Digits(kept: kept, number: number, first: value.significant.lowerBound)
    if isUp { digits.increment(text) }
    if digits.count == 0 {
      arena.append(UInt8(ascii: "0"))
      if places > 0 { appendZeros(places, before: UInt8(ascii: "."), into: &arena) }
      return .rounded
    }
    let length = places < 0 ? digits.count - places : max(digits.count, places + 1) + 2
    guard length <= max(Numbers.longestExpansion, text.count + 2) else { return .refused(.tooManyDigits) }
    if value.isNegative { arena.append(UInt8(ascii: "-")) }
    let wholeCount = digits.count - max(0, places)
    if wholeCount <= 0 {
      arena.append(UInt8(ascii: "0"))
      appendZeros(-wholeCount, before: UInt8(ascii: "."), into: &arena)
    }
    for place in 0..<digits.count {
      if place > 0, place == wholeCount { arena.append(UInt8(ascii: ".")) }
      arena.append(UInt8(ascii: "0") + digits.digit(place, in: text))
    }
    if places < 0 { appendZeros(-places, before: nil, into: &arena) }
    return .rounded
  }

  /// Whether the last kept digit goes up by one.
  private static func isUp(_ value: NumberValue, _ number: NumberText, _ text: Span<UInt8>, kept: Int) -> Bool {
    let next = number.digit(value.significant.lowerBound + kept, in: text)
    if next != 5 { return next > 5 }
    // The last significant digit is not zero: more of them are more than a half.
    if value.significant.count > kept + 1 { return true }
    return kept > 0 && number.digit(value.significant.lowerBound + kept - 1, in: text) % 2 == 1
  }

  private static func appendZeros(_ count: Int, before point: UInt8?, into arena: inout ByteArena) {
    if let point { arena.append(point) }
    for _ in 0..<count { arena.append(UInt8(ascii: "0")) }
  }

  /// The kept digits of a number's row, and what adding one to their last makes of them.
  private struct Digits {
    private(set) var count: Int
    private let number: NumberText
    private let first: Int
    /// The digit that is incremented; those after it are nines that become zeros. Nil: all are kept.
    private var raised: Int?
    /// All were nines: a one, and zeros.
    private var isPowerOfTen = false

    init(kept: Int, number: NumberText, first: Int) {
      count = kept
      self.number = number
      self.first = first
    }

    mutating func increment(_ text: Span<UInt8>) {
      var place = count - 1
      while place >= 0, number.digit(first + place, in: text) == 9 { place -= 1 }
      if place >= 0 {
        raised = place
      } else {
        isPowerOfTen = true
        count += 1
      }
    }

    func digit(_ place: Int, in text: Span<UInt8>) -> UInt8 {
      if isPowerOfTen { return place == 0 ? 1 : 0 }
      let digit = number.digit(first + place, in: text)
      guard let raised else { return digit }
      return place < raised ? digit : place == raised ? digit + 1 : 0
    }
  }
}
