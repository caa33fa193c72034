import Core

/// One location: its records, and the routes that read and write them (`Routes`).
///
/// A route reads from one copy of the data, so that a write in between does not tear its answer.
final class LocationState: Sendable {
  let options: SandboxOptions
  let orders = SearchOrders()
  /// Milliseconds since 1970.
  private let now: @Sendable () -> Int
  private let state: Locked<SyntheticData>

  init(_ options: SandboxOptions, data: SyntheticData, now: @escaping @Sendable () -> Int) {
    self.options = options
    self.now = now
    state = Locked(data)
  }

  var data: SyntheticData { state.withLock { $0 } }

  /// Once more edits the contacts whose index is less than `contacts`; see `SandboxEdits`.
  ///
  /// - Returns: all edits.
  func edit(_ contacts: Int) -> [Int] {
    state.withLock { data in
      data.editFirst(contacts)
      return data.edits.rounds
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
    return try state.withLock { data throws(Refusal) in
      data.begin(at: now())
      return try effect(call, body, &data)
    }
  }
}
