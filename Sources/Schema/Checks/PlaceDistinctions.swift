import Core
import Values

/// Which elements and members of a value a schema can tell apart, when it is asked for places (`IntegerPlaces`). All others have the
/// same answer, so a list of a thousand elements is usually one place.
package struct PlaceDistinctions: Sendable {
  /// The elements from this index on are alike: no list of schemas and no enumerated list is longer.
  package let firstCommonElement: Int
  /// The members that a schema or an enumerated value names; nil if patterns tell any two names apart.
  private let names: ByteSet?

  init(_ tables: SchemaProgram.Tables) {
    var longest = tables.elements.map(\.first.count).max() ?? 0
    var names = Set(tables.members.flatMap { $0.declared.names.map { Name($0) } })
    var open = tables.enumerations.flatMap(\.values)
    while let value = open.popLast() {
      switch value {
      case .array(let elements):
        longest = max(longest, elements.count)
        open += elements
      case .object(let members):
        for member in members { names.insert(Name(member.name)) }
        open += members.map(\.value)
      default: break
      }
    }
    firstCommonElement = longest
    let hasPatterns = tables.members.contains { !$0.patterns.isEmpty }
    self.names = hasPatterns ? nil : ByteSet(names.map { Array($0.text.utf8) })
  }

  /// Whether a member differs from those that nothing names.
  package func isDistinct(_ name: Span<UInt8>) -> Bool { names?.contains(name) ?? true }
}
