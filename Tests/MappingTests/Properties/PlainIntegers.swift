/// Whole numbers by their digits, for the oracle: of `1.0` it is `1`, of `1.5e1` it is `15`.
enum PlainIntegers {
  /// The digits of a JSON number as an integer, with at most 64 of them, else as they are; nil: it is not whole.
  static func digits(_ text: String) -> String? {
    let parts = text.lowercased().split(separator: "e")
    let mantissa = parts[0].drop { $0 == "-" }.split(separator: ".")
    var row = mantissa.joined().map { $0 }
    var power = (parts.count == 2 ? Int(parts[1]) ?? (parts[1].hasPrefix("-") ? Int.min / 2 : Int.max / 2) : 0)
    power -= mantissa.count == 2 ? mantissa[1].count : 0
    while row.first == "0" { row.removeFirst() }
    guard !row.isEmpty else { return "0" }
    while row.last == "0" {
      row.removeLast()
      power += 1
    }
    guard power >= 0 else { return nil }
    guard row.count + power <= 64 else { return text }
    return (text.hasPrefix("-") ? "-" : "") + String(row) + String(repeating: "0", count: power)
  }
}
