import Transform
import Values

extension ValueFacts {
  /// What a function guarantees about its texts: their maximum length, their form. `input` describes the input; nothing is
  /// known about the result yet.
  mutating func learn(from call: FunctionCall, _ input: ValueFacts) {
    // The length of a list, or of what may be one, is that of its elements.
    let before = input.longest
    switch call {
    case .digits:
      forms = [.digits, .trimmed]
      longest = before
    case .truncate(let max): longest = before.map { min($0, max) } ?? max
    case .slice(let from, let to): longest = Self.longestSlice(of: before, from: from, to: to)
    case .padLeft(let width, _): longest = before.map { max($0, width) }
    case .prefix(let text), .suffix(let text): longest = before.map { $0 + text.unicodeScalars.count }
    case .country:
      longest = 2
      forms = [.upper, .trimmed]
    case .language:
      longest = Language.longestCode
      forms = [.lower, .trimmed]
    case .postalCode:
      longest = PostalCode.longest
      forms = [.upper, .trimmed]
    case .date: longest = 10
    case .format(let pattern, _): longest = (try? DatePattern(pattern, isWritten: true))?.longestText
    case .sha256:
      longest = 64
      forms = [.lower, .trimmed]
    case .uuid5:
      longest = 36
      forms = [.lower, .trimmed]
    // The shape and, where it was cut, an ellipsis.
    case .mask: longest = before.map { min($0, Masking.longestMask + 1) } ?? Masking.longestMask + 1
    default: break
    }
  }

  /// Characters of the longest slice of a text of at most `count`.
  private static func longestSlice(of count: Int?, from: Int, to: Int?) -> Int? {
    var bounds: [Int] = []
    if let count { bounds.append(count) }
    if from < 0 { bounds.append(from.magnitudeClamped) }
    if let to {
      if to >= 0, from >= 0 { bounds.append(max(0, to - from)) } else if to >= 0 { bounds.append(to) }
      if to < 0, from < 0 { bounds.append(max(0, to - from)) }
    }
    return bounds.min()
  }
}

extension Int {
  fileprivate var magnitudeClamped: Int { Int(clamping: magnitude) }
}
