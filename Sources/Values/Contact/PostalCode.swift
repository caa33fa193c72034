package import Core

/// Why a text is not a postal code. All are `postal-code-invalid` in the ledger.
package enum PostalCodeRefusal: UInt8, BitwiseCopyable, Sendable, Hashable, CaseIterable {
  case form, character, length, noDigit

  package var reason: String {
    switch self {
    case .form: "not in the form of this country's postal codes"
    case .character: "postal codes are letters A to Z, digits, spaces and hyphens"
    case .length: "shorter or longer than any postal code"
    case .noDigit: "no digit, which nearly every country's codes have"
    }
  }
}

/// The function `postal_code`: a postal code as its country writes it.
///
/// Where the country's forms are known (`PostalCodeTable`), letters become upper case, and spaces and hyphens stand where
/// the country has them, whatever stood there before: `sw1a1aa` is `SW1A 1AA` in GB, `941031234` is `94103-1234` in the US. The
/// country's own prefix (`D-10115`, `CH-8001`) is dropped where codes are digits alone. Otherwise, also where no country is known,
/// only case and white space are brought to one form, and what cannot be any country's code is refused.
package enum PostalCode {
  /// The most letters and digits of any code, with room for a prefix.
  static let capacity = 12
  /// Characters of the longest result.
  package static let longest = 2 * capacity

  /// Appends the code; nothing if it is refused.
  package static func normalise(
    _ text: Span<UInt8>, region: RegionCode?, into arena: inout ByteArena
  ) -> PostalCodeRefusal? {
    var code = InlineArray<12, UInt8>(repeating: 0)
    var count = 0
    var hasDigit = false
    var index = 0
    while index < text.count {
      var (value, length) = UTF8Scalar.read(text, at: index)
      index += length
      // Japanese keyboards produce full-width letters and digits.
      if (0xFF01...0xFF5E).contains(value) { value -= 0xFEE0 }
      if isSeparator(value) { continue }
      guard value < 0x80, let sign = upper(UInt8(truncatingIfNeeded: value)) else { return .character }
      guard count < capacity else { return .length }
      code[count] = sign
      count += 1
      if sign < UInt8(ascii: "A") { hasDigit = true }
    }
    if count == 0 { return .length }
    if let region, let forms = PostalCodeTable.forms(of: region) {
      return forms.append(code.span.extracting(0..<count), into: &arena) ? nil : .form
    }
    guard hasDigit else { return .noDigit }
    guard count >= 2 else { return .length }
    appendAsWritten(text, into: &arena)
    return nil
  }

  /// Letters and digits with what stood between them: one hyphen where there was one, else one space.
  private static func appendAsWritten(_ text: Span<UInt8>, into arena: inout ByteArena) {
    var separator: UInt8?
    var isFirst = true
    var index = 0
    while index < text.count {
      var (value, length) = UTF8Scalar.read(text, at: index)
      index += length
      if (0xFF01...0xFF5E).contains(value) { value -= 0xFEE0 }
      if let sign = upper(UInt8(truncatingIfNeeded: value)), value < 0x80 {
        if let separator, !isFirst { arena.append(separator) }
        arena.append(sign)
        separator = nil
        isFirst = false
      } else if Whitespace.isWhite(value) {
        separator = separator ?? UInt8(ascii: " ")
      } else {
        separator = UInt8(ascii: "-")
      }
    }
  }

  /// White space, hyphens and dashes.
  private static func isSeparator(_ value: UInt32) -> Bool {
    value == 0x2D || (0x2010...0x2015).contains(value) || value == 0x2212 || Whitespace.isWhite(value)
  }

  private static func upper(_ byte: UInt8) -> UInt8? {
    if byte &- UInt8(ascii: "0") < 10 || byte &- UInt8(ascii: "A") < 26 { return byte }
    return byte &- UInt8(ascii: "a") < 26 ? byte ^ 0x20 : nil
  }
}

/// The forms of one country's codes: a row of `PostalCodeTable`.
struct PostalCodeForms {
  /// Letters before a code that people write and the post does not: `D`.
  let prefixes: Text
  /// Parted by `|`.
  let forms: Text

  private static let separators: StaticString = ",|"
  private static var comma: Text { unsafe Text(start: separators.utf8Start, count: 1) }
  private static var bar: Text { unsafe Text(start: separators.utf8Start + 1, count: 1) }

  /// Appends the code in the first form that it fits; false: it fits none.
  func append(_ code: Span<UInt8>, into arena: inout ByteArena) -> Bool {
    if appendForm(code, into: &arena) { return true }
    var pieces = TextPieces()
    while let piece = pieces.next(in: prefixes.span, on: Self.comma.span) {
      let prefix = prefixes[piece]
      guard prefix.count > 0, code.count > prefix.count else { continue }
      var matched = 0
      while matched < prefix.count, unsafe code[matched] == prefix.start[matched] { matched += 1 }
      if matched == prefix.count, appendForm(code.extracting(matched..<code.count), into: &arena) { return true }
    }
    return false
  }

  private func appendForm(_ code: Span<UInt8>, into arena: inout ByteArena) -> Bool {
    var pieces = TextPieces()
    while let piece = pieces.next(in: forms.span, on: Self.bar.span) {
      let form = forms[piece]
      if Self.fits(code, form, from: 0) {
        Self.write(code, form, from: 0, into: &arena)
        return true
      }
      // Letters that every code begins with: `1010` is `LV-1010`.
      guard prefixes.count == 1, unsafe prefixes.start[0] == UInt8(ascii: "+") else { continue }
      var literal = 0
      while literal < form.count, unsafe form.start[literal] &- UInt8(ascii: "A") < 26 { literal += 1 }
      if literal > 0, literal < form.count, Self.fits(code, form, from: literal) {
        Self.write(code, form, from: literal, into: &arena)
        return true
      }
    }
    return false
  }

  private static func fits(_ code: Span<UInt8>, _ form: Text, from start: Int) -> Bool {
    var index = 0
    for place in start..<form.count {
      let sign = unsafe form.start[place]
      if PostalCodeTable.isSeparator(sign) { continue }
      guard index < code.count, PostalCodeTable.sign(sign, admits: code[index]) else { return false }
      index += 1
    }
    return index == code.count
  }

  private static func write(_ code: Span<UInt8>, _ form: Text, from start: Int, into arena: inout ByteArena) {
    for place in 0..<start { unsafe arena.append(form.start[place]) }
    var index = 0
    for place in start..<form.count {
      let sign = unsafe form.start[place]
      if PostalCodeTable.isSeparator(sign) {
        arena.append(sign)
      } else {
        arena.append(code[index])
        index += 1
      }
    }
  }
}
