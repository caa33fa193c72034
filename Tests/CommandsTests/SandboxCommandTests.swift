import Core
import Testing

@testable import Commands
@testable import Sandbox

/// What `waybill sandbox` prints when it is ready.
@Suite struct SandboxCommandTests {
  private static func address(locations: Int) -> SandboxAddress {
    SandboxAddress(
      baseURL: "http://127.0.0.1:8080", port: 8080, token: "pit-1", fallbackToken: "pit-next", location: "location1",
      appBaseURL: "http://127.0.0.1:8080/app/v1", appToken: "app-1",
      locations: (1...locations).map { .init(id: "location\($0)", token: "pit-\($0)", fallbackToken: "pit-next-\($0)") })
  }

  @Test func `the JSON lists every location with its tokens`() {
    for count in [1, 3] {
      let json = SandboxCommand.json(Self.address(locations: count))
      let locations = json["locations"]?.arrayValue ?? []
      #expect(locations.map { $0["location"]?.stringValue } == (1...count).map { "location\($0)" })
      #expect(locations.map { $0["token"]?.stringValue } == (1...count).map { "pit-\($0)" })
      #expect(locations.map { $0["fallback_token"]?.stringValue } == (1...count).map { "pit-next-\($0)" })
      #expect(json["location"]?.stringValue == "location1" && json["token"]?.stringValue == "pit-1")
    }
  }

  @Test func `the banner has a paragraph for each location after the first`() {
    let options = SandboxOptions(contacts: 5, businesses: 2)
    let one = SandboxCommand.banner(Self.address(locations: 1), options)
    #expect(one.contains("  waybill list businesses\n\nA look-alike of Your App"))
    #expect(!one.contains("Location 2") && !one.contains("GHL_SOURCE_"))
    let three = SandboxCommand.banner(Self.address(locations: 3), options)
    let paragraphs = [2, 3].map { number in
      """
      Location \(number) has the same businesses, users and custom fields, and no contacts yet:
        export GHL_TARGET_LOCATION=location\(number)
        export GHL_TARGET_TOKEN=pit-\(number)

      """
    }
    #expect(
      three.contains(
        "  export GHL_TOKEN=pit-1\n  export GHL_SOURCE_LOCATION=location1\n  export GHL_SOURCE_TOKEN=pit-1\n"
          + "  waybill list businesses\n\n" + paragraphs.joined(separator: "\n") + "\nA look-alike of Your App"))
  }
}
