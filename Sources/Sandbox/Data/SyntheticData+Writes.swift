/// Writing: what each change means for the lists and orders that a record is in. Nothing is checked here.
extension SyntheticData {
  /// Begins a write.
  ///
  /// - Parameter now: the time, in milliseconds since 1970. The write gets a later one if there is a record with a later one,
  ///   so that a created contact is always the newest.
  mutating func begin(at now: Int) {
    edits.time = max(now, edits.time + 1)
    edits.version += 1
  }

  // MARK: Contacts

  /// - Returns: its number.
  mutating func createContact(_ fill: (inout SyntheticContact) -> Void) -> Int {
    let index = numbers.upperBound
    var contact = SyntheticContact(
      index: index, id: contactID(at: index), locationID: locationID, sortName: "", dateAdded: edits.time,
      dateUpdated: edits.time)
    contact.type = "lead"
    fill(&contact)
    edits.createdContacts += 1
    store(contact, insteadOf: nil)
    return index
  }

  /// Changes a contact; `dateUpdated` moves on.
  mutating func updateContact(_ index: Int, _ change: (inout SyntheticContact) -> Void) {
    let old = contact(at: index)
    var contact = old
    change(&contact)
    contact.dateUpdated = max(edits.time, old.dateUpdated + 1)
    store(contact, insteadOf: old)
  }

  /// Deletes a contact with everything under it.
  mutating func deleteContact(_ index: Int) {
    let old = contact(at: index)
    if let business = old.businessID.flatMap(businessIndex) { leave(business, index) }
    if edits.contacts[index] != nil { edits.unindex(old) }
    edits.contacts[index] = nil
    edits.tasks[index] = nil
    edits.notes[index] = nil
    edits.deletedContacts.insert(index)
    edits.gaps.insert(everyRank(ofContact: index))
  }

  private mutating func store(_ contact: SyntheticContact, insteadOf old: SyntheticContact?) {
    var contact = contact
    let index = contact.index
    if old.map({ $0.name != contact.name || $0.firstName != contact.firstName || $0.lastName != contact.lastName }) ?? true {
      contact.sortName = (contact.name ?? "").lowercased()
    }
    let business = contact.businessID.flatMap(businessIndex)
    let moves = old.map { $0.businessID != contact.businessID || $0.sortName != contact.sortName } ?? true
    if moves, let before = old?.businessID.flatMap(businessIndex) { leave(before, index) }
    if let old, edits.contacts[index] != nil { edits.unindex(old) }
    edits.contacts[index] = LocationEdits.Stored(contact)
    edits.index(contact)
    if moves, let business { join(business, index) }
    remember(contact.tags)
  }

  private mutating func leave(_ business: Int, _ index: Int) {
    if edits.members[business] == nil { edits.members[business] = Array(contacts(ofBusiness: business)) }
    edits.members[business]?.removeAll { $0 == index }
  }

  /// Behind the members whose names come first, or are the same.
  private mutating func join(_ business: Int, _ index: Int) {
    let members = contacts(ofBusiness: business)
    let place = place(of: sortName(at: index), in: members)
    if edits.members[business] == nil { edits.members[business] = Array(members) }
    edits.members[business]?.insert(index, at: place)
  }

  /// The place of the first member whose name comes after a lower-case name.
  func place(of name: String, in members: MemberList) -> Int {
    var low = 0
    var high = members.count
    while low < high {
      let middle = (low + high) / 2
      if NameTable.precedes(name, sortName(at: members[middle])) { high = middle } else { low = middle + 1 }
    }
    return low
  }

  mutating func remember(_ tags: [String]) {
    for tag in tags where !tagNames.contains(tag) { edits.tags.append(tag) }
  }

  // MARK: What hangs under a contact

  /// An identifier that no task has; `.note` for notes.
  mutating func newChildID(_ kind: SyntheticIdentifier.Kind) -> String {
    edits.createdChildren += 1
    return identifiers.text(kind, 1 << 62 | edits.createdChildren)
  }

  /// Replaces the tasks of a contact.
  mutating func setTasks(_ tasks: [SyntheticTask], of index: Int) { edits.tasks[index] = tasks }

  /// Replaces the notes of a contact.
  mutating func setNotes(_ notes: [SyntheticNote], of index: Int) { edits.notes[index] = notes }

  // MARK: Businesses

  /// - Returns: its number.
  mutating func createBusiness(_ fill: (inout SyntheticBusiness) -> Void) -> Int {
    let number = everyBusiness.upperBound
    var business = SyntheticBusiness(
      id: businessID(at: number), locationID: locationID, name: "", createdAt: edits.time, updatedAt: edits.time)
    fill(&business)
    edits.createdBusinesses += 1
    edits.businesses[number] = business
    return number
  }

  mutating func updateBusiness(_ number: Int, _ change: (inout SyntheticBusiness) -> Void) {
    var business = business(at: number)
    change(&business)
    business.updatedAt = max(edits.time, business.updatedAt + 1)
    edits.businesses[number] = business
  }

  /// Deletes a business; its contacts stay, without one.
  mutating func deleteBusiness(_ number: Int) {
    for index in Array(contacts(ofBusiness: number)) { updateContact(index) { $0.businessID = nil } }
    edits.deletedBusinesses.insert(number)
    edits.businesses[number] = nil
    edits.members[number] = []
  }

  // MARK: Edits by people

  /// The people who work with the CRM edit the contacts whose number is less than `contacts`; see `SandboxEdits`.
  mutating func editFirst(_ contacts: Int) {
    let contacts = min(contacts, contactCount)
    edits.rounds.append(contacts)
    edits.version += 1
    for (index, stored) in edits.contacts where index < contacts {
      var contact = stored.contact
      contact.companyName = editedCompany(edits.rounds.count { index < $0 })
      contact.dateUpdated += Instant.day
      edits.contacts[index] = LocationEdits.Stored(contact)
    }
  }

  func applyEdits(to contact: inout SyntheticContact) {
    let number = edits.rounds.count { contact.index < $0 }
    guard number > 0 else { return }
    contact.companyName = editedCompany(number)
    contact.dateUpdated += number * Instant.day
  }

  private func editedCompany(_ number: Int) -> String { "Edited Company \(number)" }
}
