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

  @Test("Mutations of good expressions do, too", arguments: try CaseFile.names())
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

  @Test("Nesting has a limit that is told")
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
    let isTooLarge = evaluator.isOutputTooLarge
    #expect(isTooLarge)
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
