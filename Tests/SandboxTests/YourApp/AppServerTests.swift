import Core
import Testing

@testable import Sandbox

@Suite("Your App: server")
struct AppServerTests {
  private func send(
    _ address: SandboxAddress, _ method: String, _ target: String, _ body: String = "", _ headers: [String] = []
  ) async throws -> String {
    var lines = ["\(method) \(target) HTTP/1.1", "Host: 127.0.0.1:\(address.port)", "Authorization: Bearer \(address.appToken)"]
    lines += headers + ["Connection: close"]
    if !body.isEmpty { lines += ["Content-Type: application/json", "Content-Length: \(body.utf8.count)"] }
    return try await PlainClient.send(port: address.port, lines.joined(separator: "\r\n") + "\r\n\r\n" + body)
  }

  @Test func `Your App is served beside GHL, with a token of its own`() async throws {
    try await SandboxServer.withServer(SandboxOptions(contacts: 5, businesses: 1)) { address, sandbox in
      #expect(address.appBaseURL == "http://127.0.0.1:\(address.port)/app/v1")
      #expect(address.appToken != address.token && address.appToken == sandbox.app.token)
      let created = try await send(address, "POST", "/app/v1/contacts", AppSamples.contact("c1"), ["Idempotency-Key: \"1\""])
      #expect(created.hasPrefix("HTTP/1.1 201"))
      #expect(created.contains("\r\nETag: \"con_"))
      #expect(created.contains("\r\nRateLimit: \"burst\";r=999;t=10\r\n"))
      let replayed = try await send(address, "POST", "/app/v1/contacts", AppSamples.contact("c1"), ["Idempotency-Key: \"1\""])
      #expect(replayed.hasPrefix("HTTP/1.1 201") && replayed.contains("\r\nIdempotent-Replayed: true\r\n"))
      let document = try await send(address, "GET", "/app/v1/openapi.json")
      #expect(document.contains("\"url\": \"\(address.appBaseURL)\""))
      let foreign = try await PlainClient.get(port: address.port, "/app/v1/contacts", token: address.token)
      #expect(foreign.hasPrefix("HTTP/1.1 401") && foreign.contains("application/problem+json"))
      #expect(sandbox.statistics.requests == 0 && sandbox.app.statistics.maximumConcurrent >= 1)
      let deleted = try await send(address, "DELETE", "/app/v1/contacts/" + (sandbox.app.store[.contacts].sorted[0].id))
      #expect(deleted.hasPrefix("HTTP/1.1 204") && !deleted.lowercased().contains("content-type"))
    }
  }

  @Test func `a body that is too large is read to its end and refused`() async throws {
    try await SandboxServer.withServer(SandboxOptions(contacts: 1, businesses: 1)) { address, _ in
      let answer = try await send(address, "POST", "/app/v1/contacts", String(repeating: " ", count: 3 << 20))
      #expect(answer.hasPrefix("HTTP/1.1 413") && answer.contains("\"maxBytes\":1048576"))
    }
  }

  @Test func `the sandbox shows what Your App holds`() async throws {
    var options = SandboxOptions(contacts: 1, businesses: 1)
    options.faults = try FaultPlan(["app-timeout-after=1"])
    try await SandboxServer.withServer(options) { address, _ in
      for key in ["b", "a"] {
        #expect(try await send(address, "POST", "/app/v1/contacts", AppSamples.contact(key)).isEmpty)
      }
      let records = try await send(address, "GET", "/_sandbox/records/contacts")
      let lines = try #require(records.split(separator: "\r\n\r\n", maxSplits: 1).last).split(separator: "\n")
      #expect(
        try lines.filter { $0.hasPrefix("{") }.map { try JSONReader.read(String($0))["contactId"] } == [
          .string("a"), .string("b"),
        ])
      let requests = try await send(address, "GET", "/_sandbox/requests")
      let text = requests[(try #require(requests.firstIndex(of: "{")))...].prefix { $0 != "\r" }
      let view = try JSONReader.read(String(text))
      #expect(view["requests"] == .number(2))
      #expect(view["byRoute"]?["POST /contacts"] == .number(2) && view["byStatus"]?["0"] == .number(2))
      #expect(view["byFault"]?["app-timeout-after"] == .number(2))
      #expect(view["records"]?["contacts"]?["created"] == .number(2))
      #expect(view["records"]?["contacts"]?["duplicates"] == .number(0))
      let refused = try await PlainClient.get(port: address.port, "/_sandbox/requests", token: "x")
      #expect(refused.hasPrefix("HTTP/1.1 401"))
      #expect(try await send(address, "GET", "/_sandbox/records/x").hasPrefix("HTTP/1.1 404"))
    }
  }

  @Test func `contacts can be edited, and edited again with each further call`() async throws {
    let options = SandboxOptions(contacts: 20, businesses: 1)
    try await SandboxServer.withServer(options) { address, sandbox in
      let before = (0..<20).map { options.data.contact(at: $0) }
      func edited() -> [Bool] {
        let data = sandbox.data
        return before.map { data.contact(at: $0.index).dateUpdated > $0.dateUpdated }
      }
      #expect(edited() == Array(repeating: false, count: 20))
      for (call, count) in [(1, 12), (2, 5), (3, 1000)] {
        let answer = try await send(address, "POST", "/_sandbox/edits?contacts=\(count)")
        #expect(answer.hasPrefix("HTTP/1.1 200") && answer.contains("\"edit\":\(call)"))
        #expect(edited() == (0..<20).map { $0 < max(count, 12) })
        let first = sandbox.data.contact(at: 0)
        #expect(first.companyName == "Edited Company \(call)" && first.email == before[0].email)
      }
      #expect(sandbox.data.contact(at: 11).companyName == "Edited Company 2")
      for target in ["/_sandbox/edits", "/_sandbox/edits?contacts=x", "/_sandbox/edits?contacts=-1"] {
        #expect(try await send(address, "POST", target).hasPrefix("HTTP/1.1 400"))
      }
      #expect(try await send(address, "GET", "/_sandbox/edits?contacts=1").hasPrefix("HTTP/1.1 405"))
      let refused = try await PlainClient.get(port: address.port, "/_sandbox/edits?contacts=1", token: "x")
      #expect(refused.hasPrefix("HTTP/1.1 401"))
    }
  }
}
