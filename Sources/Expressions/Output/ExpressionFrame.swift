import Core

/// Messages about an expression with the quoted line, in the same form as those of mappings:
///
///     expression:1:3: error: type-mismatch: '+' cannot add an int and a string
///         1 | 1 + 'a'
///           |   ^ convert the number: string(1)
package enum ExpressionFrame {
  /// - Parameters:
  ///   - name: the beginning of the place, instead of a file's name.
  ///   - width: cells of a terminal, in which the quoted line must fit; nil: no limit.
  package static func text(
    of diagnostic: ExpressionDiagnostic, in text: String, name: String = "expression", isWarning: Bool = false,
    fitting width: Int? = nil
  ) -> String {
    let head = "\(isWarning ? "warning" : "error"): \(diagnostic.code.rawValue): \(diagnostic.message)"
    return frame(head, diagnostic.range, diagnostic.hint, text, name, width)
  }

  /// The same for an evaluation that failed.
  package static func text(
    of error: ExpressionError, at range: Range<Int>?, in text: String, name: String = "expression", fitting width: Int? = nil
  ) -> String {
    frame("error: expression-error: \(error.reason)", range ?? 0..<text.utf8.count, nil, text, name, width)
  }

  private static func frame(
    _ head: String, _ range: Range<Int>, _ hint: String?, _ text: String, _ name: String, _ width: Int?
  ) -> String {
    let bytes = Array(text.utf8)
    let start = min(range.lowerBound, bytes.count)
    let (number, line) = self.line(of: start, in: bytes)
    let column = String(decoding: bytes[line.lowerBound..<start], as: UTF8.self).count + 1
    let marked = String(decoding: bytes[start..<max(start, min(range.upperBound, line.upperBound))], as: UTF8.self)
    let frame = CodeFrame(
      String(decoding: bytes[line], as: UTF8.self)[...], column: column, length: marked.count,
      room: width.map { $0 - CodeFrame.margin })
    let margin = String(repeating: " ", count: max(0, 5 - String(number).count)) + String(number)
    var text = "\(name):\(number):\(column): \(head)\n\(margin) | \(frame.line)\n      | \(frame.carets)"
    if let hint { text += " \(hint)" }
    return text
  }

  /// The line that a byte is in, from 1, and where it begins and ends. Lines end with CR, LF or both, as those of the language do.
  private static func line(of place: Int, in bytes: [UInt8]) -> (Int, Range<Int>) {
    var number = 1
    var start = 0
    var index = 0
    while index < bytes.count {
      defer { index += 1 }
      guard bytes[index] == 0x0A || bytes[index] == 0x0D else { continue }
      if place <= index { return (number, start..<index) }
      if bytes[index] == 0x0D, index + 1 < bytes.count, bytes[index + 1] == 0x0A { index += 1 }
      number += 1
      start = index + 1
    }
    return (number, min(start, place)..<bytes.count)
  }
}
