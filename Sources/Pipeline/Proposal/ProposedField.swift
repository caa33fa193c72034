import Core

/// One target field of a proposed mapping.
struct ProposedField: Sendable {
  enum Sureness: String, Sendable { case sure, likely, guess }

  enum Value: Sendable {
    /// Paths as the mapping writes them; more than one gives a list.
    case from([String])
    case constant(JSONValue)
    /// Nothing fits: a commented line says so.
    case nothing
  }

  var target: [String]
  var value: Value
  /// Steps as the mapping writes them.
  var steps: [String] = []
  var isRequired = false
  var nullifiesErrors = false
  /// What stands in for null, where the target does not take it.
  var fallback: JSONValue?
  /// One path is read as a list of one.
  var isList = false
  var sureness = Sureness.sure
  var remark = ""

  /// `{from: email, do: [trim]}`, or the short form; nil where there is nothing to write.
  var text: String? {
    var parts: [String] = []
    switch value {
    case .nothing: return nil
    case .constant(let value): parts.append("const: \(YAMLText.flow(value))")
    case .from(let paths):
      if paths.count == 1, steps.isEmpty, !isRequired, !nullifiesErrors, fallback == nil { return YAMLText.scalar(paths[0]) }
      let written = paths.map(YAMLText.scalar)
      parts.append("from: " + (paths.count == 1 && !isList ? written[0] : "[\(written.joined(separator: ", "))]"))
      if !steps.isEmpty { parts.append("do: [\(steps.joined(separator: ", "))]") }
    }
    if isRequired { parts.append("required: true") }
    if nullifiesErrors { parts.append("on_error: nullify") }
    if let fallback { parts.append("default: \(YAMLText.flow(fallback))") }
    return "{\(parts.joined(separator: ", "))}"
  }

  /// What stands behind it.
  var comment: String { YAMLText.comment(sureness == .sure && remark.isEmpty ? "" : "\(sureness.rawValue): \(remark)") }
}

/// Pieces of YAML.
enum YAMLText {
  private static let taken: Set<String> = [
    "true", "false", "null", "yes", "no", "on", "off", "y", "n", "nan", "inf", "infinity",
  ]

  /// A word as it is, or in double quotes; whatever it is, it is read as that text.
  static func scalar(_ text: String) -> String {
    let first = text.unicodeScalars.first
    let isPlain =
      first.map { $0.isASCII && ($0.properties.isAlphabetic || $0 == "_") } == true
      && text.unicodeScalars.allSatisfy {
        $0.isASCII && ($0.properties.isAlphabetic || ("0"..."9").contains($0) || "._-/".unicodeScalars.contains($0))
      }
      && !taken.contains(text.lowercased())
    return isPlain ? text : JSONValue.string(text).text
  }

  static func flow(_ value: JSONValue) -> String {
    if case .string(let text) = value { scalar(text) } else { value.text }
  }

  /// On one line, whatever is in it.
  static func comment(_ text: String) -> String {
    String(
      String.UnicodeScalarView(
        text.unicodeScalars.map {
          $0.value < 0x20 || (0x7F...0x9F).contains($0.value) || $0 == "\u{2028}" || $0 == "\u{2029}" ? " " : $0
        }))
  }
}
