package import Core
import Files
package import Mapping

/// Reads settings from a YAML file, and reports all errors at once. Its extensions read the values that all settings have in common:
/// text with variables, numbers, times, words, secrets.
///
/// A reader of one part of a file continues where another is: it takes over its diagnostics, and gives them back.
///
///     var part = PartReader(continuing: self)
///     let settings = part.read(node)
///     take(part)
package protocol SettingsReader {
  /// The file as the user named it.
  var file: String { get }
  /// The base of relative paths; empty: the working folder.
  var folder: String { get }
  var environment: [String: String] { get }
  var diagnostics: Diagnostics { get set }
  /// The values of `${NAME}` references so far, which messages must not show.
  var environmentValues: [EnvironmentValue] { get set }
}

extension SettingsReader {
  package mutating func report(_ code: DiagnosticCode, at place: SourcePlace, _ message: String, hint: String? = nil) {
    diagnostics.add(.init(.error, code, at: place, message, hint: hint))
  }

  /// Reports unknown keys with the nearest known one, and keys of a later version as `not-supported-yet`, because ignoring
  /// one would change the result. `required`: the group's, unless it depends on something.
  package mutating func checkKeys(
    _ node: YAMLNode, _ what: String, _ group: KeywordGroup, required: [String]? = nil, at owner: SourcePlace? = nil
  ) {
    for entry in node.entries ?? [] where group.reserved.contains(entry.key) {
      reportLater(entry.keyPlace, "'\(entry.key)' in \(what)")
    }
    node.checkKeys(
      what, known: group.names + group.reserved, required: required ?? group.required, at: owner, reviewHint: nil,
      &diagnostics)
  }

  package mutating func reportLater(_ place: SourcePlace, _ what: String) {
    report(.notSupportedYet, at: place, "\(what) is not supported yet", hint: "remove it")
  }

  package func resolve(_ path: String) -> String { FilePath.join(folder, path) }

  /// Goes on where the reader of a part ended.
  package mutating func take(_ part: some SettingsReader) {
    (diagnostics, environmentValues) = (part.diagnostics, part.environmentValues)
  }
}
