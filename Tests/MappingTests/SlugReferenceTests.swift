import Core
import Testing

@testable import Mapping

struct SlugReferenceTests {
  @Test(arguments: DiagnosticCode.allCases.map(\.rawValue) + ProblemCode.allCases.map(\.slug))
  func everySlugIsExplained(_ slug: String) throws {
    let entry = try #require(SlugReference.find(slug))
    #expect(!entry.meaning.isEmpty && !entry.example.isEmpty && !entry.fix.isEmpty)
    #expect(entry.text.hasPrefix(slug + "\n"))
  }

  @Test func noSlugIsExplainedTwice() {
    #expect(Set(SlugReference.all.map(\.slug)).count == SlugReference.all.count)
  }

  @Test func aMisspeltSlugGetsAHint() {
    #expect(SlugReference.find("date-invalyd") == nil)
    #expect(SlugReference.hint("date-invalyd") == "did you mean 'date-invalid'?")
  }
}
