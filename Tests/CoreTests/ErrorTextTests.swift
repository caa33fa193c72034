import Testing

@testable import Core

@Suite struct ErrorTextTests {
  struct Plain: Error { var token = "pit-secret" }
  struct Described: DescribedError { var description: String { "the file is gone" } }
  struct Foreign: Error, CustomStringConvertible { var description: String { "read(descriptor:pointer:size:) (errno: 104)" } }

  @Test func `the description of a library's error is not shown`() {
    #expect(ErrorText.describe(Foreign()) == "an internal error (Foreign), which is a bug in Waybill: please report it")
    #expect(OperationFailure(Foreign()).description.contains("errno") == false)
  }

  @Test func `An error is shown by its description, not a dump of its fields`() {
    #expect(ErrorText.describe(Described()) == "the file is gone")
    let text = ErrorText.describe(Plain())
    #expect(text.contains("Plain"))
    #expect(!text.contains("pit-secret") && !text.contains("token"))
  }
}
