import Core
import Testing

@testable import Expressions

/// No text crashes, hangs or exhausts the stack.
@Suite struct HostileTextTests {
  /// Always the same texts.
  struct Dice: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      var word = state
      word ^= word >> 33
      return word &* 0xFF51_AFD7_ED55_8CCD
    }
  }

  static let words = [
    "a", "b", "tags", "m", "n", "x", "1", "0", "2u", "1.5", "'s'", "''", "b'x'", "null", "true", "false", "[", "]", "{", "}", "(",
    ")", ".",
    ",", ":", "?", "+", "-", "*", "/", "%", "==", "!=", "<", "<=", ">", ">=", "&&", "||", "!", "in", "has", "size", "all",
    "exists",
    "exists_one", "map", "filter", "matches", "int", "uint", "double", "string", "bytes", "bool", "type", "dyn", "timestamp",
    "duration",
    "getHours", "contains", "startsWith", "'2024-01-01T00:00:00Z'", "'1h'", "'(a+)+$'", "9223372036854775807",
    "-9223372036854775808",
    "r'\\d'", "'\\u00e9'", "\n", "// c\n", "`q`", "package", "\"", "'", "\\", "é", "=", "&", "0x", "1e",
  ]

  static let input: JSONValue = .object([
    .init("a", .number("1")), .init("b", .number("2.5")), .init("tags", .array([.string("x"), .null, .number("3")])),
    .init("m", .object([.init("n", .object([])), .init("s", .string("é"))])), .init("n", .null),
  ])

  @Test("Random words end in a value, an error or a diagnostic", arguments: 0..<8)
  func soup(seed: UInt64) {
    var dice = Dice(state: seed &* 7919)
    for _ in 0..<1500 {
      let count = Int.random(in: 1...24, using: &dice)
      let text = (0..<count).map { _ in Self.words[Int.random(in: 0..<Self.words.count, using: &dice)] }.joined(
        separator: Bool.random(using: &dice) ? " " : "")
      var expression = JSONExpression(text, isTyped: true)
      check(expression.evaluate(on: Self.input), text)
      _ = MappingScope.checked(text)
    }
  }

  @Test("Mutations of valid expressions do as well", arguments: try CaseFile.names())
  func mutations(name: String) throws {
    var dice = Dice(state: UInt64(name.utf8.count))
    for item in try CaseFile.cases(of: name) {
      for _ in 0..<4 {
        var characters = Array(item.expression.unicodeScalars)
        for _ in 0..<Int.random(in: 1...3, using: &dice) where !characters.isEmpty {
          let place = Int.random(in: 0..<characters.count, using: &dice)
          switch Int.random(in: 0..<4, using: &dice) {
          case 0: characters.remove(at: place)
          case 1: characters.insert(characters[Int.random(in: 0..<characters.count, using: &dice)], at: place)
          case 2: characters.swapAt(place, Int.random(in: 0..<characters.count, using: &dice))
          default:
            characters.insert(contentsOf: Self.words.randomElement(using: &dice)?.unicodeScalars.map { $0 } ?? [], at: place)
          }
        }
        var text = ""
        text.unicodeScalars.append(contentsOf: characters)
        var expression = JSONExpression(text, isTyped: true)
        check(expression.evaluate(on: item.input), text)
      }
    }
  }

  private func check(_ outcome: JSONExpression.Outcome, _ text: String) {
    switch outcome {
    case .value(let json): #expect(throws: Never.self, "\(text)") { try JSONReader.read(json) }
    case .refused(let diagnostics):
      #expect(!diagnostics.isEmpty, "\(text)")
      for diagnostic in diagnostics {
        #expect(diagnostic.range.lowerBound >= 0 && diagnostic.range.upperBound <= text.utf8.count, "\(text)")
        _ = ExpressionFrame.text(of: diagnostic, in: text)
      }
    case .failed(let error, let range): _ = ExpressionFrame.text(of: error, at: range, in: text)
    }
  }

  static let deep: [String] = {
    func nested(_ open: String, _ inner: String, _ close: String, _ count: Int) -> String {
      String(repeating: open, count: count) + inner + String(repeating: close, count: count)
    }
    var texts: [String] = []
    for count in [190, 201, 2_000, 10_000] {
      texts += [
        nested("(", "1", ")", count), nested("[", "1", "]", count), nested("{'a': ", "1", "}", count),
        nested("!", "true", "", count),
        nested("-", "a", "", count), nested("size(", "[]", ")", count), nested("a[", "0", "]", count),
        nested("m", ".n", "", count),
        "m" + String(repeating: ".n", count: count), "a" + String(repeating: "[0]", count: count),
        "1" + String(repeating: " + 1", count: count), "true" + String(repeating: " && true", count: count),
        "true" + String(repeating: " ? true : true", count: count), nested("true ? ", "1", " : 2", count),
        nested("[1].map(x, ", "x", ")", count), nested("has(a.", "b", ")", count),
        "'" + String(repeating: "\\n", count: count) + "'",
        "[" + String(repeating: "1,", count: count) + "]", String(repeating: "(", count: count),
        String(repeating: "[{", count: count),
        String(repeating: "'", count: count), String(repeating: "a.", count: count), String(repeating: "?:", count: count),
      ]
    }
    return texts
  }()

  @Test("Nesting has a limit that is reported")
  func depth() {
    for text in Self.deep {
      var expression = JSONExpression(text, isTyped: false)
      let outcome = expression.evaluate(on: Self.input)
      if case .value(let json) = outcome { #expect(json.utf8.count > 0) }
      _ = MappingScope.checked(text)
    }
    let text = String(repeating: "(", count: 100_000) + "1" + String(repeating: ")", count: 100_000)
    #expect(evaluated(text) == "refused expression-syntax")
  }

  @Test("Well over the repetitions that the specification asks for are fine")
  func repetitions() {
    #expect(evaluated(String(repeating: "(", count: 150) + "7" + String(repeating: ")", count: 150)) == "int 7")
    #expect(evaluated("1" + String(repeating: " + 1", count: 150)) == "int 151")
    #expect(evaluated("true" + String(repeating: " && true", count: 5_000)) == "bool true")
    #expect(evaluated("false" + String(repeating: " || false", count: 5_000) + " || true") == "bool true")
    #expect(evaluated("[" + String(repeating: "1, ", count: 5_000) + "1].size()") == "int 5001")
    #expect(evaluated(String(repeating: "true ? true : ", count: 150) + "false") == "bool true")
  }

  @Test("Macros inside macros end after a number of steps")
  func steps() throws {
    let list = "[" + String(repeating: "1,", count: 100) + "]"
    let text = "\(list).all(a, \(list).all(b, \(list).all(c, true)))"
    let program = try #require(ExpressionCompiler.compile(text, scope: MappingScope.scope).expression?.program)
    var evaluator = ExpressionEvaluator()
    evaluator.stepLimit = 20_000
    #expect(evaluator.evaluate(program, slots: [.missing]).failure == .tooManySteps)
    // Each evaluation has steps of its own.
    let short = try #require(ExpressionCompiler.compile("\(list).all(a, true)", scope: MappingScope.scope).expression?.program)
    for _ in 0..<300 { #expect(evaluator.evaluate(short, slots: [.missing]).isTrue) }
  }

  @Test("Chained macros that double their values end with an error")
  func doubling() throws {
    func program(_ text: String) throws -> ExpressionProgram {
      try #require(ExpressionCompiler.compile(text, scope: MappingScope.scope).expression?.program)
    }
    var evaluator = ExpressionEvaluator()
    evaluator.sizeLimit = 100_000
    evaluator.stepLimit = 100_000
    let texts = "['ab']" + String(repeating: ".map(x, x + x)", count: 40)
    #expect(evaluator.evaluate(try program(texts), slots: [.missing]).failure == .tooLarge)
    // What was made counts until the next record.
    evaluator.reset()
    // The same list many times over: small in memory, and too large to compare or to write.
    let lists = "[1]" + String(repeating: ".map(x, [x, x])", count: 40)
    #expect(evaluator.evaluate(try program("\(lists) == \(lists)"), slots: [.missing]).failure == .tooManySteps)
    evaluator.reset()
    let value = evaluator.evaluate(try program(lists), slots: [.missing])
    #expect(value.failure == nil)
    #expect(evaluator.cell(of: value)?.kind == nil)
    _ = evaluator.json(of: value)
    let failure = evaluator.outputFailure
    #expect(failure == .tooLarge)
  }

  @Test("Values nested by macros are compared and written up to a reported depth")
  func deepValues() {
    func nested(_ links: Int) -> String {
      let link = ".map(x, " + String(repeating: "[", count: 90) + "x" + String(repeating: "]", count: 90) + ")"
      return "[1]" + String(repeating: link, count: links)
    }
    #expect(evaluated("\(nested(10)) == \(nested(10))") == "bool true")
    #expect(evaluated("\(nested(95)) == \(nested(95))") == "error tooDeep")
    #expect(evaluated("\(nested(95)) in [\(nested(95))]") == "error tooDeep")
    #expect(evaluated(nested(95)) == "error tooDeep")
    #expect(evaluated("{'a': \(nested(95))}") == "error tooDeep")
    #expect(evaluated("size(\(nested(95)))") == "int 1")
    let program = ExpressionCompiler.compile(nested(95), scope: MappingScope.scope).expression?.program
    var evaluator = ExpressionEvaluator()
    if let program {
      let value = evaluator.evaluate(program, slots: [.missing])
      #expect(evaluator.cell(of: value)?.kind == nil)
    }
    #expect(program != nil)
  }

  enum Input: String, CaseIterable {
    case text, texts, numbers, members

    var value: JSONValue {
      let text = String(repeating: "a", count: 100_000)
      return switch self {
      case .text: .object([.init("s", .string(text))])
      case .texts: .object([.init("s", .string(text)), .init("t", .string(text.dropLast() + "b"))])
      case .numbers: .object([.init("s", .array(Array(repeating: .number("1"), count: 20_000)))])
      case .members: .object([.init("s", .object((0..<20_000).map { .init("m\($0)", .number("1")) }))])
      }
    }
  }

  @Test(
    "Macros that read long texts and lists at each step end, in bounded memory",
    arguments: [
      ("!s.contains('b')", Input.text), ("!s.contains('aaaaaaaaaaaaaaaaaaaab')", .text), ("s.size() > 0", .text),
      ("!s.matches('b')", .text), ("s != t", .texts), ("s < t", .texts), ("!(2 in s)", .numbers), ("s == s", .numbers),
      ("s.m19999 == 1", .members), ("s.size() > 0", .members), ("!'x'.matches('y' + string(a) + 'z' + string(b))", .text),
    ])
  func reading(text: String, input: Input) {
    let list = "[" + (0..<300).map { "\($0)" }.joined(separator: ",") + "]"
    var expression = JSONExpression("\(list).all(a, \(list).all(b, \(text)))", isTyped: false)
    expression.evaluator.workLimit = 20_000_000
    let outcome = expression.evaluate(on: input.value)
    guard case .failed(.tooManySteps, _) = outcome else {
      Issue.record("it ends otherwise: \(text)")
      return
    }
    let made = expression.evaluator.madeBytes
    #expect(made < 50_000_000)
  }

  @Test("What is not looked at to its end is an error, not false")
  func unfinished() {
    let texts = JSONValue.array((0..<1_000).map { .string("text \($0 + 1_000)") })
    var expression = JSONExpression("'text 9999' in s", isTyped: false)
    expression.evaluator.workLimit = 100_000
    #expect(expression.evaluate(on: .object([.init("s", texts)])) == .value("false"))
    for limit in [1_000, 40_000, 60_000, 75_000, 80_000] {
      var expression = JSONExpression("'text 9999' in s", isTyped: false)
      expression.evaluator.workLimit = limit
      guard case .failed(.tooManySteps, _) = expression.evaluate(on: .object([.init("s", texts)])) else {
        Issue.record("it has a value with \(limit)")
        continue
      }
    }
  }

  @Test("A list of the input is taken apart once")
  func takenApart() {
    let list = "[" + (0..<300).map { "\($0)" }.joined(separator: ",") + "]"
    var expression = JSONExpression("\(list).all(a, \(list).all(b, s[0] == 1 && s[19999] == 1))", isTyped: false)
    expression.evaluator.workLimit = 20_000_000
    #expect(expression.evaluate(on: Input.numbers.value) == .value("true"))
  }

  @Test("Searches that backtrack at each step of a macro end")
  func searching() {
    let list = "[" + String(repeating: "1,", count: 1000) + "]"
    let input = JSONValue.object([.init("s", .string(String(repeating: "a", count: 40) + "b"))])
    let text = "\(list).exists(a, \(list).exists(b, s.matches('(a|aa)+$')))"
    var expression = JSONExpression(text, isTyped: false)
    expression.evaluator.longestSearching = 0.5
    guard case .failed(let error, _) = expression.evaluate(on: input) else {
      Issue.record("it has a value")
      return
    }
    #expect(error == .tooManySteps)
  }

  @Test("Many names, conditions, keys and mistakes take no more than their number")
  func wide() {
    let members = (0..<4_000).map { JSONValue.Member("m\($0)", .null) }
    let input = JSONValue.object(members + [.init("m", .object([]))])
    #expect(evaluated(members.map { "\($0.name) == null" }.joined(separator: " && "), on: input) == "bool true")
    #expect(evaluated(members.map { "m.\($0.name) != null" }.joined(separator: " || ") + " || true", on: input) == "bool true")
    let keys = (0..<8_000).map { "'k\($0)': m" }.joined(separator: ", ")
    #expect(evaluated("size({\(keys)})", on: input) == "int 8000")
    #expect(evaluated("size({\(keys), 'k17': m})", on: input) == "error duplicateKey")
    #expect(evaluated("{1: m, 2u: m, 1u: m}", on: input) == "error duplicateKey")
    let mistakes = evaluated((0..<4_000).map { "x\($0)" }.joined(separator: " || "))
    #expect(mistakes.split(separator: " ").count == 1 + Checker.mostDiagnostics)
  }

  @Test("Deep input is compared and written")
  func deepInput() {
    var value = JSONValue.number("1")
    for _ in 0..<1000 { value = .array([value]) }
    let input = JSONValue.object([.init("a", value)])
    #expect(evaluated("a == a", on: input) == "bool true")
    #expect(evaluated("[a] == [a]", on: input) == "bool true")
    #expect(evaluated("size(a)", on: input) == "int 1")
    #expect(evaluated("a.map(x, x)[0] == a[0]", on: input) == "bool true")
  }
}
