import Core
import Transform

/// `vars`: each is compiled after those that it reads; cycles are detected on the way.
struct VarPhase: ValueReader {
  var scope: MappingScope

  init(_ before: LookupPhase) {
    scope = before.scope
    if let node = context.document["vars"] { read(node) }
  }

  private mutating func read(_ node: YAMLNode) {
    guard let entries = node.entries("vars", &diagnostics) else { return }
    for entry in entries {
      if entry.key.isEmpty || entry.key.unicodeScalars.contains(where: { ".[]".unicodeScalars.contains($0) }) {
        report(.badArgument, at: entry.keyPlace, "a var's name cannot have '.' or brackets")
        continue
      }
      var state = MappingVars.State(entry: entry)
      state.reads = Self.variables(in: entry.value)
      vars[entry.key] = state
      vars.names.append(entry.key)
    }
    let graph = VarGraph(names: vars.names, reads: vars.states.mapValues(\.reads))
    for circle in graph.circles {
      guard let first = circle.first, let place = vars[first]?.entry.keyPlace else { continue }
      report(.cyclicVar, at: place, "vars read one another in a cycle: \((circle + [first]).joined(separator: " -> "))")
      for name in circle {
        vars[name]?.progress = .done
        vars[name]?.isUsed = true
      }
    }
    for name in graph.order { compile(name) }
  }

  private mutating func compile(_ name: String) {
    guard let state = vars[name], state.progress == .waiting else { return }
    vars[name]?.progress = .running
    let draft = readValue(state.entry, target: [name], position: .unchecked, as: .variable)
    if var draft {
      draft.model.privacy = draft.facts.privacy
      let index = vars.models.count
      vars[name]?.index = index
      vars[name]?.facts = draft.facts
      vars[name]?.plain = Self.plain(draft)
      vars.models.append(draft.model)
    }
    vars[name]?.progress = .done
  }

  /// Where a var that copies a path leads to.
  private static func plain(_ draft: FieldDraft) -> SourceWalk? {
    guard case .source(let path, _, _) = draft.model.value, draft.model.steps.isEmpty, draft.model.fallback == nil,
      !draft.model.isRequired
    else { return nil }
    return SourceWalk(
      path: path, type: draft.facts.type, isNullable: draft.facts.isNullable, privacy: draft.facts.privacy, label: draft.name)
  }

  /// The vars that a var's `from`, and that of its default, name.
  private static func variables(in node: YAMLNode) -> [String] {
    if node.scalar != nil { return variable(node).map { [$0] } ?? [] }
    var expressions = node["expr"].map(mentions) ?? []
    for branch in (node["case"]?.elements ?? []) + (node["else"].map { [$0] } ?? []) {
      expressions += ["when", "expr", "from"].flatMap { branch[$0].map(mentions) ?? [] }
    }
    guard let from = node["from"] else { return expressions + (node["default"].map(variablesOfDefault) ?? []) }
    return expressions + (from.elements ?? [from]).compactMap(variable) + (node["default"].map(variablesOfDefault) ?? [])
  }

  /// Vars in an expression or a path.
  private static func mentions(in node: YAMLNode) -> [String] { node.scalar.map { mentionedVars(in: $0.text) } ?? [] }

  private static func variablesOfDefault(_ node: YAMLNode) -> [String] { node.isMapping ? variables(in: node) : [] }

  private static func variable(_ node: YAMLNode) -> String? {
    guard let text = node.scalar?.text, let path = try? PathText(text), path.parts.count > 1, path.parts[0].name == "vars" else {
      return nil
    }
    return path.parts[1].name
  }
}
