import Core

/// A contact as it is written: the body of a create, an update or an upsert, checked by `StrictBody`.
///
/// A member that is missing leaves the contact as it is; `null` takes the value away.
struct ContactBody {
  private let body: JSONValue
  private let generation: Generation
  /// Identifiers of custom fields by the ways to name them.
  private let fieldIDs: [String: String]

  init(_ body: JSONValue, _ generation: Generation, _ data: SyntheticData) {
    self.body = body
    self.generation = generation
    var fieldIDs: [String: String] = [:]
    for field in data.customFieldDefinitions where field.model == "contact" {
      fieldIDs[field.id] = field.id
      fieldIDs[field.key] = field.id
      fieldIDs[String(field.key.dropFirst("contact.".count))] = field.id
    }
    self.fieldIDs = fieldIDs
  }

  func has(_ member: String) -> Bool { body[member] != nil }

  /// The address sent, unless it is empty.
  var email: String? { body["email"]?.stringValue.flatMap { $0.isEmpty ? nil : $0 } }

  /// The phone sent, in the form in which it is stored; nil if it is empty.
  ///
  /// - Parameter contact: gives the country if the body does not.
  func phone(of contact: SyntheticContact?) -> String? {
    let country = body["country"]?.stringValue ?? contact?.country ?? SyntheticData.country
    return body["phone"]?.stringValue.flatMap { $0.isEmpty ? nil : PhoneForm.stored($0, country: country) }
  }

  /// What is wrong with an e-mail address or a phone that cannot be one.
  var impossible: [String] {
    var wrong: [String] = []
    if let email {
      let parts = email.split(separator: "@", omittingEmptySubsequences: false)
      let isPossible =
        parts.count == 2 && !parts[0].isEmpty && !email.contains(" ") && parts[1].contains(".")
        && !parts[1].split(separator: ".", omittingEmptySubsequences: false).contains { $0.isEmpty }
      if !isPossible { wrong.append("email must be an email") }
    }
    if let phone = phone(of: nil), !phone.hasPrefix("+") || phone.utf8.count < 8 {
      wrong.append("phone must be a valid phone number")
    }
    return wrong
  }

  /// - Parameter without: members that are silently dropped.
  func apply(to contact: inout SyntheticContact, without: Set<String> = []) {
    for (name, member) in Self.texts where !without.contains(name) {
      switch body[name] {
      case .string(let text)?: contact[keyPath: member] = text
      case .null?: contact[keyPath: member] = nil
      default: break
      }
    }
    if has("phone"), !without.contains("phone") { contact.phone = phone(of: contact) }
    if body["name"]?.stringValue == nil, has("firstName") || has("lastName") || has("name") {
      let names = [contact.firstName, contact.lastName].compactMap(\.self).filter { !$0.isEmpty }
      contact.name = names.isEmpty ? nil : names.joined(separator: " ")
    }
    if let dnd = body["dnd"]?.boolValue { contact.doNotDisturb = dnd }
    applyChannels(to: &contact)
    if let tags = body["tags"]?.arrayValue { contact.tags = tags.compactMap(\.stringValue).withoutRepetitions }
    switch body["dateOfBirth"] {
    case .string(let text)?: contact.dateOfBirth = DayForms.day(text)
    case .null?: contact.dateOfBirth = nil
    default: break
    }
    for item in body["customFields"]?.arrayValue ?? [] { apply(item, to: &contact) }
  }

  private static let texts: [(name: String, member: any WritableKeyPath<SyntheticContact, String?> & Sendable)] = [
    ("firstName", \.firstName), ("lastName", \.lastName), ("name", \.name), ("email", \.email), ("gender", \.gender),
    ("address1", \.address1), ("city", \.city), ("state", \.state), ("postalCode", \.postalCode), ("website", \.website),
    ("timezone", \.timezone), ("source", \.source), ("country", \.country), ("companyName", \.companyName),
    ("assignedTo", \.assignedTo),
  ]

  /// Channels that are not sent stay.
  private func applyChannels(to contact: inout SyntheticContact) {
    func channel(_ name: String, _ value: JSONValue) -> SyntheticContact.Channel {
      SyntheticContact.Channel(
        name: name, status: value["status"]?.stringValue ?? "", message: value["message"]?.stringValue,
        code: value["code"]?.stringValue)
    }
    for name in ChannelNames.writable {
      guard let sent = body["dndSettings"]?[ChannelNames.name(name, generation)] else { continue }
      if let place = contact.channels.firstIndex(where: { $0.name == name }) {
        contact.channels[place] = channel(name, sent)
      } else {
        contact.channels.append(channel(name, sent))
      }
    }
    if let sent = body["inboundDndSettings"]?["all"] { contact.inboundChannel = channel("all", sent) }
  }

  /// A field that the location does not define is silently ignored; one without a value is taken away.
  private func apply(_ item: JSONValue, to contact: inout SyntheticContact) {
    guard let name = (item["id"] ?? item["key"])?.stringValue, let id = fieldIDs[name],
      let sent = item["fieldValue"] ?? item["field_value"]
    else { return }
    let value: SyntheticValue? =
      switch sent {
      case .string(let text): text.isEmpty ? nil : .text(text)
      case .number(let digits): .number(digits)
      case .array(let elements):
        elements.isEmpty
          ? nil : elements.allSatisfy { $0.stringValue != nil } ? .list(elements.compactMap(\.stringValue)) : .json(sent)
      case .object: .json(sent)
      case .null, .bool: nil
      }
    let place = contact.customFields.firstIndex { $0.id == id }
    switch (value, place) {
    case (let value?, let place?): contact.customFields[place].value = value
    case (let value?, nil): contact.customFields.append(SyntheticContact.CustomField(id: id, value: value))
    case (nil, let place?): contact.customFields.remove(at: place)
    case (nil, nil): break
    }
  }
}

/// Phones are taken in many forms and stored as E.164 (`facts.md` 5.19).
enum PhoneForm {
  /// - Returns: the text itself if it cannot be a phone.
  static func stored(_ text: String, country: String) -> String {
    let digits = text.filter { $0.isASCII && $0.isNumber }
    let others = text.filter { !($0.isASCII && $0.isNumber) && !"+-() ./".contains($0) }
    guard others.isEmpty, (7...15).contains(digits.count) else { return text }
    if text.drop(while: { $0 == " " }).hasPrefix("+") { return "+" + digits }
    guard let code = CountryTable.all[country]?.callingCode else { return text }
    if code == "1", digits.count == 11, digits.hasPrefix("1") { return "+" + digits }
    return "+" + code + (digits.hasPrefix("0") ? digits.dropFirst() : digits[...])
  }
}

extension [String] {
  /// The first of each, in order.
  var withoutRepetitions: [String] {
    var met: Set<String> = []
    return filter { met.insert($0).inserted }
  }
}
