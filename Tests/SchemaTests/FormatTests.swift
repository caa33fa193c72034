import Core
import Testing

@testable import Schema

/// `fixtures/schema/formats.json`: texts that have each format, and texts that look like it.
struct FormatTests {
  @Test(arguments: StringFormat.allCases)
  func everyFormatAdmitsItsValidTextsOnly(_ format: StringFormat) throws {
    let table = try #require(try Fixtures.json("formats.json")[format.name])
    let valid = try #require(table["valid"]?.arrayValue).compactMap(\.stringValue)
    let invalid = try #require(table["invalid"]?.arrayValue).compactMap(\.stringValue)
    #expect(!valid.isEmpty && !invalid.isEmpty)
    for text in valid { #expect(matches(format, text), "\(format.name) must admit '\(text)'") }
    for text in invalid { #expect(!matches(format, text), "\(format.name) must not admit '\(text)'") }
  }

  @Test(arguments: StringFormat.allCases)
  func aFormatIsFoundByItsName(_ format: StringFormat) {
    #expect(StringFormat(name: format.name) == format)
    #expect(StringFormat(name: format.name.uppercased()) == nil)
  }

  @Test(arguments: StringFormat.allCases)
  func theVerdictOnABeginningDoesNotDependOnWhatFollowsInMemory(_ format: StringFormat) throws {
    let table = try #require(try Fixtures.json("formats.json")[format.name])
    for text in try #require(table["valid"]?.arrayValue).compactMap(\.stringValue) {
      let bytes = Array(text.utf8)
      for end in text.utf8.indices where end.samePosition(in: text.unicodeScalars) != nil {
        let count = text.utf8.distance(from: text.startIndex, to: end)
        let inside = format.matches(bytes.span.extracting(0..<count))
        #expect(inside == matches(format, String(text[..<end])), "\(format.name): \(text[..<end])")
      }
    }
  }

  private func matches(_ format: StringFormat, _ text: String) -> Bool { text.withBytes { format.matches($0) } }
}
