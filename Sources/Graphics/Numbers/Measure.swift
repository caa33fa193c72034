/// Lengths of SVG, written without the detour over floating point, so that the same input gives the same bytes.
enum Measure {
  /// Thousandths of a percent: 12,345 is `12.345%`.
  static func percent(_ thousandths: Int) -> String { decimal(thousandths, places: 3) + "%" }

  /// Hundredths of a pixel: 1,250 is `12.5`.
  static func pixels(_ hundredths: Int) -> String { decimal(hundredths, places: 2) }

  private static func decimal(_ number: Int, places: Int) -> String {
    let digits = String(number.magnitude)
    let padded = String(repeating: "0", count: max(0, places + 1 - digits.count)) + digits
    let whole = padded.dropLast(places)
    var rest = padded.suffix(places)
    while rest.last == "0" { rest.removeLast() }
    return (number < 0 ? "-" : "") + whole + (rest.isEmpty ? "" : "." + rest)
  }
}
