package import Core
package import Values

/// Validates single values against the static part of a schema, from any of its nodes, and reports everything that is wrong,
/// in the order of the instance. What a `TargetSchema` leaves out is `SchemaValidator`'s.
///
/// Made once per schema: patterns, enumerations and limits are prepared here. For objects and lists; the evaluator checks
/// scalars itself, with the same `ScalarChecks`.
package struct TargetValidator: Sendable {
  private let schema: TargetSchema
  private let nodes: [PreparedNode]

  private struct PreparedNode: Sendable {
    var scalars: ScalarChecks
    var properties: [Name: Int]
    /// Of the enumeration, where there is one.
    var keys: Set<[UInt8]>?
  }

  package init(_ schema: TargetSchema) {
    self.schema = schema
    nodes = schema.nodes.indices.map { index in
      let node = schema.nodes[index]
      let names = node.properties.map { (Name($0.name), $0.node) }
      return PreparedNode(
        scalars: ScalarChecks(schema, node: index), properties: Dictionary(names) { first, _ in first },
        keys: node.enumeration.map { Set($0.map(ExactJSON.key)) })
    }
  }

  /// - Parameter node: the schema to validate against; the root unless given.
  /// - Parameter workspace: the worker's, for patterns.
  package func failures(
    in value: JSONValue, node: Int? = nil, _ workspace: borrowing PatternWorkspace
  ) -> [SchemaFailure] {
    var run = Run(validator: self)
    run.check(value, node ?? schema.root, workspace)
    return run.failures
  }

  /// The same with its own workspace, for occasional values.
  package func failures(in value: JSONValue, node: Int? = nil) -> [SchemaFailure] {
    failures(in: value, node: node, PatternWorkspace())
  }

  /// One validation: where it is, and what it has found.
  private struct Run {
    let validator: TargetValidator
    var failures: [SchemaFailure] = []
    private var path: [Step] = []

    private enum Step {
      case member(String)
      case element(Int)
    }

    init(validator: TargetValidator) { self.validator = validator }

    mutating func check(_ value: JSONValue, _ index: Int, _ workspace: borrowing PatternWorkspace) {
      switch value {
      case .array(let elements): checkArray(elements, index, value, workspace)
      case .object(let members): checkObject(members, index, value, workspace)
      case .null: checkScalar(.null, index, workspace)
      case .bool(let flag): checkScalar(.boolean(flag), index, workspace)
      case .number(let digits): checkText(digits, .number, index, workspace)
      case .string(let text): checkText(text, .string, index, workspace)
      }
    }

    private mutating func checkText(_ text: String, _ kind: CellKind, _ index: Int, _ workspace: borrowing PatternWorkspace) {
      var text = text
      let failed = text.withUTF8 { buffer in
        // A buffer without bytes may have no address.
        let text = buffer.baseAddress.map { Text(start: $0, count: buffer.count) } ?? .empty
        return validator.nodes[index].scalars.failures(of: Cell(kind: kind, text: text), workspace)
      }
      report(failed, index)
    }

    private mutating func checkScalar(_ cell: Cell, _ index: Int, _ workspace: borrowing PatternWorkspace) {
      report(validator.nodes[index].scalars.failures(of: cell, workspace), index)
    }

    private mutating func report(_ failed: FailedChecks, _ index: Int) {
      var rest = failed
      while let code = rest.popFirst() { fail(code, index) }
    }

    private mutating func fail(_ code: ProblemCode, _ index: Int, message: String? = nil, member: String? = nil) {
      let node = validator.schema.nodes[index]
      failures.append(
        SchemaFailure(
          code: code, instance: pointer, schema: node.location, message: message ?? node.requirement(code), member: member))
    }

    private var pointer: String {
      path.reduce("") { pointer, step in
        switch step {
        case .member(let name): JSONPointer.appending(name, to: pointer)
        case .element(let index): "\(pointer)/\(index)"
        }
      }
    }

    /// What lists and objects have in common.
    private mutating func checkWhole(_ value: JSONValue, _ type: JSONTypes, _ index: Int) {
      let node = validator.schema.nodes[index]
      if node.isFalse { fail(.schemaFalse, index) }
      if !node.types.contains(type) { fail(.schemaType, index) }
      if let keys = validator.nodes[index].keys, !keys.contains(ExactJSON.key(of: value)) {
        fail(node.isConstant ? .schemaConst : .schemaEnum, index)
      }
    }

    private mutating func checkArray(
      _ elements: [JSONValue], _ index: Int, _ value: JSONValue, _ workspace: borrowing PatternWorkspace
    ) {
      let node = validator.schema.nodes[index]
      checkWhole(value, .array, index)
      if let least = node.minItems, elements.count < least { fail(.schemaMinItems, index) }
      if let most = node.maxItems, elements.count > most { fail(.schemaMaxItems, index) }
      if node.uniqueItems, Set(elements.map(ExactJSON.key)).count < elements.count { fail(.schemaUniqueItems, index) }
      guard let items = node.items else { return }
      for (position, element) in elements.enumerated() {
        path.append(.element(position))
        check(element, items, workspace)
        path.removeLast()
      }
    }

    private mutating func checkObject(
      _ members: [JSONValue.Member], _ index: Int, _ value: JSONValue, _ workspace: borrowing PatternWorkspace
    ) {
      let node = validator.schema.nodes[index]
      checkWhole(value, .object, index)
      if let least = node.minProperties, members.count < least { fail(.schemaMinProperties, index) }
      if let most = node.maxProperties, members.count > most { fail(.schemaMaxProperties, index) }
      for name in node.required where !members.contains(where: { $0.name.isExactly(name) }) {
        fail(.schemaRequired, index, message: "must have the member '\(name)'", member: name)
      }
      let properties = validator.nodes[index].properties
      for member in members {
        path.append(.member(member.name))
        if let child = properties[Name(member.name)] {
          check(member.value, child, workspace)
        } else if case .node(let child) = node.additional {
          check(member.value, child, workspace)
        } else if node.additional == .denied {
          fail(.schemaAdditionalProperties, index, message: "is not allowed here: the schema does not declare this member")
        }
        path.removeLast()
      }
    }
  }
}
