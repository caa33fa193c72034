import Control
import Core

/// How a call of `waybill undo` has ended.
indirect enum UndoEnd: Sendable {
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
  /// The last attempt to put a record back has ended like this, but an earlier one may have been carried out. The call is open.
  case uncertain(UndoEnd)
}

/// Calls that put back what was there before a run, or remove what it has created.
extension PartLoad {
  /// Records what became of a call, unless it puts back a record and was, or may have been, carried out: what the journal then says
  /// depends on what the destination made of it.
  ///
  /// - Throws: what the journal throws; `CancellationError`.
  func undoEnd(of call: Call, _ member: Member, isDelete: Bool) async throws -> UndoEnd {
    let (ended, intent) = call
    let detail = ended.detail
    func resolve(_ fate: IntentResult.Fate) async throws {
      try await writer.resolve(intent, [IntentResult(member.record.ordinal, fate)])
    }
    let isUncertain = ended.wasUncertain && !isDelete
    func nothingDone(_ end: UndoEnd) async throws -> UndoEnd {
      if isUncertain { return .uncertain(end) }
      try await resolve(.refused)
      return end
    }
    func status(or text: String) -> String { detail.isEmpty ? text : detail }
    switch ended.ending {
    case .cancelled(let isOpen):
      let why = "undo was interrupted"
      return isOpen ? .unknown(why) : try await nothingDone(.notSent(why))
    case .stopped(let failure, let isOpen):
      if isOpen { return .unknown(failure.description) }
      return try await nothingDone(.notSent(failure.description))
    case .flow(let end):
      let code = ended.response?.status ?? 0
      switch end {
      case .accepted where ended.response?.isPage == true: return .unknown("the response is a web page")
      case .accepted, .adopted:
        if isDelete { try await resolve(.removed) }
        return .done(isDelete ? nil : stored(after: end, ended, member))
      case .gone:
        try await resolve(.removed)
        return isDelete ? .done(nil) : .goneSince
      case .conflict:
        return try await nothingDone(code == 412 ? .changedSince : .refused(status(or: "status \(code)")))
      case .refused, .tooLarge:
        return try await nothingDone(.refused(status(or: "status \(code)")))
      case .unauthorized, .forbidden:
        await stop(end, ended)
        return try await nothingDone(.notSent(status(or: "not authorized")))
      case .notSent(let obstacle), .notCarriedOut(let obstacle):
        await stop(obstacle)
        return try await nothingDone(.notSent(status(or: obstacle.text)))
      case .divided(_, because: let obstacle), .unresolved(let obstacle):
        await stop(obstacle)
        return .unknown(status(or: obstacle.text))
      }
    }
  }

  /// Finishes a call of `waybill undo` that an earlier process left open, and that was only looked up.
  func finish(_ call: Call, _ member: Member, isDelete: Bool) async throws {
    let (ended, intent) = call
    let found = ended.found.first ?? nil
    // A record is there, and nobody has compared it with what was there before the run: the next load sends it again.
    func present(_ fields: [UInt8]?) -> IntentResult.Fate {
      .present(remoteID: found?.remoteID, entityTag: found?.entityTag, fields: fields)
    }
    let fate: IntentResult.Fate
    switch ended.ending {
    case .flow(.adopted): fate = isDelete ? .removed : present(member.record.fields)
    case .flow(.notCarriedOut) where isDelete: fate = .refused
    case .flow(.notCarriedOut): fate = found == nil ? .removed : present(member.known?.fields)
    default:
      let why = ended.detail.isEmpty ? "what became of it could not be looked up" : ended.detail
      return end(member, .pending, Reason(.resultUnknown, why), attempts: ended.attempts)
    }
    try await writer.resolve(intent, [IntentResult(member.record.ordinal, fate)])
    leave(member)
  }
}
