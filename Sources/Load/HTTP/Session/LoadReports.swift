import Core

/// Records whether the warnings of the last load were written: a load that was killed may not have reported all of them.
struct LoadReports: Sendable {
  private let name: Name
  private let run: String
  private let lease: LeaseHolder
  private let states: any StateStore

  private static let ended = "ended "

  init(_ plan: PartPlan, _ lease: LeaseHolder, _ states: any StateStore) {
    name = Self.name(of: plan.scope)
    run = plan.run
    self.lease = lease
    self.states = states
  }

  private static func name(of scope: JournalScope) -> Name {
    let parts = [scope.pipeline, scope.destination, scope.mapping, scope.location].map { JSONValue.string($0) }
    return Name("load reports \(JSONValue.array(parts).text)")
  }

  /// What `begin` would return.
  static func wasInterrupted(_ plan: PartPlan, _ states: any StateStore) throws -> Bool {
    wasInterrupted(try states.checkpoint(name(of: plan.scope)), plan.run)
  }

  private static func wasInterrupted(_ last: [UInt8]?, _ run: String) -> Bool {
    guard let last else { return false }
    return !last.starts(with: Self.ended.utf8) || last.elementsEqual((Self.ended + run).utf8)
  }

  /// Records that a load begins.
  ///
  /// - Returns: whether the last load's warnings may be missing: it ended early, or this run was resumed and discarded them.
  func begin() async throws -> Bool {
    let (states, name) = (states, name)
    let last = try await BlockingWork.perform { try states.checkpoint(name) }
    try await save("open \(run)")
    return Self.wasInterrupted(last, run)
  }

  /// Records that the ledger has every warning. If this cannot be saved, the next load repeats warnings.
  func end() async { try? await save(Self.ended + run) }

  private func save(_ text: String) async throws {
    let (states, name, held) = (states, name, lease.current)
    try await BlockingWork.perform { try states.save([Checkpoint(name, Array(text.utf8))], under: held) }
  }
}
