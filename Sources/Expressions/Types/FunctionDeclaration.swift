/// A function of the language: its forms by type, and what it gives. The checker reads it, and the reference is made from it.
struct FunctionDeclaration: Sendable {
  struct Overload: Sendable {
    /// `target.name(arguments)`: the first parameter is the target.
    var isMethod: Bool
    var parameters: [ExpressionType]
    var result: ExpressionType

    init(_ parameters: [ExpressionType], _ result: ExpressionType, isMethod: Bool = false) {
      self.isMethod = isMethod
      self.parameters = parameters
      self.result = result
    }

    static func method(_ parameters: [ExpressionType], _ result: ExpressionType) -> Overload {
      Overload(parameters, result, isMethod: true)
    }
  }

  var name: String
  var code: FunctionCode
  /// What it gives, in one line.
  var summary: String
  var overloads: [Overload]

  init(_ name: String, _ code: FunctionCode, _ summary: String, _ overloads: [Overload]) {
    self.name = name
    self.code = code
    self.summary = summary
    self.overloads = overloads
  }

  /// `size(string) -> int`, `string.contains(string) -> bool`.
  func signature(_ overload: Overload) -> String {
    var names = overload.parameters.map(\.name)
    let target = overload.isMethod ? "\(names.removeFirst())." : ""
    return "\(target)\(name)(\(names.joined(separator: ", "))) -> \(overload.result.name)"
  }
}

/// All functions and operators (language definition, "List of Standard Definitions").
enum FunctionTable {
  static let all: [FunctionDeclaration] = texts + conversions + times

  static let byName: [String: FunctionDeclaration] = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })

  private static let anyList = ExpressionType.list(.parameter(0))
  private static let anyMap = ExpressionType.map(.parameter(0), .parameter(1))

  private static let texts: [FunctionDeclaration] = [
    FunctionDeclaration(
      "size", .size, "Characters of a string (code points), bytes, elements or entries.",
      [ExpressionType.string, .bytes, anyList, anyMap].flatMap { [.init([$0], .int), .method([$0], .int)] }),
    FunctionDeclaration(
      "contains", .contains, "Whether the argument occurs in the string.", [.method([.string, .string], .bool)]),
    FunctionDeclaration(
      "startsWith", .startsWith, "Whether the string begins with the argument.", [.method([.string, .string], .bool)]),
    FunctionDeclaration(
      "endsWith", .endsWith, "Whether the string ends with the argument.", [.method([.string, .string], .bool)]),
    FunctionDeclaration(
      "matches", .matches, "Whether the regular expression (RE2's syntax) is found in the string.",
      [.method([.string, .string], .bool), .init([.string, .string], .bool)]),
  ]

  private static let conversions: [FunctionDeclaration] = [
    FunctionDeclaration(
      "bool", .bool, "A string such as true, TRUE, t or 1 as a boolean.", [.init([.bool], .bool), .init([.string], .bool)]),
    FunctionDeclaration(
      "bytes", .bytes, "The UTF-8 of a string.", [.init([.bytes], .bytes), .init([.string], .bytes)]),
    FunctionDeclaration(
      "double", .double, "The nearest double of a number, or of a string that is one.",
      [ExpressionType.double, .int, .uint, .decimal, .string].map { .init([$0], .double) }),
    FunctionDeclaration(
      "duration", .duration, "A duration from a string such as 1h30m or -1.5s.",
      [.init([.duration], .duration), .init([.string], .duration)]),
    FunctionDeclaration("dyn", .dyn, "The value, with its type checked only at run time.", [.init([.parameter(0)], .dyn)]),
    FunctionDeclaration(
      "int", .int, "A 64-bit integer: decimal places are cut off; of a timestamp, seconds since 1970.",
      [ExpressionType.int, .uint, .double, .decimal, .string, .timestamp].map { .init([$0], .int) }),
    FunctionDeclaration(
      "string", .string, "The value as text.",
      [ExpressionType.string, .bool, .int, .uint, .double, .decimal, .bytes, .timestamp, .duration].map { .init([$0], .string) }),
    FunctionDeclaration(
      "timestamp", .timestamp, "A timestamp from an RFC 3339 string, or from seconds since 1970.",
      [ExpressionType.timestamp, .string, .int].map { .init([$0], .timestamp) }),
    FunctionDeclaration("type", .type, "The type of a value.", [.init([.parameter(0)], .type)]),
    FunctionDeclaration(
      "uint", .uint, "An unsigned 64-bit integer.",
      [ExpressionType.uint, .int, .double, .decimal, .string].map { .init([$0], .uint) }),
  ]

  private static let ofTimestamp: [FunctionDeclaration.Overload] = [
    .method([.timestamp], .int), .method([.timestamp, .string], .int),
  ]
  private static let ofBoth = ofTimestamp + [.method([.duration], .int)]

  private static let times: [FunctionDeclaration] = [
    FunctionDeclaration("getDate", .getDate, "Day of the month, from 1. Optionally in a zone: IANA name or offset.", ofTimestamp),
    FunctionDeclaration("getDayOfMonth", .getDayOfMonth, "Day of the month, from 0.", ofTimestamp),
    FunctionDeclaration("getDayOfWeek", .getDayOfWeek, "Day of the week, Sunday is 0.", ofTimestamp),
    FunctionDeclaration("getDayOfYear", .getDayOfYear, "Day of the year, from 0.", ofTimestamp),
    FunctionDeclaration("getFullYear", .getFullYear, "The year.", ofTimestamp),
    FunctionDeclaration("getMonth", .getMonth, "The month, January is 0.", ofTimestamp),
    FunctionDeclaration("getHours", .getHours, "The hour of a timestamp; of a duration, its whole hours.", ofBoth),
    FunctionDeclaration("getMinutes", .getMinutes, "The minute of a timestamp; of a duration, its whole minutes.", ofBoth),
    FunctionDeclaration("getSeconds", .getSeconds, "The second of a timestamp; of a duration, its whole seconds.", ofBoth),
    FunctionDeclaration(
      "getMilliseconds", .getMilliseconds, "Milliseconds within the second, of a timestamp or a duration.", ofBoth),
  ]
}
