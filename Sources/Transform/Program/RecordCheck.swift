import Core
import Records
import Schema

/// What Your App's schema requires of a finished record beyond its requirements of each column: `anyOf`, `if`,
/// `dependentRequired` and the like. The record is written as JSON once more and validated as a whole, which costs several
/// times as much as the columns' checks; schemas without such keywords do not need it.
struct RecordCheck: Sendable {
  /// A failure, and the column that it concerns: the value's own, or the first of those below it; nil: the record.
  struct Finding {
    var code: ProblemCode
    var column: Int32?
    /// In words, where the code and the column do not say it.
    var note: String?

    var subject: Problem.Subject { column.map { .field($0) } ?? .record }
  }

  private let validator: SchemaValidator
  private let encoder: JSONRecordEncoder
  /// Columns by the JSON pointers that lead to them or pass over them, the first of each.
  private let columns: [Name: Int32]
  /// The columns' own pointers.
  private let pointers: [String]

  /// Nil if the columns' checks cover everything.
  init?(_ model: MappingModel, layout: RecordLayout) {
    guard let target = model.target, target.hasRest, let validator = model.record else { return nil }
    self.validator = validator
    encoder = JSONRecordEncoder(layout: layout)
    var columns: [Name: Int32] = [:]
    var pointers: [String] = []
    for (number, column) in layout.columns.enumerated() {
      var pointer = ""
      for name in column.path {
        pointer = SchemaPointer.appending(name, to: pointer)
        if columns[Name(pointer)] == nil { columns[Name(pointer)] = Int32(number) }
      }
      pointers.append(pointer)
    }
    self.columns = columns
    self.pointers = pointers
  }

  /// All failures of the record of `cells`.
  func findings(
    in cells: UnsafeBufferPointer<Cell>, arena: inout ByteArena, _ space: ValidationSpace
  ) -> [Finding] {
    arena.begin()
    encoder.encode(cells, into: &arena)
    switch validator.failures(in: arena.finish().buffer, space) {
    // The walker has validated it, except for duplicate members in what is copied unchanged.
    case .failure(let fault): return [Finding(code: fault.code)]
    case .success(let failures):
      return failures.map { failure in
        let pointer = failure.member.map { SchemaPointer.appending($0, to: failure.instance) } ?? failure.instance
        let column = column(of: pointer)
        return Finding(code: failure.code, column: column, note: note(failure, pointer, column))
      }
    }
  }

  /// What is wrong, and where, unless that is the column's own value. Of a column that is missing its code says all.
  private func note(_ failure: SchemaFailure, _ pointer: String, _ column: Int32?) -> String? {
    let own = column.map { pointers[Int($0)] }
    if failure.code == .schemaRequired, own.isExactly(pointer) { return nil }
    let place = own.isExactly(failure.instance) ? "" : failure.instance.isEmpty ? "the record " : "at \(failure.instance), "
    return "\(place)\(failure.message), according to the target schema"
  }

  private func column(of pointer: String) -> Int32? {
    var rest = pointer[...]
    while !rest.isEmpty {
      if let column = columns[Name(rest)] { return column }
      guard let slash = rest.utf8.lastIndex(of: UInt8(ascii: "/")) else { return nil }
      rest = rest[..<slash]
    }
    return nil
  }
}

extension Problem {
  /// The column's own check has reported it.
  func isSame(_ finding: RecordCheck.Finding) -> Bool {
    stage == .validate && code == finding.code && subject == finding.subject
  }
}
