import Core
import Glibc
import Values

extension ExpressionEvaluator {
  /// A function on `count` operands from `operands` on.
  mutating func call(_ code: UInt8, _ operands: UnsafeMutablePointer<ExpressionValue>, _ count: Int) -> ExpressionValue {
    var length = 0
    for index in 0..<count {
      if operands[index].isError { return operands[index] }
      if operands[index].hasText { length &+= operands[index].size }
    }
    guard mayRead(bytes: length) else { return .error(.tooManySteps) }
    guard let function = FunctionCode(rawValue: code), count >= 1 else { return .error(.noOverload) }
    let operand = operands[0]
    switch function {
    case .size: return size(operand)
    case .type: return .type(operand.typeName)
    case .dyn: return operand
    case .bool: return toBool(operand)
    case .bytes: return toBytes(operand)
    case .double: return toDouble(operand)
    case .duration: return toDuration(operand)
    case .int: return toInt(operand)
    case .string: return toString(operand)
    case .timestamp: return toTimestamp(operand)
    case .uint: return toUint(operand)
    case .contains, .startsWith, .endsWith, .matches:
      guard count == 2, operand.kind == .string, operands[1].kind == .string else { return .error(.noOverload) }
      return text(function, operand.text, operands[1].text)
    default:
      if count == 1 { return part(code, of: operand, in: .fixed(0)) }
      guard operand.kind == .timestamp, operands[1].kind == .string else { return .error(.noOverload) }
      guard let zone = zone(operands[1].text) else { return .error(.unknownZone) }
      return part(code, of: operand, in: zone)
    }
  }

  private mutating func text(_ function: FunctionCode, _ text: Text, _ other: Text) -> ExpressionValue {
    switch function {
    case .contains: return .bool(TextSearch.contains(text, other))
    case .startsWith: return .bool(text.count >= other.count && memcmp(text.start, other.start, other.count) == 0)
    case .endsWith:
      let start = text.count - other.count
      return .bool(start >= 0 && memcmp(text.start + start, other.start, other.count) == 0)
    default:
      let pattern = Name(other.string)
      if let known = patternCache[pattern] { return matches(.string(text), known) }
      // What compiling costs, in bytes read.
      guard mayRead(bytes: 64 * (1024 + other.count)) else { return .error(.tooManySteps) }
      guard let compiled = try? Pattern(re2: pattern.text) else { return .error(.badPattern) }
      // Patterns out of data may be any number.
      if patternCache.count >= 256 { patternCache.removeAll(keepingCapacity: true) }
      patternCache[pattern] = compiled
      return matches(.string(text), compiled)
    }
  }

  mutating func matches(_ value: ExpressionValue, _ pattern: Pattern) -> ExpressionValue {
    if value.isError { return value }
    guard value.kind == .string else { return .error(.noOverload) }
    guard maySearch(value.text) else { return .error(.tooManySteps) }
    switch pattern.matches(value.text.span, workspace) {
    case .matched: return .bool(true)
    case .notMatched: return .bool(false)
    case .limitExceeded: return .error(.patternLimit)
    }
  }

  /// Searches that backtrack take any time, so beside their texts' lengths the time of this thread counts. Looking at the clock
  /// takes longer than most of them, so that is done for a long text, and else now and then.
  private mutating func maySearch(_ text: Text) -> Bool {
    searches &+= 1
    hasMemories = true
    if searches & 63 == 0 || text.count > Self.longText {
      let now = PatternWorkspace.workedSeconds()
      if let searchStart {
        if now - searchStart > longestSearching { work = .max / 2 }
      } else {
        searchStart = now
      }
    }
    return mayRead(bytes: text.count + 64)
  }

  private static let longText = 64 * 1024

  // MARK: Parts of times

  private mutating func zone(_ text: Text) -> ZoneOffset? {
    if let offset = TimeText.offset(text.span) { return .fixed(offset) }
    let name = Name(text.string)
    if let known = zoneCache[name] { return known }
    guard let zone = TimeText.zone(text.span) else { return nil }
    zoneCache[name] = zone
    return zone
  }

  func part(_ code: UInt8, of value: ExpressionValue, in zone: ZoneOffset) -> ExpressionValue {
    if value.isError { return value }
    guard let function = FunctionCode(rawValue: code) else { return .error(.noOverload) }
    if value.kind == .duration { return Self.durationPart(function, value) }
    guard value.kind == .timestamp else { return .error(.noOverload) }
    if function == .getMilliseconds { return .int(Int(value.count) / 1_000_000) }
    let local = Int(value.word) + zone.offset(at: value.word)
    // Rounded down: there are also seconds before 1970.
    let days = (local >= 0 ? local : local - 86_399) / 86_400
    let second = local - days * 86_400
    switch function {
    case .getHours: return .int(second / 3_600)
    case .getMinutes: return .int(second / 60 % 60)
    case .getSeconds: return .int(second % 60)
    default: break
    }
    let date = CivilDate(days: days)
    switch function {
    case .getDate: return .int(date.day)
    case .getDayOfMonth: return .int(date.day - 1)
    case .getDayOfWeek: return .int(date.weekday)
    case .getDayOfYear: return .int(days - CivilDate(year: date.year, month: 1, day: 1).daysSinceEpoch)
    case .getFullYear: return .int(date.year)
    case .getMonth: return .int(date.month - 1)
    default: return .error(.noOverload)
    }
  }

  private static func durationPart(_ function: FunctionCode, _ value: ExpressionValue) -> ExpressionValue {
    // Whole units towards zero.
    let isNegative = value.word < 0
    let seconds = isNegative && value.count > 0 ? value.word + 1 : value.word
    switch function {
    case .getHours: return .int(seconds / 3_600)
    case .getMinutes: return .int(seconds / 60)
    case .getSeconds: return .int(seconds)
    case .getMilliseconds:
      let nanoseconds = Int64(value.count) - (isNegative && value.count > 0 ? 1_000_000_000 : 0)
      return .int(nanoseconds / 1_000_000)
    default: return .error(.noOverload)
    }
  }
}
