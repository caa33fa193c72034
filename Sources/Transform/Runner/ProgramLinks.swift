package import Core

/// Links between the records of a mapping and those of others: the keys that it references, and a registry for its own.
package struct ProgramLinks: Sendable {
  /// By mapping: what its transform let through. Sealed.
  package var references: [Name: KeyRegistry]
  /// Receives the target keys that are let through, if other mappings reference this one.
  package var registry: KeyRegistry?
  /// Records are decided in the order of the input.
  private(set) var isSequenced = false

  package init(references: [Name: KeyRegistry] = [:], registry: KeyRegistry? = nil) {
    self.references = references
    self.registry = registry
  }

  /// The same, for a program.
  func of(_ program: Program) -> ProgramLinks {
    var links = self
    links.isSequenced = registry != nil || !program.rules.unique.isEmpty
    return links
  }
}
