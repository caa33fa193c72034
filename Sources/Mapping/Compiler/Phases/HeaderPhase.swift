import Core

/// The keys of the document, the version of the language, and the mapping's name.
struct HeaderPhase: MappingPhase {
  private(set) var context: MappingContext
  var diagnostics: Diagnostics

  init(_ start: MappingContext, _ diagnostics: Diagnostics) {
    context = start
    self.diagnostics = diagnostics
    let root = context.document
    root.checkKeys(
      "the mapping", known: MappingKeywords.document, required: MappingKeywords.requiredInDocument,
      at: root.place, &self.diagnostics)
    checkVersion(root["mapping"])
    context.name = name(root["name"])
  }

  private mutating func checkVersion(_ node: YAMLNode?) {
    guard let node, let version = node.integer("mapping", &diagnostics), version != 1 else { return }
    report(.badArgument, at: node.place, "unknown language version \(version)", hint: "write mapping: 1")
  }

  private mutating func name(_ node: YAMLNode?) -> String? {
    guard let node, let name = node.text("name", &diagnostics) else { return nil }
    let isPlain = !name.isEmpty && name.allSatisfy { $0.isLetter || $0.isNumber || "-_.".contains($0) } && !name.hasPrefix(".")
    if !isPlain {
      let hint = "it becomes part of file names: use letters, digits, '-', '_' and '.'"
      report(.badArgument, at: node.place, "'\(name)' cannot be a mapping's name", hint: hint)
    }
    return name
  }
}
