import Core

/// Which synthetic contacts have an e-mail address or a phone: built on first use, because most sandboxes never need it.
///
/// Sixteen bytes for each value, sorted by a hash of it. Written contacts are in `LocationEdits` instead.
final class IdentityIndex: Sendable {
  private struct Entry {
    var hash: UInt64
    var index: UInt32
  }

  private struct Tables {
    var emails: [Entry]
    var phones: [Entry]
  }

  private let tables = Locked<Tables?>(nil)

  /// Contacts that probably have a lower-case e-mail address or a phone, in ascending order.
  func candidates(email: String?, phone: String?, in data: SyntheticData) -> [Int] {
    tables.withLock { tables in
      let known = tables ?? Self.tables(of: data)
      tables = known
      let found =
        (email.map { Self.find($0, in: known.emails) } ?? []) + (phone.map { Self.find($0, in: known.phones) } ?? [])
      return Array(Set(found)).sorted()
    }
  }

  private static func tables(of data: SyntheticData) -> Tables {
    func table(_ value: (Int) -> String?) -> [Entry] {
      (0..<data.contactCount).compactMap { index in
        value(index).map { Entry(hash: hash($0), index: UInt32(index)) }
      }.sorted { ($0.hash, $0.index) < ($1.hash, $1.index) }
    }
    return Tables(
      emails: table { data.syntheticEmail(at: $0)?.lowercased() }, phones: table { data.syntheticPhone(at: $0) })
  }

  private static func find(_ text: String, in entries: [Entry]) -> [Int] {
    let hash = hash(text)
    var low = 0
    var high = entries.count
    while low < high {
      let middle = (low + high) / 2
      if entries[middle].hash < hash { low = middle + 1 } else { high = middle }
    }
    return entries[low...].prefix { $0.hash == hash }.map { Int($0.index) }
  }

  private static func hash(_ text: String) -> UInt64 {
    text.utf8.reduce(0xCBF2_9CE4_8422_2325) { Draw.mix($0 ^ UInt64($1)) }
  }
}

extension SyntheticData {
  /// A contact with an e-mail address.
  struct EmailHolder: Hashable {
    var index: Int
    /// It is one of `additionalEmails`.
    var isAdditional: Bool
  }

  /// The contacts with an e-mail address in any case: those that have it as their own first, then by number.
  func holders(ofEmail email: String) -> [EmailHolder] {
    let email = email.lowercased()
    guard !email.isEmpty else { return [] }
    var indices = edits.emails[email] ?? []
    indices += untouched(email: email, phone: nil)
    if let first = Self.firstEmail(ofSecond: email) { indices += untouched(email: first, phone: nil) }
    var holders: [EmailHolder] = []
    for index in Set(indices).sorted() {
      let contact = contact(at: index)
      if contact.email?.lowercased() == email {
        holders.append(EmailHolder(index: index, isAdditional: false))
      } else if contact.additionalEmails.contains(where: { $0.lowercased() == email }) {
        holders.append(EmailHolder(index: index, isAdditional: true))
      }
    }
    return holders.filter { !$0.isAdditional } + holders.filter(\.isAdditional)
  }

  /// The contacts with a phone, by number.
  func holders(ofPhone phone: String) -> [Int] {
    guard !phone.isEmpty else { return [] }
    let indices = (edits.phones[phone] ?? []) + untouched(email: nil, phone: phone)
    return Set(indices).sorted().filter { contact(at: $0).phone == phone }
  }

  /// The contact that counts as the same as one with an e-mail address and a phone: by the e-mail, which includes additional
  /// ones, and only then by the phone.
  ///
  /// - Parameter besides: a contact that does not count.
  func match(email: String?, phone: String?, besides: Int? = nil) -> (index: Int, field: String)? {
    if let found = email.flatMap({ email in holders(ofEmail: email).first { $0.index != besides } }) {
      return (found.index, "email")
    }
    return phone.flatMap { phone in holders(ofPhone: phone).first { $0 != besides } }.map { ($0, "phone") }
  }

  /// Synthetic contacts that nobody has written.
  private func untouched(email: String?, phone: String?) -> [Int] {
    guard contactCount > 0 else { return [] }
    return identityIndex.candidates(email: email, phone: phone, in: self).filter { edits.contacts[$0] == nil && isThere($0) }
  }

  /// The additional address of a synthetic contact, made from its own.
  static func secondEmail(of email: String) -> String { "second." + email.lowercased() }

  private static func firstEmail(ofSecond email: String) -> String? {
    email.hasPrefix("second.") ? String(email.dropFirst("second.".count)) : nil
  }
}
