/// What a call does at run time, whatever the types that it was checked with.
enum FunctionCode: UInt8, CaseIterable {
  case size, contains, startsWith, endsWith, matches
  case bool, bytes, double, duration, dyn, int, string, timestamp, type, uint
  case getDate, getDayOfMonth, getDayOfWeek, getDayOfYear, getFullYear, getMonth
  case getHours, getMinutes, getSeconds, getMilliseconds

  /// Reads a part of a timestamp, and takes a zone.
  var isTimePart: Bool { rawValue >= FunctionCode.getDate.rawValue }

  /// Makes a value of one type out of several.
  var isConversion: Bool {
    switch self {
    case .bool, .bytes, .double, .duration, .int, .string, .timestamp, .uint: true
    default: false
    }
  }

  /// Null is a value for it like others.
  var takesNull: Bool { self == .dyn || self == .type }
}
