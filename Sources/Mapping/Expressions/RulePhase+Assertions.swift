import Core
import Expressions
import Transform

/// `validate`: rules on the finished target record.
extension RulePhase {
  /// `isMerged`: the result of merging several source records has no single source record.
  mutating func readRules(_ node: YAMLNode, isMerged: Bool) -> [RuleModel] {
    guard let elements = node.elements("validate", &diagnostics) else { return [] }
    let expressionScope = targetExpressionScope()
    let known = Set(ProblemCode.allCases.map(\.slug))
    return elements.compactMap { element in
      guard element.entries("a rule", &diagnostics) != nil else { return nil }
      element.checkKeys("a rule", known: ["id", "assert", "message", "severity"], required: ["id", "assert"], &diagnostics)
      let id = element["id"]?.text("id", &diagnostics)
      if let id, let place = element["id"]?.place {
        let isPlain = !id.isEmpty && id.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) }
        if !isPlain {
          report(
            .badArgument, at: place, "'\(id)' cannot be a rule's id",
            hint: "it becomes a code in ledgers: use letters, digits and '-'")
        } else if known.contains(id) {
          report(.badArgument, at: place, "'\(id)' is one of Waybill's own codes", hint: "choose another id")
        } else if rules.names.contains(exactly: id) {
          report(.duplicateKey, at: place, "two rules have the id '\(id)'")
        } else {
          rules.names.append(id)
        }
      }
      let message = element["message"].flatMap { $0.text("message", &diagnostics) }
      let severity = element["severity"].flatMap { $0.word("severity", oneOf: ["error", "warning"], &diagnostics) } ?? "error"
      guard let assert = element["assert"], let found = condition(assert, "assert", in: expressionScope), let id else {
        return nil
      }
      let readsSource = found.model.inputs.contains { input in
        switch input {
        case .source, .variable: true
        case .target, .now: false
        }
      }
      if isMerged, readsSource {
        report(
          .badArgument, at: assert.place, "with merge, a rule reads the target only: a merged record has several sources",
          hint: "map what the rule needs to a field")
      }
      return RuleModel(
        id: id, condition: found.model, message: message ?? "the rule '\(id)' does not hold",
        severity: Severity(rawValue: severity) ?? .error, place: assert.place)
    }
  }

  /// Of `assert`: the target's fields without a root. Made once, of all the vars.
  func targetExpressionScope() -> ExpressionScope {
    var target = ExpressionScope.Root(
      "target", .object(TargetShape.shape(of: fields.drafts, meant: fields.meant)), label: "the target of this mapping",
      unknownMember: .unknownTargetField)
    target.wholes = Set(fields.drafts.map { $0.model.target.map { Name($0) } })
    return ExpressionScope(roots: [target] + source.roots + [varRoot(of: vars.names)], bareRoot: "target")
  }
}
