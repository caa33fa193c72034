import Core
import HTTP
import Mapping
import Settings

/// `source.ghl.auth`: where the tokens are kept.
extension PipelineReader {
  /// - Parameter ids: command arguments that are not secrets.
  mutating func readAuth(
    _ node: YAMLNode, except ids: [String]
  ) -> (token: SecretReference?, fallback: SecretReference?) {
    if node.scalar != nil {
      reportLiteral(node, "source.ghl.auth", "{token: {env: GHL_TOKEN}}")
      return (nil, nil)
    }
    guard let entries = node.entries("source.ghl.auth", &diagnostics) else { return (nil, nil) }
    for entry in entries where !PipelineKeywords.auth.names.contains(entry.key) { learnLiterals(entry.value) }
    learnKeys(entries, besides: PipelineKeywords.auth.names)
    let hasOAuth = entries.contains { $0.key == "oauth" }
    checkKeys(node, "source.ghl.auth", PipelineKeywords.auth, required: hasOAuth ? [] : ["token"])
    return (
      node["token"].flatMap { readSecret($0, "source.ghl.auth.token", variable: "GHL_TOKEN", except: ids) },
      node["fallback"].flatMap { readSecret($0, "source.ghl.auth.fallback", variable: "GHL_TOKEN_NEXT", except: ids) }
    )
  }
}
