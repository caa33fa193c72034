import Core
import HTTP
import Mapping
import Settings

/// `auth`, and headers and bodies in which somebody might have written a secret.
extension HTTPDestinationReader {
  mutating func readAuthorization(_ node: YAMLNode) -> HTTPAuthorization? {
    let what = "\(what).auth"
    guard node.scalar == nil else {
      reportLiteral(node, what, "{bearer: {env: API_TOKEN}}")
      return nil
    }
    guard let entries = node.entries(what, &diagnostics) else { return nil }
    let names = HTTPKeywords.auth.names
    for entry in entries where !names.contains(entry.key) { learnLiterals(entry.value) }
    learnKeys(entries, besides: names)
    checkKeys(node, what, HTTPKeywords.auth)
    let known = entries.filter { names.contains($0.key) }
    guard let entry = known.first else {
      if entries.isEmpty { reportEmpty(node, what, hint: "write one of \(names.joined(separator: ", "))") }
      return nil
    }
    for other in known.dropFirst() {
      report(
        .wrongKind, at: other.keyPlace, "\(what) takes one kind of auth; it already has '\(entry.key)'", hint: "remove one")
    }
    let own = "\(what).\(entry.key)"
    switch entry.key {
    case "bearer": return readSecret(entry.value, own, variable: "API_TOKEN", except: []).map { .bearer($0) }
    case "basic":
      guard let (name, secret) = pair(entry.value, own, HTTPKeywords.basic, "user", "password") else { return nil }
      guard let user = text(name, "\(own).user") else { return nil }
      guard !user.contains(":"), user.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
        report(.badArgument, at: name.place, "\(own).user cannot contain a ':' or a control character (RFC 7617)")
        return nil
      }
      return readSecret(secret, "\(own).password", variable: "API_PASSWORD", except: []).map { .basic(user: user, password: $0) }
    case "header":
      guard let (name, secret) = pair(entry.value, own, HTTPKeywords.named, "name", "value") else { return nil }
      let header = headerName(name, "\(own).name")
      let value = readSecret(secret, "\(own).value", variable: "API_KEY", except: [])
      guard let header, let value else { return nil }
      return .header(name: header, value)
    default:
      guard let (name, secret) = pair(entry.value, own, HTTPKeywords.named, "name", "value") else { return nil }
      let parameter = text(name, "\(own).name")
      let value = readSecret(secret, "\(own).value", variable: "API_KEY", except: [])
      guard let parameter, let value else { return nil }
      guard parameter.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }), !parameter.contains(where: { "&=?#/%{}".contains($0) }) else {
        report(
          .badArgument, at: name.place, "\(own).name is not a valid parameter name",
          hint: "write it as in the address: api_key")
        return nil
      }
      return .query(name: parameter, value)
    }
  }

  /// The values of two required keys.
  private mutating func pair(
    _ node: YAMLNode, _ what: String, _ group: KeywordGroup, _ first: String, _ second: String
  ) -> (YAMLNode, YAMLNode)? {
    if node.scalar != nil {
      reportLiteral(node, what, "{\(first): …, \(second): {env: NAME}}")
      return nil
    }
    guard let entries = node.entries(what, &diagnostics) else { return nil }
    for entry in entries where !group.names.contains(entry.key) { learnLiterals(entry.value) }
    checkKeys(node, what, group)
    guard let one = node[first], let two = node[second] else { return nil }
    return (one, two)
  }

  /// The name of a header that requests may set.
  mutating func headerName(_ node: YAMLNode, _ what: String) -> String? {
    guard let name = text(node, what) else { return nil }
    do throws(HeaderTemplate.Fault) {
      return try HeaderTemplate(name, "x").name
    } catch {
      report(.badArgument, at: node.place, HeaderFault.text(error, name, what), hint: HeaderFault.hint(error))
      return nil
    }
  }

  /// Whether the value under `name` is a secret that was written into the file, which is then reported. Values of variables are not
  /// in the file.
  mutating func isLiteralSecret(_ node: YAMLNode, named name: String, _ what: String) -> Bool {
    guard let written = node.scalar?.text, !written.contains("${") else { return false }
    let isNamed = Self.secretHeaders.contains(name.lowercased()) || SecretShapes.isNameOfSecret(name)
    // A placeholder is filled in later.
    let isPlaceholder = written.hasPrefix("{") && written.hasSuffix("}")
    guard SecretShapes.hidden(in: written) != written || isNamed && !isPlaceholder && !Self.isPlainWord(written) else {
      return false
    }
    reportLiteral(node, what, "it under \(self.what).auth: {header: {name: \(Self.shown(name)), value: {env: API_KEY}}}")
    return true
  }

  private static let secretHeaders: Set<String> = [
    "authorization", "proxy-authorization", "cookie", "x-api-key", "api-key", "apikey",
  ]

  /// A name may resemble that of a secret although its value is a setting: `X-Token-Type: bearer`.
  private static func isPlainWord(_ text: String) -> Bool {
    text.utf8.count < Redactor.shortest && text.allSatisfy { $0.isASCII && ($0.isLetter || $0 == "-" || $0 == "_") }
  }

  private static func shown(_ name: String) -> String { SecretShapes.hidden(in: name) == name ? name : "X-API-Key" }
}

/// What is wrong with a header, in words.
enum HeaderFault {
  static func text(_ fault: HeaderTemplate.Fault, _ name: String, _ what: String) -> String {
    switch fault {
    case .text: "\(what) has an invalid placeholder"
    case .name: "\(what): '\(VisibleText.escaped(name))' is not a valid header name"
    case .control: "\(what) has a line break or another control character"
    case .blank: "\(what) is empty, or begins or ends with a space, which receivers strip"
    case .reserved: "\(what): the header '\(name)' is set by the HTTP client itself"
    }
  }

  static func hint(_ fault: HeaderTemplate.Fault) -> String? {
    switch fault {
    case .name: "a name consists of letters, digits and !#$%&'*+-.^_`|~"
    case .control: "write it on one line"
    case .reserved: "remove it"
    case .text, .blank: nil
    }
  }
}
