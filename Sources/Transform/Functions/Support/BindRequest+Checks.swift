import Core

/// The checks that functions share when they are bound.
extension BindRequest {
  /// Binds a function of one value: `issues` are those found in its arguments; the input's type is checked here.
  func bind(
    _ function: String, takes types: [ValueType], gives output: ValueType, issues: [BindIssue] = [],
    facts: ResultFacts = ResultFacts(), _ call: @autoclosure () -> FunctionCall
  ) -> BindResult {
    var issues = issues
    if !input.mayBe(oneOf: types) { issues.insert(mismatch(function, takes: types), at: 0) }
    return issues.isEmpty ? .bound(call(), output: output, facts: facts) : .refused(issues)
  }

  /// Binds a function of a whole list, whose elements must be one of `types` (nil: anything).
  func bindList(
    _ function: String, of types: [ValueType]? = nil, gives output: (_ element: ValueType) -> ValueType,
    facts: ResultFacts = ResultFacts(), _ call: FunctionCall
  ) -> BindResult {
    guard let element = input.elements else {
      return .refused([
        BindIssue(
          .typeMismatch, "\(function) takes a list, but the value is \(Self.article(input))",
          hint: input.mayBe(oneOf: [.string])
            ? "split the text first: {split: \",\"}" : "give 'from' a list of paths, or remove \(function)")
      ])
    }
    if let types, !element.mayBe(oneOf: types) {
      return .refused([
        BindIssue(
          .typeMismatch, "\(function) takes a list of plain values, but the elements are \(element.name)",
          hint: "read one member of an element: from: path[0].member")
      ])
    }
    return .bound(call, output: output(element), facts: facts)
  }

  func text(_ parameter: String) -> String? { arguments[parameter]?.stringValue }

  /// A list of texts; a text alone stands for a list of one.
  func texts(_ parameter: String) -> [String]? {
    if let text = text(parameter) { return [text] }
    return arguments[parameter]?.arrayValue?.compactMap(\.stringValue)
  }

  private func mismatch(_ function: String, takes types: [ValueType]) -> BindIssue {
    BindIssue(
      .typeMismatch, "\(function) takes \(ValueType.words(types)), but the value is \(Self.article(input))",
      hint: Set(types).isSubset(of: [.date, .datetime]) ? dateFix(function) : fix(function))
  }

  /// What to do about a value that is not a date.
  private func dateFix(_ function: String) -> String {
    switch input {
    case .string, .integer, .number: "parse it first: do: [datetime, \(function)]"
    default: fix(function)
    }
  }

  /// What to do about a value that `function` does not accept.
  private func fix(_ function: String) -> String {
    switch input {
    case .list: "take one element first: first, last or {join: \" \"}"
    case .object: "read one of its members: from: path.member"
    case .boolean: "remove \(function), or turn true and false into words: {lookup: NAME}"
    case .date, .datetime: "put \(function) before the function that produces the \(input.name), or remove it"
    case .integer, .decimal, .number: "remove \(function): numbers keep their digits"
    case .string: "turn the text into a value first: int, decimal, number, bool, date or datetime"
    case .oneOf, .any: "remove \(function)"
    }
  }

  /// An integer parameter within `range`, or an issue.
  func integer(_ parameter: String, of function: String, in range: ClosedRange<Int>, _ issues: inout [BindIssue]) -> Int? {
    guard let value = arguments[parameter]?.intValue else { return nil }
    guard range.contains(value) else {
      issues.append(
        BindIssue(
          .badArgument, parameter: parameter,
          "'\(parameter)' of \(function) must be from \(range.lowerBound) to \(range.upperBound), not \(value)"))
      return nil
    }
    return value
  }

  private static func article(_ type: ValueType) -> String {
    switch type {
    case .integer, .object: "an \(type.name)"
    case .any, .oneOf: type.name
    default: "a \(type.name)"
    }
  }
}
