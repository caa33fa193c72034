import Core
import Testing

@testable import Expressions

/// `fixtures/cel`: written against the sections of the language definition.
@Suite struct CaseFileTests {
  @Test(arguments: try CaseFile.names())
  func everyExpressionGivesWhatItsLineSays(_ name: String) throws {
    let cases = try CaseFile.cases(of: name)
    #expect(!cases.isEmpty)
    for item in cases {
      let result = evaluated(item.expression, on: item.input)
      #expect(result == item.expected, "\(item)")
    }
  }

  @Test func thereAreAboutAThousandExpressions() throws {
    let count = try CaseFile.names().reduce(0) { try $0 + CaseFile.cases(of: $1).count }
    #expect(count >= 1000)
  }
}
