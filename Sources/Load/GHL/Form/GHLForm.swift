import Core
import GHL

/// The one form in which records of GHL are compared: target fields with GHL's own names, spelled as the mapping writes them.
///
///     mapping    {"key":"7","email":"Ann@x.io","customFields":{"tier":"gold"},"dndSettings":{"Email":{"status":"active"}}}
///     body, v3   {"email":"Ann@x.io","customFields":[{"id":"f1","fieldValue":"gold"}],"dndSettings":{"email":{"status":"active"}}}
///     record     {"id":"c1","email":"ann@x.io","customFields":[{"id":"f1","value":"gold"}],"dndSettings":{"Email":{"status":"active"}}}
///     canonical  {"email":"ann@x.io","customFields":{"tier":"gold"},"dndSettings":{"Email":{"status":"active"}},"key":"7"}
///
/// `outgoing` makes it from what the mapping writes, `canonical` from records as GHL shows them and from bodies as they were sent,
/// and `body` makes bodies from it.
///
/// Custom fields are members of `customFields` by key; users and businesses are IDs; `dateOfBirth` is a
/// date; `dueDate` is in UTC without fractions, because GHL refuses its own milliseconds in an update. What GHL adds is left as it is.
struct GHLForm: Sendable {
  let part: GHLPartDocument
  let location: String
  let generation: GHLVersions.Generation
  /// The path of the mapping's key.
  let key: [String]
  let data: GHLLocationData
  let customFields: GHLCustomFieldNames
  /// The channels of `dndSettings` as the mapping spells them, by their names in lower case.
  private let channels: [Name: String]

  /// - Parameter columns: the paths that the mapping writes.
  /// - Throws: `OperationFailure` with the code `configuration` if the location lacks a custom field that the mapping writes.
  init(
    _ part: GHLPartDocument, of document: GHLDestinationDocument, key: [String], columns: [[String]], _ data: GHLLocationData
  ) throws(OperationFailure) {
    self.part = part
    (location, generation) = (document.location, document.generation)
    (self.key, self.data) = (key, data)
    customFields = try GHLCustomFieldNames(columns, data.customFields, location: document.location)
    var channels: [Name: String] = [:]
    for name in Self.datedChannels { channels[Name(name.lowercased())] = name }
    for column in columns where column.count > 1 && column[0].isExactly(GHLFields.dndSettings) {
      channels[Name(column[1].lowercased())] = column[1]
    }
    self.channels = channels
  }

  /// As bodies of the dated versions spell them.
  private static let datedChannels = ["Call", "Email", "SMS", "WhatsApp", "GMB", "FB"]

  // MARK: From the mapping

  /// Why a record cannot be sent.
  struct Refusal: Error, Hashable {
    var field: [String]
    /// Without any value: the value may be personal.
    var why: String
  }

  /// The record of a mapping in its canonical form. Fields that no route accepts are left out, because they are never sent.
  func outgoing(_ record: JSONValue) throws(Refusal) -> JSONValue {
    var members: [JSONValue.Member] = []
    for member in record.objectValue ?? [] where isKept(member.name) {
      members.append(JSONValue.Member(member.name, try resolved(member)))
    }
    return withOurs(.object(members.map { .init($0.name, canonical($0)) }), nil, nil, record)
  }

  private func isKept(_ name: String) -> Bool {
    name.isExactly(key.first ?? "") || contactPath?.first.isExactly(name) ?? false
      || GHLFields.names(of: part.target, generation).contains(exactly: name)
  }

  /// With IDs in place of names.
  private func resolved(_ member: JSONValue.Member) throws(Refusal) -> JSONValue {
    switch member.name {
    case GHLFields.customFields:
      for field in member.value.objectValue ?? [] where customFields.definition(of: field.name) == nil {
        throw Refusal(
          field: [member.name, field.name],
          why: "the location \(location) has no custom field '\(VisibleText.escaped(field.name))'")
      }
      return member.value
    case _ where GHLFields.users.contains(member.name) && part.target.hasRecords:
      guard let text = member.value.stringValue, text.contains("@") else { return member.value }
      guard let id = data.user(text) else {
        throw Refusal(field: [member.name], why: "the location \(location) has no user with this e-mail address")
      }
      return .string(id)
    case GHLFields.business where part.target == .business:
      guard let text = member.value.stringValue else { return member.value }
      switch data.business(text) {
      case .id(let id): return .string(id)
      case .unknown: throw Refusal(field: [member.name], why: "the location \(location) has no business with this ID or name")
      case .ambiguous(let count):
        throw Refusal(field: [member.name], why: "the location \(location) has \(count) businesses with this name: use an ID")
      }
    case "tags" where part.target == .contacts || part.target == .tags:
      return member.value.arrayValue.map { .array(Self.distinct($0)) } ?? member.value
    default: return member.value
    }
  }

  /// Tags as GHL stores them: each once, and none that is empty.
  private static func distinct(_ tags: [JSONValue]) -> [JSONValue] {
    var seen: Set<Name> = [""]
    return tags.filter { tag in tag.stringValue.map { seen.insert(Self.tag($0)).inserted } ?? true }
  }

  // MARK: From GHL, and from bodies

  /// A record as GHL shows it, or a body as it was sent, in canonical form.
  ///
  /// - Parameters:
  ///   - sent: the canonical record, if it is known: a mapping that adds or removes tags says nothing about the other tags.
  ///   - key: the mapping's key of the record. Nil: that of `sent`.
  ///   - contact: the mapping's key of the contact that the record belongs to. Nil: that of `sent`.
  func canonical(_ value: JSONValue, sent: JSONValue? = nil, key: Name? = nil, contact: Name? = nil) -> JSONValue {
    var members: [JSONValue.Member] = []
    switch part.target {
    case .tags: members = [.init("tags", tags(value["tags"], sent: sent?["tags"]))]
    case .business:
      members = [.init(GHLFields.business, value["businessId"] ?? value[GHLFields.business] ?? .null)]
    case .contacts, .tasks, .notes:
      for member in value.objectValue ?? [] {
        members.append(JSONValue.Member(member.name, canonical(member)))
      }
    }
    return withOurs(.object(members), key, contact, sent)
  }

  /// A record in canonical form, with the mapping's keys of it and of its contact.
  func withKeys(_ record: JSONValue, key: Name, contact: Name?) -> JSONValue { withOurs(record, key, contact, nil) }

  /// With the keys of the record and its contact, which GHL does not have.
  private func withOurs(_ record: JSONValue, _ key: Name?, _ contact: Name?, _ sent: JSONValue?) -> JSONValue {
    var record = record
    record.set(ours(self.key, key, sent), at: self.key[...])
    if let path = contactPath, !path.isExactly(self.key) { record.set(ours(path, contact, sent), at: path[...]) }
    return record
  }

  /// The field with the contact's key.
  private var contactPath: [String]? { part.contact.map { $0.field.text.split(exactly: ".").map { String($0) } } }

  /// As the mapping writes it.
  private func ours(_ path: [String], _ key: Name?, _ sent: JSONValue?) -> JSONValue? {
    let own = sent.flatMap { ResponsePath(path.map { .member(Name($0)) }).value(in: $0) }
    guard let key else { return own }
    if case .number(let digits)? = own, digits.isExactly(key.text) { return own }
    return .string(key.text)
  }

  private func canonical(_ member: JSONValue.Member) -> JSONValue {
    switch (part.target, member.name) {
    case (.contacts, GHLFields.customFields): customFields.canonical(member.value)
    case (.contacts, GHLFields.dndSettings): renamed(member.value) { channels[Name($0.lowercased())] ?? $0 }
    case (.contacts, "dateOfBirth"): GHLTime.date(member.value)
    case (.tasks, "dueDate"): GHLTime.moment(member.value)
    default: member.value
    }
  }

  /// Those of `sent` that the contact has, or no longer has.
  private func tags(_ stored: JSONValue?, sent: JSONValue?) -> JSONValue {
    guard let sent = sent?.arrayValue else { return stored ?? .array([]) }
    let has = Set((stored?.arrayValue ?? []).compactMap { $0.stringValue.map(Self.tag) })
    return .array(
      sent.filter { tag in
        let isThere = tag.stringValue.map { has.contains(Self.tag($0)) } ?? false
        return isThere == (part.action == .add)
      })
  }

  /// GHL ignores the case of tags.
  private static func tag(_ text: String) -> Name {
    guard case .string(let tag) = Set([FieldNormalizer.trim, .lower]).normalized(text) else { return Name(text) }
    return Name(tag)
  }

  // MARK: To GHL

  /// The body of a route: only members that it accepts, so that GHL does not refuse it. A null is sent where the route accepts
  /// one, and left out otherwise.
  ///
  /// - Parameters:
  ///   - canonical: a record; of a route for several contacts, one of those that share the call.
  ///   - contacts: GHL's IDs of the contacts of such a route.
  ///   - omitting: fields that are left out.
  func body(
    _ route: GHLRoute, of canonical: JSONValue, contacts: [Name] = [], omitting: Set<Name> = []
  ) -> JSONValue? {
    guard let shape = route.body(in: generation) else { return nil }
    return .object(
      shape.members.compactMap { member in
        guard !omitting.contains(Name(member.name)), let value = value(of: member, canonical, contacts) else { return nil }
        if value == .null, !member.isNullable { return nil }
        return JSONValue.Member(member.name, value)
      })
  }

  private func value(of member: GHLBodyShape.Member, _ canonical: JSONValue, _ contacts: [Name]) -> JSONValue? {
    switch (member.name, part.target) {
    case ("locationId", _): return .string(location)
    case ("contacts", .tags), ("ids", .business): return .array(contacts.map { .string($0.text) })
    case ("businessId", .business): return canonical[GHLFields.business] ?? .null
    case ("createNewIfDuplicateAllowed", _), ("removeAllTags", _): return nil
    case (GHLFields.customFields, .contacts):
      guard let fields = canonical[member.name]?.objectValue, !fields.isEmpty else { return nil }
      return .array(customFields.items(fields, generation))
    case (GHLFields.dndSettings, .contacts): return canonical[member.name].flatMap { channels(in: $0, member) }
    default: return canonical[member.name]
    }
  }

  /// The channels that the generation accepts; GHL shows others, such as RCS.
  private func channels(in settings: JSONValue, _ member: GHLBodyShape.Member) -> JSONValue? {
    guard case .object(let shape) = member.form, let members = settings.objectValue else { return nil }
    let own = shape.members.compactMap { channel in
      members.last { $0.name.lowercased() == channel.name.lowercased() && $0.value != .null }
        .map { JSONValue.Member(channel.name, $0.value) }
    }
    return own.isEmpty ? nil : .object(own)
  }

  private func renamed(_ value: JSONValue, _ name: (String) -> String) -> JSONValue {
    guard let members = value.objectValue else { return value }
    return .object(members.map { JSONValue.Member(name($0.name), $0.value) })
  }
}

extension JSONValue {
  /// Puts a value at a path, with objects on the way; nil removes what is there.
  mutating func set(_ value: JSONValue?, at path: ArraySlice<String>) {
    guard let name = path.first else { return }
    var members = objectValue ?? []
    let index = members.lastIndex { $0.name.isExactly(name) }
    var inner = value
    if path.count > 1 {
      var next = index.map { members[$0].value } ?? .object([])
      next.set(value, at: path.dropFirst())
      inner = next
    }
    if let index { members.remove(at: index) }
    if let inner { members.append(Member(name, inner)) }
    self = .object(members)
  }
}
