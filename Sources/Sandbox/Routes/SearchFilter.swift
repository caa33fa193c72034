import Core

/// The filters of `POST /contacts/search`: groups of AND and OR over tests of single fields.
indirect enum SearchFilter: Sendable {
  enum Operator: String, Sendable {
    case equal = "eq", notEqual = "not_eq", contains, notContains = "not_contains", exists, notExists = "not_exists", range
  }

  enum Operand: Sendable {
    case none
    /// Lower-case texts, one of which must fit.
    case texts([String])
    /// Milliseconds since 1970, or texts in the order of bytes.
    case bounds([(name: String, text: String)])
  }

  case all([SearchFilter])
  case any([SearchFilter])
  case test(field: String, Operator, Operand)

  var isEmpty: Bool { if case .all(let filters) = self { filters.isEmpty } else { false } }

  static let fields: Set<String> = [
    "id", "contactName", "firstNameLowerCase", "lastNameLowerCase", "email", "phone", "address", "city", "state", "country",
    "postalCode",
    "companyName", "businessName", "assignedTo", "source", "dnd", "isValidWhatsapp", "followers", "dateAdded", "dateUpdated",
    "lastEmailClickedDate", "lastEmailOpenedDate", "tags", "dndSettings.Email.status", "dndSettings.SMS.status",
    "dndSettings.Call.status", "inboundDndSettings.all.status",
  ]

  init(group: String, _ elements: [JSONValue]) throws(Refusal) {
    var filters: [SearchFilter] = []
    for element in elements { filters.append(try SearchFilter(element)) }
    switch group.uppercased() {
    case "AND": self = .all(filters)
    case "OR": self = .any(filters)
    default: throw .badRequest("Invalid group \(group)")
    }
  }

  init(_ element: JSONValue) throws(Refusal) {
    if let group = element["group"]?.stringValue {
      try self.init(group: group, element["filters"]?.arrayValue ?? [])
      return
    }
    let field = element["field"]?.stringValue ?? ""
    guard Self.fields.contains(field) || field.hasPrefix("customFields.") else { throw .badRequest("Invalid field \(field)") }
    let name = element["operator"]?.stringValue ?? ""
    guard let comparison = Operator(rawValue: name) else { throw .badRequest("Invalid operator \(name)") }
    if field == "email", comparison == .contains || comparison == .notContains {
      throw .badRequest("Invalid operator \(name) for field email")
    }
    self = .test(field: field, comparison, try Self.operand(comparison, field, element["value"]))
  }

  private static func operand(_ comparison: Operator, _ field: String, _ value: JSONValue?) throws(Refusal) -> Operand {
    switch comparison {
    case .exists, .notExists: return .none
    case .range:
      let members = value?.objectValue ?? []
      guard !members.isEmpty, members.allSatisfy({ ["gte", "lte", "gt", "lt"].contains($0.name) }) else {
        throw .badRequest("Invalid range for field \(field): gte, lte, gt, lt are known")
      }
      return .bounds(members.map { ($0.name, text($0.value)) })
    default:
      let values = value?.arrayValue ?? value.map { [$0] } ?? []
      guard !values.isEmpty else { throw .badRequest("Missing value for field \(field)") }
      let texts = values.map { text($0).lowercased() }
      guard texts.allSatisfy({ $0.count <= ContactSearch.mostText }) else {
        throw .badRequest("The value for field \(field) must be shorter than 75 characters")
      }
      return .texts(texts)
    }
  }

  private static func text(_ value: JSONValue) -> String {
    switch value {
    case .string(let text): text
    case .number(let digits): digits
    case .bool(let value): value ? "true" : "false"
    default: ""
    }
  }

  /// The contacts among which all accepted ones are, if the filter asks for e-mail addresses or phones.
  func holders(in data: SyntheticData) -> Set<Int>? {
    switch self {
    case .all(let filters): return filters.lazy.compactMap { $0.holders(in: data) }.first
    case .test("email", .equal, .texts(let texts)): return Set(texts.flatMap { data.holders(ofEmail: $0).map(\.index) })
    case .test("phone", .equal, .texts(let texts)): return Set(texts.flatMap(data.holders(ofPhone:)))
    default: return nil
    }
  }

  func accepts(_ contact: SyntheticContact, _ data: SyntheticData) -> Bool {
    switch self {
    case .all(let filters): return filters.allSatisfy { $0.accepts(contact, data) }
    case .any(let filters): return filters.contains { $0.accepts(contact, data) }
    case .test(let field, let comparison, let operand):
      let values = Self.values(of: field, contact, data).map { $0.lowercased() }
      switch (comparison, operand) {
      case (.exists, _): return values.contains { !$0.isEmpty }
      case (.notExists, _): return !values.contains { !$0.isEmpty }
      case (.equal, .texts(let texts)): return values.contains { texts.contains($0) }
      case (.notEqual, .texts(let texts)): return !values.contains { texts.contains($0) }
      case (.contains, .texts(let texts)): return values.contains { value in texts.contains { value.contains($0) } }
      case (.notContains, .texts(let texts)): return !values.contains { value in texts.contains { value.contains($0) } }
      case (.range, .bounds(let bounds)):
        return values.contains { value in bounds.allSatisfy { Self.holds(value, $0.name, $0.text) } }
      default: return false
      }
    }
  }

  /// Dates are ISO texts; a bound in milliseconds is turned into one, a bound that is a day alone is compared with the day.
  private static func holds(_ value: String, _ name: String, _ bound: String) -> Bool {
    let isMilliseconds = bound.utf8.count >= 12 && bound.utf8.allSatisfy { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
    let bound = isMilliseconds ? Int(bound).map { Instant.iso($0).lowercased() } ?? bound : bound.lowercased()
    let value = bound.utf8.count == 10 ? String(value.prefix(10)) : value
    return switch name {
    case "gte": value >= bound
    case "lte": value <= bound
    case "gt": value > bound
    default: value < bound
    }
  }

  private static func values(of field: String, _ contact: SyntheticContact, _ data: SyntheticData) -> [String] {
    func channel(_ name: String) -> [String] { contact.channels.filter { $0.name == name }.map(\.status) }
    func one(_ value: String?) -> [String] { value.map { [$0] } ?? [] }
    switch field {
    case "id": return [contact.id]
    case "contactName": return one(contact.name)
    case "firstNameLowerCase": return one(contact.firstName)
    case "lastNameLowerCase": return one(contact.lastName)
    case "email": return one(contact.email)
    case "phone": return one(contact.phone)
    case "address": return one(contact.address1)
    case "city": return one(contact.city)
    case "state": return one(contact.state)
    case "country": return one(contact.country)
    case "postalCode": return one(contact.postalCode)
    case "companyName": return one(contact.companyName)
    case "businessName": return one(data.business(ofContact: contact.index).map { data.business(at: $0).name })
    case "assignedTo": return one(contact.assignedTo)
    case "source": return one(contact.source)
    case "dnd": return [contact.doNotDisturb ? "true" : "false"]
    case "followers": return contact.followers
    case "dateAdded": return [contact.dateAddedText]
    case "dateUpdated": return [contact.dateUpdatedText]
    case "tags": return contact.tags
    case "dndSettings.Email.status": return channel("Email")
    case "dndSettings.SMS.status": return channel("SMS")
    case "dndSettings.Call.status": return channel("Call")
    default:
      guard field.hasPrefix("customFields.") else { return [] }
      let id = field.dropFirst("customFields.".count)
      return contact.customFields.filter { $0.id == id }.flatMap { item in
        switch item.value {
        case .text(let text): [text]
        case .number(let digits): [digits]
        case .list(let texts): texts
        case .file(let file): [file.name]
        case .json(let value): [value.text]
        }
      }
    }
  }
}
