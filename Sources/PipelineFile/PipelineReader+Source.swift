import Core
import Extract
import GHL
import HTTP
import Load
import Mapping
import Records
import Settings

/// `source`.
extension PipelineReader {
  mutating func readSource(_ node: YAMLNode) -> PipelineSource? {
    guard let entries = node.entries("source", &diagnostics) else { return nil }
    let group = PipelineKeywords.source(formats)
    let kinds = group.names
    checkKeys(node, "source", group)
    let known = entries.filter { kinds.contains($0.key) }
    guard let entry = known.first else {
      if entries.isEmpty {
        node.reportWrongKind("source", wanted: "a map with one of \(kinds.joined(separator: ", "))", &diagnostics)
      }
      return nil
    }
    for other in known.dropFirst() {
      report(.wrongKind, at: other.keyPlace, "a pipeline has one source; it already has '\(entry.key)'")
    }
    if let format = formats.named(entry.key) { return readFiles(entry, format) }
    switch entry.key {
    case "ghl": return readGHL(entry).map { .ghl($0) }
    default: return text(entry.value, "source.snapshot").map { .snapshot($0) }
    }
  }

  private mutating func readFiles(_ entry: YAMLEntry, _ format: SourceFormat) -> PipelineSource? {
    let what = "source.\(entry.key)"
    guard let entries = entry.value.entries(what, &diagnostics) else { return nil }
    if entries.isEmpty { entry.value.reportWrongKind(what, wanted: "a map from entity to file", &diagnostics) }
    var files: [EntityFile] = []
    for entity in entries {
      let (name, node) = ("\(what).\(entity.key)", FileKeywords.filled(entity.value) { filled($0) })
      guard let file = FileKeywords.read(node, name, format, &diagnostics), let path = text(file.path, name) else { continue }
      files.append(.init(entity: entity.key, path: resolve(path), reading: file.reading, place: file.path.place))
    }
    return .files(format, files)
  }

  private mutating func readGHL(_ entry: YAMLEntry) -> GHLSourceDocument? {
    let node = entry.value
    guard node.entries("source.ghl", &diagnostics) != nil else { return nil }
    let hasLocations = node.entry("locations") != nil
    checkKeys(
      node, "source.ghl", PipelineKeywords.ghl, required: (hasLocations ? [] : ["location"]) + PipelineKeywords.ghl.required,
      at: entry.keyPlace)
    let location = node["location"].flatMap { text($0, "source.ghl.location") }
    if let location, Placeholder.matches(location), let place = node["location"]?.place {
      diagnostics.add(
        .init(.warning, .placeholderLeft, at: place, "the location is only a placeholder", hint: "put the location's ID here"))
    }
    let businesses = node["businesses"].map { readBusinesses($0) } ?? nil
    let without = node["without_business"].flatMap { node in
      word(node, "source.ghl.without_business", oneOf: PipelineKeywords.ghl.words(of: "without_business"))
    }
    let baseURL = node["base_url"].flatMap { address($0, "source.ghl.base_url")?.text }
    let ids = [location].compactMap(\.self) + (businesses ?? [])
    let (token, fallback) =
      node["auth"].map { readTokens($0, "source.ghl.auth", variable: "GHL_TOKEN", except: ids) } ?? (nil, nil)
    let percent = node["budget"].flatMap { readBudget($0, "source.ghl.budget") }
    let requests = node["requests"].map { readRequests($0) } ?? RequestPatience()
    guard let location, let token else { return nil }
    return GHLSourceDocument(
      location: location, businesses: businesses,
      withoutBusiness: without.flatMap { .init(rawValue: $0) } ?? .count, baseURL: baseURL, token: token, fallback: fallback,
      dailyPercent: percent, requests: requests)
  }

  private mutating func readRequests(_ node: YAMLNode) -> RequestPatience {
    let what = "source.ghl.requests"
    guard node.entries(what, &diagnostics) != nil else { return RequestPatience() }
    checkKeys(node, what, PipelineKeywords.requests)
    return RequestPatience(
      attempts: node["attempts"].flatMap { integer($0, "\(what).attempts", in: 1...20) },
      timeoutSeconds: node["timeout"].flatMap { seconds($0, "\(what).timeout", in: 1...600) },
      longestWaitSeconds: node["longest_wait"].flatMap { seconds($0, "\(what).longest_wait", in: 1...3_600) })
  }

  private mutating func readBusinesses(_ node: YAMLNode) -> [String]? {
    if let elements = node.elements {
      if elements.isEmpty {
        node.reportWrongKind("source.ghl.businesses", wanted: "all, or a list of IDs or names", &diagnostics)
      }
      return elements.compactMap { text($0, "a business's ID or name") }
    }
    if let word = text(node, "source.ghl.businesses"), word != "all" {
      report(.unknownWord, at: node.place, "source.ghl.businesses cannot be '\(word)'", hint: "write all, or [\(word)]")
    }
    return nil
  }
}
