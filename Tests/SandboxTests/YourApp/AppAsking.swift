import Core

@testable import Sandbox

/// Sends requests straight to the look-alike of Your App, without a server, with a clock that stands still.
struct AppAsking {
  let app: YourApp
  private let clock: Locked<Int>

  init(faults: [String] = [], seed: UInt64 = 1, limitScale: Double = 1e6) throws {
    var options = SandboxOptions(contacts: 0, businesses: 0, seed: seed, limitScale: limitScale)
    options.faults = try FaultPlan(faults)
    let clock = Locked(1_700_000_000_000)
    self.clock = clock
    app = YourApp(options, token: "app-token", now: { clock.withLock { $0 } })
  }

  func advance(_ milliseconds: Int) { clock.withLock { $0 += milliseconds } }

  /// - Parameter path: below the base path, with its query; from the root if it begins with `/app`.
  func send(
    _ method: String, _ path: String, _ body: String = "", token: String? = "app-token", _ headers: [String: String] = [:]
  ) -> SandboxAnswer {
    var all = ["host": "127.0.0.1:8080"]
    if !body.isEmpty { all["content-type"] = method == "PATCH" ? AppCall.mergePatch : AppCall.json }
    all.merge(headers) { $1 }
    return app.respond(
      to: SandboxRequest(
        method, path.hasPrefix("/app/") ? path : YourApp.basePath + path,
        authorization: token.map { "Bearer " + $0 }, body: Array(body.utf8), headers: all))
  }

  func json(_ answer: SandboxAnswer) throws -> JSONValue { try JSONReader.read(answer.body) }

  /// Creates a contact and returns its ID.
  @discardableResult
  func contact(_ key: String) throws -> String {
    try json(send("POST", "/contacts", AppSamples.contact(key)))["id"]?.stringValue ?? ""
  }

  /// The keys that are stored, in order.
  func keys(_ resource: AppResource) -> [String] { app.store[resource].sorted.map(\.key.text) }

  func tally(_ resource: AppResource) -> AppCollection.Tally { app.store[resource].tally }
}

/// Records that the schemas accept.
enum AppSamples {
  static func contact(_ key: String, _ more: String = "") -> String {
    #"{"contactId":"\#(key)","name":"Ada","status":"active","createdAt":"2024-01-01T00:00:00Z"\#(more)}"#
  }

  /// The other resources' records belong to the contact `c1`.
  static func record(_ resource: AppResource, _ key: String, contact: String = "c1", _ more: String = "") -> String {
    switch resource {
    case .contacts: self.contact(key, more)
    case .tasks:
      #"{"taskId":"\#(key)","contactId":"\#(contact)","title":"Call","status":"open","priority":"low"\#(more)}"#
    case .notes:
      #"{"noteId":"\#(key)","contactId":"\#(contact)","content":"x","timestamp":"2024-01-01T00:00:00Z"\#(more)}"#
    case .appointments:
      #"{"appointmentId":"\#(key)","contactId":"\#(contact)","title":"Demo","status":"planned","startsAt":"2024-01-01T09:00:00Z"\#(more)}"#
    }
  }

  static func batch(_ records: [String]) -> String { #"{"items":[\#(records.joined(separator: ","))]}"# }
}

extension SandboxAnswer {
  /// The code of a problem document.
  var problemCode: String? { (try? JSONReader.read(body))?["code"]?.stringValue }
}
