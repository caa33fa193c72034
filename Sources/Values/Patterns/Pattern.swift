import CPCRE2

/// A compiled regular expression, found anywhere in the text unless anchored: as JSON Schema means it (ECMA-262, Unicode), or as
/// CEL does (RE2). `\d` and `\w` are ASCII, `$` matches at the very end only. Immutable, shared by all workers; each brings its
/// own `PatternWorkspace`.
@safe package final class Pattern: @unchecked Sendable {
  package let text: String
  /// Capturing groups.
  package let groupCount: Int
  /// Nil: the pattern cannot be evaluated.
  let code: OpaquePointer?

  package convenience init(_ text: String) throws(PatternError) {
    let translation = try PatternTranslation(text)
    try self.init(
      text, translation.text, translation.offsets, options: UInt32(PCRE2_MATCH_UNSET_BACKREF) | UInt32(PCRE2_ALLOW_EMPTY_CLASS))
  }

  /// A pattern in the syntax of RE2.
  package convenience init(re2 text: String) throws(PatternError) {
    let translation = try RE2Translation(text)
    try self.init(text, translation.text, translation.offsets, options: 0)
  }

  private init(_ text: String, _ translated: [UInt8], _ offsets: [Int], options: UInt32) throws(PatternError) {
    self.text = text
    let options =
      options | UInt32(PCRE2_UTF) | UInt32(PCRE2_DOLLAR_ENDONLY) | UInt32(PCRE2_NEVER_BACKSLASH_C)
      | UInt32(PCRE2_USE_OFFSET_LIMIT)
    var status: Int32 = 0
    var offset = 0
    guard let code = unsafe pcre2_compile_8(translated, translated.count, options, &status, &offset, nil) else {
      let limit = Self.limits[status]
      throw PatternError(
        message: limit ?? Self.message(status), offset: offsets[min(offset, offsets.count - 1)], isLimit: limit != nil)
    }
    // Where there is no just-in-time compiler, the interpreter does the same.
    _ = unsafe pcre2_jit_compile_8(code, UInt32(PCRE2_JIT_COMPLETE))
    var groups: UInt32 = 0
    _ = unsafe pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_CAPTURECOUNT), &groups)
    groupCount = Int(groups)
    unsafe self.code = unsafe code
  }

  private init(undecided text: String) {
    self.text = text
    groupCount = 0
    unsafe code = nil
  }

  /// Stands for a pattern that cannot be evaluated (`PatternError.isLimit`): of any text, the result is `limitExceeded`.
  package static func undecided(_ text: String) -> Pattern { Pattern(undecided: text) }

  package var isUndecided: Bool { unsafe code == nil }

  deinit { unsafe pcre2_code_free_8(code) }

  /// Errors of PCRE2 (pcre2api(3), "Obtaining a textual error message") about what ECMA-262 allows.
  private static let limits: [Int32: String] = [
    105: "a repetition of more than 65,535", 119: "parentheses nested too deeply", 120: "the pattern is too large",
    121: "not enough memory", 125: "lookbehind of variable length", 135: "lookbehind that is too complicated",
    143: "two groups with the same name", 148: "the name of a group has more than 32 bytes", 149: "too many groups with names",
    186: "the pattern is too complicated", 187: "lookbehind that is too long",
  ]

  /// Number of the group called `name`.
  func group(named name: String) -> Int? {
    let number = unsafe pcre2_substring_number_from_name_8(code, Array(name.utf8) + [0])
    return number > 0 ? Int(number) : nil
  }

  private static func message(_ status: Int32) -> String {
    var buffer = [UInt8](repeating: 0, count: 256)
    let count = unsafe pcre2_get_error_message_8(status, &buffer, buffer.count)
    return count < 0 ? "regular expression error \(status)" : String(decoding: buffer.prefix(Int(count)), as: UTF8.self)
  }
}
