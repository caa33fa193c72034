import Core

/// Where a refusal names the members of the body that it concerns: `errors: {at: errors, field: pointer, message: detail}`.
///
/// What is at `at` may be a list of errors, or an object with a member for each field: `{"email": ["is taken"]}`.
package struct FieldErrorPlaces: Sendable, Hashable {
  /// Nil: the whole body.
  package var at: ResponsePath?
  /// In an error: the field. A JSON pointer (`/address/city`, `#/address/city`), a path (`address.city`, `phones[0].number`,
  /// `contact[email]`), or a list of names. Nil: `pointer`, `field`, and so on.
  package var field: ResponsePath?
  /// In an error: what is wrong. Nil: `detail`, `message`, and so on.
  package var message: ResponsePath?
  /// Only responses with one of these statuses name fields; empty: all.
  package var status: Set<Int> = []

  /// At most this many are read.
  private static let most = 100
  private static let deepest = 8

  package init() {}

  init(at: String, field: String, message: String) {
    (self.at, self.field, self.message) = (ResponsePath(at), ResponsePath(field), ResponsePath(message))
  }

  func read(_ status: Int, _ body: JSONValue) -> [ReadResponse.FieldError] {
    guard self.status.isEmpty || self.status.contains(status) else { return [] }
    var found: [ReadResponse.FieldError] = []
    switch at.map({ $0.value(in: body) }) ?? body {
    case .array(let elements)?:
      for element in elements.prefix(Self.most) { if let error = error(element) { found.append(error) } }
    case .object(let members)?:
      // A single error, where the pipeline says how errors name fields.
      if let field, field.value(in: .object(members)) != nil, let only = error(.object(members)) { return [only] }
      collect(members, under: [], into: &found)
    default: break
    }
    return found
  }

  /// Nil: it says nothing.
  private func error(_ value: JSONValue) -> ReadResponse.FieldError? {
    let field =
      self.field.map { $0.value(in: value) }
      ?? ["pointer", "field", "path", "loc", "property", "name"].lazy.compactMap { value[$0] }.first
      ?? value["source"]?["pointer"]
    let path = FieldErrorPath.read(field)
    let words = message.flatMap { ResponseDetail.words(of: $0.value(in: value)) } ?? ResponseDetail.words(of: value) ?? ""
    return path == nil && words.isEmpty ? nil : .init(path: path ?? [], message: ResponseDetail.shown(words))
  }

  /// The errors of an object with a member for each field.
  private func collect(_ members: [JSONValue.Member], under path: [String], into found: inout [ReadResponse.FieldError]) {
    for member in members where found.count < Self.most {
      let inner = path + (FieldErrorPath.read(.string(member.name)) ?? [])
      switch member.value {
      case .object(let members) where path.count < Self.deepest && message?.value(in: member.value) == nil:
        collect(members, under: inner, into: &found)
      case .null: break
      default:
        let words = message?.value(in: member.value) ?? member.value
        found.append(.init(path: inner, message: ResponseDetail.shown(ResponseDetail.words(of: words) ?? "")))
      }
    }
  }
}

/// The path of a member, in the forms in use.
enum FieldErrorPath {
  /// Nil: it names nothing. Empty: the whole body.
  static func read(_ value: JSONValue?) -> [String]? {
    switch value {
    case .string(let text)?: return read(text)
    case .number(let digits)?: return [digits]
    case .array(let elements)?:
      let names = elements.compactMap { element in
        if case .number(let digits) = element { digits } else { element.stringValue }
      }
      return names.count == elements.count ? names : nil
    default: return nil
    }
  }

  private static func read(_ text: String) -> [String] {
    if text.hasPrefix(exactly: "#/") || text.isExactly("#") { return pointer(decoded(String(text.dropFirst()))) }
    if text.hasPrefix(exactly: "/") { return pointer(text) }
    // JSONPath, as .NET writes it.
    let isJSONPath = text.hasPrefix(exactly: "$.") || text.hasPrefix(exactly: "$[")
    return names(isJSONPath ? text.dropFirst().drop { $0 == "." } : text[...])
  }

  /// RFC 6901.
  private static func pointer(_ text: String) -> [String] {
    text.split(exactly: "/").dropFirst().map { $0.replacing("~1", with: "/").replacing("~0", with: "~") }
  }

  /// The fragment of an address, decoded; as it is if it is not one.
  private static func decoded(_ text: String) -> String {
    var bytes: [UInt8] = []
    var rest = text.utf8[...]
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "%"), rest.count >= 2, let value = UInt8(String(Substring(rest.prefix(2))), radix: 16) {
        bytes.append(value)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte)
      }
    }
    return String(validating: bytes, as: UTF8.self) ?? text
  }

  /// `address.city`, `phones[0].number`, `contact[email]`, `['first name']`.
  private static func names(_ text: Substring) -> [String] {
    var names: [String] = []
    var name = ""
    func finish() {
      if !name.isEmpty { names.append(name) }
      name = ""
    }
    var rest = text
    while let character = rest.popFirst() {
      switch character {
      case ".": finish()
      case "[":
        guard let end = rest.firstIndex(of: "]") else {
          name.append(character)
          continue
        }
        finish()
        name = String(rest[..<end].trimmingQuotes)
        finish()
        rest = rest[rest.index(after: end)...]
      default: name.append(character)
      }
    }
    finish()
    return names
  }
}

extension Substring {
  fileprivate var trimmingQuotes: Substring {
    guard count >= 2, let first, first == last, first == "'" || first == "\"" else { return self }
    return dropFirst().dropLast()
  }
}
