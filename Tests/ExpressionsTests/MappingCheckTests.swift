import Core
import Foundation
import Testing

@testable import Expressions

/// The checks of expressions in mappings: types, null, places.
@Suite struct MappingCheckTests {
  @Test func everyExpressionIsCheckedAsItsLineSays() throws {
    let text = try String(contentsOf: CaseFile.folder.appendingPathComponent("mapping.checks"), encoding: .utf8)
    var count = 0
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      guard !line.hasPrefix("#"), let arrow = line.range(of: " => ", options: .backwards) else { continue }
      let expression = String(line[..<arrow.lowerBound])
      #expect(MappingScope.checked(expression) == line[arrow.upperBound...], "mapping.checks:\(index + 1) \(expression)")
      count += 1
    }
    #expect(count > 200)
  }

  @Test(
    "A condition is a bool that is not null",
    arguments: [
      ("id == 'x'", "ok bool"), ("dnd", "nullable-operand 0..<3"), ("dnd == true", "ok bool"), ("id", "type-mismatch 0..<2"),
      ("visits", "type-mismatch 0..<6"), ("tags", "type-mismatch 0..<4"), ("null", "type-mismatch 0..<4"),
      ("extra", "nullable-operand 0..<5"), ("extra != null && extra", "ok bool"), ("true", "ok bool"),
    ])
  func conditions(text: String, expected: String) {
    #expect(MappingScope.checked(text, expecting: .condition) == expected)
  }

  @Test(
    "Hints show how to fix it",
    arguments: [
      ("emial == 'x'", "did you mean 'email'?"), ("vars.wort == null", "did you mean 'worth'?"),
      ("custom.paln == null", "did you mean 'plan'?"), ("id.startWith('a')", "did you mean 'startsWith'?"),
      ("tags.size() > 0", "test it first: tags != null && …"),
      ("amount + 1", "decimals do not support arithmetic: convert it, double(amount) or int(amount)"),
      ("id + 1", "convert the number: string(1)"), ("id > 5", "convert one of them: int(id), double(id)"),
      ("visits + 1.5", "arithmetic needs numbers of one type: double(visits)"),
      ("'a' in id", "to test whether a text contains another: id.contains('a')"),
      ("dateAdded == '2024-01-01'", "make it a timestamp: timestamp('2024-01-01')"),
      ("tasks.title == 'x'", "take one element: tasks[0].title, or test with exists()"),
      ("id = 'x'", "write == for equality"), ("id == 'x' and true", "write &&"), ("id == None", "write null"),
      ("id ? 1 : 2", "compare it: id != ''"), ("id.lowerAscii()", "in a mapping: do: [lower]"),
      ("dateAdded.getHours('Europe/Berln')", "did you mean 'Europe/Berlin'?"),
    ])
  func hints(text: String, hint: String) throws {
    let first = try #require(ExpressionCompiler.compile(text, scope: MappingScope.scope).diagnostics.first)
    #expect(first.hint == hint)
  }

  @Test(
    "A diagnostic carries the names that its hint offers",
    arguments: [
      ("emial == 'x'", ["email"]), ("record.emial == 'x'", ["email"]), ("vars.wort == null", ["worth"]),
      ("address.ctiy == 'x'", ["city"]), ("tasks.exists(t, t.titel == 'x')", ["title"]),
      ("tasks.exists(t, t.owner == 'x')", ["title", "done", "due"]),
      ("id == None", []), ("id = 'x'", []), ("id + 1", []),
    ])
  func offered(text: String, names: [String]) throws {
    let first = try #require(ExpressionCompiler.compile(text, scope: MappingScope.scope).diagnostics.first)
    #expect(first.offered == names)
  }

  @Test("Paths are read once each, in the order in which they are met")
  func paths() throws {
    let text = "address.city != null && record.address.city == custom['plan'] || now > dateAdded || has(record.email)"
    let expression = try #require(ExpressionCompiler.compile(text, scope: MappingScope.scope).expression)
    #expect(
      expression.paths.map { $0.text(bareRoot: "record") } == ["address.city", "custom.plan", "now", "dateAdded", "email"])
    let anyCase = try #require(ExpressionCompiler.compile("dndSettings.sms == null", scope: MappingScope.scope).expression)
    #expect(anyCase.paths == [ExpressionPath(root: "record", names: ["dndSettings", "sms"], anyCaseNames: [1])])
  }

  @Test(
    "Constants are known",
    arguments: [
      ("1 + 2", JSONValue.number("3"), nil as Bool?), ("'a' + 'b'", .string("ab"), nil), ("1 < 2", .bool(true), true),
      ("false && id == 'x'", nil, false), ("id == 'x' || true", nil, true), ("!(id == 'x' || true)", nil, false),
      ("id == 'x'", nil, nil), ("1 / 0", nil, nil), ("[1, 'a', null]", .array([.number("1"), .string("a"), .null]), nil),
    ])
  func constants(text: String, value: JSONValue?, truth: Bool?) throws {
    let expression = try #require(ExpressionCompiler.compile(text, scope: MappingScope.scope).expression)
    #expect(expression.constantValue == value)
    #expect(expression.constantTruth == truth)
  }

  @Test("A frame points at the place in the line")
  func frame() throws {
    let text = "true &&\n\t'ä' + 1 == 'x'"
    let diagnostic = try #require(ExpressionCompiler.compile(text, scope: MappingScope.scope).diagnostics.first)
    #expect(diagnostic.characters(in: text) == 13..<14)
    #expect(
      ExpressionFrame.text(of: diagnostic, in: text) == """
        expression:2:6: error: type-mismatch: '+' cannot add a string and an int
            2 | \t'ä' + 1 == 'x'
              | \t    ^ convert the number: string(1)
        """)
  }

  @Test("Lines end as those of the language do", arguments: ["\n", "\r", "\r\n"])
  func lineEnds(end: String) throws {
    let text = "// 'a'\(end)true &&\(end)// b\(end)\u{C}1 + 'c'\(end)"
    let diagnostic = try #require(ExpressionCompiler.compile(text, scope: MappingScope.scope).diagnostics.first)
    #expect(
      ExpressionFrame.text(of: diagnostic, in: text) == """
        expression:4:4: error: type-mismatch: '+' cannot add an int and a string
            4 |  1 + 'c'
              |    ^ convert the number: string(1)
        """)
  }

  @Test("Of a long line a frame shows what is around the place")
  func longLine() throws {
    let text = String(repeating: "true && ", count: 400) + "1 + 'a'" + String(repeating: " && true", count: 400)
    let diagnostic = try #require(ExpressionCompiler.compile(text, scope: MappingScope.scope).diagnostics.first)
    let lines = ExpressionFrame.text(of: diagnostic, in: text).split(separator: "\n")
    #expect(lines[0].hasPrefix("expression:1:3203: error: type-mismatch"))
    #expect(lines[1].hasPrefix("    1 | …& true && ") && lines[1].hasSuffix("…") && lines[1].count == 170)
    #expect(lines[2].prefix { $0 != "^" }.count == 69)
    #expect(lines[1].dropFirst(67).hasPrefix("1 + 'a'"))
  }

  @Test(
    "Reserved words are read behind the root of the scope",
    arguments: [
      ("for", "record.for or record[\"for\"]"), ("in", "record[\"in\"]"),
      ("1 + package.x", "record.package or record[\"package\"]"),
    ])
  func reserved(text: String, hint: String) {
    let diagnostics = ExpressionCompiler.compile(text, scope: MappingScope.scope).diagnostics
    #expect(diagnostics.map(\.hint) == ["a member of that name is read as \(hint)"])
    let target = ExpressionScope(roots: [.init("target", .any), .init("record", .any)], bareRoot: "target")
    let inTarget = ExpressionCompiler.compile(text, scope: target).diagnostics.map(\.hint)
    #expect(inTarget == ["a member of that name is read as \(hint.replacingOccurrences(of: "record", with: "target"))"])
    var expression = JSONExpression(text, isTyped: false)
    guard case .refused(let unnamed) = expression.evaluate(on: nil) else {
      Issue.record("it has a value")
      return
    }
    #expect(unnamed.map(\.hint) == [nil])
  }
}

/// What the checker says of expressions over undeclared data.
@Suite struct UncheckedTests {
  @Test("An expression with a value keeps the checker's messages as warnings")
  func warnings() {
    var expression = JSONExpression("emial == 'x' || true", isTyped: false)
    let outcome = expression.evaluate(on: .object([.init("email", .string("y"))]))
    #expect(outcome == .value("true"))
    #expect(expression.warnings.map(\.code) == [.undeclared])
    #expect(expression.warnings.first?.hint == "did you mean 'email'?")
    #expect(expression.evaluate(on: .object([.init("emial", .string("x"))])) == .value("true"))
    #expect(expression.warnings.isEmpty)
  }

  @Test("One without a value is reported with all the checker's messages")
  func refusals() {
    var expression = JSONExpression("1 + 'a' == 2 && nope", isTyped: false)
    guard case .refused(let diagnostics) = expression.evaluate(on: nil) else {
      Issue.record("it has no value")
      return
    }
    #expect(diagnostics.map(\.code) == [.typeMismatch, .undeclared])
    #expect(diagnostics.map(\.range) == [2..<3, 16..<20])
    #expect(expression.mismatch == nil)
  }

  @Test("Each failure is explained with its own record's operands, however many records fail")
  func mismatches() {
    var expression = JSONExpression("a + b", isTyped: false)
    func message(_ a: JSONValue, _ b: JSONValue) -> String? {
      guard case .failed = expression.evaluate(on: .object([.init("a", a), .init("b", b)])) else { return nil }
      return expression.mismatch?.message
    }
    let first = message(.string("x"), .number("1"))
    let second = message(.bool(true), .number("1"))
    #expect(first?.contains("string") == true && second?.contains("bool") == true, "\(String(describing: (first, second)))")
    #expect(message(.string("y"), .number("2")) == first)
    #expect(message(.number("1"), .number("2")) == nil && expression.mismatch == nil)
    #expect(message(.bool(false), .number("3")) == second)
  }
}
