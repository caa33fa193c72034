import Core

/// What the body of a write route may hold, in a table of the sandbox's own: it must not share one with the client that it
/// tests.
///
/// GHL checks bodies strictly. Everything that is wrong comes back at once, as a 422 with a list (`facts.md` 1.4):
///
///     {"message": ["property ssn should not exist", "dnd must be a boolean value"], "error": "Unprocessable Entity", ...}
struct StrictBody: Sendable {
  indirect enum Kind: Sendable {
    case text
    case flag
    /// One of some words.
    case word([String])
    case texts(most: Int? = nil)
    case object([Member])
    /// Items with `id` or `key`, and the value under one of these names.
    case customFields([String])
    /// A day in one of the eight forms that are known (`facts.md` 1.4).
    case day
    /// An ISO 3166 alpha-2 code.
    case country
    /// A point in time. An update refuses the milliseconds that the API itself returns (`facts.md` 1.5).
    case time(takesMilliseconds: Bool)
  }

  struct Member: Sendable {
    var name: String
    var kind: Kind
    var isRequired = false
    var isNullable = false
    /// Whether a required text or list may be empty.
    var takesEmpty = false

    init(_ name: String, _ kind: Kind, isRequired: Bool = false, isNullable: Bool = false, takesEmpty: Bool = false) {
      self.name = name
      self.kind = kind
      self.isRequired = isRequired
      self.isNullable = isNullable
      self.takesEmpty = takesEmpty
    }
  }

  var members: [Member]

  /// The body of a call, if its route takes one and everything is right.
  static func read(_ call: Call, location: String) throws(Refusal) -> JSONValue {
    guard let shape = StrictBody(call.route, call.generation) else { return .object([]) }
    let body = try call.object()
    // The token is checked against the location before anything else.
    if shape.members.contains(where: { $0.name == "locationId" }), let sent = body["locationId"]?.stringValue, !sent.isEmpty,
      sent != location
    {
      throw .otherLocation
    }
    let faults = shape.faults(in: body)
    guard faults.isEmpty else { throw .unprocessable(faults) }
    return body
  }

  func faults(in body: JSONValue) -> [String] { Self.faults(in: body, members, "") }

  private static func faults(in object: JSONValue, _ members: [Member], _ path: String) -> [String] {
    var faults: [String] = []
    for member in object.objectValue ?? [] where !members.contains(where: { $0.name == member.name }) {
      faults.append("\(path)property \(member.name) should not exist")
    }
    for member in members {
      let name = path + member.name
      switch object[member.name] {
      case nil:
        if member.isRequired { faults += ["\(name) should not be empty", mismatch(name, member.kind)] }
      case .null? where member.isNullable: break
      case .string("")? where member.isRequired && !member.takesEmpty, .array([])? where member.isRequired && !member.takesEmpty:
        faults.append("\(name) should not be empty")
      case let value?: faults += self.faults(of: value, name, member.kind)
      }
    }
    return faults
  }

  private static func faults(of value: JSONValue, _ name: String, _ kind: Kind) -> [String] {
    switch kind {
    case .text where value.stringValue != nil, .flag where value.boolValue != nil: return []
    case .word(let words) where value.stringValue.map(words.contains) == true: return []
    case .day where value.stringValue.flatMap(DayForms.day) != nil: return []
    case .country where value.stringValue.map(CountryCodes.all.contains) == true: return []
    case .time(let takesMilliseconds):
      let time = value.stringValue.flatMap { Instant.milliseconds(iso: $0, takesMilliseconds: takesMilliseconds) }
      return time == nil ? [mismatch(name, kind)] : []
    case .texts(let most):
      guard let elements = value.arrayValue else { return [mismatch(name, kind)] }
      if !elements.allSatisfy({ $0.stringValue != nil }) { return ["each value in \(name) must be a string"] }
      if let most, elements.count > most { return ["\(name) must contain no more than \(most) elements"] }
      return []
    case .object(let members):
      return value.objectValue == nil ? [mismatch(name, kind)] : faults(in: value, members, name + ".")
    case .customFields(let values):
      guard let items = value.arrayValue else { return [mismatch(name, kind)] }
      return items.enumerated().flatMap { number, item in customField(item, "\(name).\(number).", values) }
    default: return [mismatch(name, kind)]
    }
  }

  private static func customField(_ item: JSONValue, _ path: String, _ values: [String]) -> [String] {
    guard let members = item.objectValue else { return ["\(path.dropLast()) must be an object"] }
    var faults = members.filter { !(["id", "key"] + values).contains($0.name) }.map {
      "\(path)property \($0.name) should not exist"
    }
    for name in ["id", "key"] where item[name].map({ $0.stringValue == nil }) == true {
      faults.append("\(path)\(name) must be a string")
    }
    if item["id"] == nil, item["key"] == nil { faults.append("\(path)id should not be empty") }
    if values.contains(where: { item[$0]?.boolValue != nil }) {
      faults.append("\(path)\(values[0]) must be a string, a number, an array or an object")
    }
    return faults
  }

  private static func mismatch(_ name: String, _ kind: Kind) -> String {
    switch kind {
    case .text: "\(name) must be a string"
    case .flag: "\(name) must be a boolean value"
    case .word(let words): "\(name) must be one of the following values: \(words.joined(separator: ", "))"
    case .texts, .customFields: "\(name) must be an array"
    case .object: "\(name) must be an object"
    case .day: "\(name) must be a valid date"
    case .country: "\(name) must be a valid ISO31661 Alpha2 code"
    case .time: "\(name) must be a valid ISO 8601 date string"
    }
  }
}
