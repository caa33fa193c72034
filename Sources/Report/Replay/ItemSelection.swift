package import Core

/// Some items of a mapping's input, by their places: what a replay keeps of a transform.
package struct ItemSelection: Sendable {
  package struct Place: Sendable, Hashable {
    package var line: Int
    /// Of `each`; -1: the record itself.
    package var element: Int

    package init(line: Int, element: Int = -1) {
      self.line = line
      self.element = element
    }
  }

  /// The keys of the items at each place, without the numbers of elements, as outcomes show them.
  private var places: [Place: [Name?]] = [:]
  /// Records may be on one line, so that items also need the same key.
  private let sharesLines: Bool

  package init(sharesLines: Bool = false) { self.sharesLines = sharesLines }

  package var isEmpty: Bool { places.isEmpty }

  /// Adds an item; false if it could not be told apart from others.
  ///
  /// - Parameter key: as outcomes show it, without the number of an element; nil if it has none.
  package mutating func insert(_ place: Place, key: Name?) -> Bool {
    if sharesLines, key == nil { return false }
    places[place, default: []].append(key)
    return true
  }

  /// - Parameter key: of the item in its input; nil if it has none.
  package func contains(_ place: Place, key: @autoclosure () -> String?) -> Bool {
    guard let keys = places[place] else { return false }
    guard sharesLines else { return true }
    return key().map { keys.contains(Name(Redactor.process.redacted($0))) } ?? false
  }
}
