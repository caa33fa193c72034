/// What a generated mapping must make of a record, told from the language's text alone: paths, lists of paths, constants, vars, the words of a
/// field, and those functions whose result is plain. Of everything else it says that it does not know.
struct MappingOracle {
  enum Value {
    case missing, null, unknown
    case some(PlainJSON)

    var isAbsent: Bool {
      switch self {
      case .missing, .null: true
      default: false
      }
    }
  }

  /// What becomes of one field.
  struct Prediction {
    var value = Value.unknown
    /// It rejects the record, with this code; the empty one: whichever.
    var rejects: String?
    /// The ledger has a warning for it, with this code; the empty one: whichever.
    var warns: String?
    /// Nothing was unknown on the way.
    var isCertain = false
  }

  private enum Step {
    case value(Value)
    case fails(String)
  }

  let plan: MappingPlan
  let record: PlainJSON
  let item: PlainJSON?

  // MARK: Items

  /// How many items the record gives; nil with `each` over something that is not a list: one, which is rejected.
  static func items(of record: PlainJSON, _ plan: MappingPlan) -> [PlainJSON]? {
    guard let each = plan.each else { return [record] }
    switch record.member(each) {
    case nil, .null?: return []
    case .list(let elements)?: return elements
    case .some(let value): return isEmpty(value, plan) ? [] : nil
    }
  }

  static func isBlank(_ text: String) -> Bool { text.unicodeScalars.allSatisfy(\.properties.isWhitespace) }

  /// Missing where a different shape is expected, like null.
  static func isEmpty(_ value: PlainJSON, _ plan: MappingPlan) -> Bool {
    switch value {
    case .null: true
    case .text(let text): text.isEmpty || plan.blankIsNull && isBlank(text)
    case .list(let elements): elements.isEmpty
    case .object(let members): members.isEmpty
    default: false
    }
  }

  private func isEmpty(_ value: PlainJSON) -> Bool { Self.isEmpty(value, plan) }

  /// The key, as ledgers name the record; nil where it has none.
  static func key(of record: PlainJSON) -> String? {
    switch record.member("id") {
    case .text(let text)? where !isBlank(text): text
    case .number(let digits)?: PlainIntegers.digits(digits) ?? digits
    default: nil
    }
  }

  // MARK: Fields

  func prediction(_ field: MappingPlan.Field) -> Prediction {
    guard field.when == nil else { return Prediction() }
    var warning: String?
    var isCertain = true
    var value: Value
    switch chain(field) {
    case .value(let made): value = made
    case .fails(let code):
      switch field.onError {
      case .reject: return Prediction(rejects: code, isCertain: true)
      case .nullify:
        if field.isRequired { return Prediction(rejects: "required", warns: code, isCertain: true) }
        return Prediction(value: field.omitsNull ? .missing : .null, warns: code, isCertain: true)
      case .keep:
        warning = code
        value = kept(field.origin)
      case .default:
        warning = code
        value = .null
      }
    }
    if case .unknown = value { return Prediction(warns: warning) }
    if value.isAbsent, let fallback = field.fallback { value = fallback == .null ? .null : .some(fallback) }
    if case .unknown = value { isCertain = false }
    if value.isAbsent, field.isRequired { return Prediction(rejects: "required", warns: warning, isCertain: true) }
    if case .null = value, field.omitsNull { value = .missing }
    return Prediction(value: value, warns: warning, isCertain: isCertain)
  }

  private func chain(_ field: MappingPlan.Field) -> Step {
    var value: Value
    switch load(field.origin) {
    case .fails(let code): return .fails(code)
    case .value(let loaded): value = loaded
    }
    for (index, step) in field.steps.enumerated() {
      guard case .some(let input) = value else { return .value(value) }
      switch PlainFunctions.apply(step, to: input) {
      case .unknown: return .value(.unknown)
      case .fails(let code):
        // An empty value counts as missing only if it comes from the record.
        guard code == "wrong-type", index == 0, case .path = field.origin, isEmpty(input) else { return .fails(code) }
        return .value(.missing)
      case .value(.null): value = .null
      case .value(let made): value = .some(made)
      }
    }
    return .value(value)
  }

  private func load(_ origin: MappingPlan.Origin) -> Step {
    switch origin {
    case .opaque: return .value(.unknown)
    case .constant(let value): return .value(value == .null ? .null : .some(value))
    case .path(let path): return load(path)
    case .variable(let name):
      guard let variable = plan.vars.first(where: { $0.target == name }) else { return .value(.unknown) }
      let found = prediction(variable)
      return .value(found.isCertain && found.rejects == nil ? found.value : .unknown)
    case .paths(let paths):
      var elements: [PlainJSON] = []
      for path in paths {
        switch load(path) {
        case .fails(let code): return .fails(code)
        case .value(.unknown): return .value(.unknown)
        case .value(.some(let value)): elements.append(value)
        case .value: elements.append(.null)
        }
      }
      return .value(.some(.list(elements)))
    }
  }

  private func load(_ path: MappingPlan.Path) -> Step {
    let found: Value
    switch find(path) {
    case nil: return .value(.unknown)
    case .fails(let code): return .fails(code)
    case .value(let value): found = value
    }
    guard case .some(let value) = found else { return .value(found) }
    let read = withoutBlanks(value)
    guard read != .null else { return .value(.null) }
    if Self.takes(path.kind, read) { return .value(.some(Self.declared(path.kind, read))) }
    return isEmpty(value) ? .value(.missing) : .fails("wrong-type")
  }

  /// A blank text reads as null, in a list, too.
  private func withoutBlanks(_ value: PlainJSON) -> PlainJSON {
    func read(_ value: PlainJSON) -> PlainJSON {
      if case .text(let text) = value, plan.blankIsNull, Self.isBlank(text) { .null } else { value }
    }
    if case .list(let elements) = value { return .list(elements.map(read)) }
    return read(value)
  }

  /// `on_error: keep`: as the source has it.
  private func kept(_ origin: MappingPlan.Origin) -> Value {
    switch origin {
    case .path(let path):
      if case .value(let value) = load(path) { return value }
      return foundValue(path) ?? .unknown
    case .constant(let value): return .some(value)
    case .paths(let paths):
      if case .value(let value) = load(origin) { return value }
      var elements: [PlainJSON] = []
      for path in paths {
        switch foundValue(path) {
        case .some(let value)?: elements.append(value.string == nil ? value : withoutBlanks(value))
        case .missing?, .null?: elements.append(.null)
        default: return .unknown
        }
      }
      return .some(.list(elements))
    case .variable, .opaque: return .unknown
    }
  }

  /// What `on_error: keep` keeps: nothing, if the path meets a different shape.
  private func foundValue(_ path: MappingPlan.Path) -> Value? {
    switch find(path) {
    case .value(let value): value
    case .fails: .missing
    case nil: nil
    }
  }

  /// The value at the end of a path, as it stands in the record; nil where the language leaves it open.
  private func find(_ path: MappingPlan.Path) -> Step? {
    var at: PlainJSON
    switch path.root {
    case .record: at = record
    case .custom(let id):
      guard let list = record.member("customFields"), !isEmpty(list) else { return .value(.missing) }
      guard let items = list.elements else { return .fails("wrong-type") }
      let own = items.filter { Self.text(of: $0.member("id")) == id }
      guard let field = own.first else {
        let isStray = items.contains { !isEmpty($0) && (Self.text(of: $0.member("id")) ?? "").isEmpty }
        return isStray ? .fails("wrong-type") : .value(.missing)
      }
      guard own.allSatisfy({ $0 == field }) else { return .fails("wrong-type") }
      guard let value = field.member("value") else { return .value(.missing) }
      at = value
    case .item:
      guard let item else { return nil }
      // A list in a list is read as its text only.
      if case .list = item { return nil }
      at = item
    }
    for step in path.steps {
      switch step {
      case .member(let name):
        guard case .object = at else { return isEmpty(at) ? .value(.missing) : .fails("wrong-type") }
        guard let next = at.member(name) else { return .value(.missing) }
        at = next
      case .element(let index):
        guard let elements = at.elements else { return isEmpty(at) ? .value(.missing) : .fails("wrong-type") }
        guard elements.indices.contains(index) else { return .value(.missing) }
        at = elements[index]
      case .select(let member, let text):
        guard let elements = at.elements else { return isEmpty(at) ? .value(.missing) : .fails("wrong-type") }
        guard let next = elements.first(where: { Self.text(of: $0.member(member)) == text }) else {
          return elements.contains { isStray($0, member) } ? .fails("wrong-type") : .value(.missing)
        }
        at = next
      }
    }
    return .value(at == .null ? .null : .some(at))
  }

  /// What elements are selected by.
  private static func text(of value: PlainJSON?) -> String? {
    switch value {
    case .text(let text): text
    case .number(let digits): digits
    case .bool(let value): "\(value)"
    default: nil
    }
  }

  /// An element that cannot be compared: it is not an object, or has a list or an object in place of the member.
  private func isStray(_ element: PlainJSON, _ member: String) -> Bool {
    guard case .object = element else { return !isEmpty(element) }
    switch element.member(member) {
    case .list(let elements): return !elements.isEmpty
    case .object(let members): return !members.isEmpty
    default: return false
    }
  }

  // MARK: Types

  /// Whether a declared type admits the value; null goes everywhere.
  static func takes(_ kind: PropertySource.Kind, _ value: PlainJSON) -> Bool {
    switch (kind, value) {
    case (.any, _), (_, .null): true
    case (.either(let one, let other), _): takes(one, value) || takes(other, value)
    case (.text, .text), (.boolean, .bool), (.number, .number), (.decimal, .number), (.object, .object): true
    case (.integer, .number(let digits)): PlainIntegers.digits(digits) != nil
    case (.list(let element), .list(let elements)): elements.allSatisfy { takes(element, $0) }
    default: false
    }
  }

  /// A number that is declared an integer has its digits alone; so have the elements of a list of such.
  static func declared(_ kind: PropertySource.Kind, _ value: PlainJSON) -> PlainJSON {
    switch (kind, value) {
    case (.integer, .number(let digits)):
      .number(isInteger(digits) && digits != "-0" ? digits : PlainIntegers.digits(digits) ?? digits)
    case (.either(let one, let other), _): takes(one, value) ? declared(one, value) : declared(other, value)
    case (.list(let element), .list(let elements)): .list(elements.map { declared(element, $0) })
    default: value
    }
  }

  /// A whole number of 64 bits, written without point and exponent.
  static func isInteger(_ digits: String) -> Bool {
    digits.utf8.allSatisfy { $0 == UInt8(ascii: "-") || ($0 >= 0x30 && $0 <= 0x39) } && Int64(digits) != nil
  }
}
