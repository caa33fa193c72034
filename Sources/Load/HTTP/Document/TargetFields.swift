import Core
import Transform

/// The fields that a mapping writes and the fields of its target schema.
struct TargetFields {
  let model: MappingModel
  let paths: [[String]]
  let names: [String]

  init(_ model: MappingModel) {
    self.model = model
    paths = model.fields.map(\.target)
    names = paths.map { $0.joined(separator: ".") }
  }

  var key: [String] { model.targetKey }
  var keyText: String { key.map { "'\($0)'" }.joined(separator: ", ") }

  /// Reports a name that is not a field, and a field that is not a single value.
  func check(_ name: Name, _ placed: PlacedPlaceholder, _ diagnostics: inout Diagnostics) {
    func add(_ code: DiagnosticCode, _ message: String, _ hint: String?) {
      diagnostics.add(.init(.error, code, at: placed.place, message, hint: hint))
    }
    guard let index = names.firstIndex(exactly: name.text) else {
      let parts = names.filter { $0.hasPrefix(exactly: name.text + ".") }
      let hint =
        parts.first.map { "write \($0)" } ?? NearestName.hint(name.text, in: names)
        ?? (names.count > 12 ? nil : "the fields are: \(names.joined(separator: ", "))")
      let message =
        parts.isEmpty
        ? "the mapping '\(model.name)' does not write '\(name)'" : "'\(name)' consists of fields and has no value of its own"
      return add(.unknownTargetField, "\(placed.placeholder.text): \(message)", hint)
    }
    switch model.fields[index].type {
    case .list, .object:
      add(
        .typeMismatch, "\(placed.placeholder.text): '\(name)' is \(model.fields[index].type.name), not a single value",
        "use a field that is a text or a number")
    default: break
    }
  }

  /// The names of the schema's fields that the mapping does not write. An object that it does not write at all is named once.
  var unwritten: [String] {
    guard let target = model.target, target.nodes.indices.contains(target.root) else { return [] }
    var found: [String] = []
    func collect(_ node: TargetNode, _ path: [String]) {
      for property in node.properties where !target.nodes[property.node].isFalse {
        let inner = path + [property.name]
        if paths.contains(where: { $0.isExactly(inner) }) { continue }
        // Goes no deeper than the mapping's fields, so that recursive schemas terminate.
        if paths.contains(where: { $0.count > inner.count && $0.prefix(inner.count).isExactly(inner) }) {
          collect(target.nodes[property.node], inner)
        } else {
          found.append(inner.joined(separator: "."))
        }
      }
    }
    collect(target.nodes[target.root], [])
    return found
  }
}

extension TargetFields {
  /// Whether a path leads to a field, to a parent of fields or, as far as the schema shows, to a value inside a field.
  func has(_ path: [Name]) -> Bool {
    let path = path.map(\.text)
    if paths.contains(where: { $0.count >= path.count && $0.prefix(path.count).isExactly(path) }) { return true }
    guard let index = paths.firstIndex(where: { $0.count < path.count && path.prefix($0.count).isExactly($0) }) else {
      return false
    }
    switch model.fields[index].type {
    case .list, .object, .oneOf, .any: return !schemaLacks(path)
    case .string, .integer, .decimal, .number, .boolean, .date, .datetime: return false
    }
  }

  /// Whether the schema lists the members along the path and one is missing. List elements are not a step.
  private func schemaLacks(_ path: [String]) -> Bool {
    guard let target = model.target, target.nodes.indices.contains(target.root) else { return false }
    var node = target.nodes[target.root]
    for name in path {
      while let items = node.items { node = target.nodes[items] }
      guard !node.properties.isEmpty else { return false }
      guard let property = node.property(name) else { return true }
      node = target.nodes[property.node]
    }
    return false
  }
}
