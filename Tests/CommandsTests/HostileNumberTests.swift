import Core
import Sandbox
import Testing

@testable import Commands

/// Numbers and addresses on command lines that no location has.
@Suite struct HostileNumberTests {
  static let numbers = [
    "9223372036854775807", "9223372036854775806", "9223372036854775808", "-9223372036854775808", "-1", "1e3", "abc", "1.5", "",
  ]

  @Test(arguments: numbers) func `--all continues only from where it can`(_ number: String) async {
    let environment = ["GHL_TOKEN": "t", "GHL_LOCATION": "l", "GHL_BASE_URL": "http://127.0.0.1:1"]
    var lines = [
      ["GET", "/contacts/business/b?skip=\(number)"], ["GET", "/businesses/?skip=\(number)"],
      ["GET", "/other?limit=1&skip=\(number)"],
      ["POST", "/contacts/search", "--body", "{\"page\":\"\(number)\"}"],
      ["POST", "/locations/l/tasks/search", "--body", "{\"skip\":\"\(number)\"}"],
    ]
    if Int(number) != nil || Double(number) != nil {
      lines.append(["POST", "/contacts/search", "--body", "{\"page\":\(number)}"])
    }
    for line in lines {
      let ended = await waybill(["ghl"] + line + ["--all"], environment: environment)
      #expect(ended.code == .usage, "\(line): \(ended.error)")
      #expect(ended.error.contains("0 to 1000000000"))
    }
  }

  @Test(arguments: ["9223372036854775807", "9223372036854775806", "1000000001"])
  func `the sandbox handles any number`(_ number: String) async throws {
    try await SandboxServer.withServer(SandboxOptions(contacts: 20, businesses: 1)) { address, sandbox in
      let environment = ["GHL_TOKEN": address.token, "GHL_LOCATION": address.location, "GHL_BASE_URL": address.baseURL]
      for line in [
        ["GET", "/contacts/business/b?locationId={location}&skip=\(number)"],
        ["GET", "/businesses/?locationId={location}&skip=\(number)"],
        ["POST", "/contacts/search", "--body", "{\"locationId\":\"{location}\",\"pageLimit\":100,\"page\":\(number)}"],
        ["POST", "/locations/{location}/tasks/search", "--body", "{\"skip\":\(number),\"limit\":100}"],
      ] {
        let ended = await waybill(["ghl"] + line, environment: environment)
        #expect([.done, .configuration].contains(ended.code), "\(line): \(ended.error)")
      }
      #expect(sandbox.statistics.requests == 4)
    }
  }

  @Test(arguments: [
    #"http://127.0.0.1\@127.1:1"#, "http://127.0.0.1:65536", "http://127.0.0.1:99999999999999999999",
    "http://user:pa55word@127.0.0.1:1",
    "http://127.1:1", "http://example.com", "", "http://",
  ])
  func `a refused address is neither connected to nor repeated`(_ address: String) async {
    let environment = ["GHL_TOKEN": "t", "GHL_LOCATION": "l"]
    for ended in [
      await waybill("list", "businesses", "--base-url", address, environment: environment),
      await waybill(
        "list", "businesses", environment: environment.merging(["GHL_BASE_URL": address.isEmpty ? " " : address]) { $1 }),
    ] {
      #expect(ended.code == .configuration, "\(ended.error)")
      #expect(ended.error.contains("base_url") && !ended.error.contains("pa55word"))
    }
  }

  @Test(arguments: ["9223372036854775807s", "9223372036854775807h", "99999999999d", "0s", "-5m"])
  func `a time limit out of range is refused`(_ limit: String) async {
    let ended = await waybill("run", "--max-duration", limit)
    #expect(ended.code == .usage)
  }
}
