/// The keys of one map of a language, in their usual order.
package struct KeywordGroup: Sendable {
  package var keywords: [Keyword]
  /// At least one of these must be present.
  package var alternatives: [String]
  /// Exactly one key, which selects the kind of the map.
  package var isChoice: Bool

  package init(_ keywords: [Keyword], alternatives: [String] = [], isChoice: Bool = false) {
    self.keywords = keywords
    self.alternatives = alternatives
    self.isChoice = isChoice
  }

  /// Those that this version reads.
  package var names: [String] { keywords.filter { !$0.isReserved }.map(\.name) }
  package var reserved: [String] { keywords.filter(\.isReserved).map(\.name) }
  package var required: [String] { keywords.filter { $0.isRequired && !$0.isReserved }.map(\.name) }

  package func keyword(_ name: String) -> Keyword? { keywords.first { $0.name == name } }

  /// The words that `name` accepts; empty if it accepts something else.
  package func words(of name: String) -> [String] {
    if case .words(let words)? = keyword(name)?.shape { words } else { [] }
  }

  /// The same keys without the others.
  package func only(_ names: [String], alternatives: [String] = []) -> KeywordGroup {
    KeywordGroup(keywords.filter { names.contains($0.name) }, alternatives: alternatives)
  }
}
