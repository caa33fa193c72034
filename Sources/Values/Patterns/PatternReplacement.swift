package import Core

/// What matches are replaced with: text with ECMA-262's marks `$1` to `$99`, `$<name>`, `$&` (the match) and `$$` (a
/// dollar sign). A `$` before anything else is itself.
package struct PatternReplacement: Sendable {
  private enum Part: Sendable {
    case text([UInt8])
    case group(Int)
  }

  private let parts: [Part]

  /// Fails if it names a group that the pattern does not have.
  package init(_ template: String, for pattern: Pattern) throws(PatternError) {
    let source = Array(template.utf8)
    var parts: [Part] = []
    var literal: [UInt8] = []
    var index = 0
    func byte(_ ahead: Int) -> UInt8 { index + ahead < source.count ? source[index + ahead] : 0 }
    func add(_ group: Int) {
      if !literal.isEmpty { parts.append(.text(literal)) }
      literal = []
      parts.append(.group(group))
    }
    while index < source.count {
      guard byte(0) == UInt8(ascii: "$") else {
        literal.append(source[index])
        index += 1
        continue
      }
      switch byte(1) {
      case UInt8(ascii: "$"):
        literal.append(UInt8(ascii: "$"))
        index += 2
      case UInt8(ascii: "&"):
        add(0)
        index += 2
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        let one = Int(byte(1) - UInt8(ascii: "0"))
        let two = byte(2) &- UInt8(ascii: "0") < 10 ? one * 10 + Int(byte(2) - UInt8(ascii: "0")) : 0
        let number = two > 0 && two <= pattern.groupCount ? two : one
        guard number > 0, number <= pattern.groupCount else {
          throw PatternError(
            message: "the pattern has \(pattern.groupCount) groups, but no group \(number); write $$ for a dollar sign",
            offset: index)
        }
        add(number)
        index += number == two ? 3 : 2
      case UInt8(ascii: "<"):
        guard let end = source[index...].firstIndex(of: UInt8(ascii: ">")) else {
          throw PatternError(message: "'$<' without its '>'", offset: index)
        }
        let name = String(decoding: source[index + 2..<end], as: UTF8.self)
        guard let number = pattern.group(named: name), number <= PatternWorkspace.groupLimit else {
          throw PatternError(message: "the pattern has no group '\(name)'", offset: index)
        }
        add(number)
        index = end + 1
      default:
        literal.append(UInt8(ascii: "$"))
        index += 1
      }
    }
    if !literal.isEmpty { parts.append(.text(literal)) }
    self.parts = parts
  }

  func append(_ text: Span<UInt8>, _ workspace: borrowing PatternWorkspace, into arena: inout ByteArena) {
    for part in parts {
      switch part {
      case .text(let bytes): arena.append(bytes.span)
      case .group(let number):
        if let range = workspace.range(ofGroup: number) { arena.append(text.extracting(range)) }
      }
    }
  }
}

package enum ReplaceResult: Sendable, Hashable {
  /// There is no match, and nothing was appended.
  case unchanged
  case replaced
  /// Given up, and nothing was appended: the problem `pattern-limit`.
  case limitExceeded
  /// The result would be longer than the limit, and nothing was appended.
  case tooLong
}

extension Pattern {
  /// Appends `text` with every match replaced, from left to right, as `String.prototype.replaceAll` does.
  /// `limit`: the most bytes to append.
  package func replaceAll(
    _ text: Span<UInt8>, with replacement: PatternReplacement, _ workspace: borrowing PatternWorkspace, limit: Int = .max,
    into arena: inout ByteArena
  ) -> ReplaceResult {
    let mark = arena.pendingCount
    var copied = 0
    var start = 0
    var found = 0
    var deadline: Double?
    while start <= text.count {
      switch workspace.search(self, in: text, from: start) {
      case .notMatched: start = text.count + 1
      case .limitExceeded:
        arena.removeLast(arena.pendingCount - mark)
        return .limitExceeded
      case .matched:
        guard let range = workspace.range(ofGroup: 0) else { return .unchanged }
        found += 1
        // Each search has its limits; many of them have this one.
        if found == 8 { deadline = PatternWorkspace.workedSeconds() + PatternWorkspace.longestSearch }
        if let deadline, found & 15 == 0, PatternWorkspace.workedSeconds() > deadline {
          arena.removeLast(arena.pendingCount - mark)
          return .limitExceeded
        }
        arena.append(text.extracting(copied..<range.lowerBound))
        replacement.append(text, workspace, into: &arena)
        if arena.pendingCount - mark > limit {
          arena.removeLast(arena.pendingCount - mark)
          return .tooLong
        }
        copied = range.upperBound
        start = range.upperBound
        if range.isEmpty {
          // Nothing was matched: continue after the next character.
          start += start < text.count ? UTF8Scalar.read(text, at: start).length : 1
        }
      }
    }
    if found == 0 { return .unchanged }
    arena.append(text.extracting(copied..<text.count))
    return .replaced
  }
}
