/// Messages about an expression with the line that they are about, as those of mappings look:
///
///     expression:1:3: error: type-mismatch: found no matching overload for '_+_' applied to '(int, string)'
///         1 | 1 + 'a'
///           |   ^ convert the number: string(1)
package enum ExpressionFrame {
  /// `name`: as the place begins, where a file's name would stand.
  package static func text(
    of diagnostic: ExpressionDiagnostic, in text: String, name: String = "expression", isWarning: Bool = false
  ) -> String {
    let head = "\(isWarning ? "warning" : "error"): \(diagnostic.code.rawValue): \(diagnostic.message)"
    return frame(head, diagnostic.range, diagnostic.hint, text, name)
  }

  /// The same for an evaluation that failed.
  package static func text(of error: ExpressionError, at range: Range<Int>?, in text: String, name: String = "expression")
    -> String
  {
    frame("error: expression-error: \(error.reason)", range ?? 0..<text.utf8.count, nil, text, name)
  }

  private static func frame(_ head: String, _ range: Range<Int>, _ hint: String?, _ text: String, _ name: String) -> String {
    let bytes = Array(text.utf8)
    let start = min(range.lowerBound, bytes.count)
    let before = bytes[..<start]
    let lineStart = (before.lastIndex(of: 0x0A) ?? -1) + 1
    let lineEnd = bytes[start...].firstIndex(of: 0x0A) ?? bytes.count
    let number = before.count { $0 == 0x0A } + 1
    let line = String(decoding: bytes[lineStart..<lineEnd], as: UTF8.self)
    let lead = String(decoding: bytes[lineStart..<start], as: UTF8.self)
    let marked = String(decoding: bytes[start..<max(start, min(range.upperBound, lineEnd))], as: UTF8.self)
    let margin = String(repeating: " ", count: max(0, 5 - String(number).count)) + String(number)
    // Tabs stay tabs, so that the carets stand under what they point at.
    let indent = lead.map { $0 == "\t" ? "\t" : " " }.joined()
    let carets = String(repeating: "^", count: max(1, marked.count))
    var frame = "\(name):\(number):\(lead.count + 1): \(head)\n\(margin) | \(line)\n      | \(indent)\(carets)"
    if let hint { frame += " \(hint)" }
    return frame
  }
}
