package import Core
import Testing

/// The contract of `Journal`.
package enum JournalConformance {
  package typealias Case = ConformanceCase<Subject>

  /// A journal, and the store that holds its leases.
  package struct Subject: Sendable {
    let clock: WallClock
    let leases: StoreOpener<any StateStore>
    let open: StoreOpener<any Journal>
    /// The lease of the scope. It is held until the test lets it expire.
    let lease: Lease

    /// - Parameters:
    ///   - clock: that of the leases.
    ///   - leases: opens the same data each time, as `open` does.
    package init(
      clock: WallClock, leases: @escaping StoreOpener<any StateStore>, open: @escaping StoreOpener<any Journal>
    ) throws {
      (self.clock, self.leases, self.open) = (clock, leases, open)
      lease = try LeaseConformance.acquire(in: leases())
    }
  }

  package static let cases: [Case] = intents + fences + updates + results + refusals + epochs + known + adopted + merged + scopes

  static let scope = JournalScope(pipeline: "p", destination: "d", mapping: "m", location: "l")

  static func record(_ ordinal: UInt64, _ key: Name?, _ digest: [UInt8] = [1], _ fields: [UInt8] = []) -> IntentRecord {
    IntentRecord(ordinal: ordinal, key: key, digest: digest, fields: fields)
  }

  static func request(
    _ records: [IntentRecord], in scope: JournalScope = scope, run: String = "r", epoch: Int = 0,
    body: [UInt8] = Array("{}".utf8)
  ) -> IntentRequest {
    IntentRequest(
      scope: scope, run: run, target: "POST /contacts", idempotencyKey: "i", epoch: epoch, body: body, records: records)
  }

  /// Sends a record and learns its result at once.
  static func send(_ key: Name, digest: [UInt8], _ fate: IntentResult.Fate, _ journal: any Journal, _ lease: Lease) throws {
    try journal.resolve(try journal.intend(request([record(0, key, digest)]), under: lease), [IntentResult(0, fate)])
  }
}
