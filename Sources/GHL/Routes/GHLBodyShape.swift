package import Core

/// The JSON object that a route takes as its body.
///
/// GHL refuses a whole body for one member that it does not know (422, "property X should not exist"), so the names must
/// be exact. From the official OpenAPI documents (`requestBody` of each operation).
package struct GHLBodyShape: Sendable, Hashable {
  package indirect enum Form: Sendable, Hashable {
    case string, boolean, integer
    /// One of these texts.
    case word([String])
    case list(Form, atMost: Int? = nil)
    case object(GHLBodyShape)
    /// What a custom field takes depends on its data type: a text, a number, a list of texts, or an object with files.
    case customFieldValue
    /// The documents do not describe it.
    case any
  }

  package struct Member: Sendable, Hashable {
    package let name: String
    package let form: Form
    package let isRequired: Bool
    package let isNullable: Bool

    init(_ name: String, _ form: Form, required isRequired: Bool = false, nullable isNullable: Bool = false) {
      self.name = name
      self.form = form
      self.isRequired = isRequired
      self.isNullable = isNullable
    }
  }

  /// In the order of the documents.
  package let members: [Member]
  /// Members of which any one is enough, although the documents require a certain one. Empty: there are no such members.
  package let oneOf: [String]

  init(_ members: [Member], oneOf: [String] = []) {
    self.members = members
    self.oneOf = oneOf
  }

  /// Names are compared by their bytes.
  package func member(named name: String) -> Member? { members.first { $0.name.isExactly(name) } }

  /// What GHL would refuse in `body`: one sentence for each place, without any value. Empty if GHL accepts the body.
  ///
  /// - Parameter body: nil: none is sent.
  package func faults(in body: JSONValue?) -> [String] {
    var faults: [String] = []
    if let body {
      check(body, at: "", &faults)
    } else {
      let required = members.filter(\.isRequired).map { "'\($0.name)'" }
      if !required.isEmpty { faults.append("the body is missing: it needs \(required.joined(separator: ", "))") }
    }
    return faults
  }

  private func check(_ value: JSONValue, at place: String, _ faults: inout [String]) {
    guard let given = value.objectValue else {
      return faults.append("\(Self.shown(place)) must be an object, but is \(Self.kind(of: value))")
    }
    func inside(_ name: String) -> String { place.isEmpty ? name : place + "." + name }
    let names = Set(given.map { Name($0.name) })
    for item in given {
      let path = inside(item.name)
      guard let member = member(named: item.name) else {
        let free = members.map(\.name).filter { !names.contains(Name($0)) }
        let hint = NearestName.hint(item.name, in: free).map { ": \($0)" } ?? ""
        faults.append("GHL does not accept \(Self.shown(path))\(hint)")
        continue
      }
      if case .null = item.value {
        if !member.isNullable { faults.append("\(Self.shown(path)) cannot be null") }
      } else {
        member.form.check(item.value, at: path, &faults)
      }
    }
    for member in members where member.isRequired && !names.contains(Name(member.name)) {
      faults.append("\(Self.shown(inside(member.name))) is missing")
    }
    if !oneOf.isEmpty, !oneOf.contains(where: { names.contains(Name($0)) }) {
      faults.append("\(oneOf.map { Self.shown(inside($0)) }.joined(separator: " or ")) is missing")
    }
  }

  /// A place in the body, for messages; the whole body if it is empty.
  fileprivate static func shown(_ place: String) -> String {
    guard !place.isEmpty else { return "the body" }
    let text = VisibleText.escaped(String(place.prefix(200)))
    return "'\(text)\(place.count > 200 ? "…" : "")'"
  }

  fileprivate static func kind(of value: JSONValue) -> String {
    switch value {
    case .null: "null"
    case .bool: "a boolean"
    case .number: "a number"
    case .string: "a string"
    case .array: "an array"
    case .object: "an object"
    }
  }
}

extension GHLBodyShape.Form {
  /// For people: `list of strings`, `active | inactive`.
  package var title: String {
    switch self {
    case .string: "string"
    case .boolean: "boolean"
    case .integer: "integer"
    case .word(let words): words.joined(separator: " | ")
    case .list(let form, let limit): "list of " + form.plural + (limit.map { ", at most \($0)" } ?? "")
    case .object: "object"
    case .customFieldValue: "string, number, list of strings or object"
    case .any: "any"
    }
  }

  private var plural: String {
    switch self {
    case .string: "strings"
    case .object: "objects"
    case .any: "any values"
    default: title
    }
  }

  /// - Parameter value: not null.
  fileprivate func check(_ value: JSONValue, at place: String, _ faults: inout [String]) {
    func wrong(_ expected: String) {
      faults.append("\(GHLBodyShape.shown(place)) must be \(expected), but is \(GHLBodyShape.kind(of: value))")
    }
    switch self {
    case .any: return
    case .string: if value.stringValue == nil { wrong("a string") }
    case .boolean: if value.boolValue == nil { wrong("true or false") }
    case .integer:
      if case .number = value {
        if value.intValue == nil { faults.append("\(GHLBodyShape.shown(place)) must be a whole number") }
      } else {
        wrong("a whole number")
      }
    case .word(let words):
      guard let text = value.stringValue else { return wrong("one of \(words.joined(separator: ", "))") }
      if !words.contains(where: { $0.isExactly(text) }) {
        faults.append("\(GHLBodyShape.shown(place)) must be one of \(words.joined(separator: ", "))")
      }
    case .list(let form, let limit):
      guard let elements = value.arrayValue else { return wrong("an array") }
      if let limit, elements.count > limit {
        faults.append("\(GHLBodyShape.shown(place)) has \(elements.count) elements, but GHL accepts at most \(limit)")
      }
      for (index, element) in elements.enumerated() { form.check(element, at: "\(place)[\(index)]", &faults) }
    case .object(let shape): shape.check(value, at: place, &faults)
    case .customFieldValue:
      switch value {
      case .string, .number, .object: return
      case .array(let elements):
        for (index, element) in elements.enumerated() { Self.string.check(element, at: "\(place)[\(index)]", &faults) }
      case .bool, .null: wrong("a string, a number, an array of strings or an object")
      }
    }
  }
}
