import Core

/// A proposed mapping as far as it has been thought out, and its text.
struct ProposedMapping: Sendable {
  var name: String
  /// Lines of comment at the top.
  var header: [String] = []
  /// What stands in the braces of `source`.
  var source: String
  var targetEntity: String
  var targetKey: [String] = []
  /// Relative to the mapping; nil: nothing is checked against a schema.
  var schemaPath: String?
  var settings: [(text: String, comment: String)] = []
  var lookups: [ProposedLookup] = []
  var fields: [ProposedField] = []
  var privacy: [(target: String, policy: String)] = []
  var leftOver: [String] = []

  /// The text, and which field stands on each line (from 1).
  func text() -> (text: String, fields: [Int: Int]) {
    var lines = header.map { $0.isEmpty ? "#" : $0.hasPrefix("#") ? $0 : "# " + $0 }
    lines += ["mapping: 1", "name: \(YAMLText.scalar(name))", "source: {\(source)}"]
    let key = targetKey.count == 1 ? YAMLText.scalar(targetKey[0]) : "[\(targetKey.map(YAMLText.scalar).joined(separator: ", "))]"
    let schema = schemaPath.map { ", schema: \(YAMLText.scalar($0))" } ?? ""
    lines.append("target: {entity: \(YAMLText.scalar(targetEntity)), key: \(key)\(schema)}")
    if !settings.isEmpty {
      lines += ["", "settings:"] + settings.map { "  \($0.text)    # \($0.comment)" }
    }
    let used = lookups.filter { lookup in
      fields.contains { field in field.text != nil && field.steps.contains { $0.hasPrefix("{lookup: {table: \(lookup.name),") } }
    }
    if !used.isEmpty { lines += ["", "lookups:"] + used.flatMap(\.lines) }
    lines += ["", "fields:"]
    var places: [Int: Int] = [:]
    appendFields(&lines, &places)
    let shown = privacy.filter { item in
      fields.contains { $0.text != nil && $0.target.joined(separator: ".").isExactly(item.target) }
    }
    if !shown.isEmpty {
      lines += ["", "# How values may look in ledgers, logs and reports; the output has them in full.", "pii:"]
      lines += shown.map { "  \(YAMLText.scalar($0.target)): \($0.policy)" }
    }
    if !leftOver.isEmpty {
      lines += ["", "# Fields of the sample that nothing reads:"]
      lines += leftOver.prefix(60).map { YAMLText.comment("#   \($0)") }
      if leftOver.count > 60 { lines.append("#   and \(leftOver.count - 60) more") }
    }
    return (lines.joined(separator: "\n") + "\n", places)
  }

  private func appendFields(_ lines: inout [String], _ places: inout [Int: Int]) {
    let bodies = fields.map { field -> String in
      guard let text = field.text, let name = field.target.last else { return "" }
      let key = schemaPath == nil ? field.target.joined(separator: ".") : name
      return "\(indent(field))\(YAMLText.scalar(key)): \(text)"
    }
    let width = min(76, bodies.map(\.count).max() ?? 0)
    var open: [String] = []
    for (index, field) in fields.enumerated() {
      // Without a schema nobody can tell a nested target from a long form: the dots say it.
      let parents = schemaPath == nil ? [] : Array(field.target.dropLast())
      let common = zip(open, parents).prefix { $0.isExactly($1) }.count
      if field.text == nil {
        lines.append(
          YAMLText.comment(
            "\(String(repeating: "  ", count: common + 1))# \(field.target.joined(separator: ".")): \(field.remark)"))
        places[lines.count] = index
        continue
      }
      open = Array(open.prefix(common))
      for parent in parents.dropFirst(common) {
        lines.append(String(repeating: "  ", count: open.count + 1) + "\(YAMLText.scalar(parent)):")
        open.append(parent)
      }
      let comment = field.comment
      let body = bodies[index]
      let padding = String(repeating: " ", count: max(0, width - body.count))
      lines.append(comment.isEmpty ? body : "\(body)\(padding)  # \(comment)")
      places[lines.count] = index
    }
  }

  private func indent(_ field: ProposedField) -> String {
    String(repeating: "  ", count: schemaPath == nil ? 1 : field.target.count)
  }
}
