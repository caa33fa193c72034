import Core

/// Writes the requests of a resource as a pipeline has them: `PUT /contacts/{remote_id}`.
struct APIRequests {
  /// What stands for a parameter of the path that names a record of another mapping.
  struct Parent {
    var form: [String]
    var mapping: String
    /// The field of this mapping that has the parent's key.
    var field: String
  }

  let parents: [Parent]
  /// Of variables: `YOUR_APP`.
  let prefix: String
  /// Variables of the environment that stand for what the document requires and does not say.
  private(set) var variables: [(name: String, meaning: String)] = []

  init(parents: [Parent], prefix: String) {
    self.parents = parents
    self.prefix = prefix
  }

  /// - Parameters:
  ///   - item: what stands for the last parameter of the path; nil: the path names no record of the mapping itself.
  ///   - queries: parameters of the query, with what stands for their values.
  mutating func text(_ operation: APIOperation, item: String?, queries: [(name: String, value: String)] = []) -> String {
    var target = ""
    let segments = operation.path.segments
    let last = item == nil ? nil : segments.lastIndex { $0.parameter != nil }
    let written = operation.path.text.split(separator: "/", omittingEmptySubsequences: true)
    for (index, segment) in segments.enumerated() {
      target += "/"
      switch segment {
      case .literal(let text): target += Self.encoded(index < written.count ? String(written[index]) : text)
      case .parameter(let name):
        if index == last, let item {
          target += item
        } else if let parent = parents.first(where: { $0.form == operation.path.prefix(index).form }) {
          target += "{remote_id(\(parent.mapping), \(parent.field))}"
        } else {
          target += variable(name, "the \(name) in \(operation.path.text)")
        }
        // `{id}.json`
        if index == segments.count - 1, let text = written.last, let end = text.lastIndex(of: "}") {
          target += Self.encoded(String(text[text.index(after: end)...]))
        }
      }
    }
    if operation.path.text.hasSuffix("/") { target += "/" }
    var query = queries
    for parameter in operation.queries where parameter.isRequired && !queries.contains(where: { $0.name == parameter.name }) {
      query.append((parameter.name, value(of: parameter)))
    }
    let pairs = query.map { "\(Self.encoded($0.name))=\($0.value)" }
    return "\(operation.method) \(target)" + (pairs.isEmpty ? "" : "?" + pairs.joined(separator: "&"))
  }

  /// What the document gives, or a variable.
  mutating func value(of parameter: APIParameter) -> String {
    if let given = parameter.given {
      if parameter.place == .query { return Self.encoded(given) }
      // Braces are placeholders unless they are doubled.
      if RequestParts.isHeaderValue(given) { return given.replacing("{", with: "{{").replacing("}", with: "}}") }
    }
    let what = parameter.place == .query ? "the parameter" : "the header"
    return variable(parameter.name, "\(what) \(VisibleText.escaped(parameter.name))")
  }

  /// `${YOUR_APP_WORKSPACE_ID:-put-the-workspaceId-here}`.
  private mutating func variable(_ name: String, _ meaning: String) -> String {
    let words = NameMatch.words(name).map { $0.filter { $0.isASCII && ($0.isLetter || $0.isNumber) } }.filter { !$0.isEmpty }
    let variable = ([prefix] + words.map { $0.uppercased() }).joined(separator: "_")
    if !variables.contains(where: { $0.name == variable }) { variables.append((variable, meaning)) }
    return "${\(variable):-put-the-\(words.joined(separator: "-"))-here}"
  }

  /// Percent-encodes everything that a URL cannot contain. Existing escapes are kept.
  static func encoded(_ text: String) -> String {
    let digits = Array("0123456789ABCDEF")
    let bytes = Array(text.utf8)
    var result = ""
    for (index, byte) in bytes.enumerated() {
      let character = Character(UnicodeScalar(byte))
      let code = bytes.dropFirst(index + 1).prefix(2)
      let isEscape = code.count == 2 && code.allSatisfy { Character(UnicodeScalar($0)).isHexDigit && $0 < 0x80 }
      if byte < 0x80, character != "%" || isEscape,
        character.isLetter || character.isNumber || "-._~:@!$'()*,;%".contains(character)
      {
        result.append(character)
      } else {
        result += "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
      }
    }
    return result
  }
}
