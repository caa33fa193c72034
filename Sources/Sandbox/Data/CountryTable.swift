/// What an address and a phone number look like in the countries of the synthetic data.
///
/// In the patterns `#` is any digit and `?` one of 2 to 9. The mobile ranges are ones that the national numbering plans
/// assign, so that every number made from them is a valid one.
struct CountryTable: Sendable {
  struct City: Sendable {
    var name: String
    var state: String
    var postalCode: String
    var timezone: String
  }

  struct Country: Sendable {
    var code: String
    var callingCode: String
    /// The national significant number.
    var mobile: String
    /// How people write it at home, a trunk zero included; each `#` takes the next digit.
    var national: String
    var cities: [City]
    var streets: [String]
  }

  static let all: [String: Country] = Dictionary(uniqueKeysWithValues: list.map { ($0.code, $0) })

  private static let list: [Country] = [
    Country(
      code: "US", callingCode: "1", mobile: "415?######", national: "(###) ###-####",
      cities: [
        City(name: "San Francisco", state: "CA", postalCode: "941##", timezone: "America/Los_Angeles"),
        City(name: "Birmingham", state: "AL", postalCode: "352##", timezone: "America/Chicago"),
        City(name: "Phoenix", state: "AZ", postalCode: "850##", timezone: "America/Phoenix"),
        City(name: "Coeur d'Alene", state: "ID", postalCode: "8381#", timezone: "America/Boise"),
      ], streets: ["# Main St", "## Market St, Apt #", "### Oak Avenue", "#### N 1st St, Suite ##"]),
    Country(
      code: "CA", callingCode: "1", mobile: "416?######", national: "###-###-####",
      cities: [
        City(name: "Toronto", state: "ON", postalCode: "M5V #A#", timezone: "America/Toronto"),
        City(name: "Montréal", state: "QC", postalCode: "H2Y #C#", timezone: "America/Toronto"),
        City(name: "St. John's", state: "NL", postalCode: "A1C #B#", timezone: "America/St_Johns"),
      ], streets: ["## Queen St W", "### rue Saint-Denis"]),
    Country(
      code: "GB", callingCode: "44", mobile: "740#######", national: "0#### ######",
      cities: [
        City(name: "London", state: "England", postalCode: "SW1A #AA", timezone: "Europe/London"),
        City(name: "Bristol", state: "England", postalCode: "BS1 #AB", timezone: "Europe/London"),
      ], streets: ["# High Street", "Flat #, ## Baker Street"]),
    Country(
      code: "IE", callingCode: "353", mobile: "87#######", national: "0## ### ####",
      cities: [City(name: "Dublin", state: "Leinster", postalCode: "D02 X###", timezone: "Europe/Dublin")],
      streets: ["## O'Connell Street"]),
    Country(
      code: "AU", callingCode: "61", mobile: "412######", national: "0### ### ###",
      cities: [
        City(name: "Sydney", state: "NSW", postalCode: "20##", timezone: "Australia/Sydney"),
        City(name: "Adelaide", state: "SA", postalCode: "50##", timezone: "Australia/Adelaide"),
      ], streets: ["#/## George St", "## King William Road"]),
    Country(
      code: "DE", callingCode: "49", mobile: "151########", national: "0### ########",
      cities: [
        City(name: "Köln", state: "NW", postalCode: "506##", timezone: "Europe/Berlin"),
        City(name: "München", state: "BY", postalCode: "803##", timezone: "Europe/Berlin"),
      ], streets: ["Bahnhofstraße ##", "Am Alten Markt #a"]),
    Country(
      code: "AT", callingCode: "43", mobile: "664#######", national: "0### #######",
      cities: [City(name: "Wien", state: "Wien", postalCode: "10#0", timezone: "Europe/Vienna")],
      streets: ["Mariahilfer Straße ##/#"]),
    Country(
      code: "FR", callingCode: "33", mobile: "61#######", national: "0# ## ## ## ##",
      cities: [
        City(name: "Paris", state: "Île-de-France", postalCode: "750##", timezone: "Europe/Paris"),
        City(name: "L'Haÿ-les-Roses", state: "Val-de-Marne", postalCode: "94240", timezone: "Europe/Paris"),
      ], streets: ["## rue de l'Église", "#bis avenue Émile Zola"]),
    Country(
      code: "ES", callingCode: "34", mobile: "61#######", national: "### ## ## ##",
      cities: [City(name: "A Coruña", state: "Galicia", postalCode: "150##", timezone: "Europe/Madrid")],
      streets: ["Calle Mayor, ##, #º"]),
    Country(
      code: "PL", callingCode: "48", mobile: "50#######", national: "### ### ###",
      cities: [City(name: "Łódź", state: "łódzkie", postalCode: "90-###", timezone: "Europe/Warsaw")],
      streets: ["ul. Świętokrzyska ##/#"]),
    Country(
      code: "BR", callingCode: "55", mobile: "119########", national: "(##) #####-####",
      cities: [City(name: "São Paulo", state: "SP", postalCode: "01###-000", timezone: "America/Sao_Paulo")],
      streets: ["Avenida Paulista, ####"]),
    Country(
      code: "GR", callingCode: "30", mobile: "697#######", national: "### ### ####",
      cities: [City(name: "Αθήνα", state: "Αττική", postalCode: "105 ##", timezone: "Europe/Athens")],
      streets: ["Οδός Ερμού ##"]),
    Country(
      code: "UA", callingCode: "380", mobile: "50#######", national: "0## ### ## ##",
      cities: [City(name: "Київ", state: "Київ", postalCode: "010##", timezone: "Europe/Kyiv")],
      streets: ["вул. Хрещатик, ##"]),
    Country(
      code: "AE", callingCode: "971", mobile: "50#######", national: "0## ### ####",
      cities: [City(name: "دبي", state: "Dubai", postalCode: "00000", timezone: "Asia/Dubai")],
      streets: ["شارع الشيخ زايد ##"]),
    Country(
      code: "EG", callingCode: "20", mobile: "10########", national: "0### ### ####",
      cities: [City(name: "القاهرة", state: "Cairo", postalCode: "115##", timezone: "Africa/Cairo")],
      streets: ["## شارع التحرير"]),
    Country(
      code: "JP", callingCode: "81", mobile: "90?#######", national: "0##-####-####",
      cities: [City(name: "東京都千代田区", state: "東京都", postalCode: "100-####", timezone: "Asia/Tokyo")],
      streets: ["丸の内#-#-#"]),
    Country(
      code: "CN", callingCode: "86", mobile: "139########", national: "### #### ####",
      cities: [City(name: "上海", state: "上海市", postalCode: "2000##", timezone: "Asia/Shanghai")],
      streets: ["南京东路##号"]),
    Country(
      code: "TW", callingCode: "886", mobile: "912######", national: "0### ### ###",
      cities: [City(name: "臺北市", state: "臺灣", postalCode: "10#", timezone: "Asia/Taipei")],
      streets: ["忠孝東路#段##號"]),
    Country(
      code: "IN", callingCode: "91", mobile: "98765#####", national: "0##### #####",
      cities: [
        City(name: "Kolkata", state: "West Bengal", postalCode: "7000##", timezone: "Asia/Kolkata"),
        City(name: "Bengaluru", state: "Karnataka", postalCode: "5600##", timezone: "Asia/Calcutta"),
      ], streets: ["##, M.G. Road, 2nd Floor"]),
  ]

  /// Fills `#` with digits and `?` with one of 2 to 9; a leading digit is never 0.
  static func fill(_ pattern: String, _ draw: inout Draw) -> String {
    var out: [UInt8] = []
    for (place, byte) in pattern.utf8.enumerated() {
      switch byte {
      case UInt8(ascii: "#"): out.append(UInt8(ascii: "0") + UInt8(place == 0 ? 1 + draw.below(9) : draw.below(10)))
      case UInt8(ascii: "?"): out.append(UInt8(ascii: "2") + UInt8(draw.below(8)))
      default: out.append(byte)
      }
    }
    return String(decoding: out, as: UTF8.self)
  }

  /// Puts digits into a `national` pattern.
  static func arrange(_ digits: String, as pattern: String) -> String {
    var rest = digits.utf8.makeIterator()
    return String(decoding: pattern.utf8.compactMap { $0 == UInt8(ascii: "#") ? rest.next() : $0 }, as: UTF8.self)
  }
}
