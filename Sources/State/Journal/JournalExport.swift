package import Core

/// Writes the contents of a journal as a `JournalFile`. Open intents are only counted: their results are unknown, and only a
/// run with this state can resolve them.
package struct JournalExport {
  package struct Summary: Sendable, Hashable {
    /// Those that were written, and those of the same selection that only have open intents.
    package var scopes: [JournalScopeSummary] = []
    /// Lines of records, including those of records that are not present.
    package var records = 0

    package var openIntents: Int { scopes.reduce(0) { $0 + $1.openIntents } }
  }

  private let journal: any Journal
  private let states: any StateStore
  private let scopes: [JournalScopeSummary]

  /// - Parameters:
  ///   - states: have the scopes' base URLs.
  ///   - scopes: what is written, in this order.
  package init(_ journal: any Journal, _ states: any StateStore, scopes: [JournalScopeSummary]) {
    self.journal = journal
    self.states = states
    self.scopes = scopes
  }

  /// - Parameter write: takes whole lines, many at a time.
  /// - Throws: `OperationFailure`, `CancellationError`, and what `write` throws.
  package func run(_ write: (String) throws -> Void) throws -> Summary {
    var summary = Summary(scopes: scopes)
    try write(JournalFile.header)
    for scope in scopes {
      if let address = try states.checkpoint(scope.scope.baseURL) {
        try write(JournalFile.line(String(decoding: address, as: UTF8.self), of: scope.scope))
      }
      try journal.forEachRecord(in: scope.scope) { records in
        try Task.checkCancellation()
        try write(records.map { JournalFile.line($0, in: scope.scope) }.joined())
        summary.records += records.count
      }
    }
    try write(JournalFile.Footer(records: summary.records, openCalls: summary.openIntents).line)
    return summary
  }
}
