import Core
import Testing

@testable import Values

struct PostalCodeTests {
  private func code(_ text: String, _ region: String?) -> Result<String, Refused<PostalCodeRefusal>> {
    value(text) { PostalCode.normalise($0, region: region.flatMap { RegionCode($0) }, into: &$1) }
  }

  @Test(arguments: [
    ("US", "94103", "94103"), ("US", " 94103 ", "94103"), ("US", "941031234", "94103-1234"), ("US", "94103 1234", "94103-1234"),
    ("US", "94103–1234", "94103-1234"),
    ("GB", "sw1a1aa", "SW1A 1AA"), ("GB", "SW1A  1AA", "SW1A 1AA"), ("GB", "m1 1ae", "M1 1AE"), ("GB", "B338TH", "B33 8TH"),
    ("GB", "CR2-6XH", "CR2 6XH"), ("GB", "dn551pt", "DN55 1PT"),
    ("GB", "W1A0AX", "W1A 0AX"), ("GB", "EC1A1BB", "EC1A 1BB"), ("GB", "gir0aa", "GIR 0AA"), ("GB", "bfpo 57", "BFPO 57"),
    ("GB", "GY1 1AA", "GY1 1AA"),
    ("GG", "gy11aa", "GY1 1AA"), ("JE", "je2 3ab", "JE2 3AB"), ("IM", "IM21RW", "IM2 1RW"), ("CA", "k1a0b1", "K1A 0B1"),
    ("CA", "K1A-0B1", "K1A 0B1"),
    ("DE", "10115", "10115"), ("DE", "D-10115", "10115"), ("DE", "DE 10115", "10115"), ("AT", "A-1010", "1010"),
    ("CH", "CH-8001", "8001"), ("FR", "F-75001", "75001"),
    ("NL", "1012ab", "1012 AB"), ("NL", "NL-1012 AB", "1012 AB"), ("SE", "11455", "114 55"), ("SE", "SE-114 55", "114 55"),
    ("CZ", "11000", "110 00"), ("SK", "81101", "811 01"),
    ("GR", "10431", "104 31"), ("PL", "00001", "00-001"), ("PL", "00 001", "00-001"), ("PT", "1000001", "1000-001"),
    ("BR", "01310100", "01310-100"), ("JP", "1000001", "100-0001"),
    ("JP", "１００－０００１", "100-0001"), ("IE", "d6wxy00", "D6W XY00"), ("IE", "A65F4E2", "A65 F4E2"), ("LV", "1010", "LV-1010"),
    ("LV", "lv1010", "LV-1010"), ("LT", "LT 01100", "LT-01100"),
    ("MD", "2001", "MD-2001"), ("AR", "c1070aam", "C1070AAM"), ("AR", "1070", "1070"), ("MT", "vlt1117", "VLT 1117"),
    ("IN", "110 001", "110001"), ("PR", "00901", "00901"),
    ("LU", "L-1111", "1111"), ("FI", "FI-00100", "00100"), ("KY", "KY11100", "KY1-1100"), ("FK", "fiqq1zz", "FIQQ 1ZZ"),
    ("XK", "10000", "10000"),
  ])
  func aCodeIsWrittenAsItsCountryDoes(region: String, text: String, expected: String) {
    #expect(code(text, region) == .success(expected))
    #expect(code(expected, region) == .success(expected), "a second time")
  }

  @Test(arguments: [
    ("US", "9410"), ("US", "941034"), ("US", "94103-12"), ("US", "A4103"), ("US", "SW1A 1AA"), ("GB", "94103"),
    ("GB", "SW1A 1CA"), ("GB", "QA1 1AA"), ("GB", "AI1 1AA"), ("GB", "123"),
    ("GB", "0AA"), ("GB", "1 1AA"), ("CA", "D1A 0B1"), ("CA", "K1O 0B1"), ("CA", "K1A 0B"), ("DE", "1011"), ("DE", "F-10115"),
    ("NL", "0012 AB"), ("NL", "1012"), ("IE", "D2"),
    ("CH", "0800"), ("AT", "0101"), ("FK", "1ZZ"), ("IN", "010001"),
  ])
  func otherFormsAreRefused(region: String, text: String) { #expect(code(text, region) == .failure(Refused(.form))) }

  @Test(arguments: [
    ("sw1a  1aa", "SW1A 1AA"), ("94103-1234", "94103-1234"), (" 10115\n", "10115"), ("1010 – AB", "1010-AB"), ("-12-", "12"),
    ("１２３", "123"), ("ky1-1100", "KY1-1100"),
  ])
  func withoutAKnownFormOnlyCaseAndSpacesChange(text: String, expected: String) {
    #expect(code(text, nil) == .success(expected))
    #expect(code(text, "AE") == .success(expected))
  }

  @Test(arguments: [
    ("", PostalCodeRefusal.length), (" - ", .length), ("7", .length), ("1234567890123", .length), ("unknown", .noDigit),
    ("N/A", .character), ("12.345", .character), ("1234é", .character),
    ("١٢٣٤٥", .character), ("12345\u{0}", .character), ("🏠1", .character),
  ])
  func whatNoCountryHasIsRefused(text: String, refusal: PostalCodeRefusal) {
    #expect(code(text, nil) == .failure(Refused(refusal)))
    if refusal == .character { #expect(code(text, "US") == .failure(Refused(refusal))) }
  }

  @Test func everyRowOfTheTableIsWellFormed() throws {
    var seen: Set<String> = []
    for line in "\(PostalCodeTable.rows)".split(separator: "\n") {
      let cells = line.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
      let region = try #require(cells.first)
      #expect(seen.insert(region).inserted && Country.allCodes.contains(region), "\(region)")
      #expect(try PostalCodeTable.forms(of: #require(RegionCode(region))) != nil)
      #expect(cells.count >= 3)
      for form in cells.dropFirst(2) {
        #expect(!form.isEmpty && form.count { $0 != " " && $0 != "-" } <= PostalCode.capacity, "\(line)")
        // A code made from the form comes out in that form, or in one that is tried before it.
        let sample = String(
          form.map {
            [
              "n": "1", "z": "2", "a": "B", "p": "B", "q": "B", "r": "B", "s": "B", "i": "B", "c": "B", "d": "B", "e": "F",
              "x": "7",
            ][$0] ?? $0
          })
        #expect(code(sample.lowercased(), region) == .success(sample), "\(line)")
      }
    }
    #expect(seen.count > 150)
  }
}
