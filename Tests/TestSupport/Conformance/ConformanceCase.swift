import Foundation
import Testing

/// Opens the same data each time: another connection, as of another process, or after the death of one. Stores that hold their
/// data in memory return the same store.
package typealias StoreOpener<Store> = @Sendable () throws -> Store

/// One statement of a seam's contract, checked on an implementation.
///
/// A target that implements the seam runs all of its cases:
///
///     @Test(arguments: RunStoreConformance.cases)
///     func `SQLite honors the contract of RunStore`(_ statement: RunStoreConformance.Case) throws {
///       let folder = TemporaryFolder()
///       try statement.check { try SQLiteRunStore(folder: folder.path) }
///     }
package struct ConformanceCase<Subject: Sendable>: Sendable, CustomTestStringConvertible {
  let statement: String
  /// Records issues, or throws.
  package let check: @Sendable (Subject) throws -> Void

  init(_ statement: String, _ check: @escaping @Sendable (Subject) throws -> Void) {
    self.statement = statement
    self.check = check
  }

  package var testDescription: String { statement }
}

/// What the calls of `body` return, on several threads at the same time.
func concurrently<Value: Sendable>(_ count: Int, _ body: @escaping @Sendable (Int) throws -> Value) throws -> [Value] {
  let results = Shared([Result<Value, any Error>?](repeating: nil, count: count))
  DispatchQueue.concurrentPerform(iterations: count) { index in
    let result = Result { try body(index) }
    results.change { $0[index] = result }
  }
  return try results.value.compactMap { try $0?.get() }
}

/// Names that a comparison of characters, of C strings or of patterns would confuse.
let oddNames = [
  "", " ", "\u{E9}", "e\u{301}", "\u{0}", "a\u{0}", "a\u{0}b", "a", "A", "%", "_", "'", "\"; DROP TABLE runs; --",
  "\u{1F1E6}\u{1F1FA}",
  String(repeating: "n", count: 10_000),
]

/// Bytes that are not text, as long as a large request.
let hugeValue = (0..<4 << 20).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
