import Core
import Testing

@testable import GHL
@testable import HTTP

@Suite struct PlaceholderTests {
  @Test(arguments: [
    "put-the-location-id-here", "GHL_LOCATION", "YOUR_LOCATION_ID", "your-location-id", "<location>", "<your location id>",
    "{location}", "${GHL_LOCATION}", "$GHL_LOCATION", "%GHL_LOCATION%", "LOCATION_ID", "locationId", "changeme", "CHANGE_ME",
    "change-me", "todo", "TBD", "xxxxxxxxxxxx", "XXX", "replace_with_location", "INSERT-ID", "…", "abc...", "my_location",
    "GHL_TOKEN", "<token>", "pit-xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx", "pit-…", "your_token", "PASTE_TOKEN_HERE", "token here",
  ])
  func `what a template has in the place of an ID or a token`(text: String) { #expect(Placeholder.matches(text)) }

  @Test(arguments: [
    "", "ve9EPM428h8vShlRW1KT", "C2QujeCh8ZnC7al2InWR", "loc", "l", "t", "xx", "sandbox-location", "files",
    "pit-0a1b2c3d-4e5f-6789-abcd-ef0123456789", "eyJhbGciOiJIUzI1NiJ9.eyJhIjoxfQ.c2ln", "mylocation1", "heretic-1", "loc_1",
  ])
  func `anything else may be real`(text: String) { #expect(!Placeholder.matches(text)) }

  @Test func `a placeholder is refused before anything is sent`() {
    let transport = ScriptedTransport { _, exchange in .success(.contact(of: exchange)) }
    for (location, token, reason) in [
      ("YOUR_LOCATION_ID", "t", "the location 'YOUR_LOCATION_ID' is only a placeholder: put the location's ID in "),
      ("loc", "<token>", "the token is only a placeholder: put the location's private integration token "),
    ] {
      let configuration = GHLConfiguration(baseURL: "http://localhost", location: location, token: Secret(token))
      let failure = #expect(throws: GHLFailure.self) {
        try GHLClient(configuration, transport: transport, timekeeper: JumpingTimekeeper())
      }
      #expect(failure?.description.hasPrefix(reason) == true, "\(String(describing: failure))")
      #expect(failure?.operationFailure.exitCode == .configuration)
    }
  }
}
