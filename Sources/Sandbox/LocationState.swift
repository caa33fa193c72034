import Core

/// One location: its records, and the routes that read and write them (`Routes`).
///
/// A route reads from one copy of the data, so that a write in between does not tear its answer.
final class LocationState: Sendable {
  let options: SandboxOptions
  let orders = SearchOrders()
  /// Milliseconds since 1970.
  private let now: @Sendable () -> Int
  private let state: Locked<State>

  private struct State {
    var data: SyntheticData
    var lag: SearchLag
  }

  init(_ options: SandboxOptions, data: SyntheticData, now: @escaping @Sendable () -> Int) {
    self.options = options
    self.now = now
    state = Locked(State(data: data, lag: SearchLag(milliseconds: options.faults.searchLag)))
  }

  var data: SyntheticData { state.withLock { $0.data } }

  /// What the search finds: the data as they were some time ago, with the fault `search-lag`.
  var searchedData: SyntheticData { state.withLock { $0.lag.found(in: $0.data, now: now()) } }

  /// Once more edits the contacts whose index is less than `contacts`; see `SandboxEdits`.
  ///
  /// - Returns: all edits.
  func edit(_ contacts: Int) -> [Int] {
    state.withLock { state in
      state.lag.keep(state.data, now: now())
      state.data.editFirst(contacts)
      return state.data.edits.rounds
    }
  }

  /// What a write route does: it changes the data and answers, or refuses.
  typealias Effect = (Call, JSONValue, inout SyntheticData) throws(Refusal) -> SandboxAnswer

  /// Handles a write. Every write passes here, so this is the place for whatever may happen before or after its effect.
  ///
  /// No other request changes the data meanwhile. An effect must check everything before its first change: what it has
  /// changed stays, even if it then refuses.
  func write(_ call: Call, _ effect: Effect) throws(Refusal) -> SandboxAnswer {
    let body = try StrictBody.read(call, location: data.locationID)
    return try state.withLock { state throws(Refusal) in
      let time = now()
      state.lag.keep(state.data, now: time)
      state.data.begin(at: time)
      if call.faults.has(.gone) { state.data.deleteRecord(namedBy: call) }
      let answer = try carryOut(effect, call, body, &state.data)
      state.data.edits.writes += 1
      return answer
    }
  }

  /// With the fault `discard`, the body is carried out without one of its members.
  private func carryOut(
    _ effect: Effect, _ call: Call, _ body: JSONValue, _ data: inout SyntheticData
  ) throws(Refusal) -> SandboxAnswer {
    guard let kept = call.route.membersThatAreKept, let less = call.faults.discarding(body, keeping: kept) else {
      return try effect(call, body, &data)
    }
    let before = data
    let answerAsSent = try effect(call, body, &data)
    data = before
    let answer = try effect(call, less, &data)
    return call.faults.echoesDiscarded ? answerAsSent : answer
  }
}
