import Core
import Mapping
import Settings

/// Requests: their method and path, their headers, and the places of values in responses.
extension HTTPDestinationReader {
  /// A request by itself, or under `request` of a map.
  ///
  /// - Parameter group: the keys that the map may have.
  mutating func readRequest(_ node: YAMLNode, _ what: String, _ role: RequestRole, _ group: KeywordGroup) -> RequestDocument? {
    guard node.isMapping else {
      return template(node, what, role).map { template in
        var request = RequestDocument(template, place: node.place)
        request.placeholders = placed(template.target, in: node)
        return request
      }
    }
    checkKeys(node, what, group)
    let headers = node["headers"].map { readHeaders($0, "\(what).headers", of: role) } ?? []
    guard let text = node["request"], let template = template(text, "\(what).request", role) else { return nil }
    var request = RequestDocument(template, headers: headers, place: text.place)
    request.placeholders = placed(template.target, in: text)
    for header in headers {
      if let value = node["headers"]?[header.name] { request.placeholders += placed(header.value, in: value) }
    }
    return request
  }

  private func placed(_ text: RequestText, in node: YAMLNode) -> [PlacedPlaceholder] {
    text.placeholders.map { PlacedPlaceholder(placeholder: $0, place: place(of: $0, in: node)) }
  }

  private mutating func template(_ node: YAMLNode, _ what: String, _ role: RequestRole) -> RequestTemplate? {
    guard let text = text(node, what) else { return nil }
    let template: RequestTemplate
    do throws(RequestTemplate.Fault) {
      template = try RequestTemplate(text)
    } catch {
      report(error, in: text, node, what, role)
      return nil
    }
    guard role.methods.contains(template.method) else {
      report(
        .badArgument, at: node.place(at: 0, count: template.method.count), "\(what) cannot be a \(template.method)",
        hint: "write \(role.methods.joined(separator: " or "))")
      return nil
    }
    checkQuery(text, node, what)
    return check(template.target, node, what, role) ? template : nil
  }

  private mutating func report(
    _ fault: RequestTemplate.Fault, in text: String, _ node: YAMLNode, _ what: String, _ role: RequestRole
  ) {
    switch fault {
    case .text(let fault): report(fault, node, what, role)
    case .form:
      report(.badArgument, at: node.place, "\(what) is not a method and a path", hint: "write it as \(role.methods[0]) /contacts")
    case .method(let word):
      let hint = role.methods.first { $0.isExactlyInAnyCase(word) } ?? NearestName.find(word, in: role.methods)
      report(
        .badArgument, at: node.place(at: 0, count: word.count), "\(what): '\(VisibleText.escaped(word))' is not a method",
        hint: hint.map { "did you mean \($0)?" } ?? "write it as \(role.methods[0]) /contacts")
    case .character(let character):
      let offset = text.firstIndex(of: character).map { text.distance(from: text.startIndex, to: $0) } ?? 0
      let hint =
        character == "{" || character == "}"
        ? "write %7B or %7D" : character == "#" ? "remove the fragment" : "write \(Self.encoded(character))"
      report(
        .badArgument, at: place(in: node, at: offset, count: 1),
        "\(what): an address cannot contain the character '\(VisibleText.escaped(String(character)))'", hint: hint)
    case .percent:
      report(
        .badArgument, at: node.place, "\(what) has a '%' without two hexadecimal digits after it", hint: "write %25 for a '%'")
    case .dots:
      report(
        .badArgument, at: node.place, "\(what) has '.' or '..' as a part of its path, which leads out of base_url",
        hint: "write the path below base_url")
    }
  }

  private static func encoded(_ character: Character) -> String {
    String(character).utf8.map { "%" + Hexadecimal.text(of: [$0]).uppercased() }.joined()
  }

  private mutating func report(_ fault: RequestText.Fault, _ node: YAMLNode, _ what: String, _ role: RequestRole?) {
    switch fault.reason {
    case .unknown(let word):
      let forms = Self.forms(of: role)
      let hint =
        NearestName.find("{\(word)}", in: forms).map { NearestName.question("{\(word)}", $0) }
        ?? "the placeholders are \(forms.joined(separator: " "))"
      report(
        .unknownWord, at: place(in: node, at: fault.offset, count: word.count + 2),
        "\(what) cannot have the placeholder {\(VisibleText.escaped(word))}", hint: hint)
    case .brace:
      report(
        .badArgument, at: place(in: node, at: fault.offset, count: 1), "\(what) has an unmatched brace",
        hint: "double it to write it literally")
    }
  }

  /// The forms of placeholders that may stand in requests of this role.
  private static func forms(of role: RequestRole?) -> [String] {
    RequestPlaceholder.forms.filter { form in
      guard let placeholder = RequestPlaceholder(String(form.dropFirst().dropLast())) else { return true }
      return RequestRole.refusal(of: placeholder, in: role) == nil
    }
  }

  /// Whether each placeholder can be filled in; reports those that cannot.
  private mutating func check(_ text: RequestText, _ node: YAMLNode, _ what: String, _ role: RequestRole?) -> Bool {
    var isFine = true
    for placeholder in text.placeholders {
      guard let refusal = RequestRole.refusal(of: placeholder, in: role) else { continue }
      isFine = false
      report(.badArgument, at: place(of: placeholder, in: node), "\(what) cannot have \(placeholder.text)", hint: refusal)
    }
    return isFine
  }

  private func place(of placeholder: RequestPlaceholder, in node: YAMLNode) -> SourcePlace {
    guard let text = node.scalar?.text, let found = Self.range(of: placeholder, in: text) else { return node.place }
    return place(in: node, at: text.distance(from: text.startIndex, to: found.lowerBound), count: text[found].count)
  }

  /// Where a placeholder stands in a text, however it is written.
  static func range(of placeholder: RequestPlaceholder, in text: String) -> Range<String.Index>? {
    var rest = text[...]
    while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
      if RequestPlaceholder(String(text[text.index(after: open)..<close])) == placeholder {
        return open..<text.index(after: close)
      }
      rest = rest[text.index(after: open)...]
    }
    return nil
  }

  /// With variables filled in, the characters are not where they were written.
  private func place(in node: YAMLNode, at offset: Int, count: Int) -> SourcePlace {
    node.scalar?.text.contains("${") == true ? node.place : node.place(at: offset, count: count)
  }

  /// A key written into the query.
  private mutating func checkQuery(_ text: String, _ node: YAMLNode, _ what: String) {
    guard let query = text.firstIndex(of: "?"), let written = node.scalar?.text, !written.contains("${") else { return }
    for part in text[text.index(after: query)...].split(separator: "&") {
      let words = part.split(separator: "=", maxSplits: 1)
      guard words.count == 2, !words[1].hasPrefix("{"), words[1].utf8.count >= Redactor.shortest,
        SecretShapes.isNameOfSecret(String(words[0])) && SecretShapes.looksRandom(String(words[1]))
          || SecretShapes.hidden(in: String(part)) != part
      else { continue }
      Redactor.process.learn(String(words[1]))
      reportLiteral(node, "a parameter of \(what)", "it under \(self.what).auth: {query: {name: api_key, value: {env: API_KEY}}}")
      return
    }
  }

  // MARK: Headers

  /// - Parameter role: of the request that has them; nil: every request has them.
  mutating func readHeaders(_ node: YAMLNode, _ what: String, of role: RequestRole?) -> [HeaderTemplate] {
    guard let entries = node.entries(what, &diagnostics) else { return [] }
    var found: [HeaderTemplate] = []
    for entry in entries {
      let own = "\(what).\(VisibleText.escaped(entry.key))"
      guard !isLiteralSecret(entry.value, named: entry.key, own), let text = text(entry.value, own) else { continue }
      if found.contains(where: { $0.name.isExactlyInAnyCase(entry.key) }) {
        report(.duplicateKey, at: entry.keyPlace, "\(what) has the header '\(entry.key)' twice: case does not matter")
        continue
      }
      do throws(HeaderTemplate.Fault) {
        let header = try HeaderTemplate(entry.key, text)
        if check(header.value, entry.value, own, role) { found.append(header) }
      } catch {
        if case .text(let fault) = error {
          report(fault, entry.value, own, role)
        } else {
          let isName = error == .name || error == .reserved
          report(
            .badArgument, at: isName ? entry.keyPlace : entry.value.place,
            HeaderFault.text(error, entry.key, isName ? what : own),
            hint: HeaderFault.hint(error))
        }
      }
    }
    return found
  }

  // MARK: Places

  /// A path in a body.
  mutating func path(_ node: YAMLNode, _ what: String) -> ResponsePath? {
    guard let text = text(node, what) else { return nil }
    if let path = ResponsePath(text), !text.hasPrefix("$"), !text.hasPrefix("/") { return path }
    let pointer = text.split(separator: "/").joined(separator: ".")
    let hint =
      text.hasPrefix("/") && ResponsePath(pointer) != nil
      ? "write \(pointer)"
      : text.hasPrefix("$.") ? "write \(text.dropFirst(2))" : "write names with dots between them: data.items[0].id"
    report(.badPath, at: node.place, "\(what): '\(VisibleText.escaped(text))' is not a path", hint: hint)
    return nil
  }

  /// `id`, `{body: id}`, `{header: location}`, or both.
  mutating func place(_ node: YAMLNode, _ what: String) -> ResponsePlace? {
    guard node.isMapping else { return path(node, what).map { .body($0) } }
    checkKeys(node, what, HTTPKeywords.placeNames)
    if node.entries?.isEmpty == true { reportEmpty(node, what, hint: "write a path, {body: PATH} or {header: NAME}") }
    let body = node["body"].flatMap { path($0, "\(what).body") }
    guard let entry = node["header"], let name = text(entry, "\(what).header") else { return body.map { .body($0) } }
    guard (try? HeaderTemplate(name, "x")) != nil else {
      report(.badArgument, at: entry.place, HeaderFault.text(.name, name, "\(what).header"), hint: HeaderFault.hint(.name))
      return nil
    }
    return body.map { .headerOrBody(name.lowercased(), $0) } ?? .header(name.lowercased())
  }
}
