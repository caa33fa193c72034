import Core

extension FunctionDefinition {
  static let lookup = FunctionDefinition(
    name: "lookup",
    summary: "The value that a lookup table has for the key; a key without an entry is an error unless `else` or `miss` is set.",
    parameters: [
      Parameter(
        "table", .text, isRequired: true, isPositional: true, definedUnder: "lookups",
        "a lookup of the mapping; NAME.COLUMN if it has several columns"),
      Parameter("else", .any, "the value for a key without an entry"),
      Parameter("miss", .words(["keep", "nullify"]), "a key without an entry: keep it as the value, or give null"),
    ],
    input: "string, integer, decimal, number or boolean (as text)", output: "as the table's values",
    errors: [.lookupMiss],
    examples: [
      Example("{lookup: statuses}", #""lead""#, gives: #""prospect""#),
      Example("{lookup: states}", "true", gives: #""done""#),
      Example("{lookup: owners.team}", #""u1""#, gives: #""north""#),
      Example("{lookup: {table: statuses, else: unknown}}", #""vendor""#, gives: #""unknown""#),
      Example("{lookup: {table: statuses, miss: keep}}", #""vendor""#, gives: #""vendor""#),
      Example("{lookup: {table: statuses, miss: nullify}}", #""vendor""#, gives: "null"),
      Example("{lookup: statuses}", #""vendor""#, raises: .lookupMiss),
    ],
    bind: { request in
      let keys: [ValueType] = [.string] + ValueType.numeric + [.boolean]
      var issues: [BindIssue] = []
      let choice = column(of: request, &issues)
      let miss = miss(of: request, &issues)
      var types = [choice?.type ?? .any]
      switch miss {
      case .value(let value): types += [ValueType.of(value)].compactMap(\.self)
      case .keep: types.append(request.input)
      case .error, .nullify: break
      }
      return request.bind(
        "lookup", takes: keys, gives: .union(of: types), issues: issues,
        .lookup(table: choice?.table ?? 0, column: choice?.column ?? 0, miss: miss))
    })

  /// `NAME` or `NAME.COLUMN`.
  private static func column(
    of request: BindRequest, _ issues: inout [BindIssue]
  ) -> (table: Int, column: Int, type: ValueType)? {
    let text = request.text("table") ?? ""
    var name = text
    var wanted: String?
    if request.lookups[Name(text)] == nil, let dot = text.unicodeScalars.firstIndex(of: ".") {
      name = String(text[..<dot])
      wanted = String(text[text.unicodeScalars.index(after: dot)...])
    }
    guard let shape = request.lookups[Name(name)] else {
      let known = request.wantsHints ? request.lookups.keys.sorted().map(\.text) : []
      let listing = known.isEmpty || known.count > 12 ? "declare it under 'lookups'" : "it has: " + known.joined(separator: ", ")
      issues.append(
        BindIssue(
          .unknownLookup, parameter: "table", "this mapping has no lookup '\(name)'",
          hint: NearestName.hint(name, in: known) ?? listing))
      return nil
    }
    var column = 0
    if let wanted {
      guard let found = shape.columns.firstIndex(exactly: wanted), !wanted.isEmpty else {
        let hint =
          shape.columns == [""]
          ? "an inline table has one value: write \(name)"
          : NearestName.hint(wanted, in: shape.columns) ?? "it has: " + shape.columns.joined(separator: ", ")
        issues.append(BindIssue(.unknownColumn, parameter: "table", "lookup '\(name)' has no column '\(wanted)'", hint: hint))
        return nil
      }
      column = found
    } else if shape.columns.count > 1 {
      issues.append(
        BindIssue(
          .badArgument, parameter: "table", "lookup '\(name)' has \(shape.columns.count) columns: name one",
          hint: "write " + shape.columns.map { "\(name).\($0)" }.joined(separator: " or ")))
      return nil
    }
    return (shape.index, column, column < shape.columnTypes.count ? shape.columnTypes[column] : .any)
  }

  private static func miss(of request: BindRequest, _ issues: inout [BindIssue]) -> FunctionCall.LookupMiss {
    guard let value = request.arguments["else"] else {
      switch request.text("miss") {
      case "keep": return .keep
      case "nullify": return .nullify
      default: return .error
      }
    }
    if request.arguments["miss"] != nil {
      issues.append(
        BindIssue(.badArgument, parameter: "miss", "'else' and 'miss' cannot be used together", hint: "keep one of them"))
    }
    switch value {
    case .array, .object:
      issues.append(BindIssue(.badArgument, parameter: "else", "'else' of lookup must be a plain value"))
    case .null, .bool, .number, .string: break
    }
    return .value(value)
  }
}

extension FunctionLibrary {
  /// The tables that the examples of `lookup` read.
  package static let exampleLookups: [LookupTable] = [
    LookupTable(
      name: "statuses", columns: [""], entries: ["lead": [.string("prospect")], "customer": [.string("active")]],
      keys: ["lead", "customer"]),
    LookupTable(
      name: "owners", columns: ["app_user_id", "team"],
      entries: ["u1": [.string("1001"), .string("north")], "u2": [.string("1002"), .null]], keys: ["u1", "u2"]),
    LookupTable(
      name: "states", columns: [""], entries: ["true": [.string("done")], "false": [.string("open")]], keys: ["true", "false"]),
  ]
}
