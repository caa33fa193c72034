import Core

/// Messages about operators and functions whose operands do not fit: in words, with the conversion that helps.
extension Checker {
  /// - Parameter name: the function that the operator stands for, as the specification names it, or a function's name.
  mutating func reportMismatch(
    _ name: String, _ operands: [Int], isMethod: Bool = false, at place: Range<Int>, hint: String? = nil
  ) {
    let (message, fix) = mismatch(name, operands, isMethod: isMethod)
    report(.typeMismatch, at: place, message, hint: hint ?? fix)
  }

  private func mismatch(_ name: String, _ operands: [Int], isMethod: Bool) -> (message: String, fix: String?) {
    if let function = FunctionTable.byName[name] { return functionMismatch(function, operands, isMethod: isMethod) }
    return (
      MismatchText.message(ofOperator: name, operands.map { types[$0] }),
      comparisonFix(name, operands) ?? conversionFix(name, operands)
    )
  }

  /// The same for an evaluation that failed: what the record has, in place of the types that the checker found.
  ///
  /// - Parameter range: of the part that failed.
  mutating func mismatch(_ found: ExpressionMismatch, at range: Range<Int>) -> ExpressionDiagnostic {
    let nodes = tree.nodes.indices.filter { tree[$0].range == range }
    for node in nodes {
      let kind = tree[node].kind
      let operands = tree[node].children
      if case .select(_, let field) = kind, found.isMember, let type = found.types.first {
        return ExpressionDiagnostic(.typeMismatch, at: tree[node].place, "\(type.noun) has no member '\(field)'")
      }
      guard operands.count == found.types.count, let name = found.name else { continue }
      var isMethod = false
      switch kind {
      case .call(let called, let target, _): guard called == name else { continue }; isMethod = target != nil
      case .unary(let op, _): guard op.rawValue == name else { continue }
      case .binary(let op, _, _): guard op.rawValue == name else { continue }
      case .index: guard name == "_[_]" else { continue }
      default: continue
      }
      for (operand, type) in zip(operands, found.types) { types[operand] = type }
      let (message, fix) = mismatch(name, operands, isMethod: isMethod)
      return ExpressionDiagnostic(.typeMismatch, at: tree[node].place, message, hint: fix)
    }
    return ExpressionDiagnostic(.typeMismatch, at: range, found.message)
  }

  // MARK: Operators

  private static let comparisons: Set<String> = ["_==_", "_!=_", "_<_", "_<=_", "_>_", "_>=_"]

  /// Comparisons that call for something other than a conversion.
  private func comparisonFix(_ name: String, _ operands: [Int]) -> String? {
    guard operands.count == 2, Self.comparisons.contains(name) else { return nil }
    let (left, right) = (operands[0], operands[1])
    // 1 < x < 5
    if types[left] == .bool, types[right].isNumeric, case .binary(let inner, _, let middle) = tree[left].kind,
      Self.comparisons.contains(inner.rawValue)
    {
      return "compare twice: \(text(left)) && \(text(middle)) \(MismatchText.sign(of: name)) \(text(right))"
    }
    for (one, other) in [(left, right), (right, left)] {
      switch (types[one], types[other]) {
      case (.bool, .string):
        if case .literal(.string(let bytes)) = tree[other].kind, let word = TruthWord(String(decoding: bytes, as: UTF8.self)) {
          return "write \(word.rawValue) without quotation marks"
        }
        if case .literal(.bool) = tree[one].kind { return "write the text between quotation marks: '\(text(one))'" }
        return "convert the text: bool(\(text(other)))"
      case (.duration, .string): return "make it a duration: duration(\(text(other)))"
      case (.duration, let type) where type.isNumeric:
        return "compare it with a duration, such as duration('24h'), or take a part of it: (\(text(one))).getHours()"
      case (.timestamp, let type) where type.isNumeric: return "take a part of it: \(text(one)).getFullYear()"
      case (.list(let element), let type) where TypeRelations.comparable(element, type) && element != .dyn:
        return "test for an element: \(text(other)) in \(text(one))"
      case (.list, let type) where type.isNumeric: return "compare its size: size(\(text(one)))"
      default: break
      }
    }
    return nil
  }

  private func conversionFix(_ name: String, _ operands: [Int]) -> String? {
    let isArithmetic = ["_+_", "_-_", "_*_", "_/_", "_%_"].contains(name)
    guard operands.count == 2 else { return unaryFix(name, operands) }
    let (left, right) = (operands[0], operands[1])
    if name == "@in", case .list(let element) = types[right] { return argumentFix([element], left) }
    guard isArithmetic || Self.comparisons.contains(name) else { return nil }
    if isArithmetic, let decimal = operands.first(where: { types[$0] == .decimal }) {
      return "decimals do not support arithmetic: convert it, double(\(text(decimal))) or int(\(text(decimal)))"
    }
    if isArithmetic, types[left].isNumeric, types[right].isNumeric, types[left] != types[right] {
      let other = types[left] == .int || types[left] == .uint ? left : right
      return name == "_%_"
        ? "convert it: int(\(text(other == left ? right : left)))"
        : "arithmetic needs numbers of one type: double(\(text(other)))"
    }
    for (one, other) in [(left, right), (right, left)] {
      switch (types[one], types[other]) {
      case (.string, let type) where type.isNumeric:
        if name != "_+_", case .literal(.string(let bytes)) = tree[one].kind,
          Double(String(decoding: bytes, as: UTF8.self)) != nil
        {
          return "write the number without quotation marks: \(String(decoding: bytes, as: UTF8.self))"
        }
        return name == "_+_"
          ? "convert the number: string(\(text(other)))" : "convert one of them: int(\(text(one))), double(\(text(one)))"
      case (.string, .bool) where name == "_+_", (.string, .timestamp) where name == "_+_",
        (.string, .duration) where name == "_+_":
        return "convert it: string(\(text(other)))"
      case (.timestamp, .string): return "make it a timestamp: timestamp(\(text(other)))"
      case (.timestamp, let type) where type.isNumeric && isArithmetic:
        return "use a duration, such as duration('24h')"
      case (.list, let type) where name == "_+_" && !type.isContainer: return "put it in a list: [\(text(other))]"
      default: break
      }
    }
    return nil
  }

  private func unaryFix(_ name: String, _ operands: [Int]) -> String? {
    guard operands.count == 1, let only = operands.first else { return nil }
    let text = text(only)
    switch (name, types[only]) {
    case ("-_", .decimal): return "convert it: double(\(text))"
    case ("-_", .string): return "convert it: -double(\(text))"
    case ("!_", .string): return "compare it: \(text) == ''"
    case ("!_", let type) where type.isNumeric: return "compare it: \(text) == 0"
    case ("!_", let type) where type.isContainer: return "test its size: size(\(text)) == 0"
    case ("!_", _): return "compare it explicitly: \(text) == …"
    default: return nil
    }
  }

  // MARK: Functions

  private func functionMismatch(
    _ function: FunctionDeclaration, _ operands: [Int], isMethod: Bool
  ) -> (message: String, fix: String?) {
    guard function.overloads.contains(where: { $0.isMethod == isMethod }) else {
      return otherStyle(function, operands, isMethod: isMethod)
    }
    let (message, problem) = MismatchText.message(of: function, operands.map { types[$0] }, isMethod: isMethod)
    switch problem {
    case .count, .combination: return (message, signatures(of: function))
    case .conversion(let wanted): return (message, "it takes \(wanted)")
    case .operand(let index, let accepted):
      let operand = operands[index]
      if isMethod, index == 0, function.code == .contains, types[operand].isContainer, operands.count == 2 {
        return (message, "write \(text(operands[1])) in \(text(operand))")
      }
      return (message, argumentFix(accepted, operand) ?? signatures(of: function))
    }
  }

  /// `contains(a, b)` for `a.contains(b)`, or the other way round.
  private func otherStyle(
    _ function: FunctionDeclaration, _ operands: [Int], isMethod: Bool
  ) -> (message: String, fix: String?) {
    let name = function.name
    guard let first = operands.first else { return ("\(name)() needs a value", signatures(of: function)) }
    let rest = operands.dropFirst().map { text($0) }.joined(separator: ", ")
    if isMethod {
      return ("\(name)() is not called with a dot", "write \(name)(\(operands.map { text($0) }.joined(separator: ", ")))")
    }
    return ("\(name)() is called on its value, with a dot", "write \(text(first)).\(name)(\(rest))")
  }

  /// A conversion that makes an operand acceptable.
  private func argumentFix(_ accepted: [ExpressionType], _ operand: Int) -> String? {
    let text = text(operand)
    switch types[operand] {
    case let type where type.isNumeric && accepted.contains(.string):
      if case .literal = tree[operand].kind { return "write it as text: '\(text)'" }
      return "convert it: string(\(text))"
    case .bool where accepted.contains(.string), .timestamp where accepted.contains(.string),
      .duration where accepted.contains(.string):
      return "convert it: string(\(text))"
    case .string where accepted.contains(.timestamp): return "make it a timestamp: timestamp(\(text))"
    case let type where type.isContainer && accepted.contains(.string): return "take one element, or test with exists()"
    default: return nil
    }
  }

  private func signatures(of function: FunctionDeclaration) -> String {
    let all = function.overloads.map { function.signature($0) }
    return all.count > 3 ? "its forms: `waybill functions \(function.name)`" : "write \(all.joined(separator: ", or "))"
  }

  private enum TruthWord: String {
    case yes = "true"
    case no = "false"

    init?(_ text: String) { self.init(rawValue: text.lowercased()) }
  }
}

extension ExpressionType {
  /// As a sentence has it: `a string`, `an int`, `null`.
  var noun: String {
    switch self {
    case .null, .bytes: self == .null ? "null" : name
    case .int: "an int"
    case .dyn, .free, .failed, .parameter: "a value"
    case .list(.dyn), .list(.free), .list(.failed), .list(.parameter): "a list"
    case .list: "a \(name)"
    case .map, .object: "a map"
    default: "a \(name)"
    }
  }

  var isContainer: Bool {
    switch self {
    case .list, .map, .object: true
    default: false
    }
  }
}
