/// Literals, lists and maps of nothing but literals, moments and durations that are written down.
enum ConstantNodes {
  /// By node. Visits each once: children come before their parents.
  static func of(_ tree: SyntaxTree, _ checker: Checker) -> [Bool] {
    var isConstant = [Bool](repeating: false, count: tree.nodes.count)
    for (index, node) in tree.nodes.enumerated() where checker.failures[index] == nil {
      switch node.kind {
      case .literal: isConstant[index] = true
      case .list(let elements): isConstant[index] = elements.allSatisfy { isConstant[$0] }
      case .map(let entries):
        isConstant[index] = entries.allSatisfy { isConstant[$0.key] && isConstant[$0.value] } && haveKeys(entries, tree)
      case .call: isConstant[index] = time(index, tree, checker) != nil
      default: break
      }
    }
    return isConstant
  }

  /// Whether all keys are valid and no two are equal; if not, the evaluation reports the error.
  private static func haveKeys(_ entries: [MapEntry], _ tree: SyntaxTree) -> Bool {
    var keys: Set<Literal> = []
    for entry in entries {
      guard case .literal(let literal) = tree[entry.key].kind else { return false }
      switch literal {
      case .string, .bool, .uint: if !keys.insert(literal).inserted { return false }
      // An int and a uint of the same number are the same key.
      case .int(let value): if !keys.insert(UInt64(exactly: value).map { .uint($0) } ?? literal).inserted { return false }
      case .null, .double, .bytes: return false
      }
    }
    return true
  }

  /// The value of `timestamp('…')` or `duration('…')`.
  static func time(_ node: Int, _ tree: SyntaxTree, _ checker: Checker) -> ExpressionValue? {
    guard case .call(_, nil, let arguments) = tree[node].kind, arguments.count == 1,
      case .literal(.string(let bytes)) = tree[arguments[0]].kind, case .function(let code) = checker.resolutions[node]
    else { return nil }
    switch code {
    case .timestamp: return TimeText.timestamp(bytes.span)
    case .duration: return TimeText.duration(bytes.span)
    default: return nil
    }
  }
}
