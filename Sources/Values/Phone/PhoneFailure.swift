/// Why a text is not a phone number that can be written as E.164: libphonenumber's reasons.
package enum PhoneFailure: UInt8, Error, BitwiseCopyable, Sendable, CaseIterable {
  // Reasons of parsing. `tooLong` is also a reason of the possibility check.
  case invalidCountryCode, notANumber, tooShortAfterIDD, tooShortNSN, tooLong
  // Reasons of possibility: by the number of digits.
  case tooShort, invalidLength, possibleLocalOnly
  // Of the check of validity.
  case notValid
  // Of the text, before any parsing.
  case scientific

  /// libphonenumber's name of the reason; `NOT_VALID` if it only returns false; a name of our own where it is not asked.
  package var reason: String {
    switch self {
    case .invalidCountryCode: "INVALID_COUNTRY_CODE"
    case .notANumber: "NOT_A_NUMBER"
    case .tooShortAfterIDD: "TOO_SHORT_AFTER_IDD"
    case .tooShortNSN: "TOO_SHORT_NSN"
    case .tooLong: "TOO_LONG"
    case .tooShort: "TOO_SHORT"
    case .invalidLength: "INVALID_LENGTH"
    case .possibleLocalOnly: "IS_POSSIBLE_LOCAL_ONLY"
    case .notValid: "NOT_VALID"
    case .scientific: "SCIENTIFIC_NOTATION"
    }
  }

  /// What is wrong, for people.
  package var message: String {
    switch self {
    case .invalidCountryCode:
      "the country is unknown: the number has no known country calling code, and no region was given"
    case .notANumber: "this is not a phone number"
    case .tooShortAfterIDD: "the number ends right after its international prefix"
    case .tooShortNSN: "the number has too few digits after its country calling code"
    case .tooLong: "the number has more digits than any number of its country"
    case .tooShort: "the number has fewer digits than any number of its country"
    case .invalidLength: "no number of its country has this many digits"
    case .possibleLocalOnly: "the number lacks its area code: it can only be dialed within its area"
    case .notValid: "the number has a possible length, but its digits are not in a range in use"
    case .scientific:
      "scientific notation, which Excel uses for long numbers: most digits are lost, so export the column as text"
    }
  }
}
