import Core

/// A better message for text that is not an expression but would be one in another language, or as people write: SQL's `AND` and
/// `LIKE`, JavaScript's `===`, a field with a space in its name.
///
/// It reads the text again, from where the parser stopped. Nothing here decides what is an expression.
struct SyntaxAdvice {
  private let bytes: [UInt8]
  private let scope: ExpressionScope
  private let found: ExpressionDiagnostic

  /// - Parameter found: the parser's own message, which is returned if there is nothing better to say.
  static func improved(_ found: ExpressionDiagnostic, of text: String, in scope: ExpressionScope) -> ExpressionDiagnostic {
    let advice = SyntaxAdvice(bytes: Array(text.utf8), scope: scope, found: found)
    return advice.spacedName() ?? advice.list() ?? advice.foreignSign() ?? advice.foreignWord() ?? advice.choice() ?? found
  }

  private func say(_ message: String, _ range: Range<Int>, _ hint: String?) -> ExpressionDiagnostic {
    ExpressionDiagnostic(.syntax, at: range, message, hint: hint)
  }

  // MARK: Names

  /// A field whose name is not one word: `Lifecycle Stage`, `E-mail`, `Größe`.
  private func spacedName() -> ExpressionDiagnostic? {
    guard let (range, name) = Self.oddName(around: found.range, in: bytes, scope), let root = scope.memberRoot else { return nil }
    // `record.Lifecycle Stage`
    let prefix = Array("\(root).".utf8)
    let start = range.lowerBound - prefix.count
    let isRooted = start >= 0 && bytes[start..<range.lowerBound].elementsEqual(prefix)
    return say(
      "the field '\(name)' cannot be written this way", (isRooted ? start : range.lowerBound)..<range.upperBound,
      Self.reading(name, scope))
  }

  /// The longest field that is not a plain name and stands in the text where `place` is.
  static func oddName(around place: Range<Int>, in bytes: [UInt8], _ scope: ExpressionScope) -> (Range<Int>, String)? {
    var best: (Range<Int>, String)?
    for name in scope.names where !isPlain(name) {
      let wanted = Array(name.utf8)
      guard !wanted.isEmpty, wanted.count <= bytes.count, wanted.count > best?.0.count ?? 0 else { continue }
      let first = max(0, place.lowerBound - wanted.count), last = min(bytes.count - wanted.count, place.lowerBound)
      guard first <= last else { continue }
      for start in first...last where bytes[start] == wanted[0] {
        let end = start + wanted.count
        guard end >= place.lowerBound, bytes[start..<end].elementsEqual(wanted), stands(start..<end, in: bytes) else { continue }
        best = (start..<end, name)
        break
      }
    }
    return best
  }

  /// Not a part of a longer word, and not within quotation marks.
  private static func stands(_ range: Range<Int>, in bytes: [UInt8]) -> Bool {
    func isOfWord(_ byte: UInt8) -> Bool { Lexer.isLetter(byte) || Lexer.isDigit(byte) || byte >= 0x80 }
    if range.lowerBound > 0, isOfWord(bytes[range.lowerBound]), isOfWord(bytes[range.lowerBound - 1]) { return false }
    if range.upperBound < bytes.count, isOfWord(bytes[range.upperBound - 1]), isOfWord(bytes[range.upperBound]) { return false }
    let before = bytes[..<range.lowerBound]
    return [UInt8(ascii: "'"), UInt8(ascii: "\"")].allSatisfy { quote in before.count { $0 == quote } % 2 == 0 }
  }

  static func isPlain(_ name: String) -> Bool {
    guard let first = name.utf8.first, Lexer.isLetter(first) else { return false }
    return name.utf8.allSatisfy { Lexer.isLetter($0) || Lexer.isDigit($0) }
  }

  /// `write record["Lifecycle Stage"]`.
  static func reading(_ name: String, _ scope: ExpressionScope) -> String? {
    scope.memberRoot.map { "write \($0)[\(JSONValue.string(name).text)]" }
  }

  // MARK: Signs

  private func foreignSign() -> ExpressionDiagnostic? {
    let start = found.range.lowerBound
    if bytes.starts(with: Array("{{".utf8)) {
      return say("'{{' is not part of an expression", 0..<2, "write the field's name alone")
    }
    guard start < bytes.count else { return nil }
    for sign in Self.signs {
      let wanted = Array(sign.text.utf8)
      // The parser stops at the first byte that it cannot use, which may be in the middle of the sign.
      for begin in max(0, start - wanted.count + 1)...start where begin + wanted.count <= bytes.count {
        let range = begin..<begin + wanted.count
        guard bytes[range].elementsEqual(wanted), Self.isOutsideQuotes(begin, bytes) else { continue }
        return say("'\(sign.text)' is not an operator here", range, sign.fix)
      }
    }
    switch bytes[start] {
    case UInt8(ascii: "/"):
      guard let end = bytes[(start + 1)...].firstIndex(of: UInt8(ascii: "/")) else { return nil }
      let pattern = String(decoding: bytes[(start + 1)..<end], as: UTF8.self)
      return say("a regular expression is written as text", start..<end + 1, "write x.matches('\(pattern)')")
    case UInt8(ascii: "$"), UInt8(ascii: "@"), UInt8(ascii: "#"):
      let sign = String(decoding: [bytes[start]], as: UTF8.self)
      return say("'\(sign)' is not part of an expression", start..<start + 1, "write the field's name alone")
    case UInt8(ascii: ",")
    where start > 0 && Lexer.isDigit(bytes[start - 1]) && start + 1 < bytes.count && Lexer.isDigit(bytes[start + 1]):
      guard !isInList(start) else { return nil }
      return say("a number has a decimal point, not a comma", start..<start + 1, "write a point: 1.5")
    case UInt8(ascii: ";"): return say("an expression does not end with ';'", start..<start + 1, "remove it")
    default: return nil
    }
  }

  private static let signs: [(text: String, fix: String)] = [
    ("===", "write =="), ("!==", "write !="), ("<>", "write !="), ("=~", "write x.matches('pattern')"),
    ("!~", "write !x.matches('pattern')"), ("~=", "write x.matches('pattern')"), ("=>", "write >="), ("=<", "write <="),
    (":=", "write =="), ("??", "write x != null ? x : …"),
    ("**", "write x * x"), ("++", "write x + 1"), ("^", "write x * x"), ("~", "write x.matches('pattern')"),
  ]

  private static func isOutsideQuotes(_ position: Int, _ bytes: [UInt8]) -> Bool {
    let before = bytes[..<position]
    return [UInt8(ascii: "'"), UInt8(ascii: "\"")].allSatisfy { quote in before.count { $0 == quote } % 2 == 0 }
  }

  /// Within brackets or parentheses, a comma separates.
  private func isInList(_ position: Int) -> Bool {
    let before = bytes[..<position]
    let opened = before.count { "([{".utf8.contains($0) }
    return opened > before.count { ")]}".utf8.contains($0) }
  }

  // MARK: Words

  private func foreignWord() -> ExpressionDiagnostic? {
    guard let word = word(at: found.range.lowerBound) else { return nil }
    let name = String(decoding: bytes[word], as: UTF8.self)
    let left = operand(before: word.lowerBound) ?? "x"
    let right = operand(after: word.upperBound) ?? "…"
    switch name.lowercased() {
    case "and": return say("'\(name)' is not an operator here", word, "write &&")
    case "or": return say("'\(name)' is not an operator here", word, "write ||")
    case "xor": return say("'\(name)' is not an operator here", word, "write !=")
    case "mod": return say("'\(name)' is not an operator here", word, "write %")
    case "eq", "equals": return say("'\(name)' is not an operator here", word, "write ==")
    case "ne", "neq": return say("'\(name)' is not an operator here", word, "write !=")
    case "gt": return say("'\(name)' is not an operator here", word, "write >")
    case "lt": return say("'\(name)' is not an operator here", word, "write <")
    case "gte", "ge": return say("'\(name)' is not an operator here", word, "write >=")
    case "lte", "le": return say("'\(name)' is not an operator here", word, "write <=")
    case "is": return say("'\(name)' is not an operator here", word, isFollowed(by: "not", word) ? "write !=" : "write ==")
    case "not":
      let hint =
        isFollowed(by: "in", word) ? "write !(\(left) in […])" : isFollowed(by: "like", word) ? like("!", left) : "write !"
      return say("'\(name)' is not an operator here", word, hint)
    case "like", "ilike", "rlike", "regexp": return say("'\(name)' is not an operator here", word, like("", left))
    case "between":
      return say("'\(name)' is not an operator here", word, "compare twice: \(left) >= \(right) && \(left) <= …")
    case "contains", "startswith", "endswith", "matches":
      let method = FunctionTable.all.map(\.name).first { $0.lowercased() == name.lowercased() } ?? name
      return say("'\(name)' is not an operator here", word, "write \(left).\(method)(\(right))")
    case "if" where !isMember(word): return say("there is no 'if'", word, "write condition ? value : other value")
    case "then", "else", "when", "case", "end":
      return say("'\(name)' is not part of an expression", word, "write condition ? value : other value")
    default: break
    }
    return words(word)
  }

  /// Several words in a row, which are not a field.
  private func words(_ word: Range<Int>) -> ExpressionDiagnostic? {
    var all = word
    while let before = self.word(endingBefore: all.lowerBound) {
      let name = String(decoding: bytes[before], as: UTF8.self)
      if name.lowercased() == "not" {
        return say("'\(name)' is not an operator here", before, "write !\(String(decoding: bytes[all], as: UTF8.self))")
      }
      guard !Self.operators.contains(name.lowercased()) else { break }
      all = before.lowerBound..<all.upperBound
    }
    guard all != word else { return nil }
    while all.upperBound < bytes.count, bytes[all.upperBound] == 0x20, let next = self.word(at: all.upperBound + 1),
      !Self.operators.contains(String(decoding: bytes[next], as: UTF8.self).lowercased())
    {
      all = all.lowerBound..<next.upperBound
    }
    let text = String(decoding: bytes[all], as: UTF8.self)
    if follows(all.lowerBound, ["==", "!=", "<", ">", "=", "(", ",", "["]) || trailingWord(before: all.lowerBound) == "in" {
      return say("'\(text)' is several words in a row", all, "for the text, write '\(text)'")
    }
    let near = NearestName.find(text, in: scope.names.filter { !Self.isPlain($0) }) ?? text
    let hint = scope.memberRoot.map { "a field with spaces in its name is read as \($0)[\(JSONValue.string(near).text)]" }
    return say("'\(text)' is several words in a row", all, hint)
  }

  /// The word that ends directly before `position`, spaces aside.
  private func trailingWord(before position: Int) -> String {
    guard let last = bytes[..<position].lastIndex(where: { $0 != 0x20 }) else { return "" }
    let start = bytes[...last].lastIndex { !Lexer.isLetter($0) && !Lexer.isDigit($0) }.map { $0 + 1 } ?? 0
    return String(decoding: bytes[start..<last + 1], as: UTF8.self)
  }

  private static let operators: Set<String> = ["and", "or", "not", "in", "is", "like", "between", "true", "false", "null"]

  private func like(_ negation: String, _ left: String) -> String {
    "write \(negation)\(left).contains('…'), .startsWith('…'), .endsWith('…') or .matches('pattern')"
  }

  private func isMember(_ word: Range<Int>) -> Bool { word.lowerBound > 0 && bytes[word.lowerBound - 1] == UInt8(ascii: ".") }

  private func word(at start: Int) -> Range<Int>? {
    guard start < bytes.count, Lexer.isLetter(bytes[start]) else { return nil }
    let end = bytes[start...].firstIndex { !Lexer.isLetter($0) && !Lexer.isDigit($0) } ?? bytes.count
    return start..<end
  }

  private func isFollowed(by wanted: String, _ word: Range<Int>) -> Bool {
    guard let start = bytes[word.upperBound...].firstIndex(where: { $0 != 0x20 }), let next = self.word(at: start) else {
      return false
    }
    return String(decoding: bytes[next], as: UTF8.self).lowercased() == wanted
  }

  /// The plain word before `position`, with nothing but spaces in between.
  private func word(endingBefore position: Int) -> Range<Int>? {
    guard let last = bytes[..<position].lastIndex(where: { $0 != 0x20 }), last + 1 < position else { return nil }
    let start = bytes[...last].lastIndex { !Lexer.isLetter($0) && !Lexer.isDigit($0) }.map { $0 + 1 } ?? 0
    guard start <= last, Lexer.isLetter(bytes[start]) else { return nil }
    return start..<last + 1
  }

  /// What stands before an operator, as text: a name with its members, an index, or a call.
  private func operand(before position: Int) -> String? {
    guard let last = bytes[..<position].lastIndex(where: { $0 != 0x20 }) else { return nil }
    var start = last + 1
    while start > 0 {
      let byte = bytes[start - 1]
      guard Lexer.isLetter(byte) || Lexer.isDigit(byte) || ".[]()'\"".utf8.contains(byte) else { break }
      start -= 1
    }
    return start <= last ? String(decoding: bytes[start...last], as: UTF8.self) : nil
  }

  /// What follows: a quoted text, or a word.
  private func operand(after position: Int) -> String? {
    guard let start = bytes[position...].firstIndex(where: { $0 != 0x20 }) else { return nil }
    let quote = bytes[start]
    if quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") {
      guard let end = bytes[(start + 1)...].firstIndex(of: quote) else { return nil }
      return String(decoding: bytes[start...end], as: UTF8.self)
    }
    let end = bytes[start...].firstIndex { !Lexer.isLetter($0) && !Lexer.isDigit($0) && $0 != UInt8(ascii: ".") } ?? bytes.count
    return end > start ? String(decoding: bytes[start..<end], as: UTF8.self) : nil
  }

  private func follows(_ position: Int, _ signs: [String]) -> Bool {
    guard let last = bytes[..<position].lastIndex(where: { $0 != 0x20 }) else { return false }
    return signs.contains { bytes[...last].reversed().starts(with: Array($0.utf8).reversed()) }
  }

  // MARK: Forms

  /// `x in (1, 2)`.
  private func list() -> ExpressionDiagnostic? {
    let comma = found.range.lowerBound
    guard comma < bytes.count, bytes[comma] == UInt8(ascii: ","),
      let open = bytes[..<comma].lastIndex(of: UInt8(ascii: "(")), trailingWord(before: open) == "in"
    else { return nil }
    let end = bytes[comma...].firstIndex(of: UInt8(ascii: ")")) ?? bytes.count
    let elements = String(decoding: bytes[(open + 1)..<end], as: UTF8.self)
    return say("a list is written in square brackets", open..<open + 1, "write in [\(elements)]")
  }

  /// `condition ? value` without the other value.
  private func choice() -> ExpressionDiagnostic? {
    guard found.message.hasPrefix("':' is expected") else { return nil }
    let optional = Array("?.".utf8)
    if let start = bytes.indices.first(where: { bytes[$0...].starts(with: optional) }), Self.isOutsideQuotes(start, bytes) {
      return say("'?.' is not an operator here", start..<start + 2, "test it first: x != null && x.member")
    }
    return ExpressionDiagnostic(
      .syntax, at: found.range, found.message, hint: "write both values: condition ? value : other value")
  }
}
