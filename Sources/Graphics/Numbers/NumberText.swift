import Core

/// Numbers as the pictures and their tables write them. Both take them from here, so that they cannot disagree.
package enum NumberText {
  /// `9,120`.
  package static func count(_ number: Int) -> String { (number < 0 ? "−" : "") + GroupedDigits.text(number.magnitude) }

  /// `+3`, `−12`, `0`.
  package static func change(_ number: Int) -> String { number > 0 ? "+" + count(number) : count(number) }

  /// `98.23%`: at most two decimals, rounded. What is not nothing is never `0%`, and what is not all is never `100%`.
  package static func share(_ part: Int, of whole: Int) -> String {
    guard whole > 0 else { return "–" }
    guard part > 0 else { return part < 0 ? "–" : "0%" }
    guard part < whole else { return part == whole ? "100%" : percent(percentage(part, of: whole)) }
    let (quotient, remainder) = whole.dividingFullWidth(part.multipliedFullWidth(by: 10_000))
    let hundredths = quotient + (remainder >= whole - remainder ? 1 : 0)
    if hundredths == 0 { return "<0.01%" }
    return hundredths == 10_000 ? ">99.99%" : decimal(hundredths) + "%"
  }

  /// `98.23%` of a number from 0 to 100, as `share` writes it.
  package static func percent(_ number: Double) -> String {
    if number > 0, number < 0.005 { return "<0.01%" }
    if number < 100, number >= 99.995 { return ">99.99%" }
    return decimal(number) + "%"
  }

  /// `1,234.5`: at most two decimals, rounded.
  package static func decimal(_ number: Double) -> String {
    guard number.isFinite, abs(number) < 1e14 else { return number.description }
    return decimal(Int((number * 100).rounded()))
  }

  /// `+1.5`, `−0.25`, `0`.
  package static func change(_ number: Double) -> String {
    let text = decimal(number)
    if text == "0", number != 0 { return "≈ 0" }
    return number > 0 ? "+" + text : text
  }

  private static func decimal(_ hundredths: Int) -> String {
    let (whole, rest) = (hundredths.magnitude / 100, hundredths.magnitude % 100)
    let sign = hundredths < 0 ? "−" : ""
    guard rest > 0 else { return sign + count(Int(whole)) }
    let decimals = rest.isMultiple(of: 10) ? "\(rest / 10)" : rest < 10 ? "0\(rest)" : "\(rest)"
    return sign + count(Int(whole)) + "." + decimals
  }

  /// `1 record`, `12 records`.
  package static func count(_ number: Int, _ noun: String) -> String {
    "\(count(number)) \(noun)\(number == 1 ? "" : "s")"
  }

  static func percentage(_ part: Int, of whole: Int) -> Double { Double(part) / Double(whole) * 100 }

  /// Rounded down, exact for any two numbers.
  static func permille(_ part: Int, of whole: Int) -> Int {
    guard part < whole else { return 1000 }
    return whole.dividingFullWidth(max(0, part).multipliedFullWidth(by: 1000)).quotient
  }
}
