/// Why a text is no phone number that can be written as E.164: libphonenumber's reasons.
package enum PhoneFailure: UInt8, Error, Sendable, CaseIterable {
  // Reasons of parsing. `tooLong` is a reason of possibility, too.
  case invalidCountryCode, notANumber, tooShortAfterIDD, tooShortNSN, tooLong
  // Reasons of possibility: by the number of digits.
  case tooShort, invalidLength, possibleLocalOnly
  // Of the check of validity.
  case notValid

  /// The name that libphonenumber gives the reason; `NOT_VALID` where it only answers no.
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
    }
  }

  /// What is wrong, for people.
  package var message: String {
    switch self {
    case .invalidCountryCode:
      "the country is not known: the number has no known country calling code and no region was given to read it in"
    case .notANumber: "this is not a phone number"
    case .tooShortAfterIDD: "the number ends right after its international prefix"
    case .tooShortNSN: "the number has too few digits after its country calling code"
    case .tooLong: "the number has more digits than any number of its country"
    case .tooShort: "the number has fewer digits than any number of its country"
    case .invalidLength: "no number of its country has this many digits"
    case .possibleLocalOnly: "the number lacks its area code: it can be dialled within its area only"
    case .notValid: "the number has a possible length, but its digits belong to no range in use"
    }
  }
}
