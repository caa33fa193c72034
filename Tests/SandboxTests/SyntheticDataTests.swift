import Core
import Testing

@testable import Sandbox

@Suite struct SyntheticDataTests {
  @Test func theSameSeedGivesTheSameContact() {
    for index in [0, 1, 37, 299] {
      let one = SyntheticData(contacts: 300, seed: 7).contact(at: index)
      #expect(one == SyntheticData(contacts: 300, seed: 7).contact(at: index))
      #expect(one != SyntheticData(contacts: 300, seed: 8).contact(at: index))
    }
  }

  @Test func identifiersAreReadBack() {
    let data = SyntheticData(contacts: 5000, businesses: 40)
    for index in stride(from: 0, to: 5000, by: 7) {
      let id = data.contactID(at: index)
      #expect(id.utf8.count == 20)
      #expect(data.contactIndex(id) == index)
    }
    for number in 0..<40 {
      #expect(data.businessID(at: number).utf8.count == 24)
      #expect(data.businessIndex(data.businessID(at: number)) == number)
    }
    for index in 0..<200 {
      for (ordinal, task) in data.tasks(of: index).enumerated() {
        #expect(data.child(.task, task.id).map { [$0.contact, $0.ordinal] } == [index, ordinal])
      }
    }
  }

  @Test(arguments: ["", "x", "AAAAAAAAAAAAAAAAAAAA", "zzzzzzzzzzzzzzzzzzzz", "ve9EPM428h8vShlRW1KT", "ünicode-ünicode-ün"])
  func otherTextsAreNoIdentifiers(text: String) {
    let data = SyntheticData()
    #expect(data.contactIndex(text) == nil)
    #expect(data.businessIndex(text) == nil)
    #expect(data.child(.note, text) == nil)
  }

  @Test func identifiersOfAnotherSeedOrKindAreUnknown() {
    let data = SyntheticData(seed: 1)
    #expect(data.contactIndex(SyntheticData(seed: 2).contactID(at: 3)) == nil)
    #expect(data.contactIndex(data.userID(at: 3)) == nil)
    #expect(SyntheticData(contacts: 3, seed: 1).contactIndex(data.contactID(at: 3)) == nil)
  }

  @Test(arguments: [0, 1, 2, 3, 10, 1000, 4097])
  func arrivalIsAShuffle(count: Int) {
    let data = SyntheticData(contacts: count)
    var seen = Set<Int>()
    for rank in 0..<count {
      let index = data.contact(arrivedAs: rank)
      #expect((0..<count).contains(index))
      #expect(data.rank(ofContact: index) == rank)
      seen.insert(index)
    }
    #expect(seen.count == count)
  }

  @Test func laterArrivalsHaveLaterDates() {
    let data = SyntheticData(contacts: 500)
    let dates = (0..<500).map { data.dateAdded(at: data.contact(arrivedAs: $0)) }
    #expect(zip(dates, dates.dropFirst()).allSatisfy { $0 < $1 })
  }

  @Test(arguments: [(0, 0), (0, 3), (1, 5), (10, 0), (1000, 5), (777, 12)])
  func everyContactBelongsToOneGroup(contacts: Int, businesses: Int) {
    let data = SyntheticData(contacts: contacts, businesses: businesses)
    var counted = 0
    for business in 0..<businesses {
      for index in data.members(ofBusiness: business) {
        #expect(data.business(ofContact: index) == business)
        counted += 1
      }
    }
    for index in data.membersWithoutBusiness { #expect(data.business(ofContact: index) == nil) }
    #expect(counted + data.membersWithoutBusiness.count == contacts)
    if businesses > 0 {
      #expect(data.membersWithoutBusiness.count == contacts * SyntheticData.withoutBusiness / 1000 || contacts < 25)
    }
  }

  @Test func businessesDifferInSize() {
    let data = SyntheticData(contacts: 5000, businesses: 7)
    let sizes = (0..<7).map { data.members(ofBusiness: $0).count }
    #expect(Set(sizes).count == 7)
    #expect(sizes.allSatisfy { $0 > 0 })
  }

  @Test func membersAreInTheOrderOfTheirNames() {
    let data = SyntheticData(contacts: 3000, businesses: 3)
    for group in 0...3 {
      let names = data.members(ofGroup: group).map(data.sortName(at:))
      #expect(zip(names, names.dropFirst()).allSatisfy { !NameTable.precedes($1, $0) })
    }
  }

  @Test func defectsComeAtTheirRates() {
    let count = 20_000
    let data = SyntheticData(contacts: count, businesses: 3)
    let contacts = (0..<count).map(data.contact(at:))
    func share(_ condition: (SyntheticContact) -> Bool) -> Double {
      Double(contacts.filter(condition).count) / Double(count) * 1000
    }
    func near(_ rate: Double, _ expected: Int) -> Bool { abs(rate - Double(expected)) < Double(expected) * 0.35 }
    #expect(near(share { $0.name == nil }, Defects.missingName))
    #expect(near(share { $0.firstName == "" }, Defects.blankTexts))
    #expect(near(share { $0.writesNulls }, Defects.explicitNulls))
    #expect(near(share { $0.isLastActivityNumeric }, Defects.numericLastActivity))
    #expect(
      near(
        share {
          $0.country == "Germany" || $0.country == "UK" || $0.country == "XX" || $0.country == "" || $0.country == "united states"
        }, Defects.unknownCountry))
    #expect(near(share { $0.businessID == nil }, SyntheticData.withoutBusiness))
    #expect(share { $0.dateOfBirth == "2021-02-30" } > 0)
    #expect(share { $0.companyName?.utf8.contains(7) == true } > 0)
    #expect(share { $0.firstName?.hasPrefix("=") == true } > 0)
  }

  @Test func emailsAreMostlyDistinctButSomeAreShared() {
    let data = SyntheticData(contacts: 3000)
    let emails = (0..<3000).compactMap(data.email(at:)).filter { $0.contains("@") && $0 != "n/a" }
    let duplicates = emails.count - Set(emails).count
    #expect(duplicates > 5 && duplicates < 90)
  }

  @Test func everyScriptAndCountryOccurs() {
    let data = SyntheticData(contacts: 4000)
    let contacts = (0..<4000).map(data.contact(at:))
    for letter in ["é", "ł", "Ω", "ш", "م", "山", "さ", "'", "-"] {
      #expect(contacts.contains { $0.name?.lowercased().contains(letter.lowercased()) == true }, "no \(letter) in any name")
    }
    #expect(Set(contacts.compactMap(\.country)).isSuperset(of: CountryTable.all.keys))
  }

  @Test func customFieldsOfEveryTypeOccurWithSeveralKindsOfValues() {
    let data = SyntheticData(contacts: 2000)
    let definitions = data.customFieldDefinitions
    let types = Dictionary(uniqueKeysWithValues: definitions.map { ($0.id, $0.dataType) })
    var met: [String: Set<String>] = [:]
    for index in 0..<2000 {
      for field in data.contact(at: index).customFields {
        let kind =
          switch field.value {
          case .text: "text"
          case .number: "number"
          case .list: "list"
          case .file: "file"
          case .json: "json"
          }
        met[types[field.id] ?? "unknown", default: []].insert(kind)
      }
    }
    #expect(met["NUMERICAL"] == ["text", "number"])
    #expect(met["DATE"] == ["text", "number"])
    #expect(met["CHECKBOX"] == ["list"])
    #expect(met["FILE_UPLOAD"] == ["file"])
    #expect(met["unknown"] == ["text"])
    #expect(Set(definitions.filter { $0.model == "contact" }.map(\.dataType)).isSubset(of: met.keys))
    #expect(Set(definitions.map(\.dataType)).count == 13)
  }

  @Test func aMillionContactsStartAtOnceAndAnyOfThemIsReachable() throws {
    let asking = try Asking(contacts: 1_000_000, businesses: 50)
    let id = asking.data.contactID(at: 999_999)
    #expect(try asking.get("/contacts/" + id)["contact"]?["id"]?.stringValue == id)
    let last = asking.data.businessID(at: 49)
    #expect(asking.contacts(try asking.get("/contacts/business/\(last)?locationId=\(asking.location)")).count == 25)
    #expect(asking.contacts(try asking.get("/contacts/?locationId=\(asking.location)")).count == 20)
  }

  @Test func aContactIsAboutFourteenHundredBytes() {
    let data = SyntheticData(contacts: 2000)
    var bytes: [UInt8] = []
    for index in 0..<2000 { data.writeContact(at: index, into: &bytes) }
    #expect((1200...1700).contains(bytes.count / 2000), "\(bytes.count / 2000) bytes")
  }

  @Test func everyContactIsValidJSONWithTheValuesOfTheStruct() throws {
    let data = SyntheticData(contacts: 1500)
    for index in 0..<1500 {
      let contact = data.contact(at: index)
      for generation in Generation.allCases {
        let json = try JSONReader.read(data.contactJSON(at: index, generation: generation))
        #expect(json["id"]?.stringValue == contact.id)
        #expect(json["firstName"]?.stringValue == contact.firstName)
        #expect(json["companyName"]?.stringValue == contact.companyName)
        #expect(json["email"]?.stringValue == contact.email)
        #expect(json["phone"]?.stringValue == contact.phone)
        #expect(json["customFields"]?.arrayValue?.count == contact.customFields.count)
      }
    }
  }
}

@Suite struct InstantTests {
  @Test(arguments: [
    (1_625_203_106_704, "2021-07-02T05:18:26.704Z", "2021-07-02 05:18:26"),
    (0, "1970-01-01T00:00:00.000Z", "1970-01-01 00:00:00"),
    (-1, "1969-12-31T23:59:59.999Z", "1969-12-31 23:59:59"),
    (1_709_164_800_000, "2024-02-29T00:00:00.000Z", "2024-02-29 00:00:00"),
  ])
  func textsOfInstants(milliseconds: Int, iso: String, naive: String) {
    #expect(Instant.iso(milliseconds) == iso)
    #expect(Instant.naive(milliseconds) == naive)
  }

  @Test func summerTimeOfNewYork() {
    func offset(_ year: Int, _ month: Int, _ day: Int, _ hour: Int) -> Int {
      SyntheticData.newYorkOffset(ofLocal: Instant.milliseconds(year: year, month: month, day: day, hour: hour))
    }
    #expect(offset(2024, 3, 10, 1) == -300)
    #expect(offset(2024, 3, 10, 3) == -240)
    #expect(offset(2024, 11, 3, 1) == -240)
    #expect(offset(2024, 11, 3, 3) == -300)
    #expect(offset(2025, 3, 9, 3) == -240)
    #expect(
      Instant.offset(Instant.milliseconds(year: 2023, month: 9, day: 25, hour: 16), minutes: 330) == "2023-09-25T16:00:00+05:30")
  }
}
