import Core

/// How the page writes numbers and commands.
enum PageText {
  /// `12,345`.
  static func count(_ number: Int) -> String { (number < 0 ? "-" : "") + GroupedDigits.text(number.magnitude) }

  /// `1 record`, `2 records`.
  static func count(_ number: Int, _ noun: String, plural: String? = nil) -> String {
    "\(count(number)) \(number == 1 ? noun : plural ?? noun + "s")"
  }

  /// `12.5`, `99.99`, `100`: with at most two decimal places. Only exactly everything is 100, and only nothing is 0.
  static func percent(_ share: Double) -> String {
    var hundredths = Int((share * 100).rounded())
    if hundredths == 10_000, share < 100 { hundredths = 9_999 }
    if hundredths == 0, share > 0 { hundredths = 1 }
    let (whole, part) = (abs(hundredths) / 100, abs(hundredths) % 100)
    let sign = hundredths < 0 ? "-" : ""
    if part == 0 { return "\(sign)\(whole)" }
    return part % 10 == 0 ? "\(sign)\(whole).\(part / 10)" : "\(sign)\(whole).\(part < 10 ? "0" : "")\(part)"
  }

  /// `12.5`, `1,234`: with at most four decimal places, as gates state their numbers.
  static func number(_ value: Double) -> String {
    guard abs(value) < 1e15 else { return JSONValue.number(value).text }
    let whole = value.rounded(.towardZero)
    if whole == value { return count(Int(whole)) }
    return JSONValue.number((value * 10_000).rounded() / 10_000).text
  }

  static func share(_ count: Int, of total: Int) -> Double? { total > 0 ? Double(count) * 100 / Double(total) : nil }

  /// `a, b and c`.
  static func list(_ words: [String]) -> String {
    guard let end = words.last, words.count > 1 else { return words.first ?? "" }
    return words.dropLast().joined(separator: ", ") + " and " + end
  }

  /// A command line, with quotes where a shell needs them.
  static func command(_ words: [String]) -> String {
    words.map { word in
      let isPlain =
        !word.isEmpty && word.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !"'\"\\$`&|;<>()*?[]#~!{}".utf8.contains($0) }
      return isPlain ? word : "'" + word.replacing("'", with: "'\\''") + "'"
    }.joined(separator: " ")
  }
}
