import Records
import Transform

extension CorrectedRows.Input {
  /// The input of a mapping, as its reject files show it.
  ///
  /// - Throws: `OperationFailure` if the input cannot be read.
  package init(_ columns: SourceColumns) throws {
    let isTable = columns.records.format.traits.contains(.isTable)
    let (names, isKnown): ([String]?, Bool) =
      switch try columns.names() {
      case .columns(let names): (names, true)
      case .whole: (nil, true)
      // The table has no columns of the source.
      case .unknown: ([], false)
      }
    self.init(
      names: names, isTable: isTable || !isKnown, keyPath: columns.program.keyPath, hasElements: columns.program.listSlot != nil,
      sharesLines: columns.records.sharesLines, open: columns.open)
  }
}
