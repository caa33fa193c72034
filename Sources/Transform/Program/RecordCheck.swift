import Core
import Records
import Schema

/// What Your App's schema asks of a finished record beyond what it asks of each column: `anyOf`, `if`, `dependentRequired` and their
/// like. The record is written as JSON once more and validated as a whole, which costs several times what the columns' checks
/// do; schemas without such keywords have none of it.
struct RecordCheck: Sendable {
  /// A failure, and the column that it concerns: the value's own, or the first of those below it; -1: the record.
  struct Finding {
    var code: ProblemCode
    var column: Int32
  }

  private let validator: SchemaValidator
  private let encoder: JSONRecordEncoder
  /// Columns by the JSON pointers that lead to them or pass over them, the first of each.
  private let columns: [String: Int32]

  /// Nil where the columns' checks see everything.
  init?(_ model: MappingModel, layout: RecordLayout) {
    guard let target = model.target, target.hasRest, let validator = model.record else { return nil }
    self.validator = validator
    encoder = JSONRecordEncoder(layout: layout)
    var columns: [String: Int32] = [:]
    for (number, column) in layout.columns.enumerated() {
      var pointer = ""
      for name in column.path {
        pointer = SchemaPointer.appending(name, to: pointer)
        if columns[pointer] == nil { columns[pointer] = Int32(number) }
      }
    }
    self.columns = columns
  }

  /// Everything that is wrong with the record of `cells`.
  func findings(
    in cells: UnsafeBufferPointer<Cell>, arena: inout ByteArena, _ space: ValidationSpace
  ) -> [Finding] {
    arena.begin()
    encoder.encode(cells, into: &arena)
    switch validator.failures(in: arena.finish().buffer, space) {
    // The walker has read it before, but for members that occur twice in what is copied as it is.
    case .failure(let fault): return [Finding(code: fault.code, column: -1)]
    case .success(let failures):
      return failures.map { failure in
        let pointer = failure.member.map { SchemaPointer.appending($0, to: failure.instance) } ?? failure.instance
        return Finding(code: failure.code, column: column(of: pointer))
      }
    }
  }

  private func column(of pointer: String) -> Int32 {
    var rest = pointer[...]
    while !rest.isEmpty {
      if let column = columns[String(rest)] { return column }
      guard let slash = rest.lastIndex(of: "/") else { return -1 }
      rest = rest[..<slash]
    }
    return -1
  }
}

extension Problem {
  /// The column's own check has said it.
  func isSame(_ finding: RecordCheck.Finding) -> Bool {
    stage == .validate && code == finding.code && field == finding.column
  }
}
