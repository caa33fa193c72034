import Core
import HTTP
import Load

/// The points around a request at which a process can be killed.
enum KillPoint: CaseIterable, Sendable {
  case beforeIntent, afterIntent, beforeResponse, beforeResult, afterResult
}

/// A process that dies at a point of its nth write: from then on, nothing of it reaches the journal or the API.
final class DyingProcess: Sendable {
  private struct State {
    var count = 0
    var isDead = false
  }

  let point: KillPoint
  let number: Int
  private let state = Locked(State())

  init(at point: KillPoint, of number: Int) {
    self.point = point
    self.number = number
  }

  var isDead: Bool { state.withLock { $0.isDead } }

  /// True: it is dead, or dies now.
  func passes(_ point: KillPoint) -> Bool {
    state.withLock { state in
      if !state.isDead, point == self.point {
        state.count += 1
        state.isDead = state.count == number
      }
      return state.isDead
    }
  }

  struct Dead: Error {}
}

/// The API as a process sees it that may die.
struct DyingTransport: HTTPTransport {
  let api: FakeAPI
  let process: DyingProcess

  func send(_ exchange: HTTPExchange) async throws(TransportFailure) -> HTTPAnswer {
    if process.isDead { throw .cancelled }
    let answer = try await api.send(exchange)
    if exchange.method != "GET", process.passes(.beforeResponse) || process.isDead { throw .cancelled }
    return answer
  }

  func close() async {}
}

/// The journal as such a process sees it.
struct DyingJournal: Journal {
  let journal: any Journal
  let process: DyingProcess

  private func check() throws(OperationFailure) {
    if process.isDead { throw OperationFailure(.fault, "dead") }
  }

  func apply(_ changes: JournalChanges, under lease: Lease) throws(OperationFailure) -> [IntentID] {
    try check()
    let hasIntents = !changes.intents.isEmpty
    let hasResults = !changes.results.isEmpty
    if hasIntents && process.passes(.beforeIntent) || hasResults && process.passes(.beforeResult) { try check() }
    let ids = try journal.apply(changes, under: lease)
    if hasIntents && process.passes(.afterIntent) || hasResults && process.passes(.afterResult) { try check() }
    return ids
  }

  func resolve(_ results: [IntentResults]) throws(OperationFailure) {
    try check()
    try journal.resolve(results)
  }

  func openIntents(_ scope: JournalScope) throws(OperationFailure) -> [Intent] { try journal.openIntents(scope) }

  func accepted(_ keys: [Name], in scope: JournalScope) throws(OperationFailure) -> [Name: Accepted] {
    try check()
    return try journal.accepted(keys, in: scope)
  }

  func adopt(_ records: [AdoptedRecord], in scope: JournalScope, under lease: Lease) throws(OperationFailure) {
    try check()
    try journal.adopt(records, in: scope, under: lease)
  }

  func merge(
    under lease: Lease, isTrial: Bool, _ body: (_ merge: ([JournalRecord], JournalScope) throws -> [JournalMerge]) throws -> Void
  ) throws { try journal.merge(under: lease, isTrial: isTrial, body) }

  func describe(_ scope: JournalScope, address: String) throws(OperationFailure) -> [JournalScope] {
    try journal.describe(scope, address: address)
  }

  func scopes() throws(OperationFailure) -> [JournalScopeSummary] { try journal.scopes() }

  func forEachRecord(in scope: JournalScope, _ body: ([JournalRecord]) throws -> Void) throws {
    try journal.forEachRecord(in: scope, body)
  }
}
