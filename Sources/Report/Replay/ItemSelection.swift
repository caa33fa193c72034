package import Core

/// Some items of a mapping's input, by their places: what a replay keeps of a transform.
///
/// The mapping may have had no `each` when the items ended, or may have none today: a record stands for each of its elements, and an
/// element for its record.
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

  private struct Record: Hashable {
    var line: Int
    /// Only where several records may be on one line.
    var key: Name?
  }

  private var elements: [Record: Set<Int>] = [:]
  /// Records may be on one line, so that items also need the same key.
  private let sharesLines: Bool

  package init(sharesLines: Bool = false) { self.sharesLines = sharesLines }

  /// - Parameter key: as outcomes show it, without the number of an element; not nil if records share lines.
  package mutating func insert(_ place: Place, key: Name?) {
    elements[Record(line: place.line, key: sharesLines ? key : nil), default: []].insert(place.element)
  }

  /// - Parameter key: of the item in its input; nil if it has none.
  package func contains(_ place: Place, key: @autoclosure () -> String?) -> Bool {
    if elements.isEmpty { return false }
    var record = Record(line: place.line)
    if sharesLines {
      guard let key = key() else { return false }
      record.key = Name(Redactor.process.redacted(key))
    }
    guard let elements = elements[record] else { return false }
    return place.element < 0 || elements.contains(-1) || elements.contains(place.element)
  }
}
