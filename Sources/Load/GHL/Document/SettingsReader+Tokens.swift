package import HTTP
package import Mapping
package import Settings

/// What a GHL source and a GHL destination have in common.
extension SettingsReader {
  /// `auth`: where the tokens of a location are kept.
  ///
  /// - Parameters:
  ///   - variable: the name of an environment variable in hints.
  ///   - ids: command arguments that are not secrets.
  package mutating func readTokens(
    _ node: YAMLNode, _ what: String, variable: String, except ids: [String]
  ) -> (token: SecretReference?, fallback: SecretReference?) {
    if node.scalar != nil {
      reportLiteral(node, what, "{token: {env: \(variable)}}")
      return (nil, nil)
    }
    guard let entries = node.entries(what, &diagnostics) else { return (nil, nil) }
    for entry in entries where !GHLKeywords.auth.names.contains(entry.key) { learnLiterals(entry.value) }
    learnKeys(entries, besides: GHLKeywords.auth.names)
    let hasOAuth = entries.contains { $0.key == "oauth" }
    checkKeys(node, what, GHLKeywords.auth, required: hasOAuth ? [] : ["token"])
    return (
      node["token"].flatMap { readSecret($0, "\(what).token", variable: variable, except: ids) },
      node["fallback"].flatMap { readSecret($0, "\(what).fallback", variable: "\(variable)_NEXT", except: ids) }
    )
  }

  /// `budget`: the percentage of the daily quota.
  package mutating func readBudget(_ node: YAMLNode, _ what: String) -> Double? {
    guard node.entries(what, &diagnostics) != nil else { return nil }
    checkKeys(node, what, GHLKeywords.budget)
    return node["daily_percent"].flatMap { percent($0, "\(what).daily_percent") }
  }
}
