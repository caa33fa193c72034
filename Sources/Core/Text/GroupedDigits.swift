/// Whole numbers with a comma after each three digits, for people.
package enum GroupedDigits {
  /// `12,345`.
  package static func text(_ magnitude: UInt) -> String {
    let digits = String(magnitude)
    var text = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index).isMultiple(of: 3) { text.append(",") }
      text.append(digit)
    }
    return text
  }
}
