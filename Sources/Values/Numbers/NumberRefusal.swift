/// Why a text is not a number, or not of the expected kind. All are `number-invalid` in the ledger.
package enum NumberRefusal: UInt8, BitwiseCopyable, Sendable, Hashable, CaseIterable {
  case notANumber, leadingZero, notWhole, outOfRange, tooManyDigits
  /// Scientific notation in a text.
  case exponent
  // How people write numbers, where the mapping does not say that they do.
  case spaces, mark, grouping, otherText, parentheses, trailingMinus

  /// Part of a sentence: what is wrong, and the fix. Quotes nothing from the value.
  package var reason: String {
    switch self {
    case .notANumber: "not a number"
    case .leadingZero: "a leading zero: this looks like a code, not a number"
    case .notWhole: "not a whole number"
    case .outOfRange: "outside 64 bits"
    case .tooManyDigits: "more than 64 digits when written without an exponent"
    case .exponent:
      "scientific notation, which Excel uses for long numbers, losing digits: export the column as text, "
        + "or write `exponent: allow` if it is meant"
    case .spaces: "white space around the number: put trim before it"
    case .mark: "a mark between the digits that the function does not know: name it with `decimal_mark` or `group_mark`"
    case .grouping: "the digits are not grouped as `group_mark` and `grouping` require"
    case .otherText: "text beside the number: list a currency or a unit under `symbols`"
    case .parentheses: "a number in parentheses: write `negatives: [parentheses]` if it is negative"
    case .trailingMinus: "a minus after the number: write `negatives: [trailing_minus]` if it is negative"
    }
  }
}
