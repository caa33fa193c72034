/// Rows of a table that lie in a batch as cells instead of JSON: which column goes into which slot of their reader.
///
///     header   id,name,phone       slots of the reader: 0 phone, 1 id, 2 email
///     columns  [2, 0, -1]          nothing reads `name`, so it is not in the batch; there is no `email`
///
/// `RowCells` (`Records`) defines what the item of such a row contains.
package final class RowShape: Sendable {
  /// Of all columns, in their order.
  package let names: [String]
  /// The column of each slot; -1: the table has no such column.
  package let columns: [Int]

  package init(names: [String], columns: [Int]) {
    self.names = names
    self.columns = columns
  }
}

/// Permission to put rows of a table into a batch as cells, given by a user of the batch that reads nothing but single
/// columns. A source without rows ignores it: its items are JSON.
package final class RowRequest: Sendable {
  private let columns: @Sendable ([String]) -> [Int]?

  /// `columns`: the column of each slot (see `RowShape.columns`) in a table with these columns. Nil: rows of this table are
  /// wanted as JSON.
  package init(columns: @escaping @Sendable ([String]) -> [Int]?) { self.columns = columns }

  package func shape(of names: [String]) -> RowShape? {
    columns(names).map { RowShape(names: names, columns: $0) }
  }
}
