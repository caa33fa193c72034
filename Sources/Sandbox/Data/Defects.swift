/// How often the synthetic data is wrong in a known way, in records per thousand. Each stands for something that real
/// locations hold; tests count them.
package enum Defects {
  /// E-mail addresses that no mail server would take: no `@`, two of them, a space, no domain.
  package static let brokenEmail = 12
  /// The same address as another contact of the group.
  package static let duplicateEmail = 10
  /// Phone numbers of an impossible length, of letters, or of one digit repeated.
  package static let impossiblePhone = 12
  /// Possible phones, written as people do in their own country, not as E.164.
  package static let nationalPhone = 60
  /// No first, last and whole name at all.
  package static let missingName = 8
  /// First name, last name and e-mail present but empty or blank.
  package static let blankTexts = 6
  /// Leading or trailing spaces around names.
  package static let paddedName = 15
  /// Names in capitals or without any.
  package static let shoutedName = 25
  /// An emoji in the first name.
  package static let emojiName = 4
  /// A first name or company that a spreadsheet would run as a formula (`=1+1`, `@SUM(A1)`, `+1`, `-1`).
  package static let formulaText = 4
  /// Control characters (escaped in JSON) in the company's name.
  package static let controlCharacters = 4
  /// A contact type that GHL's screens do not offer.
  package static let unknownType = 8
  /// A country that is not an ISO 3166 alpha-2 code: `Germany`, `UK`, `XX`, an empty text.
  package static let unknownCountry = 12
  /// Days that no calendar has: `2021-02-30`.
  package static let invalidDate = 6
  /// Dates of birth as an American form writes them, `09/25/1990`.
  package static let foreignDate = 10
  /// `lastActivity` as a number of milliseconds, as data of the first API has it (`facts.md` appendix B).
  package static let numericLastActivity = 100
  /// Members without a value that are written as `null` instead of being left out.
  package static let explicitNulls = 50
  /// A custom-field value whose definition does not exist (any more).
  package static let orphanCustomField = 5
  /// Numeric custom fields that contain text that is not a number.
  package static let unreadableNumber = 10
  /// Naive appointment times inside the hour that summer time skips in the location's zone.
  package static let appointmentInGap = 10
  /// Notes without any text.
  package static let emptyNote = 10
}
