import Core
import Testing

@testable import Expressions

/// Evaluates with `waybill eval`'s rules and describes what came out: `int 3`, `string "a"`, `error no such key`,
/// `refused type-mismatch`.
func evaluated(_ text: String, on input: JSONValue? = nil) -> String {
  var expression = JSONExpression(text, isTyped: true)
  switch expression.evaluate(on: input) {
  case .value(let json):
    guard let value = try? JSONReader.read(json), let type = value["type"]?.stringValue, let result = value["value"] else {
      return "no JSON: \(json)"
    }
    return "\(type) \(result.text)"
  case .refused(let diagnostics): return "refused " + diagnostics.map(\.code.rawValue).joined(separator: " ")
  case .failed(let error, _): return "error \(error)"
  }
}
