import Core
import Values

extension Checker {
  mutating func checkCall(_ node: Int, _ name: String, _ target: Int?, _ arguments: [Int]) {
    let place = tree[node].place
    if let target, case .name(let library, _) = tree[target].kind, Self.libraries.contains(library),
      !scope.names.contains(exactly: library), !locals.contains(where: { $0.name.isExactly(library) })
    {
      // Its arguments may be of its own syntax.
      failures[node] = .unknownFunction
      return report(
        .notSupported, at: tree[target].range.lowerBound..<place.upperBound,
        "'\(library).\(name)' belongs to an extension; extensions are not supported")
    }
    let operands = (target.map { [$0] } ?? []) + arguments
    if reportForeign(name, target, at: place) {
      failures[node] = .unknownFunction
      return
    }
    for argument in arguments { noteMeantAsText(argument) }
    if let target, ForeignFunctions.bindsVariable(name) {
      // The other arguments name a variable that nobody declares.
      check(target)
      failures[node] = .unknownFunction
      return report(
        .unknownFunction, at: place, "there is no function '\(name)'", hint: ForeignFunctions.hint(name, [text(target)]))
    }
    for operand in operands { check(operand) }
    guard let function = FunctionTable.byName[name] else {
      failures[node] = .unknownFunction
      let names = FunctionTable.all.map(\.name) + Array(Self.macroForms.keys).sorted()
      let hint = ForeignFunctions.hint(name, operands.map { text($0) }) ?? NearestName.hint(name, in: names)
      return report(.unknownFunction, at: place, "there is no function '\(name)'", hint: hint)
    }
    if !function.code.takesNull {
      for operand in operands {
        if function.code.isConversion { requireNotNull(operand) } else { requireValue(operand) }
      }
    }
    types[node] = resolve(name, function.overloads, operands, isMethod: target != nil, at: place)
    resolutions[node] = .function(function.code)
    // An unknown value may be null as it was.
    if function.code == .dyn, let only = operands.first { isNullable[node] = isNullable[only] }
    guard types[node] != .failed else {
      failures[node] = .noOverload
      return
    }
    checkConstants(function.code, operands)
  }

  /// Malformed macros, and functions of extensions: their arguments are not checked.
  private mutating func reportForeign(_ name: String, _ target: Int?, at place: Range<Int>) -> Bool {
    if let form = Self.macroForms[name] {
      report(.syntax, at: place, "the macro '\(name)' has another form", hint: "write \(form)")
      return true
    }
    guard target != nil, Self.extensionFunctions.contains(name) else { return false }
    if let target { check(target) }
    report(
      .notSupported, at: place, "'\(name)' belongs to an extension; extensions are not supported",
      hint: Self.extensionHints[name] ?? ForeignFunctions.hint(name, target.map { [text($0)] } ?? []))
    return true
  }

  /// Checks of constant arguments.
  private mutating func checkConstants(_ code: FunctionCode, _ operands: [Int]) {
    guard let last = operands.last, case .literal(.string(let bytes)) = tree[last].kind else { return }
    let text = String(decoding: bytes, as: UTF8.self)
    let range = tree[last].range
    switch code {
    case .matches where operands.count == 2:
      do { _ = try Pattern(re2: text) } catch {
        report(.badArgument, at: range, "the pattern cannot be compiled: \(error)")
      }
    case .timestamp where scope.isStrict && TimeText.timestamp(bytes.span) == nil:
      report(.badArgument, at: range, "this is not a timestamp", hint: "write it as RFC 3339: timestamp('2024-03-10T12:30:00Z')")
    case .duration where scope.isStrict && TimeText.duration(bytes.span) == nil:
      report(
        .badArgument, at: range, "this is not a duration", hint: "write numbers with units h, m, s, ms, us, ns: duration('1h30m')"
      )
    default:
      guard code.isTimePart, operands.count == 2, TimeText.offset(bytes.span) == nil else { return }
      do { _ = try TimeZoneRules.load(text) } catch {
        report(.badArgument, at: range, error.message, hint: error.hint)
      }
    }
  }

  private static let libraries: Set<String> = [
    "base64", "cel", "lists", "math", "net", "optional", "proto", "regex", "sets", "strings",
  ]

  private static let macroForms: [String: String] = [
    "all": "list.all(x, condition)", "exists": "list.exists(x, condition)", "exists_one": "list.exists_one(x, condition)",
    "filter": "list.filter(x, condition)", "map": "list.map(x, value) or list.map(x, condition, value)",
    "has": "has(object.member)",
  ]

  private static let extensionFunctions: Set<String> = [
    "charAt", "distinct", "existsOne", "first", "flatten", "format", "hasValue", "indexOf", "join", "last", "lastIndexOf",
    "lowerAscii", "optFlatMap", "optMap", "or", "orValue", "quote", "range", "replace", "reverse", "slice", "sort", "sortBy",
    "split", "substring", "transformList", "transformMap", "transformMapEntry", "trim", "upperAscii", "value",
  ]

  private static let extensionHints: [String: String] = [
    "lowerAscii": "in a mapping: do: [lower]", "upperAscii": "in a mapping: do: [upper]", "trim": "in a mapping: do: [trim]",
    "join": "in a mapping: do: [{join: \", \"}]", "split": "in a mapping: do: [{split: \",\"}]",
    "replace": "in a mapping: do: [{replace: {pattern: …, with: …}}]", "existsOne": "write exists_one",
    "distinct": "in a mapping: do: [unique]", "sort": "in a mapping: do: [sort]",
  ]
}
