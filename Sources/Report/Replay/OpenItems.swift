package import Core

/// The items of a run that are open at a destination: they were rejected, or failed there, and nothing has resolved them since.
package struct OpenItems: Sendable {
  package struct Item: Sendable, Hashable {
    package var mapping: Name
    package var line: Int
    /// Of `each`; -1: the record itself. Nil in outcomes of versions that did not record it, and of records whose key does not look like
    /// that of an element.
    package var element: Int?
    package var record: Name?

    package init(mapping: Name, line: Int, element: Int? = nil, record: Name? = nil) {
      (self.mapping, self.line, self.element, self.record) = (mapping, line, element, record)
    }

    /// The element of an item with this key of a mapping with `each`; -1 where there is none.
    ///
    /// - Parameter hasEach: the mapping makes items of the elements of a list.
    package func element(hasEach: Bool) -> Int {
      if let element { return element }
      return hasEach ? record.map { Self.number(in: $0.text) } ?? -1 : -1
    }

    /// The number at the end of a key that looks like that of an element: 5 of `o#5`; otherwise -1.
    static func number(in key: String) -> Int {
      guard let sign = key.utf8.lastIndex(of: UInt8(ascii: "#")) else { return -1 }
      return Int(key[key.utf8.index(after: sign)...]) ?? -1
    }

    /// Its key without the number of the element.
    ///
    /// - Parameter element: as `element(hasEach:)` returns it.
    package func key(element: Int) -> Name? {
      let end = "#\(element)"
      guard element >= 0, let record, record.text.hasSuffix(exactly: end) else { return record }
      return Name(Substring(record.text.utf8.dropLast(end.utf8.count)))
    }
  }

  /// In the order of the outcomes.
  package private(set) var items: [Item] = []
  /// Items that are pending there: the next run sends them.
  package private(set) var pending = 0

  package init() {}

  /// Leaves out the other items.
  package mutating func keep(_ isWanted: (Item) -> Bool) { items.removeAll { !isWanted($0) } }

  /// Which items are wanted; nil: all.
  package struct Choice: Sendable, Hashable {
    package var mappings: [String]?
    package var code: String?
    /// A key; of an item of `each` also with its element: `KEY#2`.
    package var record: String?

    package init(mappings: [String]? = nil, code: String? = nil, record: String? = nil) {
      self.mappings = mappings
      self.code = code
      self.record = record
    }

    fileprivate func takes(_ line: OutcomeLine) -> Bool {
      if let mappings, !mappings.contains(exactly: line.mapping.text) { return false }
      if let code, line.code != Name(code) { return false }
      guard let record else { return true }
      // Keys are as the outcomes show them.
      let key = Redactor.process.redacted(record)
      guard let own = line.record?.text else { return false }
      if own.isExactly(key) { return true }
      return line.element.map { own.isExactly("\(key)#\($0)") } ?? false
    }
  }

  /// - Parameters:
  ///   - path: of the run's `outcomes.ndjson`.
  ///   - resolutions: of the run. One of an item as a whole closes it everywhere.
  /// - Throws: `OperationFailure` if the file cannot be read.
  package static func all(
    in path: String, _ choice: Choice = .init(), resolutions: [Resolution]
  ) throws -> [Name: OpenItems] {
    struct Place: Hashable {
      var destination: Name?
      var item: ItemPlace
    }
    let resolved = Set(resolutions.map { Place(destination: $0.destination, item: ItemPlace($0)) })
    var found: [Name: OpenItems] = [:]
    try OutcomeLine.forEach(in: path) { line in
      guard [.rejected, .failed, .pending].contains(line.outcome), choice.takes(line) else { return true }
      if line.outcome == .pending {
        found[line.destination, default: OpenItems()].pending += 1
        return true
      }
      let isResolved = [line.destination, nil].contains {
        resolved.contains(Place(destination: $0, item: ItemPlace(line.item)))
      }
      if !isResolved { found[line.destination, default: OpenItems()].items.append(line.item) }
      return true
    }
    return found
  }

  /// Those of these items that share their line and key with another record of the run: nothing tells them apart.
  ///
  /// - Parameters:
  ///   - items: of mappings that read several records on one line.
  ///   - path: of the run's `outcomes.ndjson`.
  ///   - hasEach: whether a mapping makes items of the elements of a list.
  /// - Throws: `OperationFailure` if the file cannot be read.
  package static func ambiguous(
    _ items: [Item], in path: String, at destination: Name, hasEach: (Name) -> Bool
  ) throws -> Set<Item> {
    if items.isEmpty { return [] }
    func record(_ item: Item) -> ItemPlace {
      ItemPlace(
        mapping: item.mapping, line: item.line, record: item.key(element: item.element(hasEach: hasEach(item.mapping))),
        element: nil)
    }
    var elements: [ItemPlace: [Int]] = [:]
    for item in items { elements[record(item)] = [] }
    try OutcomeLine.forEach(in: path) { line in
      guard line.destination == destination else { return true }
      elements[record(line.item)]?.append(line.element(hasEach: hasEach(line.mapping)))
      return true
    }
    return Set(
      items.filter { item in
        let elements = elements[record(item)] ?? []
        return elements.count > 1 && (elements.contains(-1) || Set(elements).count < elements.count)
      })
  }
}
