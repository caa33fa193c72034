package import Core

/// What distinguishes an item from the others in its run: its key or, if it has none, its element. An element's key includes its
/// number.
package struct ItemPlace: Sendable, Hashable {
  package var mapping: Name
  package var line: Int
  package var record: Name?
  /// Of `each`; -1: the record itself, or the item has a key.
  package var element: Int

  package init(mapping: Name, line: Int, record: Name?, element: Int?) {
    (self.mapping, self.line, self.record) = (mapping, line, record)
    self.element = record == nil ? element ?? -1 : -1
  }

  package init(_ item: OpenItems.Item) {
    self.init(mapping: item.mapping, line: item.line, record: item.record, element: item.element)
  }

  package init(_ resolution: Resolution) {
    self.init(
      mapping: Name(resolution.mapping), line: resolution.line, record: resolution.record, element: resolution.element)
  }
}
