/// Reads an expression by recursive descent, with the precedence of the language definition:
///
///     ?:   ||   &&   == != < <= > >= in   + -   * / %   ! -   . [] ()
///
/// Macros are recognised here, as the specification has it: they are syntax, not functions. Nesting is limited, so that no
/// text can exhaust the stack; the limits are far above those that the specification requires.
struct Parser {
  /// Levels of a tree. The specification requires 24 to 32 repetitions of each recursive rule.
  static let maximumDepth = 200

  private let lexer: Lexer
  private var index = 0
  private var tree = SyntaxTree()
  private var depth = 0
  /// A name whose members are those that are named alone.
  private let root: String?

  static func parse(_ text: String, root: String? = nil) throws(ExpressionDiagnostic) -> SyntaxTree {
    var parser = Parser(lexer: try Lexer.tokens(of: text), root: root)
    return try parser.parse()
  }

  private init(lexer: Lexer, root: String?) {
    self.lexer = lexer
    self.root = root
  }

  private mutating func parse() throws(ExpressionDiagnostic) -> SyntaxTree {
    if token.kind == .end { throw fail("the expression is empty", 0..<lexer.bytes.count) }
    tree.root = try expression()
    guard token.kind == .end else { throw unexpected("the expression should end here") }
    return tree
  }

  // MARK: Words

  private var token: Token { lexer.tokens[index] }
  private var nextToken: Token { lexer.tokens[min(index + 1, lexer.tokens.count - 1)] }

  private func fail(
    _ message: String, _ range: Range<Int>, _ code: ExpressionDiagnostic.Code = .syntax, hint: String? = nil
  ) -> ExpressionDiagnostic {
    ExpressionDiagnostic(code, at: range, message, hint: hint)
  }

  private func unexpected(_ wanted: String) -> ExpressionDiagnostic {
    var hint: String?
    if case .identifier(let name) = token.kind {
      switch name {
      case "and": hint = "write &&"
      case "or": hint = "write ||"
      case "not": hint = "write !"
      case "is": hint = "write =="
      default: break
      }
    }
    return fail("\(wanted), not \(token.description(in: lexer.bytes))", token.range, hint: hint)
  }

  private func isSymbol(_ symbol: Token.Symbol) -> Bool { token.kind == .symbol(symbol) }

  private mutating func take(_ symbol: Token.Symbol) -> Bool {
    guard isSymbol(symbol) else { return false }
    index += 1
    return true
  }

  private mutating func expect(_ symbol: Token.Symbol, closing open: Range<Int>? = nil) throws(ExpressionDiagnostic) {
    guard !take(symbol) else { return }
    throw unexpected("'\(symbol.rawValue)' is expected")
  }

  // MARK: Nodes

  private mutating func add(_ kind: SyntaxNode.Kind, _ range: Range<Int>, at place: Range<Int>? = nil)
    throws(ExpressionDiagnostic) -> Int
  {
    var node = SyntaxNode(kind: kind, range: range, place: place ?? range, depth: 1)
    for child in node.children { node.depth = max(node.depth, tree[child].depth + 1) }
    guard node.depth <= Self.maximumDepth else { throw tooDeep(node.place) }
    tree.nodes.append(node)
    return tree.nodes.count - 1
  }

  private func tooDeep(_ range: Range<Int>) -> ExpressionDiagnostic {
    fail("the expression is nested deeper than \(Self.maximumDepth) levels", range)
  }

  private func range(from start: Int) -> Range<Int> { start..<lexer.tokens[max(0, index - 1)].range.upperBound }

  // MARK: Operators

  private mutating func expression() throws(ExpressionDiagnostic) -> Int {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.maximumDepth else { throw tooDeep(token.range) }
    let start = token.range.lowerBound
    let condition = try logical()
    guard isSymbol(.question) else { return condition }
    let place = token.range
    index += 1
    let first = try logical()
    try expect(.colon)
    let second = try expression()
    return try add(.conditional(condition, first, second), range(from: start), at: place)
  }

  private mutating func logical() throws(ExpressionDiagnostic) -> Int {
    let start = token.range.lowerBound
    let first = try conjunction()
    guard isSymbol(.or) else { return first }
    let place = token.range
    var operands = [first]
    while take(.or) { operands.append(try conjunction()) }
    return try add(.or(operands), range(from: start), at: place)
  }

  private mutating func conjunction() throws(ExpressionDiagnostic) -> Int {
    let start = token.range.lowerBound
    let first = try binary(level: 0)
    guard isSymbol(.and) else { return first }
    let place = token.range
    var operands = [first]
    while take(.and) { operands.append(try binary(level: 0)) }
    return try add(.and(operands), range(from: start), at: place)
  }

  private func binaryOperator(level: Int) -> BinaryOperator? {
    if level == 0, token.kind == .identifier("in") { return .contained }
    guard case .symbol(let symbol) = token.kind else { return nil }
    switch (level, symbol) {
    case (0, .equal): return .equal
    case (0, .unequal): return .unequal
    case (0, .less): return .less
    case (0, .lessEqual): return .lessEqual
    case (0, .greater): return .greater
    case (0, .greaterEqual): return .greaterEqual
    case (1, .plus): return .add
    case (1, .minus): return .subtract
    case (2, .times): return .multiply
    case (2, .divide): return .divide
    case (2, .modulo): return .modulo
    default: return nil
    }
  }

  private mutating func binary(level: Int) throws(ExpressionDiagnostic) -> Int {
    guard level < 3 else { return try unary() }
    let start = token.range.lowerBound
    var left = try binary(level: level + 1)
    while let op = binaryOperator(level: level) {
      let place = token.range
      index += 1
      let right = try binary(level: level + 1)
      left = try add(.binary(op, left, right), range(from: start), at: place)
    }
    return left
  }

  private mutating func unary() throws(ExpressionDiagnostic) -> Int {
    var operators: [(UnaryOperator, Range<Int>)] = []
    while true {
      if isSymbol(.not) {
        operators.append((.not, token.range))
      } else if isSymbol(.minus) {
        // The minus before a number is part of the literal: only so can the smallest integer be written.
        if case .integer = nextToken.kind { break }
        if case .double = nextToken.kind { break }
        operators.append((.negate, token.range))
      } else {
        break
      }
      index += 1
    }
    var operand = try member()
    let end = tree[operand].range.upperBound
    for (op, place) in operators.reversed() {
      operand = try add(.unary(op, operand), place.lowerBound..<end, at: place)
    }
    return operand
  }

  // MARK: Members

  private mutating func member() throws(ExpressionDiagnostic) -> Int {
    let start = token.range.lowerBound
    var operand = try primary()
    while true {
      if take(.dot) {
        if isSymbol(.question) { throw optionals(token.range) }
        operand = try selection(of: operand, start: start)
      } else if isSymbol(.openBracket) {
        let open = token.range
        index += 1
        if isSymbol(.question) { throw optionals(token.range) }
        let key = try expression()
        try expect(.closeBracket)
        operand = try add(.index(operand, key), range(from: start), at: open)
      } else if isSymbol(.openBrace) {
        guard isTypeName(operand) else { throw unexpected("an operator is expected") }
        throw fail(
          "messages are not supported", tree[operand].range, .notSupported,
          hint: "write a map as {'name': value}")
      } else {
        return operand
      }
    }
  }

  private func optionals(_ range: Range<Int>) -> ExpressionDiagnostic {
    fail("optional selection is not supported", range, .notSupported, hint: "test with has(object.member)")
  }

  private func isTypeName(_ node: Int) -> Bool {
    switch tree[node].kind {
    case .name: true
    case .select(let operand, _): isTypeName(operand)
    default: false
    }
  }

  private mutating func selection(of operand: Int, start: Int) throws(ExpressionDiagnostic) -> Int {
    let place = token.range
    let name: String
    switch token.kind {
    case .identifier(let word):
      if ReservedWords.keywords.contains(word) {
        throw fail("'\(word)' cannot be the name of a member", place, hint: "read it by index: object[\"\(word)\"]")
      }
      name = word
    case .quotedIdentifier(let word): name = word
    default: throw unexpected("a member's name is expected")
    }
    index += 1
    guard isSymbol(.openParenthesis) else { return try add(.select(operand, field: name), range(from: start), at: place) }
    let arguments = try self.arguments()
    if let macro = Macro(name: name, arguments: arguments.count) {
      return try self.macro(macro, operand, arguments, start: start, place: place)
    }
    return try add(.call(name, target: operand, arguments: arguments), range(from: start), at: place)
  }

  private mutating func macro(_ macro: Macro, _ operand: Int, _ arguments: [Int], start: Int, place: Range<Int>)
    throws(ExpressionDiagnostic) -> Int
  {
    guard case .name(let variable, false) = tree[arguments[0]].kind else {
      throw fail(
        "the first argument of a macro names its variable: a simple name", tree[arguments[0]].range,
        hint: "write tags.\(Macro.names[Int(macro.rawValue)])(t, …)")
    }
    return try add(
      .macro(
        macro, range: operand, variable: variable, body: arguments[1], transform: arguments.count == 3 ? arguments[2] : nil),
      range(from: start), at: place)
  }

  /// From `(` to `)`. No comma may follow the last one.
  private mutating func arguments() throws(ExpressionDiagnostic) -> [Int] {
    try expect(.openParenthesis)
    if take(.closeParenthesis) { return [] }
    var arguments = [try expression()]
    while take(.comma) { arguments.append(try expression()) }
    try expect(.closeParenthesis)
    return arguments
  }

  // MARK: Primaries

  private mutating func primary() throws(ExpressionDiagnostic) -> Int {
    let token = self.token
    switch token.kind {
    case .identifier(let name):
      index += 1
      return try named(name, token.range, start: token.range.lowerBound, isRooted: false)
    case .quotedIdentifier:
      throw fail("a name between backticks is allowed only after a dot", token.range)
    case .integer(let magnitude):
      index += 1
      guard let value = Int64(exactly: magnitude) else {
        throw fail("the number is outside 64 bits", token.range, hint: "write \(magnitude)u for an unsigned one")
      }
      return try add(.literal(.int(value)), token.range)
    case .unsigned(let value):
      index += 1
      return try add(.literal(.uint(value)), token.range)
    case .double(let value):
      index += 1
      return try add(.literal(.double(value)), token.range)
    case .string(let bytes):
      index += 1
      return try add(.literal(.string(bytes)), token.range)
    case .bytes(let bytes):
      index += 1
      return try add(.literal(.bytes(bytes)), token.range)
    case .symbol(let symbol): return try symbolic(symbol, token.range)
    case .end: throw unexpected("a value is expected")
    }
  }

  private mutating func symbolic(_ symbol: Token.Symbol, _ place: Range<Int>) throws(ExpressionDiagnostic) -> Int {
    switch symbol {
    case .minus: return try negativeLiteral(place)
    case .openParenthesis:
      index += 1
      let inner = try expression()
      try expect(.closeParenthesis)
      return inner
    case .openBracket: return try list(place)
    case .openBrace: return try map(place)
    case .dot:
      index += 1
      guard case .identifier(let name) = token.kind else { throw unexpected("a name is expected") }
      let range = token.range
      index += 1
      return try named(name, range, start: place.lowerBound, isRooted: true)
    default: throw unexpected("a value is expected")
    }
  }

  private mutating func negativeLiteral(_ place: Range<Int>) throws(ExpressionDiagnostic) -> Int {
    index += 1
    let number = token
    index += 1
    let range = place.lowerBound..<number.range.upperBound
    switch number.kind {
    case .integer(let magnitude):
      guard magnitude <= Int64.min.magnitude else { throw fail("the number is outside 64 bits", range) }
      return try add(.literal(.int(Int64(truncatingIfNeeded: 0 &- magnitude))), range)
    case .double(let value): return try add(.literal(.double(-value)), range)
    default: throw fail("a number is expected", number.range)
    }
  }

  private mutating func list(_ place: Range<Int>) throws(ExpressionDiagnostic) -> Int {
    index += 1
    var elements: [Int] = []
    while !isSymbol(.closeBracket) {
      if isSymbol(.question) { throw optionals(token.range) }
      elements.append(try expression())
      if !take(.comma) { break }
    }
    try expect(.closeBracket)
    return try add(.list(elements), range(from: place.lowerBound), at: place)
  }

  private mutating func map(_ place: Range<Int>) throws(ExpressionDiagnostic) -> Int {
    index += 1
    var entries: [MapEntry] = []
    while !isSymbol(.closeBrace) {
      if isSymbol(.question) { throw optionals(token.range) }
      let key = try expression()
      try expect(.colon)
      entries.append(MapEntry(key: key, value: try expression()))
      if !take(.comma) { break }
    }
    try expect(.closeBrace)
    return try add(.map(entries), range(from: place.lowerBound), at: place)
  }

  /// A literal's word, a call, or a name.
  private mutating func named(_ name: String, _ place: Range<Int>, start: Int, isRooted: Bool) throws(ExpressionDiagnostic) -> Int
  {
    if !isRooted {
      switch name {
      case "true": return try add(.literal(.bool(true)), place)
      case "false": return try add(.literal(.bool(false)), place)
      case "null": return try add(.literal(.null), place)
      default: break
      }
    }
    if ReservedWords.keywords.contains(name) {
      throw fail(
        "a value is expected, not '\(name)'", place,
        hint: root.map { "a member of that name is read as \($0)[\"\(name)\"]" })
    }
    if ReservedWords.reserved.contains(name) {
      throw fail(
        "'\(name)' is a reserved word", place,
        hint: root.map { "a member of that name is read as \($0).\(name) or \($0)[\"\(name)\"]" })
    }
    guard isSymbol(.openParenthesis) else {
      return try add(.name(name, isRooted: isRooted), start..<place.upperBound, at: place)
    }
    let arguments = try self.arguments()
    if name == "has", arguments.count == 1 {
      guard case .select(let operand, let field) = tree[arguments[0]].kind else {
        throw fail("has() takes a member: has(object.member)", tree[arguments[0]].range)
      }
      return try add(.has(operand, field: field), range(from: start), at: tree[arguments[0]].place)
    }
    return try add(.call(name, target: nil, arguments: arguments), range(from: start), at: place)
  }
}
