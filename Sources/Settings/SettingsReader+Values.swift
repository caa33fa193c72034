import Core
package import Mapping

/// `${NAME}` and `${NAME:-default}`, and values that may hold them.
extension SettingsReader {
  /// Text with its variables filled in; never empty.
  package mutating func text(_ node: YAMLNode, _ what: String) -> String? {
    guard let scalar = node.scalar, scalar.text.contains("${") else {
      guard let text = node.text(what, &diagnostics) else { return nil }
      return notEmpty(text, node, what)
    }
    return expand(scalar.text, node).flatMap { notEmpty($0, node, what) }
  }

  private mutating func notEmpty(_ text: String, _ node: YAMLNode, _ what: String) -> String? {
    if !text.isEmpty { return text }
    report(.wrongKind, at: node.place, "\(what) is empty")
    return nil
  }

  /// A node whose scalar has its variables filled in, so that it is read as the resulting value; nil if one is missing.
  package mutating func filled(_ node: YAMLNode) -> YAMLNode? {
    guard let scalar = node.scalar, scalar.text.contains("${") else { return node }
    return expand(scalar.text, node).map { YAMLNode(.scalar(YAMLScalar($0, .plain)), at: node.place) }
  }

  package mutating func integer(_ node: YAMLNode, _ what: String, in range: ClosedRange<Int>) -> Int? {
    filled(node)?.integer(what, in: range, &diagnostics)
  }

  package mutating func boolean(_ node: YAMLNode, _ what: String) -> Bool? { filled(node)?.boolean(what, &diagnostics) }

  /// From 0 to 100.
  package mutating func percent(_ node: YAMLNode, _ what: String) -> Double? { number(node, what, in: 0...100) }

  package mutating func number(_ node: YAMLNode, _ what: String, in range: ClosedRange<Double>) -> Double? {
    guard let filled = filled(node), let value = filled.number(what, &diagnostics) else { return nil }
    guard range.contains(value) else {
      let (least, most) = (JSONValue.number(range.lowerBound).text, JSONValue.number(range.upperBound).text)
      report(.wrongKind, at: node.place, "\(what) must be from \(least) to \(most)")
      return nil
    }
    return value
  }

  /// A span of time: `30s`, `5m`, `1h` or `2d`.
  package mutating func seconds(_ node: YAMLNode, _ what: String, in range: ClosedRange<Int>) -> Int? {
    guard let written = text(node, what) else { return nil }
    let units: [Character: Int] = ["s": 1, "m": 60, "h": 3_600, "d": 86_400]
    if let unit = written.last.flatMap({ units[$0] }), written.utf8.count <= 8, let number = Int(written.dropLast()),
      range.contains(number * unit)
    {
      return number * unit
    }
    report(
      .badArgument, at: node.place, "\(what) must be from \(range.lowerBound) to \(range.upperBound) seconds",
      hint: range.upperBound > 86_400 ? "write it as 30s, 5m, 1h or 2d" : "write it as 30s, 5m or 1h")
    return nil
  }

  package mutating func word(_ node: YAMLNode, _ what: String, oneOf words: [String]) -> String? {
    filled(node)?.word(what, oneOf: words, &diagnostics)
  }

  private mutating func expand(_ text: String, _ node: YAMLNode) -> String? {
    var out = ""
    var isWhole = true
    var index = text.startIndex
    while index < text.endIndex {
      guard text[index...].hasPrefix("${") else {
        out.append(text[index])
        index = text.index(after: index)
        continue
      }
      let offset = text.distance(from: text.startIndex, to: index)
      guard let end = text[index...].firstIndex(of: "}") else {
        report(.wrongKind, at: node.place(at: offset, count: 2), "'${' has no closing '}'", hint: "write ${NAME}")
        return nil
      }
      let inside = text[text.index(index, offsetBy: 2)..<end]
      let place = node.place(at: offset, count: inside.count + 3)
      index = text.index(after: end)
      if let value = variable(inside, at: place) { out += value } else { isWhole = false }
    }
    return isWhole ? out : nil
  }

  private mutating func variable(_ inside: Substring, at place: SourcePlace) -> String? {
    let name = inside.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
    let rest = inside.dropFirst(name.count)
    guard let first = name.first, !first.isNumber, rest.isEmpty || rest.hasPrefix(":-") else {
      report(.wrongKind, at: place, "'${\(inside)}' is not a variable", hint: "write ${NAME} or ${NAME:-default}")
      return nil
    }
    let value = environment[String(name)]
    if let value {
      let taken = EnvironmentValue(file: file, name: String(name), value: value)
      diagnostics.hide(taken)
      environmentValues.append(taken)
    }
    if rest.isEmpty {
      if let value { return value }
      let hint = NearestName.hint(String(name), in: environment.keys.sorted()) ?? "set it, or write ${\(name):-default}"
      report(.environmentMissing, at: place, "the environment has no \(name)", hint: hint)
      return nil
    }
    return value.flatMap { $0.isEmpty ? nil : $0 } ?? String(rest.dropFirst(2))
  }
}
