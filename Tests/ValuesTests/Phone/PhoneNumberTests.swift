import Core
import Testing

@testable import Values

struct PhoneNumberTests {
  struct Case: Sendable, CustomStringConvertible {
    let text: String
    let region: String
    let answer: String
    let validAnswer: String

    init(_ text: String, _ region: String, _ answer: String, valid: String? = nil) {
      self.text = text
      self.region = region
      self.answer = answer
      validAnswer = valid ?? answer
    }

    var description: String { "\(text) in \(region)" }
  }

  /// Answers of libphonenumber 9.0.43.
  static let cases: [Case] = [
    // National, international, prefixes.
    Case("(415) 555-2671", "US", "+14155552671"),
    Case("+1 415 555 2671", "", "+14155552671"),
    Case("020 7946 0958", "GB", "+442079460958"),
    Case("030 901820", "DE", "+4930901820"),
    Case("011 44 20 7946 0958", "US", "+442079460958"),
    Case("1 415 555 2671", "US", "+14155552671"),
    Case("02 1234 5678", "IT", "+390212345678"),
    Case("011 15-2345-6789", "AR", "+5491123456789"),
    Case("0 15 11 91234-5678", "BR", "+5511912345678"),
    Case("463 1234", "AG", "+12684631234"),
    Case("+800 1234 5678", "", "+80012345678"),
    // What stands around a number.
    Case("Tel: +49 30 901820.", "", "+4930901820"),
    Case("Tel: +49 30 901820 (home)", "", "+49309018204663"),  // four letters: the keypad's digits
    Case("(415) 555-2671 ext. 12", "US", "+14155552671"),
    Case("(415) 555-2671 x12/x13", "US", "+14155552671"),
    Case("tel:+1-415-555-2671;ext=5", "", "+14155552671"),
    Case("tel:555-2671;phone-context=+1415", "", "+14155552671"),
    Case("tel:415-555-2671;phone-context=example.com", "US", "+14155552671"),
    Case("tel:415-555-2671;phone-context=", "US", "NOT_A_NUMBER"),
    Case("1-800-FLOWERS", "US", "+18003569377"),
    // Other scripts' digits and signs.
    Case("０４１５－５５５－２６７１", "JP", "+814155552671", valid: "NOT_VALID"),
    Case("＋１ ４１５ ５５５ ２６７１", "", "+14155552671"),
    Case("٠٢٠ ٧٩٤٦ ٠٩٥٨", "GB", "+442079460958"),
    // Refusals.
    Case("", "US", "NOT_A_NUMBER"),
    Case("hello", "US", "NOT_A_NUMBER"),
    Case("+", "US", "NOT_A_NUMBER"),
    Case("415 555 2671", "", "INVALID_COUNTRY_CODE"),
    Case("415 555 2671", "AQ", "INVALID_COUNTRY_CODE"),
    Case("+999 123456", "US", "INVALID_COUNTRY_CODE"),
    Case("555-2671", "US", "IS_POSSIBLE_LOCAL_ONLY"),
    Case("41555", "US", "TOO_SHORT"),
    Case("415 555 26711", "US", "TOO_LONG"),
    Case("12345", "NZ", "+6412345", valid: "NOT_VALID"),
    Case("011 1", "US", "TOO_SHORT_AFTER_IDD"),
    Case("+49 0", "", "TOO_SHORT_NSN"),
    Case("+1 111 111 1111", "", "+11111111111", valid: "NOT_VALID"),
    Case(String(repeating: "1", count: 251), "US", "TOO_LONG"),
  ]

  @Test(arguments: cases)
  func aTextGetsLibphonenumbersAnswer(_ given: Case) {
    var answers = PhoneAnswers()
    let answer = answers.of(given.text.unicodeScalars.map(\.value), region: RegionCode(given.region))
    #expect(answer.possible == given.answer)
    #expect(answer.valid == given.validAnswer)
  }

  /// Callers give valid UTF-8; the kernel must be safe with anything.
  @Test(arguments: [[0xFF, 0xFF, 0xFF, 0xFF], [0x31, 0x32, 0x33, 0xF0], [0x80], [0x31, 0xF7, 0xBF, 0xBF, 0xBF]] as [[UInt8]])
  func bytesThatAreNoUTF8AreNoNumber(_ bytes: [UInt8]) {
    var arena = ByteArena()
    arena.begin()
    #expect(PhoneNumber.e164(bytes.span, region: RegionCode("US"), mustBeValid: false, into: &arena) != nil)
    #expect(arena.pendingCount == 0)
  }

  @Test func whatTheArenaHeldStaysAndAFailureAppendsNothing() {
    var arena = ByteArena(capacity: 4)
    arena.begin()
    arena.append("tel ")
    #expect(PhoneNumber.e164([0x31].span, region: RegionCode("US"), mustBeValid: false, into: &arena) == .notANumber)
    #expect(arena.pendingCount == 4)
    let text: [UInt8] = Array("020 7946 0958".utf8)
    #expect(PhoneNumber.e164(text.span, region: RegionCode("GB"), mustBeValid: true, into: &arena) == nil)
    #expect(arena.finish().string == "tel +442079460958")
  }

  @Test(arguments: PhoneFailure.allCases)
  func aReasonHasASentenceForPeople(_ failure: PhoneFailure) {
    #expect(!failure.message.isEmpty)
    #expect(failure.message != failure.reason)
  }

  @Test func reasonsAndSentencesAreDistinct() {
    #expect(Set(PhoneFailure.allCases.map(\.reason)).count == PhoneFailure.allCases.count)
    #expect(Set(PhoneFailure.allCases.map(\.message)).count == PhoneFailure.allCases.count)
  }
}

struct RegionCodeTests {
  @Test(arguments: [("US", true), ("ZW", true), ("AC", true), ("AQ", false), ("ZZ", false), ("AA", false)])
  func twoUpperCaseLettersAreARegion(_ text: String, isSupported: Bool) throws {
    let region = try #require(RegionCode(text))
    #expect(region.isSupported == isSupported)
    #expect(region.description == text)
    #expect(RegionCode(Array(text.utf8).span) == region)
  }

  @Test(arguments: ["", "U", "us", "Us", "USA", "U1", "@A", "[A", "ÄÖ", "001"])
  func anythingElseIsNone(_ text: String) {
    #expect(RegionCode(text) == nil)
    #expect(RegionCode(Array(text.utf8).span) == nil)
  }
}
