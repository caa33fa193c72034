package import Control
package import Core

/// What corrected rows mean for the items that are open.
extension CorrectedRows {
  /// The items that rows are about.
  package var items: Set<OpenItems.Item> { rows.reduce(into: []) { $0.formUnion($1.items) } }

  /// - Parameter open: the items that are replayed, or would be if nothing newer had been read.
  package func counts(of mapping: Name, open: Set<OpenItems.Item>) -> CorrectionCounts {
    var counts = CorrectionCounts(mapping: mapping, rows: rows.count, missing: missing.map { Name($0) })
    var (changed, reformatted) = ([Int](repeating: 0, count: columns.count), [Int](repeating: 0, count: columns.count))
    for row in rows {
      guard row.items.contains(where: open.contains) else {
        counts.skipped += 1
        continue
      }
      if !row.changed.isEmpty { counts.corrected += 1 }
      for column in row.changed { changed[column] += 1 }
      for column in row.reformatted { reformatted[column] += 1 }
    }
    func named(_ rows: [Int]) -> [CorrectionCounts.Column] {
      zip(columns, rows).filter { $1 > 0 }.map { .init(name: Name($0), rows: $1) }
    }
    counts.columns = named(changed)
    counts.reformatted = named(reformatted)
    return counts
  }

  /// Items whose keys are corrected, as they will be, and the lines of the table that say so.
  ///
  /// - Parameters:
  ///   - hasEach: the mapping makes items of the elements of a list.
  ///   - open: the others are not replayed.
  package func renamed(hasEach: Bool, open: Set<OpenItems.Item>) -> [(item: OpenItems.Item, line: Int)] {
    rows.flatMap { row -> [(item: OpenItems.Item, line: Int)] in
      guard let key = row.newKey else { return [] }
      return row.items.filter(open.contains).map { item in
        let element = item.element(hasEach: hasEach)
        var item = item
        item.record = element < 0 ? key : Name("\(key)#\(element)")
        return (item, row.line)
      }
    }
  }
}
