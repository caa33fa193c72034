package import Core
package import HTTP

/// The points around a request at which a process can be killed.
package enum KillPoint: CaseIterable, Sendable {
  case beforeIntent, afterIntent, beforeResponse, beforeResult, afterResult
}

/// A process that dies at a point of its nth write: from then on, nothing of it reaches the journal or the API.
package final class DyingProcess: Sendable {
  private struct State {
    var count = 0
    var isDead = false
  }

  package let point: KillPoint
  package let number: Int
  private let state = Locked(State())

  package init(at point: KillPoint, of number: Int) {
    self.point = point
    self.number = number
  }

  package var isDead: Bool { state.withLock { $0.isDead } }

  /// True: it is dead, or dies now.
  package func passes(_ point: KillPoint) -> Bool {
    state.withLock { state in
      if !state.isDead, point == self.point {
        state.count += 1
        state.isDead = state.count == number
      }
      return state.isDead
    }
  }

  package struct Dead: Error {}
}

/// An API as a process sees it that may die.
package struct DyingTransport: HTTPTransport {
  private let api: any HTTPTransport
  private let process: DyingProcess
  private let isWrite: @Sendable (HTTPExchange) -> Bool

  /// - Parameter isWrite: whether a request may change something.
  package init(
    _ api: any HTTPTransport, _ process: DyingProcess,
    isWrite: @escaping @Sendable (HTTPExchange) -> Bool = { $0.method != "GET" }
  ) {
    (self.api, self.process, self.isWrite) = (api, process, isWrite)
  }

  package func send(_ exchange: HTTPExchange) async throws(TransportFailure) -> HTTPAnswer {
    if process.isDead { throw .cancelled }
    let answer = try await api.send(exchange)
    if isWrite(exchange), process.passes(.beforeResponse) || process.isDead { throw .cancelled }
    return answer
  }

  package func close() async {}
}

/// The journal as such a process sees it.
package struct DyingJournal: Journal {
  private let journal: any Journal
  private let process: DyingProcess

  package init(journal: any Journal, process: DyingProcess) { (self.journal, self.process) = (journal, process) }

  private func check() throws(OperationFailure) {
    if process.isDead { throw OperationFailure(.fault, "dead") }
  }

  package func apply(_ changes: JournalChanges, under lease: Lease) throws(OperationFailure) -> [IntentID] {
    try check()
    let hasIntents = !changes.intents.isEmpty
    let hasResults = !changes.results.isEmpty
    if hasIntents && process.passes(.beforeIntent) || hasResults && process.passes(.beforeResult) { try check() }
    let ids = try journal.apply(changes, under: lease)
    if hasIntents && process.passes(.afterIntent) || hasResults && process.passes(.afterResult) { try check() }
    return ids
  }

  package func resolve(_ results: [IntentResults]) throws(OperationFailure) {
    try check()
    try journal.resolve(results)
  }

  package func openIntents(_ scope: JournalScope) throws(OperationFailure) -> [Intent] { try journal.openIntents(scope) }

  package func accepted(_ keys: [Name], in scope: JournalScope) throws(OperationFailure) -> [Name: Accepted] {
    try check()
    return try journal.accepted(keys, in: scope)
  }

  package func adopt(_ records: [AdoptedRecord], in scope: JournalScope, under lease: Lease) throws(OperationFailure) {
    try check()
    try journal.adopt(records, in: scope, under: lease)
  }

  package func merge(
    under lease: Lease, isTrial: Bool, _ body: (_ merge: ([JournalRecord], JournalScope) throws -> [JournalMerge]) throws -> Void
  ) throws { try journal.merge(under: lease, isTrial: isTrial, body) }

  package func describe(_ scope: JournalScope, address: String) throws(OperationFailure) -> [JournalScope] {
    try journal.describe(scope, address: address)
  }

  package func scopes() throws(OperationFailure) -> [JournalScopeSummary] { try journal.scopes() }

  package func forEachRecord(in scope: JournalScope, _ body: ([JournalRecord]) throws -> Void) throws {
    try journal.forEachRecord(in: scope, body)
  }
}
