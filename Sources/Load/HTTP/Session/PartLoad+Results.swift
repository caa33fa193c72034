import Control
import Core
import HTTP

/// What the end of a call means for its records.
extension PartLoad {
  typealias Call = (ended: CallDriver.Ended, intent: IntentID)

  /// Handles the end of a call with one record. Nil if the record has its outcome; otherwise what is known now, for another call.
  func take(_ call: Call, _ member: Member, isUpdate: Bool) async throws -> Member? {
    let (ended, intent) = call
    let ordinal = member.record.ordinal
    func resolve(_ fate: IntentResult.Fate) async throws { try await writer.resolve(intent, [IntentResult(ordinal, fate)]) }
    switch ended.ending {
    case .cancelled(let isOpen):
      // If it is open, the next run resolves it.
      if !isOpen { try await resolve(.refused) }
      throw CancellationError()
    case .stopped(let failure, let isOpen):
      if isOpen {
        end(member, .pending, Reason(.resultUnknown, failure.description), attempts: ended.attempts)
      } else {
        try await resolve(.refused)
        end(member, .pending, Reason(.notSent, failure.description), attempts: ended.attempts)
      }
    case .flow(let flowEnd):
      if flowEnd.isWithoutEffect { try await keepSeen(ended, [member], isCreate: !isUpdate) }
      switch flowEnd {
      case .accepted, .adopted:
        let stored = stored(after: flowEnd, ended, member)
        if flowEnd == .accepted, let doubt = doubt(about: stored, ended.response, member, isUpdate: isUpdate) {
          guard plan.resource.find != nil else {
            end(member, .pending, Reason(.resultUnknown, doubt), attempts: ended.attempts)
            return nil
          }
          try await lookUp([member], call, isCreate: !isUpdate, isConfirmed: ended.response?.isPage == false)
          return nil
        }
        if flowEnd == .accepted, let stored, stored.isOfAnother {
          try await images?.saveDoubt(member)
          let why = try await noteOverwritten(stored.remoteID, by: member)
          try await resolve(.refused)
          end(member, .failed, Reason(.alreadyExists, why), attempts: ended.attempts)
          return nil
        }
        var own = member
        own.wasThere = stored?.wasThere ?? false
        let isShared = try await isShared(stored?.remoteID, member)
        let keepsOmitted = isUpdate && plan.updateKeeps
        var comparison = try await compare(member, stored, keepsOmitted: keepsOmitted)
        try await keep(own, stored, comparison, ended, keepsOmitted: keepsOmitted)
        if resends(comparison, member.record) {
          try await resolve(presentFate(of: member.record, stored, comparison))
          guard let last = try await resend(own, comparison) else { return nil }
          comparison = last
        } else {
          try await resolve(fate(of: member.record, stored, comparison))
        }
        // Somebody else created it after the lookup.
        let wasThere = own.wasThere && !ended.wasUncertain
        own.overwrites = member.overwrites || wasThere
        explain(comparison, of: own)
        noteMissingID(stored, member, isUpdate: isUpdate)
        if isShared { noteSharedID(stored?.remoteID, of: member.record) }
        end(member, isUpdate || wasThere ? .updated : .created, attempts: ended.attempts)
      case .refused:
        switch try await hasParent(member, after: ended.response) {
        case true?:
          try await resolve(fate(ofRefusal: ended.response, of: member.record))
          refuse(member, ended.response, attempts: ended.attempts)
        case false?:
          try await resolve(.refused)
          end(
            member, .failed, reason(.goneAtDestination, ended, else: "refused", "; \(Reason.nothingThere.detail)"),
            attempts: ended.attempts)
        case nil:
          // The next load sends it again, and tries once more to find out.
          try await resolve(.refused)
          refuse(member, ended.response, attempts: ended.attempts)
        }
      case .gone:
        _ = try await hasParent(member, after: ended.response)
        try await resolve(isUpdate ? .removed : .refused)
        let why = isUpdate ? "; the next run creates it" : ""
        end(
          member, .failed, reason(.goneAtDestination, ended, else: "status \(ended.response?.status ?? 404)", why),
          attempts: ended.attempts)
      case .tooLarge:
        try await resolve(fate(ofRefusal: ended.response, of: member.record))
        end(
          member, .failed, reason(.requestTooLarge, ended, else: "\(member.record.json.count) bytes is too large"),
          attempts: ended.attempts)
      case .unauthorized, .forbidden:
        // Before the journal has it: otherwise, others would send theirs in the meantime.
        await stop(flowEnd, ended)
        try await resolve(.refused)
        end(member, .pending, reason(.notSent, ended, else: "not authorized"), attempts: ended.attempts)
      case .notSent(let obstacle), .notCarriedOut(let obstacle):
        await stop(obstacle)
        try await resolve(.refused)
        end(member, .pending, reason(.notSent, ended, else: obstacle.text), attempts: ended.attempts)
      case .conflict(let mayBeOurs): return try await conflict(member, call, mayBeOurs: mayBeOurs, isUpdate: isUpdate)
      case .divided(_, because: let obstacle), .unresolved(let obstacle):
        await stop(obstacle)
        end(member, .pending, reason(.resultUnknown, ended, else: obstacle.text), attempts: ended.attempts)
      }
    }
    return nil
  }

  /// Why a response with a success status does not confirm that the record was stored: it is a web page or, for a new record,
  /// it has an empty body or another record. Nil if there is no reason to doubt it.
  private func doubt(about stored: StoredRecord?, _ response: ReadResponse?, _ member: Member, isUpdate: Bool) -> String? {
    if let response, response.isPage { return "the response is a web page" }
    if isUpdate { return nil }
    if let key = plan.key(of: stored?.record), key != member.record.key {
      return "the response is about a record with another key"
    }
    guard plan.resource.remoteID != nil, stored?.remoteID == nil else { return nil }
    // Without a lookup, a record without its ID is better than one that is pending for ever.
    return plan.resource.find != nil || response?.body == nil ? "the response has no ID of the record" : nil
  }

  /// What the destination has after a call that it accepted.
  func stored(after end: CallFlow.End, _ ended: CallDriver.Ended, _ member: Member) -> StoredRecord? {
    if end == .adopted { return ended.found.first ?? nil }
    guard let response = ended.response else { return nil }
    guard let adapter = plan.adapter else { return plan.stored(in: response.body, headers: response.headers) }
    return adapter.stored(in: response, of: member.record, known: member.known)
  }

  // MARK: Refusals

  /// The fate of a record that the destination refuses. What an earlier process's call shows has no line in a ledger, so the record is
  /// sent again, and the destination says why.
  func fate(ofRefusal response: ReadResponse?, of record: OutgoingRecord) -> IntentResult.Fate {
    response?.isAboutRecord == true && !resolvesOnly ? .declined(digest: plan.refusalDigest(of: record)) : .refused
  }

  /// The destination refuses the record: one line for each field that it names, or one for the record.
  func refuse(_ member: Member, _ response: ReadResponse?, attempts: Int) {
    let (status, trace) = (response?.status, response.flatMap { Self.trace(of: $0) })
    let errors = response?.errors ?? []
    for error in errors.dropFirst() {
      explain(
        member.record,
        Reason(.destinationRefused, error.message, column: plan.column(of: error), status: status, trace: trace), .error,
        attempts: attempts)
    }
    let first = errors.first.map { ($0.message, plan.column(of: $0)) } ?? (response?.detail ?? "", nil)
    let detail = first.0.isEmpty ? "status \(status ?? 0)" : first.0
    end(
      member, .failed, Reason(.destinationRefused, detail, column: first.1, status: status, trace: trace), attempts: attempts)
  }

  func reason(
    _ code: ProblemCode, _ ended: CallDriver.Ended, else fallback: String, _ more: String = ""
  ) -> Reason {
    Reason(
      code, (ended.detail.isEmpty ? fallback : ended.detail) + more, status: ended.response?.status,
      trace: ended.response.flatMap { Self.trace(of: $0) })
  }

  /// What the destination calls the request in its own logs.
  private static func trace(of response: ReadResponse) -> String? {
    ["x-request-id", "x-correlation-id", "traceid", "x-trace-id", "request-id"].lazy.compactMap { response.headers[$0] }.first
      .map { String($0.prefix(100)) }
  }

  func stop(_ end: CallFlow.End, _ ended: CallDriver.Ended) async {
    engine.gate.stop(
      end == .forbidden ? .forbidden(plan.destination, ended.detail) : engine.refusedCredentials(ended.detail))
  }

  /// Some obstacles stop the destination.
  func stop(_ obstacle: CallFlow.Obstacle) async {
    switch obstacle {
    case .forbidden: engine.gate.stop(.forbidden(plan.destination, ""))
    case .unauthorized: engine.gate.stop(engine.refusedCredentials(""))
    case .comeBack(let pause): engine.gate.stop(.comeBackLater(to: plan.destination, after: pause))
    default: break
    }
  }

  // MARK: Conflicts

  /// Something is there already, or has changed in the meantime. It concerns us only if it has our record's key.
  private func conflict(_ member: Member, _ call: Call, mayBeOurs: Bool, isUpdate: Bool) async throws -> Member? {
    let (ended, intent) = call
    let ordinal = member.record.ordinal
    let policy = plan.resource.conflict
    func resolve(_ fate: IntentResult.Fate) async throws { try await writer.resolve(intent, [IntentResult(ordinal, fate)]) }
    func fail(_ code: ProblemCode, _ more: String) async throws -> Member? {
      // It depends on what the destination has, which may change while the record does not.
      try await resolve(.refused)
      end(member, .failed, reason(code, ended, else: "status \(ended.response?.status ?? 409)", more), attempts: ended.attempts)
      return nil
    }
    // Only the call can show that the destination allows one record with these values, so no dry run predicts it.
    if let response = ended.response, let reason = plan.adapter?.conflict(response, member.record, isUpdate: isUpdate) {
      try await resolve(.refused)
      end(member, .failed, reason, attempts: ended.attempts)
      return nil
    }
    if let applied = plan.applied, !mayBeOurs {
      // Somebody was faster than the check.
      try await resolve(.refused)
      return stop(member, applied, "it was changed there")
    }
    if policy.then == .reject, !mayBeOurs { return try await fail(.alreadyExists, "") }
    guard plan.resource.find != nil else {
      return try await fail(.conflictNotOurs, "; without `find` there is no way to tell whether it is the same record")
    }
    let found: StoredRecord
    if let last = ended.found.first, let last {
      found = last
    } else {
      switch try await lookup.necessary(member.record).result {
      case .found(let stored): found = stored
      case .absent: return try await fail(.conflictNotOurs, "; there is no record with this key")
      case .cancelled: throw CancellationError()
      case .stopped(let failure):
        try await resolve(.refused)
        end(member, .pending, Reason(.notSent, failure.description))
        return nil
      case .undecided(let reason):
        try await resolve(.refused)
        end(member, .failed, reason, attempts: ended.attempts)
        return nil
      case .failed(_, _, let why), .unauthorized(let why, _):
        try await resolve(.refused)
        end(member, .pending, Reason(.notSent, "the conflicting record could not be looked up: \(why)"), attempts: ended.attempts)
        return nil
      }
    }
    let named = policy.remoteID.flatMap { path in ended.response?.body.flatMap { path.value(in: $0)?.idText } }
    if let named, let own = found.remoteID, !isUpdate, !named.isExactly(own.text) {
      return try await fail(.conflictNotOurs, "; the conflicting record has another key")
    }
    try await keepFound(member, found, mayBeOurs: mayBeOurs, wasUncertain: ended.wasUncertain)
    if policy.then == .adopt || mayBeOurs && plan.resource.update == nil && plan.resource.batch == nil {
      let keeps = isUpdate && plan.updateKeeps
      let comparison = mayBeOurs ? try await compare(member, found, keepsOmitted: keeps) : Comparison()
      let isLeft = !mayBeOurs && !found.matches(try? JSONReader.read(member.record.json), plan.comparison)
      try await resolve(
        isLeft
          ? .accepted(remoteID: found.remoteID, entityTag: found.entityTag, fields: FieldHashes.adopted)
          : fate(of: member.record, found, comparison))
      explain(comparison, of: member)
      end(member, mayBeOurs ? .created : .unchanged, attempts: ended.attempts)
      return nil
    }
    // What it has accepted before is still of use if an update leaves some of it out. Until an update is accepted, what was in the way
    // of a create is somebody else's, and is not removed.
    let fields = isUpdate || mayBeOurs ? fieldsKnown(of: member) : member.acceptedFields ?? FieldHashes.ofOthers
    try await resolve(.present(remoteID: found.remoteID, entityTag: found.entityTag, fields: fields))
    var next = member
    if images != nil { next.before = found }
    let known = try await reader.accepted(member.record.key)
    next.known = known ?? Accepted(remoteID: found.remoteID, entityTag: found.entityTag)
    let isSame = found.matches(try? JSONReader.read(member.record.json), plan.comparison)
    if isUpdate, !mayBeOurs, !isSame { next.overwrites = true }
    return next
  }
}

extension ResponsePlace {
  /// For people.
  var text: String {
    switch self {
    case .body(let path): "'\(path.text)'"
    case .header(let name): "the header '\(name)'"
    case .headerOrBody(let name, let path): "the header '\(name)', nor at '\(path.text)'"
    }
  }
}

extension JSONValue {
  /// An ID: a text or a number.
  var idText: String? {
    switch self {
    case .string(let text): text
    case .number(let digits): digits
    default: nil
    }
  }
}

extension CallFlow.Obstacle {
  /// For people.
  var text: String {
    switch self {
    case .unreachable: "no connection"
    case .noResponse: "there was no response, and the call may have been carried out"
    case .throttled: "the destination is limiting calls"
    case .stillRunning: "the same call is still running there"
    case .keyReused: "the destination already knows the idempotency key"
    case .findFailed: "it could not be looked up"
    case .jobRunning: "its job is still running"
    case .jobLost: "the destination does not know its job"
    case .retry(let status), .serverError(let status): "status \(status)"
    case .refused: "the call was refused, but some of its records may have been stored"
    case .gone: "the address does not exist there"
    case .conflict: "a record already exists there"
    case .unauthorized: "the credentials are refused"
    case .forbidden: "this is not allowed with these credentials"
    case .comeBack(let pause): "the destination asks for a pause of \(pause.wholeSeconds) s"
    }
  }
}
