import Testing

@testable import Core

@Suite struct ErrorTextTests {
  struct Plain: Error { var token = "pit-secret" }
  struct Described: Error, CustomStringConvertible { var description: String { "the file is gone" } }

  @Test func `An error is shown by its description, not a dump of its fields`() {
    #expect(ErrorText.describe(Described()) == "the file is gone")
    let text = ErrorText.describe(Plain())
    #expect(text.contains("Plain"))
    #expect(!text.contains("pit-secret") && !text.contains("token"))
  }
}
