import Core
import Records

/// The kind of value in each column of JSON records, where all records agree: a value that a person fills in gets that kind.
final class ColumnKinds {
  private let input: CorrectedRows.Input
  private var kinds: [CellKind?]?

  init(_ input: CorrectedRows.Input) { self.input = input }

  /// A text where the records do not agree, or none has a value. Reads all of them the first time.
  ///
  /// - Throws: `OperationFailure`, `CancellationError`.
  func kind(of column: Int) throws -> CellKind {
    guard let names = input.names, !input.isTable, names.indices.contains(column) else { return .string }
    let kinds = try self.kinds ?? read()
    self.kinds = kinds
    return kinds[column] ?? .string
  }

  private func read() throws -> [CellKind?] {
    var kinds = [CellKind?](repeating: nil, count: input.names?.count ?? 0)
    var rendering = SourceRendering(input)
    var source = try input.open()
    let batch = RecordBatch()
    while try source.fill(batch) {
      try Task.checkCancellation()
      for item in batch.items where item.fault == nil {
        for (column, kind) in rendering.kinds(of: Array(batch.bytes[item.start..<item.end])).enumerated() {
          guard let kind = Self.general(kind) else { continue }
          kinds[column] = kinds[column] == nil || kinds[column] == kind ? kind : .string
        }
      }
    }
    return kinds
  }

  /// Nil if there is no value.
  private static func general(_ kind: CellKind) -> CellKind? {
    switch kind {
    case .missing, .null, .blocked: nil
    case .integer, .decimal, .number: .number
    case .true, .false: .true
    case .list, .object: kind
    case .date, .datetime, .string: .string
    }
  }
}
