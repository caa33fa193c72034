/// What was written to a location: the records that differ from the synthetic ones, by their numbers. A record that nobody has
/// written is still made from the seed whenever it is read (`SyntheticData`).
///
/// Created contacts and businesses continue the numbering, so that their identifiers can be read back like all others; the
/// numbers of deleted ones stay unused.
///
///     number     0 .......... 999 | 1000 1001 1002
///                synthetic        | created
struct LocationEdits: Sendable {
  /// A contact behind a reference, so that a copy of the edits, which is made if they are written during a read, copies no
  /// records.
  final class Stored: Sendable {
    let contact: SyntheticContact
    init(_ contact: SyntheticContact) { self.contact = contact }
  }

  /// One entry for each call of `SandboxEdits`: it edited the contacts with a smaller number.
  var rounds: [Int] = []
  /// Grows with each attempt to write.
  var version = 0
  /// Writes that were carried out, whatever was answered.
  var writes = 0
  /// The time of the newest write, in milliseconds since 1970: later than every record that there was before it.
  var time: Int

  /// How many contacts were created, including those deleted since.
  var createdContacts = 0
  var contacts: [Int: Stored] = [:]
  var deletedContacts: Set<Int> = []
  /// The ranks of the deleted contacts in the order of arrival.
  var gaps = Gaps()
  var tasks: [Int: [SyntheticTask]] = [:]
  var notes: [Int: [SyntheticNote]] = [:]
  /// How many tasks and notes were created.
  var createdChildren: UInt64 = 0

  /// By business: its contacts in the order of the by-business list, if they are no longer the synthetic ones.
  var members: [Int: [Int]] = [:]
  var createdBusinesses = 0
  var businesses: [Int: SyntheticBusiness] = [:]
  var deletedBusinesses: Set<Int> = []

  /// Tags that the location did not have before.
  var tags: [String] = []

  /// The contacts in `contacts` by their lower-case e-mail addresses, additional ones included, and by their phones.
  var emails: [String: [Int]] = [:]
  var phones: [String: [Int]] = [:]

  init(time: Int) { self.time = time }

  mutating func index(_ contact: SyntheticContact) {
    for email in Set(contact.everyEmail) { emails[email, default: []].append(contact.index) }
    if let phone = contact.phone, !phone.isEmpty { phones[phone, default: []].append(contact.index) }
  }

  mutating func unindex(_ contact: SyntheticContact) {
    for email in Set(contact.everyEmail) { Self.remove(contact.index, from: &emails, email) }
    if let phone = contact.phone, !phone.isEmpty { Self.remove(contact.index, from: &phones, phone) }
  }

  private static func remove(_ index: Int, from table: inout [String: [Int]], _ key: String) {
    table[key]?.removeAll { $0 == index }
    if table[key]?.isEmpty == true { table[key] = nil }
  }
}

extension SyntheticContact {
  /// The primary address and the additional ones, in lower case; empty ones identify nobody.
  var everyEmail: [String] { ([email].compactMap(\.self) + additionalEmails).filter { !$0.isEmpty }.map { $0.lowercased() } }
}

/// Numbers that are missing from a sequence: between the place among the remaining ones and the number itself.
struct Gaps: Sendable {
  /// Ascending.
  private var missing: [Int] = []

  var count: Int { missing.count }

  mutating func insert(_ number: Int) { missing.insert(number, at: below(number)) }

  /// How many missing numbers are smaller.
  private func below(_ number: Int) -> Int { partition { missing[$0] >= number } }

  /// The number at a place of the remaining ones.
  func number(at place: Int) -> Int { place + partition { missing[$0] - $0 > place } }

  /// The place of a number; of a missing one, the place of the next number.
  func place(of number: Int) -> Int { number - below(number) }

  /// The first place for which `isBehind` is true; it must be true for all later ones.
  private func partition(_ isBehind: (Int) -> Bool) -> Int {
    var low = 0
    var high = missing.count
    while low < high {
      let middle = (low + high) / 2
      if isBehind(middle) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}

/// The contacts of a business, in the order of the by-business list: a range of numbers until someone writes one of them.
enum MemberList: RandomAccessCollection, Sendable {
  case range(Range<Int>)
  case list([Int])

  var startIndex: Int { 0 }

  var endIndex: Int {
    switch self {
    case .range(let range): range.count
    case .list(let numbers): numbers.count
    }
  }

  subscript(place: Int) -> Int {
    switch self {
    case .range(let range): range.lowerBound + place
    case .list(let numbers): numbers[place]
    }
  }

  func place(of index: Int) -> Int? {
    switch self {
    case .range(let range): range.contains(index) ? index - range.lowerBound : nil
    case .list(let numbers): numbers.firstIndex(of: index)
    }
  }
}
