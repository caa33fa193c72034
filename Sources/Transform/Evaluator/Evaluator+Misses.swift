import Core
import Records
import Values

/// Hints for values that a lookup or another mapping does not have, though they have one that looks the same. Only failures come here.
extension Evaluator {
  /// No real name is longer, and longer text is not worth the time.
  private static var mostBytes: Int { 256 }

  /// The note of a `lookup-miss`; empty if no key looks like the value.
  mutating func noteOfMiss(_ failure: Failure, _ subject: Problem.Subject, _ log: inout ProblemLog) -> LogSlice {
    guard failure.code == .lookupMiss, missed.table >= 0, missed.key.count <= Self.mostBytes else { return .empty }
    let name = missed.key.string
    guard let key = program.looks.key(like: name, of: tables.lookups[missed.table], number: missed.table) else { return .empty }
    return log.copy(note: "the value has no entry in the lookup" + hint(name, key, subject))
  }

  /// The note of an `orphan`: the end of its message; empty if the other mapping has no key that looks like the value.
  ///
  /// Only digests of the keys are kept, so this looks up the other forms that the value may have.
  mutating func noteOfOrphan(
    _ cell: Cell, _ reference: ResolvedReference, _ log: inout ProblemLog
  ) throws(OperationFailure) -> LogSlice {
    guard cell.kind == .string, cell.text.count <= Self.mostBytes else { return .empty }
    let name = cell.text.string
    for form in KeyForms.others(of: name) where try isKey(form, reference) {
      return log.copy(note: hint(name, form, .field(Int32(reference.column))))
    }
    return .empty
  }

  private mutating func isKey(_ text: String, _ reference: ResolvedReference) throws(OperationFailure) -> Bool {
    let bytes = Array(text.utf8)
    let digest = bytes.withUnsafeBufferPointer { bytes in
      bytes.baseAddress.map { KeyText.digest(of: Cell(kind: .string, text: Text(start: $0, count: bytes.count)), &scratch) }
    }
    guard let digest else { return false }
    return try reference.keys.contains(digest)
  }

  /// For a value that must not be shown, neither the similar key nor the characters are shown either.
  private func hint(_ name: String, _ other: String, _ subject: Problem.Subject) -> String {
    privacy(of: subject) == .show
      ? ": \(NearestName.question(name, other))"
      : ", but there is a key that looks the same: compare Unicode form, case, spaces and invisible characters"
  }
}
