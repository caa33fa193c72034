import Core
import Testing

@testable import Values

struct CountryTests {
  private func code(_ text: String) -> String? { of(text) { Country.alpha2(of: $0) }?.string }

  @Test(arguments: [
    ("US", "US"), ("us", "US"), (" De ", "DE"), ("usa", "US"), ("USA", "US"), ("U.S.A.", "US"), ("U.S.", "US"), ("GBR", "GB"),
    ("UK", "GB"), ("U.K.", "GB"), ("uk", "GB"), ("United Kingdom", "GB"),
    ("the United States of America", "US"), ("UNITED STATES", "US"), ("South Korea", "KR"), ("Korea, Republic of", "KR"),
    ("Republic of Korea", "KR"), ("north korea", "KP"), ("Ivory Coast", "CI"), ("Côte d'Ivoire", "CI"),
    ("Cote D’Ivoire", "CI"), ("Türkiye", "TR"), ("Turkiye", "TR"), ("Tu\u{308}rkiye", "TR"), ("TURKEY", "TR"),
    ("Åland Islands", "AX"), ("St. Lucia", "LC"), ("Saint Lucia", "LC"), ("Bosnia & Herzegovina", "BA"), ("Czechia", "CZ"),
    ("Czech Republic", "CZ"), ("Congo", "CG"), ("Democratic Republic of the Congo", "CD"), ("The Gambia", "GM"),
    ("Bahamas, The", "BS"), ("Viet Nam", "VN"), ("Vietnam", "VN"), ("Russia", "RU"), ("Swaziland", "SZ"), ("Kosovo", "XK"),
    ("XK", "XK"), ("AND", "AD"), ("Réunion", "RE"), ("Curacao", "CW"), ("Guinea-Bissau", "GW"), ("Guinea", "GN"), ("Niger", "NE"),
    ("Nigeria", "NG"), ("Dominica", "DM"), ("Georgia", "GE"), ("España", "ES"), ("Deutschland", "DE"),
    ("IS", "IS"), ("ST", "ST"), ("OF The Netherlands", "NL"), ("Micronesia (Federated States of)", "FM"), ("Timor-Leste", "TL"),
    ("PRC", "CN"), ("KSA", "SA"), ("RSA", "ZA"), ("Estados Unidos", "US"), ("United States of America (USA)", "US"),
  ])
  func codesAndNamesAreKnown(text: String, expected: String) { #expect(code(text) == expected) }

  @Test(arguments: [
    "", " ", "X", "XX", "ZZ", "AN", "Atlantis", "the", "of", "Saint", "123", "U", "USAA", "Germany France", "日本", "Deutschlandd",
    "🇩🇪", "Korea Korea",
    String(repeating: "long ", count: 40), String(repeating: "x", count: 500),
  ])
  func otherTextIsNoCountry(text: String) { #expect(code(text) == nil) }

  /// The country names that GHL's documentation lists.
  @Test(arguments: [
    ("AndorrA", "AD"), ("Aland Islands", "AX"), ("Cote D\"Ivoire", "CI"), ("Congo (The Democratic Republic of the)", "CD"),
    ("Iran (Islamic Republic Of)", "IR"), ("Korea (Democratic People\"S Republic)", "KP"), ("Korea (Republic of)", "KR"),
    ("Lao People's Democratic Republic`", "LA"), ("Libyan Arab Jamahiriya", "LY"),
    ("Macedonia (The Former Yugoslav Republic of)", "MK"), ("Moldova (Republic of)", "MD"),
    ("Palestinian Territory (Occupied)", "PS"), ("Tanzania (United Republic of)", "TZ"),
    ("Virgin Islands (British)", "VG"), ("Virgin Islands (U.S.)", "VI"), ("Holy See (Vatican City State)", "VA"),
    ("Heard Island and Mcdonald Islands", "HM"), ("Falkland Islands (Malvinas)", "FK"), ("Cocos (Keeling) Islands", "CC"),
    ("Cape Verde", "CV"),
    ("Saint Martin", "MF"), ("Sint Maarten", "SX"), ("Svalbard and Jan Mayen", "SJ"), ("Pitcairn", "PN"), ("Macao", "MO"),
    ("Reunion", "RE"), ("Saint Helena", "SH"), ("UK", "GB"), ("Syrian Arab Republic", "SY"), ("Brunei Darussalam", "BN"),
  ])
  func spellingsOfGHLAreKnown(text: String, expected: String) { #expect(code(text) == expected) }

  @Test func everyNameBelongsToOneCountry() throws {
    var rows = 0
    var owners: [String: String] = [:]
    for line in "\(CountryTable.rows)".split(separator: "\n") {
      let cells = line.split(separator: "|").map(String.init)
      let owner = try #require(cells.first)
      rows += 1
      for name in cells.dropFirst() {
        #expect(code(name) == owner, "\(name)")
        #expect(code(name.uppercased()) == owner, "\(name)")
        #expect(owners[name.lowercased()] ?? owner == owner, "\(name)")
        owners[name.lowercased()] = owner
      }
      #expect(code(owner.lowercased()) == owner)
    }
    #expect(rows >= 250)
    // The 249 of the standard, and Kosovo.
    #expect(Country.allCodes.count == 250)
    #expect(Set(Country.allCodes).count == 250)
  }
}
