import Core
import Testing

@testable import Sandbox

/// A client that checks before it writes again: whatever goes wrong, it can find out what Your App holds.
@Suite("Your App: a careful client")
struct AppCarefulClientTests {
  private let asking: AppAsking

  init() throws {
    let faults = AppFault.allCases.map { $0.rawValue + "=0.05" }
    asking = try AppAsking(faults: faults + ["app-no-unique-keys"])
  }

  /// Repeats the request until the response is a complete list.
  private func find(_ key: String) -> JSONValue? {
    for _ in 0..<100 {
      let answer = asking.send("GET", "/contacts?contactId=" + key)
      guard answer.ending == .whole, answer.status == 200, let list = try? asking.json(answer)["items"]?.arrayValue else {
        continue
      }
      return list.first
    }
    Issue.record("\(key) could not be looked for")
    return nil
  }

  /// - Returns: false if Your App refuses the record.
  private func store(_ key: String) throws -> Bool {
    let body = AppSamples.contact(key, #","team":"t","plan":"pro""#)
    for attempt in 0..<100 {
      let answer: SandboxAnswer
      if let found = find(key), let id = found["id"]?.stringValue {
        if found["team"] == .string("t"), found["plan"] == .string("pro") { return true }
        answer = asking.send("PUT", "/contacts/" + id, body)
      } else {
        answer = asking.send("POST", "/contacts", body, ["idempotency-key": key + "-" + String(attempt)])
      }
      if answer.status == 422, answer.ending == .whole { return false }
    }
    Issue.record("\(key) could not be stored")
    return false
  }

  @Test func `stores each record exactly once under all faults`() throws {
    let keys = (100..<400).map { "c" + String($0) }
    let stored = try keys.filter(store)
    #expect((200..<300).contains(stored.count))
    #expect(asking.keys(.contacts) == stored)
    #expect(asking.tally(.contacts).duplicates == 0)
    let drawn = Set(asking.app.statistics.byFault.keys)
    let single = AppFault.allCases.filter { $0.applies(to: .create(.contacts)) && $0 != .fieldError }.map(\.rawValue)
    #expect(Set(single).subtracting(drawn) == [])
  }
}
