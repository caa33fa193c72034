import Core
import Expressions
import Mapping
import Settings

/// `responses`: the preset, and the rules in CEL.
extension HTTPDestinationReader {
  mutating func readResponses(_ node: YAMLNode) -> ResponseRules {
    let what = "\(what).responses"
    var rules = ResponseRules()
    guard node.entries(what, &diagnostics) != nil else { return rules }
    checkKeys(node, what, HTTPKeywords.responses)
    let words = HTTPKeywords.responses.words(of: "preset")
    rules.preset = node["preset"].flatMap { word($0, "\(what).preset", oneOf: words) }.flatMap { ResponsePreset(rawValue: $0) }
    for rule in ResponseRule.allCases {
      guard let node = node[rule.rawValue] else { continue }
      rules[rule] = condition(node, "\(what).\(rule.rawValue)")
    }
    return rules
  }

  private mutating func condition(_ node: YAMLNode, _ what: String) -> ResponseCondition? {
    // `true` is an expression as much as text is.
    guard let text = node.scalar?.text, !text.isEmpty else {
      node.reportWrongKind(what, wanted: "an expression", &diagnostics)
      return nil
    }
    let (condition, found) = ResponseCondition.compile(text)
    for diagnostic in found {
      let characters = diagnostic.characters(in: text)
      report(
        DiagnosticCode(diagnostic.code), at: node.place(at: characters.lowerBound, count: characters.count),
        "\(what): \(diagnostic.message)", hint: diagnostic.hint)
    }
    return condition
  }
}

extension DiagnosticCode {
  fileprivate init(_ code: ExpressionDiagnostic.Code) {
    self =
      switch code {
      case .syntax: .expressionSyntax
      case .notSupported: .expressionNotSupported
      case .unknownFunction: .unknownFunction
      case .typeMismatch: .typeMismatch
      case .nullableOperand: .nullableOperand
      case .badArgument: .badArgument
      case .undeclared, .unknownSourceField, .unknownTargetField, .unknownCustomField, .unknownVar: .unknownWord
      }
  }
}
