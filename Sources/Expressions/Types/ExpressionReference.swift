/// The reference of the language's functions, macros and operators, made from the tables that the checker reads.
package enum ExpressionReference {
  package struct Entry: Sendable, Hashable {
    package var name: String
    package var summary: String
    /// `string.contains(string) -> bool`
    package var signatures: [String]
  }

  package static var functions: [Entry] {
    FunctionTable.all.map { function in
      Entry(name: function.name, summary: function.summary, signatures: function.overloads.map { function.signature($0) })
    }
  }

  package static var macros: [Entry] {
    [
      Entry(
        name: "has", summary: "Whether a member is present (in a mapping: and not null).", signatures: ["has(object.member)"]),
      Entry(
        name: "all", summary: "Whether the condition holds for every element of a list or key of a map.",
        signatures: ["list.all(x, condition)"]),
      Entry(name: "exists", summary: "Whether the condition holds for at least one.", signatures: ["list.exists(x, condition)"]),
      Entry(
        name: "exists_one", summary: "Whether the condition holds for exactly one.", signatures: ["list.exists_one(x, condition)"]
      ),
      Entry(name: "filter", summary: "The elements for which the condition holds.", signatures: ["list.filter(x, condition)"]),
      Entry(
        name: "map", summary: "A list of the expression's value for each element.",
        signatures: ["list.map(x, value)", "list.map(x, condition, value)"]),
    ]
  }

  package static var operators: [Entry] {
    BinaryOperator.allCases.compactMap { op in
      let overloads = OperatorTable.overloads(of: op)
      guard !overloads.isEmpty else { return nil }
      return Entry(
        name: op.rawValue, summary: "",
        signatures: overloads.map { "(\($0.parameters.map(\.name).joined(separator: ", "))) -> \($0.result.name)" })
    }
  }

  /// One line per signature, under its function's summary.
  package static var text: String { (functions + macros).map { text(of: $0) }.joined() }

  package static func text(of entry: Entry) -> String {
    "\(entry.name): \(entry.summary)\n" + entry.signatures.map { "  \($0)\n" }.joined()
  }
}
