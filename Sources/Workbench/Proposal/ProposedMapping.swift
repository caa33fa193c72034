import Core

/// A proposed mapping as worked out so far, and its text.
struct ProposedMapping: Sendable {
  var name: String
  /// Lines of comment at the top.
  var header: [String] = []
  /// The content of the braces of `source`.
  var source: String
  var targetEntity: String
  var targetKey: [String] = []
  /// Why the target's key is a guess; nil if it is not one.
  var targetReview: String?
  /// Relative to the mapping; nil: nothing is checked against a schema.
  var schemaPath: String?
  var lookups: [ProposedLookup] = []
  var fields: [ProposedField] = []
  /// The target's key is written under `unique`, if a field fills it.
  var rejectsRepeatedKeys = false
  var privacy: [(target: String, policy: String)] = []
  var leftOver: [String] = []
  /// The content of the braces of `settings`; nil: there are none.
  var settings: String?
  /// What the unread fields belong to.
  var sourceName = "the sample"

  /// Longer lines are wrapped.
  private static let width = 110

  /// The text, and the field on each line (from 1).
  func text() -> (text: String, fields: [Int: Int]) {
    var lines = header.map { $0.isEmpty ? "#" : $0.hasPrefix("#") ? $0 : "# " + $0 }
    lines += ["mapping: 1", "name: \(YAMLText.scalar(name))", "source: {\(source)}"]
    let written =
      targetKey.count == 1 ? YAMLText.scalar(targetKey[0]) : "[\(targetKey.map(YAMLText.scalar).joined(separator: ", "))]"
    let schema = schemaPath.map { ", schema: \(YAMLText.scalar($0))" } ?? ""
    let review = targetReview.map { ", review: \(YAMLText.sentence($0))" } ?? ""
    let key = targetKey.isEmpty ? "" : ", key: \(written)"
    lines.append("target: {entity: \(YAMLText.scalar(targetEntity))\(key)\(schema)\(review)}")
    if let settings { lines.append("settings: {\(settings)}") }
    let used = lookups.filter { lookup in
      fields.contains { field in field.isMapped && field.steps.contains("{lookup: \(YAMLText.scalar(lookup.name))}") }
    }
    if !used.isEmpty { lines += ["", "lookups:"] + used.flatMap(\.lines) }
    // A map without entries must be written as one.
    lines += ["", fields.contains(where: \.isMapped) ? "fields:" : "fields: {}"]
    var places: [Int: Int] = [:]
    appendFields(&lines, &places)
    if rejectsRepeatedKeys, targetKey.count == 1, fields.contains(where: { $0.isMapped && $0.name.isExactly(targetKey[0]) }) {
      lines += [
        "",
        "# The API has one record for each key: a second one would overwrite the first, or be refused. So only the first is sent.",
        "unique: [\(YAMLText.scalar(targetKey[0]))]",
      ]
    }
    let shown = privacy.filter { item in fields.contains { $0.isMapped && $0.name.isExactly(item.target) } }
    if !shown.isEmpty {
      lines += ["", "# How values may look in ledgers, logs and reports; the output has them in full.", "pii:"]
      lines += shown.map { "  \(YAMLText.scalar($0.target)): \($0.policy)" }
    }
    if !leftOver.isEmpty {
      lines += ["", "# Fields of \(sourceName) that nothing reads:"]
      lines += leftOver.prefix(60).map { YAMLText.comment("#   \($0)") }
      if leftOver.count > 60 { lines.append("#   and \(leftOver.count - 60) more") }
    }
    return (lines.joined(separator: "\n") + "\n", places)
  }

  private func appendFields(_ lines: inout [String], _ places: inout [Int: Int]) {
    var open: [String] = []
    for (index, field) in fields.enumerated() {
      let start = lines.count
      // Without a schema, a nested target cannot be distinguished from a long form: use dots.
      let parents = schemaPath == nil ? [] : Array(field.target.dropLast())
      let common = zip(open, parents).prefix { NameMatch.hasSameBytes([$0], [$1]) }.count
      if field.isMapped {
        open = Array(open.prefix(common))
        for parent in parents.dropFirst(common) {
          lines.append(String(repeating: "  ", count: open.count + 1) + "\(YAMLText.scalar(parent)):")
          open.append(parent)
        }
        let key = YAMLText.scalar(schemaPath == nil ? field.name : field.target.last ?? "")
        append(field, key, indent: open.count + 1, &lines)
      } else {
        let margin = String(repeating: "  ", count: common + 1)
        lines += Self.wrapped("\(field.name): \(field.comment)", margin: margin, width: Self.width)
      }
      for line in start..<lines.count { places[line + 1] = index }
    }
  }

  private func append(_ field: ProposedField, _ key: String, indent: Int, _ lines: inout [String]) {
    let margin = String(repeating: "  ", count: indent)
    let comment = field.comment.isEmpty ? "" : "  # \(field.comment)"
    let line = "\(margin)\(key): \(field.text)"
    guard line.count > Self.width, field.lines.count > 1 else {
      lines.append(line + comment)
      return
    }
    lines.append("\(margin)\(key):\(comment)")
    lines += field.lines.map { "\(margin)  \($0)" }
  }

  /// A comment, on as many lines as it takes.
  private static func wrapped(_ text: String, margin: String, width: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in YAMLText.comment(text).split(separator: " ", omittingEmptySubsequences: false) {
      if !line.isEmpty, margin.count + 4 + line.count + 1 + word.count > width {
        lines.append(line)
        line = ""
      }
      line += (line.isEmpty ? "" : " ") + word
    }
    lines.append(line)
    return lines.enumerated().map { "\(margin)# \($0.offset == 0 ? "" : "  ")\($0.element)" }
  }
}
