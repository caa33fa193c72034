import Core
import Transform
import Values

/// A literal of the mapping as a value of the type that the field's other values have: `default: "2024-01-31"` of a date is that
/// date, and `default: 0` of a decimal a decimal, so that what reads the field finds one type.
enum LiteralConversion {
  enum Result {
    /// The value, and the type of it and the field's other values together.
    case value(ValueModel, ValueType)
    /// It is not such a value; the hint shows how to write one, if possible.
    case refused(hint: String?)
  }

  static func convert(_ literal: JSONValue, to type: ValueType) -> Result {
    if literal == .null { return .value(.constant(.null), type) }
    switch type {
    case .any: return .value(.constant(literal), type)
    case .oneOf(let members): return convert(literal, toOneOf: members, type)
    case .string:
      if case .string = literal { return .value(.constant(literal), type) }
      return .refused(hint: isScalar(literal) ? "write \(JSONValue.string(literal.text).text)" : nil)
    case .boolean:
      if case .bool = literal { return .value(.constant(literal), type) }
      return .refused(hint: "write true or false")
    case .integer: return integer(literal)
    case .number:
      if case .number = literal { return .value(.constant(literal), type) }
      return .refused(hint: unquoted(literal))
    case .decimal: return decimal(literal)
    case .date: return date(literal)
    case .datetime: return moment(literal)
    case .list(let element): return list(literal, of: element)
    case .object:
      if case .object = literal { return .value(.constant(literal), type) }
      return .refused(hint: nil)
    }
  }

  private static func convert(_ literal: JSONValue, toOneOf members: Set<ValueType>, _ type: ValueType) -> Result {
    let own = ValueType.literal(literal)
    if members.contains(own) { return .value(.constant(literal), type) }
    // If several accept it, always the same one.
    for member in members.sorted(by: { $0.name < $1.name }) {
      guard case .value(let value, let found) = convert(literal, to: member) else { continue }
      return .value(value, found == member ? type : .joined([type, found]))
    }
    return .refused(hint: nil)
  }

  private static func integer(_ literal: JSONValue) -> Result {
    guard case .number(let digits) = literal else { return .refused(hint: unquoted(literal)) }
    if case .value(let value) = Numbers.integer(Array(digits.utf8).span) {
      return .value(.constant(.number("\(value)")), .integer)
    }
    // Whole numbers and others are numbers.
    return .value(.constant(literal), .number)
  }

  private static func decimal(_ literal: JSONValue) -> Result {
    guard case .number(let digits) = literal else { return .refused(hint: unquoted(literal)) }
    var arena = ByteArena(capacity: 128)
    arena.begin()
    if Numbers.decimal(Array(digits.utf8).span, into: &arena) != nil {
      return .refused(hint: "write its digits without an exponent")
    }
    return .value(.typedConstant(.number(arena.finish().string), .decimal), .decimal)
  }

  private static func date(_ literal: JSONValue) -> Result {
    let hint = "write a date, \"2024-01-31\", or make the other values text: {format: \"yyyy-MM-dd\"}"
    guard case .string(let text) = literal, text.utf8.count == 10 else { return .refused(hint: hint) }
    var arena = ByteArena(capacity: 64)
    arena.begin()
    guard case .value = DateReader(formats: [.iso]).read(Array(text.utf8).span, into: &arena) else {
      return .refused(hint: hint)
    }
    return .value(.typedConstant(.string(arena.finish().string), .date), .date)
  }

  private static func moment(_ literal: JSONValue) -> Result {
    let hint = "write a time with its offset, \"2024-01-31T00:00:00Z\", or make the other values text: format"
    guard case .string(let text) = literal else { return .refused(hint: hint) }
    var arena = ByteArena(capacity: 64)
    arena.begin()
    guard case .value = DateTimeReader(formats: [.iso], zone: nil).read(Array(text.utf8).span, into: &arena) else {
      return .refused(hint: hint)
    }
    return .value(.typedConstant(.string(arena.finish().string), .datetime), .datetime)
  }

  private static func list(_ literal: JSONValue, of element: ValueType) -> Result {
    guard case .array(let elements) = literal else { return .refused(hint: "write a list: [\(literal.text)]") }
    var values: [JSONValue] = []
    var forms: Set<ConstantForm?> = []
    var types: [ValueType] = [element]
    for one in elements {
      switch convert(one, to: element) {
      case .refused(let hint): return .refused(hint: hint)
      case .value(.typedConstant(let value, let form), let type):
        values.append(value)
        types.append(type)
        forms.insert(form)
      case .value(.constant(let value), let type):
        values.append(value)
        types.append(type)
        if value != .null { forms.insert(nil) }
      case .value: return .refused(hint: nil)
      }
    }
    // Elements of several types are what they are written as.
    guard forms.count <= 1 else { return .value(.constant(literal), .list(element)) }
    let type = types.contains(.number) && !types.contains(.any) ? ValueType.list(.joined(types)) : .list(element)
    if let form = forms.first, let form { return .value(.typedConstant(.array(values), form), type) }
    return .value(.constant(.array(values)), type)
  }

  private static func isScalar(_ literal: JSONValue) -> Bool {
    switch literal {
    case .number, .bool: true
    case .null, .string, .array, .object: false
    }
  }

  /// `"12"` where 12 is meant.
  private static func unquoted(_ literal: JSONValue) -> String? {
    guard case .string(let text) = literal, let value = try? JSONReader.read(text), case .number = value else { return nil }
    return "write \(text), without quotes"
  }
}
