/// The functions whose result can be told without the product's kernels: what the oracle knows.
enum PlainFunctions {
  enum Result {
    case value(PlainJSON)
    case fails(String)
    case unknown
  }

  static func apply(_ step: MappingPlan.Step, to value: PlainJSON) -> Result {
    let listFunctions = ["join", "first", "last", "unique", "sort", "count", "at", "compact"]
    guard case .list(let elements) = value else {
      return listFunctions.contains(step.function) ? .fails("wrong-type") : one(step, value)
    }
    if elements.contains(where: { if case .list = $0 { true } else { false } }) { return .unknown }
    if listFunctions.contains(step.function) { return list(step, elements) }
    var made: [PlainJSON] = []
    for element in elements {
      guard element != .null else {
        made.append(.null)
        continue
      }
      switch one(step, element) {
      case .value(let value): made.append(value)
      case let other: return other
      }
    }
    return .value(.list(made))
  }

  private static func one(_ step: MappingPlan.Step, _ value: PlainJSON) -> Result {
    switch (step.function, value) {
    case ("trim", .text(let text)): return .value(.text(trimmed(text)))
    case ("lower", .text(let text)): return isASCII(text) ? .value(.text(text.lowercased())) : .unknown
    case ("upper", .text(let text)): return isASCII(text) ? .value(.text(text.uppercased())) : .unknown
    case ("split", .text(let text)):
      let separator = step.argument?.filter { $0 != "\"" } ?? ""
      return isASCII(text) ? .value(.list(pieces(of: text, separator).map { .text($0) })) : .unknown
    case ("trim", _), ("lower", _), ("upper", _), ("title", _), ("collapse", _), ("digits", _), ("split", _), ("email", _),
      ("phone", _), ("country", _), ("truncate", _), ("strip_html", _), ("replace", _), ("slice", _), ("normalize", _),
      ("url", _), ("language", _), ("postal_code", _), ("name", _):
      return value.string == nil ? .fails("wrong-type") : .unknown
    case ("int", .bool(let value)): return .value(.number(value ? "1" : "0"))
    case ("int", .number(let digits)) where MappingOracle.isInteger(digits): return .value(.number(digits == "-0" ? "0" : digits))
    case ("int", .text(let text)): return isDigits(text) ? .value(.number(text)) : .unknown
    case ("decimal", .number(let digits)), ("number", .number(let digits)):
      return MappingOracle.isInteger(digits) && digits != "-0" ? .value(value) : .unknown
    case ("decimal", .bool), ("number", .bool), ("round", .bool), ("round", .text), ("date", .bool), ("datetime", .bool):
      return .fails("wrong-type")
    case ("bool", .bool): return .value(value)
    case ("text", .bool(let value)): return .value(.text(value ? "true" : "false"))
    case ("text", .text): return step.argument == nil ? .value(value) : .fails("wrong-type")
    case ("text", .number(let digits)) where step.argument == nil && MappingOracle.isInteger(digits) && digits != "-0":
      return .value(.text(digits))
    case ("bool", .text(let text)) where step.argument == nil && isASCII(text):
      let word = text.lowercased()
      if ["true", "yes", "y", "1", "on"].contains(word) { return .value(.bool(true)) }
      if ["false", "no", "n", "0", "off"].contains(word) { return .value(.bool(false)) }
      return .unknown
    case ("lookup", _): return lookup(step.argument ?? "", value)
    case ("prefix", .text(let text)): return .value(.text((step.argument?.filter { $0 != "\"" } ?? "") + text))
    case ("suffix", .text(let text)): return .value(.text(text + (step.argument?.filter { $0 != "\"" } ?? "")))
    case (_, .object): return .fails("wrong-type")
    default: return .unknown
    }
  }

  private static func lookup(_ argument: String, _ value: PlainJSON) -> Result {
    let key: String
    switch value {
    case .text(let text): key = text
    case .number(let digits): key = digits
    case .bool(let value): key = value ? "true" : "false"
    default: return .fails("wrong-type")
    }
    guard let table = MappingPlan.lookupTables.first(where: { argument.contains($0.key) })?.value else { return .unknown }
    if let found = table[key] { return .value(found) }
    if case .number(let digits) = value, let whole = PlainIntegers.digits(digits), let found = table[whole] {
      return .value(found)
    }
    if argument.contains("miss: keep") { return .value(value) }
    if argument.contains("miss: nullify") { return .value(.null) }
    if argument.contains("else: unknown") { return .value(.text("unknown")) }
    if argument.contains("else: none of them") { return .value(.text("none of them")) }
    if argument.contains("else: 0") { return .value(.number("0")) }
    return .fails("lookup-miss")
  }

  private static func list(_ step: MappingPlan.Step, _ elements: [PlainJSON]) -> Result {
    switch step.function {
    case "first": return .value(elements.first ?? .null)
    case "last": return .value(elements.last ?? .null)
    case "count": return .value(.number(String(elements.count)))
    case "at":
      let place = Int(step.argument ?? "") ?? 0
      let index = place < 0 ? elements.count + place : place
      return .value(elements.indices.contains(index) ? elements[index] : .null)
    case "compact":
      return elements.contains { $0.string.map(MappingOracle.isBlank) ?? false }
        ? .unknown : .value(.list(elements.filter { $0 != .null }))
    case "join":
      var parts: [String] = []
      for element in elements where element != .null {
        switch element {
        case .text(let text): parts.append(text)
        case .number(let digits): parts.append(digits)
        default: return .fails("wrong-type")
        }
      }
      return .value(parts.isEmpty ? .null : .text(parts.joined(separator: step.argument?.filter { $0 != "\"" } ?? "")))
    case "unique":
      var kept: [PlainJSON] = []
      for element in elements where !kept.contains(element) {
        guard element.string != nil || element == .null else { return .unknown }
        kept.append(element)
      }
      return .value(.list(kept))
    default: return .unknown
    }
  }

  private static func isASCII(_ text: String) -> Bool { text.utf8.allSatisfy { $0 < 0x80 } }

  private static func isDigits(_ text: String) -> Bool {
    text.utf8.count <= 18 && !text.isEmpty && text.utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 }
      && (text == "0" || text.first != "0")
  }

  private static func trimmed(_ text: String) -> String {
    var scalars = text.unicodeScalars[...]
    while let first = scalars.first, first.properties.isWhitespace { scalars.removeFirst() }
    while let last = scalars.last, last.properties.isWhitespace { scalars.removeLast() }
    return String(String.UnicodeScalarView(scalars))
  }

  private static func pieces(of text: String, _ separator: String) -> [String] {
    guard !separator.isEmpty else { return [text] }
    var parts: [String] = []
    var part: [UInt8] = []
    let bytes = Array(text.utf8)
    let wanted = Array(separator.utf8)
    var at = 0
    while at < bytes.count {
      if bytes[at...].starts(with: wanted) {
        parts.append(String(decoding: part, as: UTF8.self))
        part = []
        at += wanted.count
      } else {
        part.append(bytes[at])
        at += 1
      }
    }
    return parts + [String(decoding: part, as: UTF8.self)]
  }
}
