package import Core

/// Whether a value of a static type can be assigned to a node of the target schema. What depends on the data passes.
package struct Assignability {
  let schema: TargetSchema

  struct Mismatch: Hashable {
    /// `a datetime`, `a string of format date`.
    var source: String
    var target: String
    var hint: String?
  }

  func mismatch(_ type: ValueType, into index: Int) -> Mismatch? {
    let node = schema.nodes[index]
    guard !node.isFalse else {
      return Mismatch(source: Self.article(type), target: "nothing: its schema is false", hint: "leave the field out")
    }
    guard admits(type, node) else {
      return Mismatch(source: Self.article(type), target: Self.describe(node), hint: hint(type, node))
    }
    if case .list(let element) = type, let items = node.items, var inner = mismatch(element, into: items) {
      inner.source = "a list of \(element.name)"
      inner.target = "a list of \(Self.describe(schema.nodes[items]))"
      return inner
    }
    return nil
  }

  private func admits(_ type: ValueType, _ node: TargetNode) -> Bool {
    let types = node.types
    switch type {
    case .any: return true
    case .oneOf(let members): return members.contains { admits($0, node) }
    case .string: return types.contains(.string)
    case .integer: return types.contains(.integer) || types.contains(.number)
    case .decimal, .number: return types.contains(.number)
    case .boolean: return types.contains(.boolean)
    case .date: return types.contains(.string) && (node.format == nil || node.format == "date")
    case .datetime: return types.contains(.string) && (node.format == nil || node.format == "date-time")
    case .list: return types.contains(.array)
    case .object: return types.contains(.object)
    }
  }

  private func hint(_ type: ValueType, _ node: TargetNode) -> String? {
    let types = node.types
    if types.contains(.string), node.format == "date", type == .datetime { return "use date instead of datetime" }
    if types.contains(.string), node.format == "date-time", type == .date { return "use datetime instead of date" }
    switch type {
    case .string where types.contains(.integer): return "turn the text into a number: do: [int]"
    case .string where types.contains(.number): return "turn the text into a number: do: [decimal]"
    case .string where types.contains(.boolean): return "turn the text into true or false: do: [bool]"
    case .string where types.contains(.array): return "turn the text into a list: do: [{split: \",\"}]"
    case .decimal where types.contains(.integer), .number where types.contains(.integer):
      return "make it a whole number: do: [int]"
    case .boolean where types.contains(.integer): return "true is 1: do: [int]"
    case .list where types.contains(.string): return "make it one text: {join: \";\"}, or take one element: first"
    case .list: return "take one element: first, last or PATH[0]"
    case .object: return "read one of its members: PATH.member"
    default: return nil
    }
  }

  static func article(_ type: ValueType) -> String {
    switch type {
    case .integer, .object: "an \(type.name)"
    case .any, .oneOf: type.name
    default: "a \(type.name)"
    }
  }

  package static func describe(_ node: TargetNode) -> String {
    let names: [(JSONTypes, String)] = [
      (.string, "string"), (.integer, "integer"), (.number, "number"), (.boolean, "boolean"), (.array, "array"),
      (.object, "object"),
    ]
    // A number includes integers.
    let types = names.filter { node.types.contains($0.0) && !($0.0 == .integer && node.types.contains(.number)) }.map(\.1)
    let name = types.isEmpty ? "null" : types.joined(separator: " or ")
    return node.types.contains(.string) ? node.format.map { "\(name) of format \($0)" } ?? name : name
  }
}
