import Core
import Synchronization
import Testing

@testable import Commands

/// A new project, in which nobody has put a location's ID yet.
@Suite struct PlaceholderCommandTests {
  private final class Counter: Sendable {
    let calls = Atomic(0)
  }

  @Test(arguments: [
    ["plan"], ["extract"], ["run"], ["list", "businesses"], ["ghl", "GET", "/contacts/x"],
    ["list", "users", "--location", "GHL_LOCATION"],
  ])
  func `no command makes a call with a placeholder`(words: [String]) async throws {
    let counter = Counter()
    let server = try #require(
      AnsweringServer { _ in
        counter.calls.add(1, ordering: .relaxed)
        return .init()
      })
    defer { server.stop() }
    let environment = ["GHL_BASE_URL": "http://127.0.0.1:\(server.port)", "GHL_TOKEN": "pit-1"]
    try await withFolder { folder in
      #expect(await waybill("init", folder).code == .done)
      let ended = await waybill(words + ["--project", folder], environment: environment)
      #expect(ended.code == .configuration, "\(ended.error)")
      #expect(ended.error.contains("is only a placeholder: put the location's ID in"), "\(ended.error)")
    }
    #expect(counter.calls.load(ordering: .relaxed) == 0)
  }

  @Test func `check warns of a placeholder`() async throws {
    try await withFolder { folder in
      #expect(await waybill("init", folder).code == .done)
      let ended = await waybill("check", "--project", folder)
      #expect(ended.code == .done)
      #expect(
        ended.error.contains("waybill.yaml:10:15: warning: placeholder-left: the location is only a placeholder"),
        "\(ended.error)")
      let filled = await waybill(["check", "--project", folder], environment: ["GHL_LOCATION": "ve9EPM428h8vShlRW1KT"])
      #expect(!filled.error.contains("placeholder"))
    }
  }
}
