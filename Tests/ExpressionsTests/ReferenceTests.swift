import Testing

@testable import Expressions

@Suite struct ReferenceTests {
  @Test("The reference is made from the declarations")
  func text() {
    let text = ExpressionReference.text
    #expect(text.contains("contains: Whether the argument occurs in the string.\n  string.contains(string) -> bool\n"))
    #expect(text.contains("  timestamp.getHours(string) -> int\n"))
    #expect(text.contains("  size(map(A, B)) -> int\n"))
    #expect(ExpressionReference.functions.count == FunctionCode.allCases.count)
    #expect(Set(ExpressionReference.macros.map(\.name)) == Set(Macro.names))
  }

  @Test("Every function is declared with a summary and a form")
  func declarations() {
    for function in FunctionTable.all {
      #expect(!function.overloads.isEmpty && function.summary.hasSuffix("."), "\(function.name)")
    }
    #expect(
      ExpressionReference.operators.first { $0.name == "_%_" }?.signatures == ["(int, int) -> int", "(uint, uint) -> uint"])
  }

  @Test("Every error has a reason that names no value")
  func reasons() {
    for error in ExpressionError.allCases { #expect(!"\(error.reason)".isEmpty) }
  }
}
