/// The wording for operands that do not fit, the same when an expression is compiled and when it is evaluated.
enum MismatchText {
  /// - Parameter name: the function that the operator stands for, as the specification names it.
  static func message(ofOperator name: String, _ types: [ExpressionType]) -> String {
    let sign = sign(of: name)
    let nouns = types.map(\.noun)
    guard nouns.count == 2 else {
      switch name {
      case "!_": return "'!' needs a bool, not \(nouns.first ?? "")"
      case "_?_:_": return "'? :' cannot choose between \(nouns.suffix(2).joined(separator: " and "))"
      default: return "'\(sign)' cannot negate \(nouns.first ?? "")"
      }
    }
    let (left, right) = (nouns[0], nouns[1])
    return switch name {
    case "_+_": "'+' cannot add \(left) and \(right)"
    case "_-_": "'-' cannot subtract \(right) from \(left)"
    case "_*_": "'*' cannot multiply \(left) by \(right)"
    case "_/_": "'/' cannot divide \(left) by \(right)"
    case "_%_": "'%' cannot divide \(left) by \(right): it takes two ints"
    case "_[_]": "'[]' cannot read \(left) with \(right)"
    case "@in":
      types[1].isContainer ? "'in' cannot find \(left) in \(right)" : "'in' needs a list or a map on its right, not \(right)"
    default: "'\(sign)' cannot compare \(left) with \(right)"
    }
  }

  /// `>` for `_>_`.
  static func sign(of name: String) -> String { name.filter { $0 != "_" } }

  static func condition(_ type: ExpressionType) -> String { "a condition is expected, not \(type.noun)" }

  static func macro(_ type: ExpressionType) -> String { "the macro needs a list or a map, not \(type.noun)" }

  /// Which part of a call does not fit.
  enum Problem {
    case count
    /// The types that the function converts.
    case conversion(String)
    /// The operand with this index; the types that are accepted there.
    case operand(Int, [ExpressionType])
    /// Each operand fits some form, but no form fits all operands.
    case combination
  }

  static func message(
    of function: FunctionDeclaration, _ types: [ExpressionType], isMethod: Bool
  ) -> (message: String, problem: Problem) {
    let name = function.name
    let written = function.overloads.filter { $0.isMethod == isMethod }
    let target = isMethod ? 1 : 0
    let fitting = written.filter { $0.parameters.count == types.count }
    guard !fitting.isEmpty else {
      let counts = Set(written.map { $0.parameters.count - target }).sorted()
      let wanted =
        counts == [0]
        ? "no argument" : counts == [1] ? "1 argument" : "\(counts.map(String.init).joined(separator: " or ")) arguments"
      return ("\(name)() takes \(wanted), not \(types.count - target)", .count)
    }
    for (index, type) in types.enumerated() {
      let accepted = fitting.map { $0.parameters[index] }
      var bound: [Int: ExpressionType] = [:]
      guard !accepted.contains(where: { TypeRelations.accepts($0, type, &bound) }) else { continue }
      let wanted = alternatives(accepted)
      if function.code.isConversion { return ("\(name)() cannot convert \(type.noun)", .conversion(wanted)) }
      let place = isMethod && index == 0 ? " before the dot" : ""
      return ("\(name)() needs \(wanted)\(place), not \(type.noun)", .operand(index, accepted))
    }
    return ("\(name)() does not accept \(types.map(\.noun).joined(separator: " and "))", .combination)
  }

  private static func alternatives(_ types: [ExpressionType]) -> String {
    var nouns: [String] = []
    for type in types where !nouns.contains(type.noun) { nouns.append(type.noun) }
    guard let last = nouns.last, nouns.count > 1 else { return nouns.first ?? "" }
    return nouns.dropLast().joined(separator: ", ") + " or " + last
  }
}
