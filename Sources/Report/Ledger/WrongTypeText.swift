import Core
import Transform

/// The messages of `wrong-type`: what the value is, what is accepted in its place, and the value as far as it may be shown.
enum WrongTypeText {
  /// More of a value is in the ledger line.
  private static let longestQuote = 60

  /// `element`: which one of a list, in words; empty if the problem is not about one.
  static func sentence(
    _ problem: Problem, field: FieldModel?, name: String, element: String, value: String?
  ) -> String {
    let start = "\(name)\(element):"
    switch problem.detail {
    case .undeclared(let kind):
      let end = "the value is \(ObstacleText.article(kind))\(quote(value))"
      return declaration(of: problem, field).map { "\(start) the source declares \($0), but \(end)" }
        ?? "\(start) \(end), which is not what the source declares"
    case .unaccepted(let kind):
      guard let call = call(of: problem, field) else { break }
      if case .bool(let yes, let no) = call, kind == .string || kind == .integer || kind == .number {
        let words = "\(yes.joined(separator: ", ")) as true and \(no.joined(separator: ", ")) as false"
        return "\(start) bool accepts \(words), not \(value.map { "'\(short($0))'" } ?? "this value")"
      }
      return
        "\(start) \(call.function.name) takes \(call.function.input), but the value is \(ObstacleText.article(kind))\(quote(value))"
    case .unusable:
      guard let call = call(of: problem, field) else { break }
      return "\(start) \(call.function.name) does not accept this value\(quote(value))"
    default: break
    }
    return "\(start) \(problem.detail.reason ?? "the value has a type that the mapping does not accept")"
  }

  private static func quote(_ value: String?) -> String { value.map { ": '\(short($0))'" } ?? "" }

  private static func short(_ value: String) -> String {
    let visible = VisibleText.escaped(value)
    return visible.count > longestQuote ? visible.prefix(longestQuote) + "…" : visible
  }

  private static func call(of problem: Problem, _ field: FieldModel?) -> FunctionCall? {
    let steps = problem.isOfFallback ? field?.fallback?.steps : field?.steps
    guard let steps, let step = problem.step, steps.indices.contains(Int(step)) else { return nil }
    return steps[Int(step)].call
  }

  /// What the source declares the value to be, or each element of the list.
  private static func declaration(of problem: Problem, _ field: FieldModel?) -> String? {
    var value = problem.isOfFallback ? field?.fallback?.value : field?.value
    if case .list(let members) = value {
      var index = 0
      if case .path(let number) = problem.part { index = Int(number) } else if members.count != 1 { return nil }
      value = members.indices.contains(index) ? members[index] : nil
    }
    guard case .source(_, let accepts, let elements) = value else { return nil }
    if problem.element != nil, accepts.contains(.list) { return words(elements, isPlural: true).map { "a list of \($0)" } }
    return words(accepts, isPlural: false)
  }

  private static func words(_ kinds: CellKinds, isPlural: Bool) -> String? {
    var words: [String] = []
    func add(_ kind: CellKind, _ singular: String, _ plural: String) {
      if kinds.contains(kind) { words.append(isPlural ? plural : singular) }
    }
    add(.string, "a text", "texts")
    if kinds.contains(.number) { add(.number, "a number", "numbers") } else { add(.integer, "an integer", "integers") }
    add(.true, "a boolean", "booleans")
    add(.list, "a list", "lists")
    add(.object, "an object", "objects")
    guard let last = words.popLast() else { return nil }
    return words.isEmpty ? last : words.joined(separator: ", ") + " or " + last
  }
}
