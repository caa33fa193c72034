extension Int {
  /// The value of a JSON number that is a 64-bit integer, in any notation: `12`, `12.0`, `1.2e1`. Nil for every other number.
  package init?(json digits: String) {
    if let value = Int(digits) {
      self = value
      return
    }
    let parts = digits.split(maxSplits: 1, omittingEmptySubsequences: false) { $0 == "e" || $0 == "E" }
    let mantissa = parts[0].split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    guard let whole = mantissa.first, let exponent = parts.count == 2 ? Int(parts[1]) : 0 else { return nil }
    let fraction = mantissa.count == 2 ? mantissa[1] : ""
    let sign = whole.hasPrefix("-") ? "-" : ""
    guard whole.count > sign.count else { return nil }
    var significant = String((whole.dropFirst(sign.count) + fraction).drop { $0 == "0" })
    guard !significant.isEmpty else {
      self = 0
      return
    }
    // Where the row of digits ends as a power of ten, and zeros that move it there.
    var power = exponent.subtractingReportingOverflow(fraction.count).partialValue
    while power < 0, significant.last == "0" {
      significant.removeLast()
      power += 1
    }
    guard 0...18 ~= power, let value = Int(sign + significant + String(repeating: "0", count: power)) else { return nil }
    self = value
  }
}
