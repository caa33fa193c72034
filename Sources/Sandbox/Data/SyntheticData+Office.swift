package struct SyntheticBusiness: Sendable, Hashable {
  package var id: String
  package var locationID: String
  package var name: String
  package var phone: String?
  package var email: String?
  package var website: String?
  package var address: String?
  package var city: String?
  package var description: String?
  package var state: String?
  package var postalCode: String?
  /// Free text, unlike a contact's country (`facts.md` 1.8).
  package var country: String?
  package var createdAt: Int
  package var updatedAt: Int
}

package struct SyntheticUser: Sendable, Hashable {
  package var id: String
  package var firstName: String
  package var lastName: String
  package var email: String
  package var phone: String
}

/// Businesses and users: the few records that a location has besides its contacts.
extension SyntheticData {
  private static let businessNames = [
    "Acme Corporation", "Müller & Söhne GmbH", "Café Étoile", "Northwind Traders", "O'Reilly's Garage", "さくら商事",
    "Smith, Jones & Co.",
    "Ελιά ΑΕ", "The \"Blue\" Door Ltd", "ТОВ Світанок", "Globex", "Initech",
  ]

  func syntheticBusiness(at number: Int) -> SyntheticBusiness {
    var draw = draw(.business, number)
    let created = Instant.milliseconds(year: 2021, month: 1, day: 1) + draw.below(500 * Instant.day)
    let round = number / Self.businessNames.count
    let name = Self.businessNames[number % Self.businessNames.count] + (round == 0 ? "" : " " + String(round + 1))
    return SyntheticBusiness(
      id: businessID(at: number), locationID: locationID, name: name,
      phone: draw.chance(800) ? "+1415" + String(draw.between(2...9)) + draw.digits(6) : nil,
      email: draw.chance(700) ? "office" + String(number) + "@example.com" : nil,
      website: draw.chance(600) ? "https://business" + String(number) + ".example.com" : nil,
      address: draw.chance(700) ? String(draw.between(1...999)) + " Market St" : nil,
      city: draw.chance(700) ? "San Francisco" : nil,
      description: draw.chance(400) ? "Client since 2019,\nsee contract" : nil, state: draw.chance(700) ? "CA" : nil,
      postalCode: draw.chance(700) ? "941" + draw.digits(2) : nil,
      country: draw.chance(800) ? draw.pick(["united states", "US", "USA"]) : nil,
      createdAt: created, updatedAt: created + draw.below(600 * Instant.day))
  }

  static let userCount = 9

  func userID(at number: Int) -> String { identifiers.text(.user, UInt64(number)) }

  func userIndex(_ id: String) -> Int? {
    identifiers.value(.user, id).flatMap { $0 < UInt64(Self.userCount) ? Int($0) : nil }
  }

  package var users: [SyntheticUser] {
    (0..<Self.userCount).map { number in
      var draw = draw(.user, number)
      let (first, culture) = draw.pick(NameTable.shared.firstNames)
      let last = draw.pick(NameTable.shared.cultures[culture].lastNames)
      return SyntheticUser(
        id: userID(at: number), firstName: first.text, lastName: last.text,
        email: "user" + String(number) + "@agency.example.com",
        phone: "+1415" + String(draw.between(2...9)) + draw.digits(6))
    }
  }
}
