import Core
import Testing

@testable import Expressions

/// What people write in expressions by mistake, or from habit, and what they are told.
@Suite struct ExpressionMessageTests {
  @Test(
    arguments: [
      ("id > 5", "'>' cannot compare a string with an int", "convert one of them: int(id), double(id)"),
      ("visits > '5'", "'>' cannot compare an int with a string", "write the number without quotation marks: 5"),
      ("id == 5", "'==' cannot compare a string with an int", "convert one of them: int(id), double(id)"),
      ("id - visits", "'-' cannot subtract an int from a string", "convert one of them: int(id), double(id)"),
      ("id * 2", "'*' cannot multiply a string by an int", "convert one of them: int(id), double(id)"),
      ("id / 2", "'/' cannot divide a string by an int", "convert one of them: int(id), double(id)"),
      ("visits % 2.0", "'%' cannot divide an int by a double: it takes two ints", "convert it: int(2.0)"),
      ("id + 1", "'+' cannot add a string and an int", "convert the number: string(1)"),
      ("id + true", "'+' cannot add a string and a bool", "convert it: string(true)"),
      ("labels + 'x'", "'+' cannot add a list(string) and a string", "put it in a list: ['x']"),
      ("-id", "'-' cannot negate a string", "convert it: -double(id)"),
      ("!id", "'!' needs a bool, not a string", "compare it: id == ''"),
      ("!visits", "'!' needs a bool, not an int", "compare it: visits == 0"),
      ("!labels", "'!' needs a bool, not a list(string)", "test its size: size(labels) == 0"),
      ("5 in labels", "'in' cannot find an int in a list(string)", "write it as text: '5'"),
      (
        "'a' in id", "'in' needs a list or a map on its right, not a string",
        "to test whether a text contains another: id.contains('a')"
      ),
      ("labels > 1", "'>' cannot compare a list(string) with an int", "compare its size: size(labels)"),
      ("labels == 'x'", "'==' cannot compare a list(string) with a string", "test for an element: 'x' in labels"),
      (
        "dateAdded > '2024-01-01'", "'>' cannot compare a timestamp with a string", "make it a timestamp: timestamp('2024-01-01')"
      ),
      ("dateAdded > 2024", "'>' cannot compare a timestamp with an int", "take a part of it: dateAdded.getFullYear()"),
      ("dateAdded + 1", "'+' cannot add a timestamp and an int", "use a duration, such as duration('24h')"),
      (
        "now - dateAdded > 5", "'>' cannot compare a duration with an int",
        "compare it with a duration, such as duration('24h'), or take a part of it: (now - dateAdded).getHours()"
      ),
      ("now - dateAdded > '5h'", "'>' cannot compare a duration with a string", "make it a duration: duration('5h')"),
      ("(id == 'x') == 'true'", "'==' cannot compare a bool with a string", "write true without quotation marks"),
      ("id == true", "'==' cannot compare a string with a bool", "write the text between quotation marks: 'true'"),
      ("1 < visits < 5", "'<' cannot compare a bool with an int", "compare twice: 1 < visits && visits < 5"),
      (
        "id == 'x' ? 1 : 'a'", "'? :' cannot choose between an int and a string",
        "both values must have one type; dyn() around one of them allows any"
      ),
      ("id[0]", "'[]' cannot read a string with an int", nil),
      ("labels['a']", "'[]' cannot read a list(string) with a string", "the index of a list is an int, counted from 0"),
      ("size(visits)", "size() needs a string, bytes, a list or a map, not an int", "convert it: string(visits)"),
      ("id.contains(5)", "contains() needs a string, not an int", "write it as text: '5'"),
      ("id.contains(visits)", "contains() needs a string, not an int", "convert it: string(visits)"),
      ("contains(id, 'x')", "contains() is called on its value, with a dot", "write id.contains('x')"),
      ("visits.contains('5')", "contains() needs a string before the dot, not an int", "convert it: string(visits)"),
      ("labels.contains('x')", "contains() needs a string before the dot, not a list(string)", "write 'x' in labels"),
      ("id.getMonth()", "getMonth() needs a timestamp before the dot, not a string", "make it a timestamp: timestamp(id)"),
      ("id.startsWith()", "startsWith() takes 1 argument, not 0", "write string.startsWith(string) -> bool"),
      (
        "int(labels)", "int() cannot convert a list(string)",
        "it takes an int, a uint, a double, a decimal, a string or a timestamp"
      ),
      ("duration(5)", "duration() cannot convert an int", "it takes a duration or a string"),
      ("id.string()", "string() is not called with a dot", "write string(id)"),
      ("id.length", "a string has no member 'length'", "write size(id)"),
      ("lower(id)", "there is no function 'lower'", "in a mapping: do: [lower]"),
      ("id.toUpperCase()", "there is no function 'toUpperCase'", "in a mapping: do: [upper]"),
      ("id.lowerAscii()", "'lowerAscii' belongs to an extension; extensions are not supported", "in a mapping: do: [lower]"),
      ("len(id)", "there is no function 'len'", "write size(id)"),
      ("isNull(email)", "there is no function 'isNull'", "write email == null"),
      ("coalesce(email, id)", "there is no function 'coalesce'", "write email != null ? email : id"),
      ("concat(id, 'x')", "there is no function 'concat'", "write id + 'x'"),
      ("id.includes('x')", "there is no function 'includes'", "write id.contains('x')"),
      ("IF(true, 1, 2)", "there is no function 'IF'", "write condition ? value : other value"),
      ("labels.any(t, t == 'x')", "there is no function 'any'", "write labels.exists(x, condition)"),
      ("id == Berlin", "no field 'Berlin' in ghl contact", "for the text, write 'Berlin'"),
      ("Berlin == id", "no field 'Berlin' in ghl contact", "for the text, write 'Berlin'"),
      ("id in [Berlin]", "no field 'Berlin' in ghl contact", "for the text, write 'Berlin'"),
      ("id.contains(lin)", "no field 'lin' in ghl contact", "for the text, write 'lin'"),
      ("id == emial", "no field 'emial' in ghl contact", "did you mean 'email'? for the text, write 'emial'"),
      ("id == NULL", "no field 'NULL' in ghl contact", "write null"),
      ("id == None", "no field 'None' in ghl contact", "write null"),
      ("dnd == True", "no field 'True' in ghl contact", "write true"),
      ("id = 'x'", "'=' is not part of an expression", "write == for equality"),
      ("id === 'x'", "'===' is not an operator here", "write =="),
      ("id !== 'x'", "'!==' is not an operator here", "write !="),
      ("id <> 'x'", "'<>' is not an operator here", "write !="),
      ("id == 'x' and true", "'and' is not an operator here", "write &&"),
      ("id == 'x' OR true", "'OR' is not an operator here", "write ||"),
      ("not dnd", "'not' is not an operator here", "write !dnd"),
      ("id is null", "'is' is not an operator here", "write =="),
      ("id is not null", "'is' is not an operator here", "write !="),
      (
        "id LIKE 'B%'", "'LIKE' is not an operator here",
        "write id.contains('…'), .startsWith('…'), .endsWith('…') or .matches('pattern')"
      ),
      ("id matches 'x'", "'matches' is not an operator here", "write id.matches('x')"),
      ("visits between 1 and 5", "'between' is not an operator here", "compare twice: visits >= 1 && visits <= …"),
      ("id =~ 'x'", "'=~' is not an operator here", "write x.matches('pattern')"),
      ("id.matches(/a+/)", "a regular expression is written as text", "write x.matches('a+')"),
      ("id in ('a', 'b')", "a list is written in square brackets", "write in ['a', 'b']"),
      ("id ?? 'x'", "'??' is not an operator here", "write x != null ? x : …"),
      ("email?.size()", "'?.' is not an operator here", "test it first: x != null && x.member"),
      ("dnd ? 1", "':' is expected, not the end", "write both values: condition ? value : other value"),
      ("if(dnd, 1, 2)", "there is no 'if'", "write condition ? value : other value"),
      ("visits == 1,5", "a number has a decimal point, not a comma", "write a point: 1.5"),
      ("visits ** 2", "'**' is not an operator here", "write x * x"),
      ("$.id", "'$' is not part of an expression", "write the field's name alone"),
      ("{{id}}", "'{{' is not part of an expression", "write the field's name alone"),
      ("id == 'x';", "an expression does not end with ';'", "remove it"),
      ("id == New York", "'New York' is several words in a row", "for the text, write 'New York'"),
      ("“x” == id", "'“' is not part of an expression", "write texts between straight quotation marks: ' or \""),
    ] as [(String, String, String?)])
  func `a mistake is named, with what to write instead`(text: String, message: String, hint: String?) throws {
    let first = try #require(ExpressionCompiler.compile(text, scope: MappingScope.scope).diagnostics.first)
    #expect(first.message == message)
    #expect(first.hint == hint)
  }

  /// A scope as a CSV header makes it.
  private static let columns = ExpressionScope(
    roots: [
      .init(
        "record",
        .object(
          ObjectShape(
            ["City", "Lifecycle Stage", "First-Name", "Größe", "Amount ($)", "2nd Phone"].map {
              FieldShape($0, .string, isNullable: false)
            })), label: "the columns")
    ], bareRoot: "record")

  @Test(arguments: [
    ("Lifecycle Stage != 'x'", 0..<15, "Lifecycle Stage"), ("City == 'x' && Lifecycle Stage == 'y'", 15..<30, "Lifecycle Stage"),
    ("record.Lifecycle Stage == 'x'", 0..<22, "Lifecycle Stage"), ("First-Name == 'x'", 0..<10, "First-Name"),
    ("Größe == 'x'", 0..<7, "Größe"), ("Amount ($) == '1'", 0..<10, "Amount ($)"), ("2nd Phone == '1'", 0..<9, "2nd Phone"),
    ("City == Lifecycle Stage", 8..<23, "Lifecycle Stage"),
  ])
  func `a field whose name is not one word is read by index`(text: String, range: Range<Int>, name: String) throws {
    let found = ExpressionCompiler.compile(text, scope: Self.columns).diagnostics
    #expect(found.count == 1)
    #expect(found.first?.range == range)
    #expect(found.first?.message == "the field '\(name)' cannot be written this way")
    #expect(found.first?.hint == "write record[\"\(name)\"]")
    let fixed = text.replacing("record.\(name)", with: name).replacing(name, with: "record[\"\(name)\"]")
    #expect(ExpressionCompiler.compile(fixed, scope: Self.columns).diagnostics == [])
  }

  @Test func `a name that is near to a field with a space offers it`() throws {
    let found = try #require(ExpressionCompiler.compile("Lifecycle Stge == 'x'", scope: Self.columns).diagnostics.first)
    #expect(found.message == "'Lifecycle Stge' is several words in a row")
    #expect(found.hint == "a field with spaces in its name is read as record[\"Lifecycle Stage\"]")
  }

  @Test(arguments: [
    ("id === 'x'", 3..<6), ("id <> 'x'", 3..<5), ("not dnd", 0..<3), ("id == New York", 6..<14), ("visits == 1,5", 11..<12),
    ("id.matches(/a+/)", 11..<15), ("id in ('a', 'b')", 6..<7), ("id LIKE 'x'", 3..<7), ("visits ** 2", 7..<9),
  ])
  func `the caret is at the mistake`(text: String, range: Range<Int>) {
    #expect(ExpressionCompiler.compile(text, scope: MappingScope.scope).diagnostics.first?.range == range)
  }

  @Test func `every overload that fails has a sentence`() {
    let values = [
      "id", "visits", "rating", "amount", "dnd == true", "labels", "dateAdded", "(now - now)", "{'a': 1}", "b'x'", "2u", "1.5",
    ]
    for left in values {
      for right in values {
        for sign in ["==", "!=", "<", "<=", ">", ">=", "+", "-", "*", "/", "%", "in"] {
          for found in ExpressionCompiler.compile("(\(left)) \(sign) (\(right))", scope: MappingScope.scope).diagnostics {
            #expect(found.message.hasPrefix("'\(sign)' "), "\(left) \(sign) \(right): \(found.message)")
          }
        }
      }
      for function in FunctionTable.all.map(\.name) {
        for text in [
          "\(function)(\(left))", "(\(left)).\(function)()", "(\(left)).\(function)(\(left))", "\(function)(\(left), \(left))",
        ] {
          for found in ExpressionCompiler.compile(text, scope: MappingScope.scope).diagnostics where found.code == .typeMismatch {
            #expect(found.message.hasPrefix("\(function)() "), "\(text): \(found.message)")
          }
        }
      }
    }
  }
}
