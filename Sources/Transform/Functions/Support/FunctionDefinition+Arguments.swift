package import Core

extension FunctionDefinition {
  /// For a step with the key `review`, wherever it stands in it.
  package static let reviewHint = "put 'review' beside 'do', among the keys of the field or var"

  /// What a step gives its function, as arguments by name: nil for a bare name, one value for the positional short
  /// form, an object for named ones. Kinds are checked, and that the required ones are there.
  package func arguments(from value: JSONValue?) -> (arguments: [String: JSONValue], issues: [BindIssue]) {
    var arguments: [String: JSONValue] = [:]
    var issues: [BindIssue] = []
    switch value {
    case nil, .null?: break
    case .object(let members)?:
      if let parameter = definition(in: members), let issue = misplaced(parameter, "{\(name): NAME}") { return ([:], [issue]) }
      for member in members {
        guard let parameter = parameters.first(where: { $0.name.isExactly(member.name) }) else {
          issues.append(
            BindIssue(
              .unknownKey, parameter: member.name, "\(name) has no parameter '\(member.name)'",
              hint: member.name == "review"
                ? Self.reviewHint : NearestName.hint(member.name, in: parameters.map(\.name)) ?? parameterHint))
          continue
        }
        take(member.value, as: parameter, &arguments, &issues)
      }
    case .some(let only):
      guard let parameter = parameters.first(where: \.isPositional) else {
        let message = parameters.isEmpty ? "\(name) takes no argument" : "\(name) takes its arguments by name"
        return ([:], [BindIssue(.badArgument, message, hint: parameterHint)])
      }
      take(only, as: parameter, &arguments, &issues)
    }
    for parameter in parameters where parameter.isRequired && arguments[parameter.name] == nil {
      guard !issues.contains(where: { $0.parameter == parameter.name }) else { continue }
      issues.append(BindIssue(.badArgument, "\(name) needs '\(parameter.name)': \(parameter.summary)", hint: parameterHint))
    }
    return (arguments, issues)
  }

  /// The name parameter, if the argument is the named thing itself: none of its keys is a parameter, or resembles one.
  private func definition(in members: [JSONValue.Member]) -> Parameter? {
    let names = parameters.map(\.name) + ["name", "review"]
    guard !members.isEmpty,
      members.allSatisfy({ !names.contains(exactly: $0.name) && NearestName.find($0.name, in: names) == nil })
    else { return nil }
    return parameters.first(where: \.isPositional)
  }

  /// Nil for a parameter that is not the name of something in the mapping.
  private func misplaced(_ parameter: Parameter, _ call: String) -> BindIssue? {
    parameter.definedUnder.map { key in
      BindIssue(
        .wrongKind, parameter: parameter.name,
        "\(name) takes the name of a \(parameter.name); the \(parameter.name) itself belongs under '\(key)'",
        hint: "write \(key): {NAME: {…}} at the top level of the mapping, and \(call) here")
    }
  }

  private func take(
    _ value: JSONValue, as parameter: Parameter, _ arguments: inout [String: JSONValue], _ issues: inout [BindIssue]
  ) {
    if case .object = value, let issue = misplaced(parameter, "\(parameter.name): NAME") {
      issues.append(issue)
    } else if let problem = parameter.kind.problem(with: value) {
      issues.append(
        BindIssue(
          problem.code, parameter: parameter.name, "'\(parameter.name)' of \(name) must be \(parameter.kind.name)",
          hint: problem.hint))
    } else {
      arguments[parameter.name] = value
    }
  }

  /// The form of a call.
  private var parameterHint: String {
    guard !parameters.isEmpty else { return "write it without arguments: \(name)" }
    if parameters.count == 1, let only = parameters.first, only.isPositional { return "write {\(name): \(only.name)}" }
    return "its parameters: " + parameters.map(\.name).joined(separator: ", ")
  }
}

extension FunctionDefinition.Parameter.Kind {
  /// Its name in messages and in the reference.
  package var name: String {
    switch self {
    case .text: "a text"
    case .integer: "an integer"
    case .boolean: "true or false"
    case .texts: "a list of texts"
    case .words(let words): words.joined(separator: " or ")
    case .any: "any plain value"
    }
  }

  fileprivate func problem(with value: JSONValue) -> (code: DiagnosticCode, hint: String?)? {
    switch self {
    case .text: value.stringValue == nil ? (.wrongKind, quoted(value)) : nil
    case .integer: value.intValue == nil ? (.wrongKind, nil) : nil
    case .boolean: value.boolValue == nil ? (.wrongKind, nil) : nil
    case .texts:
      if value.stringValue != nil {
        nil
      } else if let elements = value.arrayValue {
        elements.first { $0.stringValue == nil }.map { (.wrongKind, quoted($0)) }
      } else {
        (.wrongKind, quoted(value))
      }
    case .words(let words):
      if let word = value.stringValue {
        words.contains(exactly: word) ? nil : (.unknownWord, NearestName.hint(word, in: words))
      } else {
        (.wrongKind, nil)
      }
    case .any: nil
    }
  }

  private func quoted(_ value: JSONValue) -> String? {
    switch value {
    case .number, .bool: "put it in quotes: \"\(value.text)\""
    default: nil
    }
  }
}
