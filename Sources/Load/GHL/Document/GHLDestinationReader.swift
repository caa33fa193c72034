package import Core
import GHL
import HTTP
package import Mapping
package import Settings

/// Reads the block `ghl` of a destination, and reports all its errors at once. What depends on the mappings is checked by
/// `GHLDestinationDocument.check`.
package struct GHLDestinationReader: SettingsReader {
  package let file: String
  package let folder: String
  package let environment: [String: String]
  package var diagnostics: Diagnostics
  package var environmentValues: [EnvironmentValue]
  /// `destinations.crm.ghl`
  let what: String

  /// - Parameter what: the name of the block in messages: `destinations.crm.ghl`.
  package init(_ what: String, continuing reader: some SettingsReader) {
    (file, folder, environment) = (reader.file, reader.folder, reader.environment)
    (diagnostics, environmentValues) = (reader.diagnostics, reader.environmentValues)
    self.what = what
  }

  /// Nil if a reported error makes it impossible to continue.
  package mutating func read(_ entry: YAMLEntry) -> GHLDestinationDocument? {
    let node = entry.value
    guard node.entries(what, &diagnostics) != nil else { return nil }
    checkKeys(node, what, GHLKeywords.document, at: entry.keyPlace)
    let location = node["location"].flatMap { readLocation($0) }
    let address = readAddress(node)
    let (token, fallback) =
      node["auth"].map {
        readTokens($0, "\(what).auth", variable: "GHL_TARGET_TOKEN", except: [location].compactMap(\.self))
      } ?? (nil, nil)
    let generations = GHLVersions.Generation.allCases.map(\.rawValue)
    let generation = node["version"].flatMap { word($0, "\(what).version", oneOf: generations) }
    let allowsDelete = node["allow"].map { readAllowed($0) } ?? false
    let percent = node["budget"].flatMap { readBudget($0, "\(what).budget") }
    let longestCall = node["longest_call"].flatMap { seconds($0, "\(what).longest_call", in: GHLKeywords.longestCall) }
    let parts = node["mappings"].map { readParts($0, allowsDelete: allowsDelete) } ?? []
    guard let location, let address, let token else { return nil }
    var document = GHLDestinationDocument(location: location, address: address, token: token)
    document.fallback = fallback
    document.generation = generation.flatMap(GHLVersions.Generation.init) ?? document.generation
    (document.allowsDelete, document.dailyPercent, document.parts) = (allowsDelete, percent, parts)
    document.longestCall = longestCall.map { .seconds($0) } ?? document.longestCall
    return document
  }

  private mutating func readLocation(_ node: YAMLNode) -> String? {
    let location = text(node, "\(what).location")
    if let location, Placeholder.matches(location) {
      diagnostics.add(
        .init(
          .warning, .placeholderLeft, at: node.place, "the location is only a placeholder", hint: "put the location's ID here"))
    }
    return location
  }

  private mutating func readAddress(_ node: YAMLNode) -> ServerAddress? {
    if let own = node["base_url"] { return secureAddress(own, "\(what).base_url") }
    do { return try ServerAddress(GHLConfiguration.defaultBaseURL) } catch { preconditionFailure("\(error)") }
  }

  private mutating func readAllowed(_ node: YAMLNode) -> Bool {
    let what = "\(what).allow"
    guard let elements = node.elements(what, &diagnostics) else { return false }
    let words = elements.compactMap { word($0, "an element of \(what)", oneOf: [GHLKeywords.delete]) }
    return !words.isEmpty
  }
}
