/// A generated mapping, as parts that can be left out one by one.
struct MappingPlan {
  /// Where a path leads, in the oracle's terms.
  struct Path {
    enum Root { case record, item, custom(id: String) }

    enum Step {
      case member(String)
      case element(Int)
      case select(member: String, text: String)
    }

    var root = Root.record
    var steps: [Step]
    var kind: PropertySource.Kind
    /// As the mapping writes it.
    var text: String
  }

  indirect enum Origin {
    case path(Path)
    case paths([Path])
    case constant(PlainJSON)
    case variable(String)
    /// `expr`, `case`: the oracle says nothing of the value.
    case opaque(String)
  }

  struct Step {
    var function: String
    /// As the mapping writes it; nil: a bare name.
    var argument: String?

    var text: String { argument.map { "{\(function): \($0)}" } ?? function }
  }

  enum OnError: String, CaseIterable { case reject, nullify, `default`, keep }

  struct Field {
    /// Dotted; of a var its name.
    var target: String
    var origin: Origin
    var steps: [Step] = []
    var when: String?
    var fallback: PlainJSON?
    var isRequired = false
    var onError = OnError.reject
    var omitsNull = false
    /// The property of the target schema; nil: `{}`.
    var schema: String?
    var isRequiredByTarget = false

    /// The value of the YAML entry.
    var text: String {
      if case .path(let path) = origin, steps.isEmpty, when == nil, fallback == nil, !isRequired, onError == .reject, !omitsNull {
        return PlainJSON.quoted(path.text)
      }
      var parts: [String] = []
      switch origin {
      case .path(let path): parts.append("from: \(PlainJSON.quoted(path.text))")
      case .paths(let paths): parts.append("from: [\(paths.map { PlainJSON.quoted($0.text) }.joined(separator: ", "))]")
      case .constant(let value): parts.append("const: \(value.text)")
      case .variable(let name): parts.append("from: vars.\(name)")
      case .opaque(let text): parts.append(text)
      }
      if !steps.isEmpty { parts.append("do: [\(steps.map(\.text).joined(separator: ", "))]") }
      if let when { parts.append("when: \(PlainJSON.quoted(when))") }
      if let fallback { parts.append("default: \(fallback.text)") }
      if isRequired { parts.append("required: true") }
      if onError != .reject { parts.append("on_error: \(onError.rawValue)") }
      if omitsNull { parts.append("nulls: omit") }
      return "{\(parts.joined(separator: ", "))}"
    }
  }

  var seed: UInt64
  var each: String?
  var blankIsNull = true
  var settings = ""
  var filter: String?
  var vars: [Field] = []
  var fields: [Field] = []
  var rules: [String] = []
  var unique: [String] = []
  var merge: String?
  var mergeBy: String?
  var hasSchema = false
  /// Keywords of the schema's root that only the finished record can tell.
  var rest = ""

  static let lookups = "{lead: prospect, customer: active, Pro: \"1\", \"true\": yes it is, \"12\": dozen}"
  static let codes = "{lead: 1, customer: 2.50, Pro: null, no: true}"
  static let lookupTables: [String: [String: PlainJSON]] = [
    "statuses": [
      "lead": .text("prospect"), "customer": .text("active"), "Pro": .text("1"), "true": .text("yes it is"), "12": .text("dozen"),
    ],
    "codes": ["lead": .number("1"), "customer": .number("2.50"), "Pro": .null, "no": .bool(true)],
  ]

  /// Target fields that identify a record, and so are never null.
  var keyNames: [String] { ["key"] + (each == nil ? [] : fields.prefix(1).map(\.target)) }

  var keyField: Field {
    let path = Path(steps: [.member("id")], kind: .text, text: each == nil ? "id" : "parent.id")
    return Field(target: "key", origin: .path(path))
  }

  /// The mapping file; every var, field and rule on a line of its own.
  var text: String {
    var lines = ["mapping: 1", "name: generated"]
    lines.append(
      "source: {entity: contact, key: id\(each.map { ", each: \($0)" } ?? "")\(merge == nil ? "" : ", updated_at: added")}")
    let key = each == nil ? "key" : fields.isEmpty ? "key" : "[key, \(fields[0].target)]"
    lines.append("target: {entity: thing, key: \(key)\(hasSchema ? ", schema: schema.json" : "")}")
    let blank = blankIsNull ? "" : ", blank_is_null: false"
    lines.append("settings: {region: US\(blank)\(settings)}")
    lines.append("lookups: {statuses: \(Self.lookups), codes: \(Self.codes)}")
    if !vars.isEmpty {
      lines.append("vars:")
      lines += vars.map { "  \($0.target): \($0.text)" }
    }
    if let filter { lines.append("where: \(PlainJSON.quoted(filter))") }
    lines.append("fields:")
    lines.append("  key: \(keyField.text)")
    lines += fields.map { "  \($0.target): \($0.text)" }
    if !rules.isEmpty {
      lines.append("validate:")
      lines += rules.enumerated().map {
        "  - {id: rule\($0), assert: \(PlainJSON.quoted($1)), severity: \($0 % 2 == 0 ? "error" : "warning")}"
      }
    }
    if !unique.isEmpty { lines.append("unique: [\(unique.joined(separator: ", "))]") }
    if let merge { lines.append("merge: \(merge)") }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Without the parts that stand on these lines (from 1).
  func without(lines: Set<Int>) -> MappingPlan {
    var plan = self
    let all = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let dropped = Set(lines.compactMap { all.indices.contains($0 - 1) ? all[$0 - 1] : nil })
    plan.vars.removeAll { dropped.contains("  \($0.target): \($0.text)") }
    plan.fields.removeAll { dropped.contains("  \($0.target): \($0.text)") }
    plan.rules.removeAll { rule in dropped.contains { $0.hasPrefix("  - ") && $0.contains(PlainJSON.quoted(rule)) } }
    for line in dropped {
      if line.hasPrefix("where:") { plan.filter = nil }
      if line.hasPrefix("unique:") { plan.unique = [] }
      if line.hasPrefix("merge:") { (plan.merge, plan.mergeBy) = (nil, nil) }
    }
    let names = Set(plan.fields.map(\.target) + ["key"])
    plan.unique.removeAll { !names.contains($0) }
    if let by = plan.mergeBy, !names.contains(by) { (plan.merge, plan.mergeBy) = (nil, nil) }
    return plan
  }

  /// The target schema that the mapping names.
  var schema: String {
    var required: [String] = []
    return object(fields.map { (ArraySlice($0.target.split(separator: ".").map(String.init)), $0) }, &required, isRoot: true)
  }

  private func object(_ members: [(ArraySlice<String>, Field)], _ required: inout [String], isRoot: Bool) -> String {
    var properties: [String] = isRoot ? ["\"key\":{\"type\":\"string\",\"maxLength\":40}"] : []
    var names: [String] = []
    var own: [String] = isRoot ? ["key"] : []
    for (path, field) in members {
      guard let name = path.first, !names.contains(name) else { continue }
      names.append(name)
      if path.count == 1 {
        properties.append("\(PlainJSON.quoted(name)):\(field.schema ?? "{}")")
        if field.isRequiredByTarget { own.append(name) }
      } else {
        let inner = members.filter { $0.0.first == name }.map { ($0.0.dropFirst(), $0.1) }
        properties.append("\(PlainJSON.quoted(name)):\(object(inner, &required, isRoot: false))")
      }
    }
    let list = own.map(PlainJSON.quoted).joined(separator: ",")
    return
      "{\"type\":\"object\",\"properties\":{\(properties.joined(separator: ","))},\"required\":[\(list)]\(isRoot ? rest : "")}"
  }
}
