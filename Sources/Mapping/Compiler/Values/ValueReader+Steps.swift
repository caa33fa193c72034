import Core
import Transform

/// The steps of a `do` that have been bound so far.
struct Chain {
  var steps: [StepModel] = []
  var facts: ValueFacts
  /// The name of the last step.
  var end: SourcePlace?
  /// Per step, its text and its result type.
  var trace: [FieldExplanation.Link] = []

  init(facts: ValueFacts) { self.facts = facts }
}

/// `do` chains: each step is bound to the result of the one before.
extension ValueReader {
  mutating func chain(_ node: YAMLNode?, _ input: ValueFacts, _ what: String) -> Chain {
    var chain = Chain(facts: input)
    guard let node else { return chain }
    guard let elements = node.elements else {
      let hint = node.scalar.map { "write [\($0.text)]" } ?? "write [{…}]"
      node.reportWrongKind("do", wanted: "a list of functions", hint: hint, &diagnostics)
      chain.facts = .poisoned
      return chain
    }
    for element in elements { step(element, &chain) }
    return chain
  }

  private mutating func step(_ node: YAMLNode, _ chain: inout Chain) {
    guard let (name, namePlace, argument) = call(node) else {
      chain.facts = chain.facts.asPoisoned
      return
    }
    chain.end = namePlace
    guard let function = context.options.functions.find(name) else {
      reportUnknown(name, at: namePlace)
      chain.facts = chain.facts.asPoisoned
      return
    }
    var faulty: Set<String> = []
    if let argument { checkWords(argument, function, &faulty) }
    let (arguments, issues) = function.arguments(from: argument?.jsonValue)
    // The misspelled parameter is the missing one.
    let isMisspelt = issues.contains { $0.code == .unknownKey } || !faulty.isEmpty
    let real = issues.filter {
      !faulty.contains($0.parameter ?? "") && !(isMisspelt && $0.code == .badArgument && $0.parameter == nil)
    }
    report(real, namePlace, argument)
    guard issues.isEmpty, faulty.isEmpty else {
      reportOthers(function, arguments, faulty.union(issues.compactMap(\.parameter)), namePlace, argument, chain.facts)
      markLookup(argument, function)
      chain.facts = chain.facts.asPoisoned
      return
    }
    bind(function, arguments, namePlace, argument, node, &chain)
  }

  /// Further problems of a step with some invalid arguments: the valid ones are still checked.
  private mutating func reportOthers(
    _ function: FunctionDefinition, _ arguments: [String: JSONValue], _ faulty: Set<String>, _ place: SourcePlace,
    _ argument: YAMLNode?, _ input: ValueFacts
  ) {
    guard function.parameters.allSatisfy({ !$0.isRequired || arguments[$0.name] != nil }) else { return }
    var request = BindRequest(input: .any, arguments: arguments, settings: settings.values, lookups: lookups.shapes)
    request.wantsHints = wantsHint(among: lookups.states.count)
    guard case .refused(let issues) = function.bind(request) else { return }
    let others = issues.filter { issue in
      guard let parameter = issue.parameter, arguments[parameter] != nil, !faulty.contains(parameter) else { return false }
      return !(issue.code == .unknownLookup && isBroken(arguments["table"]?.stringValue))
    }
    report(others, place, argument)
  }

  private mutating func bind(
    _ function: FunctionDefinition, _ arguments: [String: JSONValue], _ namePlace: SourcePlace, _ argument: YAMLNode?,
    _ node: YAMLNode, _ chain: inout Chain
  ) {
    let input = chain.facts
    var isElementwise = false
    var type = input.type
    if !function.takesList, let element = type.element {
      type = element
      isElementwise = true
    }
    var request = BindRequest(input: type, arguments: arguments, settings: settings.values, lookups: lookups.shapes)
    request.wantsHints = wantsHint(among: lookups.states.count)
    request.countsMilliseconds = input.countsMilliseconds
    switch function.bind(request) {
    case .refused(let issues):
      // A lookup that could not be loaded is not unknown; the type of a value that was reported is not checked.
      let real = issues.filter {
        !($0.code == .unknownLookup && isBroken(arguments["table"]?.stringValue))
          && !(input.isPoisoned && $0.code == .typeMismatch)
      }
      report(real, namePlace, argument)
      markLookup(argument, function)
      chain.facts = chain.facts.asPoisoned
    case .bound(let call, var output, let result):
      if isElementwise {
        output = .list(output)
      } else if !function.takesList, type.mayBeList {
        output = .joined([output, .list(output)])
      }
      chain.steps.append(StepModel(call: call, place: namePlace))
      chain.facts = facts(
        after: call, guaranteeing: result, input, output, otherwise: argument?["else"]?.place ?? namePlace,
        isElementwise: isElementwise)
      chain.trace.append(.init(step: Self.text(of: node), type: output.name))
    }
  }

  private mutating func facts(
    after call: FunctionCall, guaranteeing result: ResultFacts, _ input: ValueFacts, _ output: ValueType,
    otherwise place: SourcePlace, isElementwise: Bool
  ) -> ValueFacts {
    let function = call.function
    var facts = input
    facts.type = output
    facts.raises(function.errors)
    // Most functions of a list do not restrict its elements.
    let isPlainList = function.takesList && input.type.element != nil
    if isPlainList ? result.refusesElements && needsCheck(input.type) : needsCheck(input.type) { facts.raises([.wrongType]) }
    facts.apply(result, from: input, isElementwise: isElementwise)
    if case .lookup(let table, let column, let miss) = call {
      let found = look(up: table, column: column, miss: miss, otherwise: place, facts: input)
      facts.known = found.known
      facts.privacy = max(facts.privacy, found.privacy)
      if let field = found.field { facts.lookupFields.insert(field) }
      if found.isNullable { facts.admitNull(isElementwise: isElementwise) }
      if miss != .error { facts.errors.removeAll { $0 == .lookupMiss } }
    }
    if !output.mayBeList { facts.hasNullElements = false }
    return facts
  }

  /// Whether only the data decides if a function accepts a value.
  private func needsCheck(_ type: ValueType) -> Bool {
    switch type {
    case .any, .oneOf: true
    case .list(let element): needsCheck(element)
    default: false
    }
  }

  /// `trim` or `{join: " "}`.
  private mutating func call(_ node: YAMLNode) -> (String, SourcePlace, YAMLNode?)? {
    if let scalar = node.scalar {
      guard scalar.meaning != .null else {
        node.reportWrongKind("a step", wanted: "a function's name", &diagnostics)
        return nil
      }
      return (scalar.text, node.place, nil)
    }
    guard let entries = node.entries, let first = entries.first else {
      node.reportWrongKind("a step", wanted: "a function's name or {NAME: ARGUMENTS}", &diagnostics)
      return nil
    }
    if let review = node.entry(YAMLNode.review) {
      report(.unknownKey, at: review.keyPlace, "a step cannot have the key 'review'", hint: FunctionDefinition.reviewHint)
      return nil
    }
    if entries.count > 1 {
      report(
        .unknownKey, at: entries[1].keyPlace, "a step is one function, but this one has '\(first.key)' and '\(entries[1].key)'",
        hint: "write [{\(first.key): …}, {\(entries[1].key): …}], or move it into the braces of its function")
      return nil
    }
    return (first.key, first.keyPlace, first.value)
  }

  private mutating func reportUnknown(_ name: String, at place: SourcePlace) {
    let hint =
      name == YAMLNode.review
      ? FunctionDefinition.reviewHint
      : NearestName.hint(name, in: context.options.functions.functions.map(\.name)) ?? "'waybill functions' lists them"
    report(.unknownFunction, at: place, "there is no function '\(name)'", hint: hint)
  }

  /// Refuses what the reader refused, and words that YAML 1.1 reads as something else, before they count as
  /// arguments. The parameters at fault go into `faulty`; `*` is the positional one.
  private mutating func checkWords(_ argument: YAMLNode, _ function: FunctionDefinition, _ faulty: inout Set<String>) {
    func isFaulty(_ node: YAMLNode, _ what: String, _ diagnostics: inout Diagnostics) -> Bool {
      node.literal(what, &diagnostics) == nil
    }
    if let entries = argument.entries {
      for entry in entries where isFaulty(entry.value, "'\(entry.key)' of \(function.name)", &diagnostics) {
        faulty.insert(entry.key)
      }
    } else if isFaulty(argument, "the argument of \(function.name)", &diagnostics) {
      faulty.formUnion(["*"] + function.parameters.filter(\.isPositional).map(\.name))
    }
  }

  private mutating func report(
    _ issues: [BindIssue], _ namePlace: SourcePlace, _ argument: YAMLNode?
  ) {
    for issue in issues {
      var place = namePlace
      if let parameter = issue.parameter, let argument {
        if issue.code == .unknownKey {
          place = argument.entry(parameter)?.keyPlace ?? namePlace
        } else {
          let node = argument[parameter] ?? (argument.isMapping ? nil : argument)
          place = node.map { self.place(of: issue, in: $0) } ?? namePlace
        }
      }
      report(issue.code, at: place, issue.message, hint: issue.hint)
    }
  }

  /// The relevant part of `NAME.COLUMN`.
  private func place(of issue: BindIssue, in node: YAMLNode) -> SourcePlace {
    guard issue.code == .unknownLookup || issue.code == .unknownColumn, let text = node.scalar?.text,
      let dot = text.firstIndex(of: ".")
    else { return node.place }
    let before = text.distance(from: text.startIndex, to: dot)
    return issue.code == .unknownLookup
      ? node.place(at: 0, count: before) : node.place(at: before + 1, count: text.count - before - 1)
  }

  /// A lookup that a wrong step was about is not also reported as never used.
  private mutating func markLookup(_ argument: YAMLNode?, _ function: FunctionDefinition) {
    guard function.name == "lookup", let argument else { return }
    guard let text = (argument["table"] ?? argument).scalar?.text else {
      // The parameter was misspelled: a value named like a lookup is one.
      for entry in argument.entries ?? [] {
        guard let name = entry.value.scalar?.text.prefix(while: { $0 != "." }) else { continue }
        lookups.use(String(name), .poisoned)
      }
      return
    }
    let name = String(String.UnicodeScalarView(text.unicodeScalars.prefix { $0 != "." }))
    if lookups[name] != nil {
      lookups.use(name, .poisoned)
    } else if let near = nearest(name, in: lookups.states.map(\.name), of: lookups.states.count) {
      lookups.use(near, .poisoned)
    }
  }

  private func isBroken(_ table: String?) -> Bool {
    guard let name = table?.prefix(while: { $0 != "." }), let lookup = lookups[String(name)] else { return false }
    return lookup.loaded == nil
  }

  /// A step as written in a mapping.
  static func text(of node: YAMLNode) -> String {
    switch node.content {
    case .refused: "?"
    case .scalar(let scalar): scalar.style == .plain ? scalar.text : JSONValue.string(scalar.text).text
    case .sequence(let elements): "[" + elements.map(text(of:)).joined(separator: ", ") + "]"
    case .mapping(let entries): "{" + entries.map { "\($0.key): \(text(of: $0.value))" }.joined(separator: ", ") + "}"
    }
  }
}
