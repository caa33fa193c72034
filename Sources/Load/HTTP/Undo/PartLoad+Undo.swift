import Control
import Core

/// How a call of `waybill undo` has ended.
enum UndoEnd: Sendable {
  /// The record was put back or removed.
  ///
  /// - Parameter stored: what the response says about it.
  case done(StoredRecord?)
  /// Nothing has changed at the destination.
  case changedSince, goneSince
  case refused(String)
  case notSent(String)
  /// The call may have been carried out, and is open.
  case unknown(String)
}

/// Calls that put back what was there before a run, or remove what it has created.
extension PartLoad {
  /// Records what became of a call, unless it was carried out and puts back a record: what the journal then says depends on what the
  /// destination made of it.
  ///
  /// - Throws: what the journal throws; `CancellationError`.
  func undoEnd(of call: Call, _ member: Member, isDelete: Bool) async throws -> UndoEnd {
    let (ended, intent) = call
    let detail = ended.detail
    func resolve(_ fate: IntentResult.Fate) async throws {
      try await writer.resolve(intent, [IntentResult(member.record.ordinal, fate)])
    }
    func status(or text: String) -> String { detail.isEmpty ? text : detail }
    switch ended.ending {
    case .cancelled(let isOpen):
      if !isOpen { try await resolve(.refused) }
      throw CancellationError()
    case .stopped(let failure, let isOpen):
      if isOpen { return .unknown(failure.description) }
      try await resolve(.refused)
      return .notSent(failure.description)
    case .flow(let end):
      let code = ended.response?.status ?? 0
      switch end {
      case .accepted where ended.response?.isPage == true: return .unknown("the response is a web page")
      case .accepted, .adopted:
        if isDelete { try await resolve(.removed) }
        return .done(isDelete ? nil : stored(after: end, ended))
      case .gone:
        try await resolve(.removed)
        return isDelete ? .done(nil) : .goneSince
      case .conflict:
        try await resolve(.refused)
        return code == 412 ? .changedSince : .refused(status(or: "status \(code)"))
      case .refused, .tooLarge:
        try await resolve(.refused)
        return .refused(status(or: "status \(code)"))
      case .unauthorized, .forbidden:
        try await resolve(.refused)
        await stop(end, ended)
        return .notSent(status(or: "not authorized"))
      case .notSent(let obstacle), .notCarriedOut(let obstacle):
        try await resolve(.refused)
        await stop(obstacle)
        return .notSent(status(or: obstacle.text))
      case .divided(_, because: let obstacle), .unresolved(let obstacle):
        await stop(obstacle)
        return .unknown(status(or: obstacle.text))
      }
    }
  }

  /// Finishes a call of `waybill undo` that an earlier process left open.
  func finish(_ call: Call, _ member: Member, isDelete: Bool) async throws {
    switch try await undoEnd(of: call, member, isDelete: isDelete) {
    case .done(let stored) where !isDelete:
      // It is there, and nobody has compared it: the next load sends the record again.
      let fate = IntentResult.Fate.present(
        remoteID: stored?.remoteID, entityTag: stored?.entityTag, fields: member.record.fields)
      try await writer.resolve(call.intent, [IntentResult(member.record.ordinal, fate)])
      leave(member)
    case .unknown(let why): end(member, .pending, Reason(.resultUnknown, why), attempts: call.ended.attempts)
    default: leave(member)
    }
  }
}
