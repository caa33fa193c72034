import Core
import Values

/// The parameters that `int`, `decimal` and `number` share: how texts write numbers; and those of `text`, which writes them.
enum NumberForms {
  static let parameters: [FunctionDefinition.Parameter] = [
    .init("decimal_mark", .text, "the mark before the fraction; default \".\""),
    .init("group_mark", .text, "the mark between groups of digits; `\" \"` and `\"'\"` stand for all their forms; default none"),
    groupingParameter,
    .init("symbols", .texts, "currencies and units before or after the number, ignoring case: [\"$\", EUR]; default none"),
    .init(
      "negatives", .texts, "other ways to write a negative number: parentheses `(5)`, trailing_minus `5-`; default none"),
    .init("exponent", .words(["refuse", "allow"]), "`1.5e3` in a text; default refuse"),
  ]

  static let groupingParameter = FunctionDefinition.Parameter(
    "grouping", .words(NumberForm.Grouping.allCases.map(\.rawValue)), "1,234,567 or 12,34,567; default thousands")

  /// The form that the arguments describe, and what is wrong with them.
  static func read(_ request: BindRequest, of function: String) -> (form: NumberForm, issues: [BindIssue]) {
    var issues: [BindIssue] = []
    let marks = marks(request, of: function, &issues)
    let form = NumberForm(
      decimalMark: marks.decimal, groupMark: marks.group,
      grouping: request.text("grouping").flatMap(NumberForm.Grouping.init) ?? .thousands,
      symbols: symbols(request, of: function, marks, &issues), negatives: negatives(request, of: function, &issues),
      allowsExponent: request.text("exponent") == "allow")
    return (form, issues)
  }

  static func marks(
    _ request: BindRequest, of function: String, _ issues: inout [BindIssue]
  ) -> (decimal: NumberMark, group: NumberMark?) {
    let decimal = mark("decimal_mark", request, of: function, &issues)
    let group = mark("group_mark", request, of: function, &issues)
    if let group, group.isAlike(decimal ?? .point) {
      let isGiven = request.arguments["decimal_mark"] != nil
      issues.append(
        BindIssue(
          .badArgument, parameter: "group_mark",
          "'\(group.text)' would be both marks of \(function)\(isGiven ? "" : ": \".\" is the decimal mark unless you set another")",
          hint: isGiven ? "the two marks must differ" : #"add decimal_mark: ",""#))
    }
    if group == nil, request.arguments["grouping"] != nil, request.arguments["group_mark"] == nil {
      issues.append(
        BindIssue(
          .badArgument, parameter: "grouping", "'grouping' of \(function) has no effect without 'group_mark'",
          hint: #"add group_mark: ",""#))
    }
    return (decimal ?? .point, group)
  }

  private static func mark(
    _ parameter: String, _ request: BindRequest, of function: String, _ issues: inout [BindIssue]
  ) -> NumberMark? {
    guard let text = request.text(parameter) else { return nil }
    if let mark = NumberMark(text) { return mark }
    issues.append(
      BindIssue(
        .badArgument, parameter: parameter,
        "'\(parameter)' of \(function) must be one character other than a digit, a letter, a sign or a parenthesis",
        hint: #"write one such as {\#(function): {\#(parameter): ","}}"#))
    return nil
  }

  private static func symbols(
    _ request: BindRequest, of function: String, _ marks: (decimal: NumberMark, group: NumberMark?), _ issues: inout [BindIssue]
  ) -> [String] {
    let symbols = request.texts("symbols") ?? []
    func refuse(_ message: String, _ hint: String) {
      issues.append(BindIssue(.badArgument, parameter: "symbols", message, hint: hint))
    }
    for symbol in symbols {
      if symbol.trimmed.isEmpty {
        refuse("a symbol of \(function) is empty", "list currencies or units, or remove 'symbols'")
      } else if symbol.trimmed != symbol {
        refuse("the symbol '\(symbol)' of \(function) has white space around it", "write '\(symbol.trimmed)': spaces are skipped")
      } else if symbol.unicodeScalars.contains(where: {
        $0.properties.numericType != nil || "+-\u{2212}()".unicodeScalars.contains($0)
      }) {
        refuse("the symbol '\(symbol)' of \(function) has a digit, a sign or a parenthesis", "a symbol is a currency or a unit")
      } else if let mark = NumberMark(symbol), mark.isAlike(marks.decimal) || marks.group?.isAlike(mark) == true {
        refuse("the symbol '\(symbol)' of \(function) is one of its marks", "remove it from 'symbols'")
      }
    }
    return symbols
  }

  private static func negatives(
    _ request: BindRequest, of function: String, _ issues: inout [BindIssue]
  ) -> Set<NumberForm.Negative> {
    let words = NumberForm.Negative.allCases.map(\.rawValue)
    var found: Set<NumberForm.Negative> = []
    for word in request.texts("negatives") ?? [] {
      if let negative = NumberForm.Negative(rawValue: word) {
        found.insert(negative)
      } else {
        issues.append(
          BindIssue(
            .unknownWord, parameter: "negatives", "'\(word)' is not a way to write negative numbers that \(function) supports",
            hint: NearestName.hint(word, in: words) ?? "write \(words.joined(separator: " or "))"))
      }
    }
    return found
  }
}
