import Values

/// What a single text looks like.
enum ValueMark: String, Sendable, Hashable, CaseIterable {
  case email
  /// Digits with the signs that people write between them, 7 to 15 of them.
  case phone
  /// With a leading +.
  case international
  case yesNo, whole, decimal
  case countryCode, country
  case separated

  private static let words: Set<String> = ["true", "yes", "y", "1", "on", "false", "no", "n", "0", "off"]

  static func marks(of text: String) -> [ValueMark] {
    var found: [ValueMark] = []
    let bytes = Array(text.utf8)
    guard bytes.count <= 320 else { return [] }
    if bytes.contains(0x40), Email.check(bytes.span) == nil { found.append(.email) }
    let digits = bytes.count { (0x30...0x39).contains($0) }
    if digits > 0 {
      if (7...15).contains(digits), bytes.allSatisfy({ (0x30...0x39).contains($0) || " ()+-./".utf8.contains($0) }) {
        found.append(.phone)
        if bytes.first == 0x2B { found.append(.international) }
      }
      if Int64(text) != nil { found.append(.whole) }
      if text.utf8.allSatisfy({ (0x30...0x39).contains($0) || "+-.".utf8.contains($0) }), Double(text) != nil {
        found.append(.decimal)
      }
    }
    if bytes.count <= 5, words.contains(text.lowercased()) { found.append(.yesNo) }
    if (2...60).contains(bytes.count), digits == 0, Country.alpha2(of: bytes.span) != nil {
      found.append(.country)
      if bytes.count == 2 { found.append(.countryCode) }
    }
    if bytes.contains(0x3B) || bytes.contains(0x2C) { found.append(.separated) }
    return found
  }

  /// Whole numbers that are moments of the years 2001 to 2033.
  static func countNumber(_ digits: String, _ formats: inout [String: Int]) {
    guard let number = Int64(digits) else { return }
    if (1_000_000_000_000...2_000_000_000_000).contains(number) { formats["epoch_ms", default: 0] += 1 }
    if (1_000_000_000...2_000_000_000).contains(number) { formats["epoch_s", default: 0] += 1 }
  }
}

/// Which date format a text has, by its digits and the signs between them.
enum DateShape {
  struct Found {
    /// `iso`, `iso-local` (a time without an offset), or a pattern of UTS 35.
    var format: String
    var isDayFirst = false
    var isMonthFirst = false
  }

  static func format(of text: String) -> Found? {
    guard (6...35).contains(text.utf8.count), let first = text.utf8.first, (0x30...0x39).contains(first) else { return nil }
    let shape = String(text.map { $0.isASCII && $0.isNumber ? "9" : $0 })
    if shape.hasPrefix("9999-99-99") {
      let rest = shape.dropFirst(10)
      if rest.isEmpty { return Found(format: "iso") }
      guard let separator = rest.first, "Tt ".contains(separator), rest.dropFirst().hasPrefix("99:99") else { return nil }
      let zone = rest.dropFirst(6).contains { "Zz+-".contains($0) }
      return Found(format: zone ? "iso" : "iso-local")
    }
    if shape.hasPrefix("9999/99/99") { return Found(format: "yyyy/MM/dd" + time(shape.dropFirst(10))) }
    for separator in ["/", ".", "-"] {
      let parts = text.split(separator: " ", maxSplits: 1)
      let numbers = (parts.first ?? "").split(separator: separator, omittingEmptySubsequences: false).map(String.init)
      guard numbers.count == 3, let left = Int(numbers[0]), let middle = Int(numbers[1]), let year = Int(numbers[2]) else {
        continue
      }
      guard (1...31).contains(left), (1...31).contains(middle), numbers[0].count <= 2, numbers[1].count <= 2 else { continue }
      let years = numbers[2].count == 4 ? "yyyy" : numbers[2].count == 2 ? "yy" : ""
      guard !years.isEmpty, year >= 0 else { continue }
      let clock = parts.count > 1 ? time(Substring(" " + parts[1].map { $0.isNumber ? "9" : String($0) }.joined())) : ""
      // Which comes first is decided once all values have been seen: `#` stands for both.
      return Found(
        format: "#\(separator)#\(separator)\(years)\(clock)", isDayFirst: left > 12 && middle <= 12,
        isMonthFirst: middle > 12 && left <= 12)
    }
    return nil
  }

  private static func time(_ rest: Substring) -> String {
    guard let separator = rest.first else { return "" }
    let start = separator == "T" ? "'T'" : String(separator)
    switch rest.dropFirst() {
    case "99:99": return start + "HH:mm"
    case "99:99:99": return start + "HH:mm:ss"
    case "9:99 AM", "9:99 PM", "99:99 AM", "99:99 PM", "9:99 am", "99:99 am", "9:99 pm", "99:99 pm": return start + "h:mm a"
    default: return ""
    }
  }
}
