import Testing

@testable import Sandbox

/// The lists and orders of a location after many writes, compared with ones that are made from all its records.
@Suite struct LocationEditsTests {
  @Test func `places and numbers around gaps are those of the list that is left`() {
    var gaps = Gaps()
    var left = Array(0..<40)
    for number in [7, 0, 39, 8, 6, 20, 21, 1] {
      gaps.insert(number)
      left.removeAll { $0 == number }
      for (place, number) in left.enumerated() {
        #expect(gaps.number(at: place) == number && gaps.place(of: number) == place)
      }
      #expect(gaps.place(of: number) == left.count { $0 < number })
    }
    #expect(gaps.count == 8)
  }

  @Test(arguments: [0, 1, 80])
  func `random writes leave every list as the records are`(contacts: Int) {
    var data = SyntheticData(contacts: contacts, businesses: 3, seed: 4)
    var draw = Draw(seed: 9, stream: .fault, index: contacts)
    let emails = ["a@example.com", "B@example.com", "c@example.com"]
    for step in 0..<400 {
      data.begin(at: 1_800_000_000_000 + step)
      let live = Array(data.contactNumbers)
      func fill(_ contact: inout SyntheticContact) {
        contact.name = draw.pick(["Ada", "Bea", "Cleo", "Zoe"]) + " " + draw.digits(2)
        contact.email = draw.chance(700) ? draw.pick(emails) : nil
        contact.phone = draw.chance(500) ? "+1415555012" + draw.digits(1) : nil
        contact.businessID = draw.chance(800) ? data.businessID(at: draw.below(4)) : nil
        contact.tags = ["tag " + draw.digits(1)]
      }
      switch draw.below(10) {
      case 0..<4:
        var made = SyntheticContact(index: 0, id: "", locationID: "", sortName: "", dateAdded: 0, dateUpdated: 0)
        fill(&made)
        let (name, email, phone, business) = (made.name, made.email, made.phone, made.businessID)
        _ = data.createContact {
          $0.name = name
          $0.email = email
          $0.phone = phone
          $0.businessID = business
        }
      case 4..<7 where !live.isEmpty:
        let index = draw.pick(live)
        var changed = data.contact(at: index)
        fill(&changed)
        let after = changed
        data.updateContact(index) { $0 = after }
      case 7..<9 where !live.isEmpty: data.deleteContact(draw.pick(live))
      default: break
      }
    }
    check(data)
  }

  private func check(_ data: SyntheticData) {
    let live = data.numbers.filter(data.isThere)
    #expect(live.count == data.liveCount && Array(data.contactNumbers) == live && !live.isEmpty)
    let arrived = (0..<data.liveCount).map(data.contact(arrivedAs:))
    #expect(Set(arrived) == Set(live))
    for (rank, index) in arrived.enumerated() { #expect(data.rank(ofContact: index) == rank) }
    let added = arrived.map { data.contact(at: $0).dateAdded }
    #expect(added == added.sorted() && Set(added).count == added.count)
    for index in live { #expect(data.contactIndex(data.contactID(at: index)) == index) }
    for index in data.edits.deletedContacts { #expect(data.contactIndex(data.contactID(at: index)) == nil) }
    let contacts = live.map(data.contact(at:))
    for business in 0..<3 {
      let members = Array(data.contacts(ofBusiness: business))
      #expect(Set(members) == Set(contacts.filter { $0.businessID == data.businessID(at: business) }.map(\.index)))
      let names = members.map(data.sortName(at:))
      #expect(zip(names, names.dropFirst()).allSatisfy { !NameTable.precedes($1, $0) })
      for index in members { #expect(data.business(ofContact: index) == business) }
    }
    for email in ["a@example.com", "b@EXAMPLE.com", "nobody@example.com"] {
      let expected = contacts.filter { $0.everyEmail.contains(email.lowercased()) }.map(\.index)
      #expect(data.holders(ofEmail: email).map(\.index).sorted() == expected)
    }
    for phone in Set(contacts.compactMap(\.phone)) where !phone.isEmpty {
      #expect(data.holders(ofPhone: phone) == contacts.filter { $0.phone == phone }.map(\.index))
    }
    for email in Set(contacts.flatMap(\.everyEmail)) {
      let expected = contacts.filter { $0.everyEmail.contains(email) }.map(\.index)
      #expect(data.holders(ofEmail: email).map(\.index).sorted() == expected, "\(email)")
    }
    #expect(Set(data.tagNames).count == data.tagNames.count)
  }
}
