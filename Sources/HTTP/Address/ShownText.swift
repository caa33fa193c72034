import Core

/// The API's own words, made safe for messages, ledgers and snapshots: text that looks like an e-mail address, a phone
/// number or a date of birth is masked, because these files outlive the call.
package enum ShownText {
  /// This many digits, with the separators of phone numbers and dates, are considered personal.
  private static let digitsShown = 5
  private static let mask = "***"

  /// A server's id as messages show it: printable ASCII, cut at 64 characters; nil if nothing is left.
  package static func identifier(_ text: String?) -> String? {
    guard let text else { return nil }
    // Secrets first: half a secret is not recognized.
    let shown = Redactor.process.redacted(text).unicodeScalars.prefix(1_024).filter { (0x21...0x7E).contains($0.value) }
    guard !shown.isEmpty else { return nil }
    var out = String.UnicodeScalarView()
    out.append(contentsOf: shown.prefix(64))
    return String(out) + (shown.count > 64 ? "…" : "")
  }

  /// `a@b.co` and six digits or more (`+1 (415) 555-2671`, `1990-09-25`) become `***`.
  package static func masked(_ text: String) -> String {
    let scalars = Array(text.unicodeScalars)
    var out = String.UnicodeScalarView()
    var index = 0
    while index < scalars.count {
      if let end = endOfAddress(scalars, index) ?? endOfDigits(scalars, index) {
        out.append(contentsOf: mask.unicodeScalars)
        index = end
      } else if isOfAddress(scalars[index]) {
        // The rest of a word that is not an address is scanned only once, so that the time stays linear.
        let end = scalars[index...].firstIndex { !isOfAddress($0) } ?? scalars.count
        while index < end {
          if let after = endOfDigits(scalars, index) {
            out.append(contentsOf: mask.unicodeScalars)
            index = after
          } else {
            out.append(scalars[index])
            index += 1
          }
        }
      } else {
        out.append(scalars[index])
        index += 1
      }
    }
    return String(out)
  }

  /// Where an e-mail address that begins at `start` ends.
  private static func endOfAddress(_ text: [Unicode.Scalar], _ start: Int) -> Int? {
    guard isOfAddress(text[start]), let at = text[start...].firstIndex(where: { !isOfAddress($0) }), text[at] == "@" else {
      return nil
    }
    let end = text[(at + 1)...].firstIndex { !isOfAddress($0) } ?? text.count
    return end > at + 1 ? end : nil
  }

  /// Where digits that begin at `start` and are too many to be shown end.
  private static func endOfDigits(_ text: [Unicode.Scalar], _ start: Int) -> Int? {
    guard isDigit(text[start]) || text[start] == "+" else { return nil }
    if start > 0, isDigit(text[start - 1]) { return nil }
    var digits = 0
    var end = start
    var index = start
    while index < text.count {
      if isDigit(text[index]) {
        digits += 1
        end = index + 1
      } else if index - end > 1 || !isBetweenDigits(text[index]) {
        break
      }
      index += 1
    }
    return digits > digitsShown ? end : nil
  }

  private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.numericType == .decimal }

  private static func isBetweenDigits(_ scalar: Unicode.Scalar) -> Bool { " -.()/+".unicodeScalars.contains(scalar) }

  private static func isOfAddress(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isAlphabetic || isDigit(scalar) || ".!#$%&'*+/=?^_`{|}~-".unicodeScalars.contains(scalar)
  }
}
