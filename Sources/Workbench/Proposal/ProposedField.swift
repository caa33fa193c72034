import Core

/// One target field of a proposed mapping.
struct ProposedField: Sendable {
  enum Value: Sendable {
    /// Paths as written in the mapping; more than one gives a list.
    case from([String])
    /// The only value that the target accepts, as YAML.
    case constant(String)
    /// Not mapped: a commented line explains why, and lists fields that come close.
    case nothing
  }

  var target: [String]
  var value: Value
  /// Steps as the mapping writes them.
  var steps: [String] = []
  var isRequired = false
  /// The target accepts no null and does not require the field.
  var omitsNull = false
  /// One path is read as a list of one.
  var isList = false
  /// Why it is a guess, for a person to confirm; empty if it is not one.
  var review: [String] = []
  /// The comment after it, or in its place.
  var remarks: [String] = []

  var isMapped: Bool { if case .nothing = value { false } else { true } }
  var name: String { target.joined(separator: ".") }

  /// Keys and values of the long form.
  private var parts: [String] {
    if case .constant(let text) = value {
      return ["const: \(text)"] + (review.isEmpty ? [] : ["review: \(YAMLText.sentence(review.joined(separator: "; ")))"])
    }
    guard case .from(let paths) = value else { return [] }
    let written = paths.map(YAMLText.scalar)
    var parts = ["from: " + (paths.count == 1 && !isList ? written[0] : "[\(written.joined(separator: ", "))]")]
    if !steps.isEmpty { parts.append("do: [\(steps.joined(separator: ", "))]") }
    if isRequired { parts.append("required: true") }
    if omitsNull { parts.append("nulls: omit") }
    if !review.isEmpty { parts.append("review: \(YAMLText.sentence(review.joined(separator: "; ")))") }
    return parts
  }

  /// What follows `name:` on one line: a path, or `{from: email, do: [trim]}`.
  var text: String {
    if case .from(let paths) = value, paths.count == 1, parts.count == 1, !isList { return YAMLText.scalar(paths[0]) }
    return "{\(parts.joined(separator: ", "))}"
  }

  /// The same on separate lines, below `name:`.
  var lines: [String] { parts }

  /// The text after it.
  var comment: String { YAMLText.comment(remarks.joined(separator: "; ")) }

  mutating func leave(_ remark: String) {
    value = .nothing
    steps = []
    review = []
    remarks = [remark]
  }
}

/// Pieces of YAML.
enum YAMLText {
  private static let taken: Set<String> = [
    "true", "false", "null", "yes", "no", "on", "off", "y", "n", "nan", "inf", "infinity",
  ]

  /// A plain or double-quoted word that is always read as this text.
  static func scalar(_ text: String) -> String {
    let first = text.unicodeScalars.first
    let isPlain =
      first.map { $0.isASCII && ($0.properties.isAlphabetic || $0 == "_") } == true
      && text.unicodeScalars.allSatisfy {
        $0.isASCII && ($0.properties.isAlphabetic || ("0"..."9").contains($0) || "._-/".unicodeScalars.contains($0))
      }
      && !taken.contains(text.lowercased())
    return isPlain ? text : quoted(text)
  }

  /// Text for people, always quoted.
  static func sentence(_ text: String) -> String { quoted(comment(text)) }

  /// JSON, in which characters that YAML does not accept unescaped are escaped.
  private static func quoted(_ text: String) -> String {
    var result = ""
    for scalar in JSONValue.string(text).text.unicodeScalars {
      switch scalar.value {
      case 0x7F...0x9F, 0x2028, 0x2029, 0xFEFF, 0xFFFE, 0xFFFF:
        let digits = String(scalar.value, radix: 16, uppercase: true)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// On one line, whatever it contains.
  static func comment(_ text: String) -> String {
    String(
      String.UnicodeScalarView(
        text.unicodeScalars.map {
          let value = $0.value
          let isUnwritable =
            value < 0x20 || (0x7F...0x9F).contains(value) || [0x2028, 0x2029, 0xFEFF, 0xFFFE, 0xFFFF].contains(value)
          return isUnwritable ? " " : $0
        }))
  }
}
