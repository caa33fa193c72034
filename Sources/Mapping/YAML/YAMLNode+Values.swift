package import Core

/// Reads a node as an expected kind of value. If it is something else, each accessor adds a `wrong-kind` and returns nil;
/// `what` is the value's name in the message: `settings.region`.
extension YAMLNode {
  /// The kind of this value in messages.
  package var kindName: String {
    switch content {
    case .sequence: return "a list"
    case .mapping: return "a map"
    case .refused: return "nothing usable"
    case .scalar(let scalar):
      switch scalar.meaning {
      case .null: return scalar.text.isEmpty ? "nothing" : "null"
      case .boolean: return "a boolean"
      case .integer, .number: return "a number"
      case .text: return "text"
      }
    }
  }

  package func reportWrongKind(
    _ what: String, wanted: String, hint: String? = nil, _ diagnostics: inout Diagnostics
  ) {
    guard !isRefused else { return }
    diagnostics.add(.init(.error, .wrongKind, at: place, "\(what) must be \(wanted), not \(kindName)", hint: hint))
  }

  package func entries(_ what: String, _ diagnostics: inout Diagnostics) -> [YAMLEntry]? {
    if let entries { return entries }
    reportWrongKind(what, wanted: "a map", &diagnostics)
    return nil
  }

  package func elements(_ what: String, _ diagnostics: inout Diagnostics) -> [YAMLNode]? {
    if let elements { return elements }
    reportWrongKind(what, wanted: "a list", &diagnostics)
    return nil
  }

  /// Text. A plain scalar that is a number or boolean, or that YAML 1.1 reads as one (`NO`, `0123`, `12:30:00`), is
  /// refused, and its quoted form is the fix.
  package func text(_ what: String, _ diagnostics: inout Diagnostics) -> String? {
    guard let scalar else {
      reportWrongKind(what, wanted: "text", &diagnostics)
      return nil
    }
    if let older = scalar.olderReading {
      reportOlderReading(scalar, older, what, &diagnostics)
      return nil
    }
    if case .text(let text) = scalar.meaning { return text }
    let hint = scalar.meaning == .null ? nil : "write \"\(scalar.text)\""
    reportWrongKind(what, wanted: "text", hint: hint, &diagnostics)
    return nil
  }

  private func reportOlderReading(
    _ scalar: YAMLScalar, _ older: String, _ what: String, _ diagnostics: inout Diagnostics
  ) {
    let message = "\(what): YAML 1.1 reads '\(scalar.text)' as \(older); text must be quoted"
    diagnostics.add(.init(.error, .wrongKind, at: place, message, hint: "write \"\(scalar.text)\""))
  }

  /// A name, path or keyword: any scalar except null, as written in the file.
  package func word(_ what: String, _ diagnostics: inout Diagnostics) -> String? {
    guard let scalar, scalar.meaning != .null else {
      reportWrongKind(what, wanted: "text", &diagnostics)
      return nil
    }
    return scalar.text
  }

  package func boolean(_ what: String, _ diagnostics: inout Diagnostics) -> Bool? {
    if let scalar, case .boolean(let value) = scalar.meaning { return value }
    let older = scalar?.olderReading
    let hint = older == "the boolean true" ? "write true" : older == "the boolean false" ? "write false" : nil
    reportWrongKind(what, wanted: "true or false", hint: hint, &diagnostics)
    return nil
  }

  package func integer(_ what: String, in range: ClosedRange<Int> = .min ... .max, _ diagnostics: inout Diagnostics) -> Int? {
    guard let scalar, case .integer(let digits) = scalar.meaning else {
      reportWrongKind(what, wanted: "a whole number", &diagnostics)
      return nil
    }
    guard let value = Int(digits), range.contains(value) else {
      let bounds = range.upperBound == .max ? "at least \(range.lowerBound)" : "from \(range.lowerBound) to \(range.upperBound)"
      let message = range == .min ... .max ? "\(what) does not fit in 64 bits" : "\(what) must be \(bounds), not \(digits)"
      diagnostics.add(.init(.error, .wrongKind, at: place, message))
      return nil
    }
    return value
  }

  package func number(_ what: String, _ diagnostics: inout Diagnostics) -> Double? {
    switch scalar?.meaning {
    case .integer(let digits), .number(let digits): return Double(digits)
    default:
      reportWrongKind(what, wanted: "a number", &diagnostics)
      return nil
    }
  }

  /// A literal of any kind as JSON. Words that YAML 1.1 reads as something else must be quoted here as well.
  package func literal(_ what: String, _ diagnostics: inout Diagnostics) -> JSONValue? {
    switch content {
    case .refused: return nil
    case .scalar(let scalar):
      if let older = scalar.olderReading {
        reportOlderReading(scalar, older, what, &diagnostics)
        return nil
      }
      return scalar.jsonValue
    case .sequence(let elements):
      var values: [JSONValue] = []
      var isWhole = true
      for element in elements {
        if let value = element.literal(what, &diagnostics) { values.append(value) } else { isWhole = false }
      }
      return isWhole ? .array(values) : nil
    case .mapping(let entries):
      var members: [JSONValue.Member] = []
      var isWhole = true
      for entry in entries where !entry.isDuplicate {
        if let value = entry.value.literal(what, &diagnostics) {
          members.append(.init(entry.key, value))
        } else {
          isWhole = false
        }
      }
      return isWhole ? .object(members) : nil
    }
  }

  /// The whole tree by the core schema; null for parts that the reader refused.
  package var jsonValue: JSONValue {
    switch content {
    case .refused: .null
    case .scalar(let scalar): scalar.jsonValue
    case .sequence(let elements): .array(elements.map(\.jsonValue))
    case .mapping(let entries): .object(entries.filter { !$0.isDuplicate }.map { .init($0.key, $0.value.jsonValue) })
    }
  }
}
