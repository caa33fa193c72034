/// Reading through what was written.
extension SyntheticData {
  /// The numbers of all contacts that ever existed; `isThere` tells which of them are left.
  var numbers: Range<Int> { 0..<contactCount + edits.createdContacts }

  /// How many contacts there are now.
  var liveCount: Int { numbers.count - edits.deletedContacts.count }

  func isThere(_ index: Int) -> Bool { numbers.contains(index) && !edits.deletedContacts.contains(index) }

  package func contactIndex(_ id: String) -> Int? { everyContactIndex(id).flatMap { isThere($0) ? $0 : nil } }

  /// The number of a contact, which may be deleted.
  func everyContactIndex(_ id: String) -> Int? {
    identifiers.value(.contact, id).flatMap { $0 < UInt64(numbers.upperBound) ? Int($0) : nil }
  }

  /// The contact with a number, complete. A synthetic one is made anew at each call, in some tens of microseconds.
  package func contact(at index: Int) -> SyntheticContact {
    edits.contacts[index]?.contact ?? syntheticContact(at: index)
  }

  /// The contacts in any order, without the deleted ones.
  var contactNumbers: some Sequence<Int> { numbers.lazy.filter { [deleted = edits.deletedContacts] in !deleted.contains($0) } }

  /// The e-mail address of a contact; nil for about one in twelve.
  package func email(at index: Int) -> String? { edits.contacts[index].map(\.contact.email) ?? syntheticEmail(at: index) }

  /// The phone number of a contact, E.164 for most; nil for about one in fourteen.
  package func phone(at index: Int) -> String? { edits.contacts[index].map(\.contact.phone) ?? syntheticPhone(at: index) }

  /// Lower-case whole name without defects: the order of the by-business list.
  package func sortName(at index: Int) -> String {
    edits.contacts[index]?.contact.sortName ?? plainName(at: index).sortName
  }

  // MARK: Order of arrival

  /// The contact that arrived as the n-th of those that are left, from 0 for the oldest.
  func contact(arrivedAs rank: Int) -> Int {
    let rank = edits.gaps.number(at: rank)
    return rank < contactCount ? arrival.index(at: rank) : rank
  }

  /// The place in the order of arrival; of a deleted contact, the place of the one after it.
  func rank(ofContact index: Int) -> Int { edits.gaps.place(of: everyRank(ofContact: index)) }

  /// The place in the order of arrival of all contacts that there ever were.
  func everyRank(ofContact index: Int) -> Int { index < contactCount ? arrival.place(of: index) : index }

  /// Milliseconds since 1970; different for each contact while there are fewer than 10^11.
  package func dateAdded(at index: Int) -> Int {
    edits.contacts[index]?.contact.dateAdded ?? syntheticDateAdded(at: index)
  }

  // MARK: Businesses

  var everyBusiness: Range<Int> { 0..<businessCount + edits.createdBusinesses }

  var businessNumbers: some Sequence<Int> {
    everyBusiness.lazy.filter { [deleted = edits.deletedBusinesses] in !deleted.contains($0) }
  }

  package func businessIndex(_ id: String) -> Int? {
    guard let value = identifiers.hexadecimalValue(.business, id), value < UInt64(everyBusiness.upperBound) else { return nil }
    return edits.deletedBusinesses.contains(Int(value)) ? nil : Int(value)
  }

  package func business(at number: Int) -> SyntheticBusiness { edits.businesses[number] ?? syntheticBusiness(at: number) }

  package func business(ofContact index: Int) -> Int? {
    if let stored = edits.contacts[index] { return stored.contact.businessID.flatMap(businessIndex) }
    let group = group(ofContact: index)
    return group < businessCount ? group : nil
  }

  /// The contacts of a business, in the order of the by-business list.
  func contacts(ofBusiness business: Int) -> MemberList {
    if let members = edits.members[business] { return .list(members) }
    return .range(business < businessCount ? members(ofBusiness: business) : 0..<0)
  }

  // MARK: What hangs under a contact

  package func tasks(of index: Int) -> [SyntheticTask] {
    guard isThere(index) else { return [] }
    return edits.tasks[index] ?? (0..<childCount(.task, index)).map { task($0, of: index) }
  }

  package func taskCount(of index: Int) -> Int {
    isThere(index) ? edits.tasks[index]?.count ?? childCount(.task, index) : 0
  }

  package func notes(of index: Int) -> [SyntheticNote] {
    guard isThere(index) else { return [] }
    return edits.notes[index] ?? (0..<childCount(.note, index)).map { note($0, of: index) }
  }

  // MARK: Tags

  /// All the tags of the location; a tag that a contact gets is one of them from then on.
  package var tagNames: [String] { Self.tagNames + edits.tags }
}
