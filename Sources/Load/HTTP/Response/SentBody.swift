package import Core

/// A body that was sent, for finding what the errors of its response are about.
package struct SentBody: Sendable {
  private let columns: [LoadColumn]
  private let under: [String]
  /// Of a batch: the member with the records; empty: the body is the list. Nil: the body has one record.
  private let items: [String]?

  /// The place of an error.
  package struct Place: Sendable, Hashable {
    /// Of a batch: the number of the record in the request, from 0. Nil: the error does not say.
    package var record: Int?
    /// Nil: the error does not concern one field of the mapping.
    package var column: Int?
  }

  package init(_ body: BodyDocument, columns: [LoadColumn]) {
    (self.columns, items) = (columns, nil)
    under = body.under.map(\.text)
  }

  package init(batch: BatchDocument, columns: [LoadColumn]) {
    (self.columns, under) = (columns, [])
    items = batch.items.map { [$0] } ?? []
  }

  package func place(of error: ReadResponse.FieldError) -> Place {
    var path = error.path[...]
    var place = Place()
    if let items {
      if path.first?.isExactly("body") == true, !items.contains(exactly: "body") { path = path.dropFirst() }
      if path.prefix(items.count).isExactly(items) { path = path.dropFirst(items.count) }
      guard let first = path.first, let index = Int(first), index >= 0 else { return place }
      place.record = index
      path = path.dropFirst()
    }
    // Frameworks begin paths with the part of the request, or with the envelope of JSON:API.
    for around in [under, ["body"] + under, ["body"], ["data", "attributes"], []]
    where path.starts(with: around, by: { $0.isExactly($1) }) {
      place.column = column(at: Array(path.dropFirst(around.count)))
      if place.column != nil { break }
    }
    return place
  }

  private func column(at path: [String]) -> Int? {
    guard !path.isEmpty else { return nil }
    /// The only one, or none.
    func only(_ isMeant: (LoadColumn) -> Bool) -> Int? {
      let found = columns.indices.filter { isMeant(columns[$0]) }
      return found.count == 1 ? found[0] : nil
    }
    let name = path.joined(separator: ".")
    return only { $0.path.isExactly(path) }
      // Within the value of a field: an element of a list.
      ?? columns.indices.filter { path.starts(with: columns[$0].path, by: { $0.isExactly($1) }) }
      .max { columns[$0].path.count < columns[$1].path.count }
      ?? only { $0.name.isExactly(name) }
      ?? only { $0.name.isExactlyInAnyCase(name) }
      // An object with one field.
      ?? only { $0.path.starts(with: path, by: { $0.isExactly($1) }) }
  }
}
