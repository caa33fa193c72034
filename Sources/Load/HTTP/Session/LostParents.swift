import Control
import Core

/// Parents that the destination no longer has, as refusals of writes for their children have shown.
///
/// The journal believes that they are there and unchanged, so no load would look at them. When the load of the children ends, the
/// journal therefore marks them as removed, as it does after an update that finds nothing: the next load of their mapping looks for
/// each of them, and creates it. Until this is saved, the journal has the children as refused for no reason of their own, so if the
/// process is killed, the next load sends them again, and finds out as well. Safe to use from many tasks.
final class LostParents: Sendable {
  private let plan: PartPlan
  private let services: HTTPDestination.Services
  /// The destination's IDs, by mapping and key.
  private let found = Locked<[Name: [Name: Name]]>([:])

  init(_ plan: PartPlan, _ services: HTTPDestination.Services) { (self.plan, self.services) = (plan, services) }

  func add(_ mapping: Name, _ key: Name, id: Name) { found.withLock { $0[mapping, default: [:]][key] = id } }

  func contains(_ mapping: Name, _ key: Name, id: Name) -> Bool { found.withLock { $0[mapping]?[key] == id } }

  // MARK: The journal

  /// In one intent.
  private static let chunk = 512

  /// - Throws: what the journal throws, `CancellationError`.
  func save() async throws {
    for (mapping, ids) in found.withLock({ $0 }).sorted(by: { $0.key < $1.key }) {
      guard let name = plan.lease(of: mapping) else { continue }
      let lease: LeaseHolder
      do {
        lease = try await LeaseHolder(
          name, owner: services.owner, target: "'\(plan.destination) \(mapping)'", states: services.states)
      } catch let failure as OperationFailure where failure.code == .stateHeld {
        // Another process is loading them. The next load of the children finds out again.
        continue
      }
      do {
        let (journal, scope, run, held) = (services.journal, plan.scope(of: mapping), plan.run, lease.current)
        try await BlockingWork.perform { try Self.remove(ids, in: scope, run: run, journal, under: held) }
        await lease.release()
      } catch {
        await lease.release()
        throw error
      }
    }
  }

  private static func remove(
    _ ids: [Name: Name], in scope: JournalScope, run: String, _ journal: any Journal, under lease: Lease
  ) throws {
    // A call without a result will say what became of its record.
    let open = Set(try journal.openIntents(scope).flatMap { $0.request.records.compactMap(\.key) })
    let keys = ids.keys.filter { !open.contains($0) }.sorted()
    for start in stride(from: 0, to: keys.count, by: chunk) {
      let part = Array(keys[start..<min(start + chunk, keys.count)])
      let known = try journal.accepted(part, in: scope)
      let records = part.filter { known[$0]?.isPresent == true && known[$0]?.remoteID == ids[$0] }.enumerated().map {
        IntentRecord(ordinal: UInt64($0), key: $1, digest: [])
      }
      if records.isEmpty { continue }
      let id = try journal.intend(
        IntentRequest(scope: scope, run: run, target: IntentRequest.lookupTarget, idempotencyKey: "", body: [], records: records),
        under: lease)
      try journal.resolve(id, records.map { IntentResult($0.ordinal, .removed) })
    }
  }
}

extension PartLoad {
  /// Whether the destination still has what a record belongs to, after it has refused a write for the record. If it does not, the next
  /// load looks for that.
  ///
  /// - Parameter response: the refusal.
  /// - Returns: nil: it cannot be found out now.
  /// - Throws: what the journal throws; `CancellationError`.
  func hasParent(_ member: Member, after response: ReadResponse?) async throws -> Bool? {
    guard let adapter = plan.adapter, lostParents != nil else { return true }
    if lostParent(of: member) != nil { return false }
    let isThere = try await optionalLookup.hasParent(member.record, after: response, adapter)
    if isThere == false { noteLostParent(of: member) }
    return isThere
  }

  /// A lookup has shown that what a record belongs to is gone.
  func noteLostParent(of member: Member) {
    for (reference, id) in member.record.parents {
      if let key = member.record.values[reference.field] { lostParents?.add(reference.mapping, key, id: id) }
    }
  }

  /// What a record belongs to, if it is already known to be gone.
  func lostParent(of member: Member) -> (mapping: Name, key: Name)? {
    guard let lostParents else { return nil }
    for (reference, id) in member.record.parents {
      guard let key = member.record.values[reference.field] else { continue }
      if lostParents.contains(reference.mapping, key, id: id) { return (reference.mapping, key) }
    }
    return nil
  }
}
