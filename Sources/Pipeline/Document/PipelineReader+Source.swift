import Core
import GHL
import Mapping

/// `source`.
extension PipelineReader {
  private static let kinds = PipelineKeywords.source.names

  mutating func readSource(_ node: YAMLNode) -> PipelineSource? {
    guard let entries = node.entries("source", &diagnostics) else { return nil }
    checkKeys(node, "source", PipelineKeywords.source)
    let known = entries.filter { Self.kinds.contains($0.key) }
    guard let entry = known.first else {
      if entries.isEmpty {
        node.reportWrongKind("source", wanted: "a map with one of \(Self.kinds.joined(separator: ", "))", &diagnostics)
      }
      return nil
    }
    for other in known.dropFirst() {
      report(.wrongKind, at: other.keyPlace, "a pipeline has one source; '\(entry.key)' stands there already")
    }
    switch entry.key {
    case "ghl": return readGHL(entry).map { .ghl($0) }
    case "ndjson": return readFiles(entry, .ndjson)
    case "csv": return readFiles(entry, .csv)
    default: return text(entry.value, "source.snapshot").map { .snapshot($0) }
    }
  }

  private mutating func readFiles(_ entry: YAMLEntry, _ format: RecordFormat) -> PipelineSource? {
    let what = "source.\(entry.key)"
    guard let entries = entry.value.entries(what, &diagnostics) else { return nil }
    if entries.isEmpty { entry.value.reportWrongKind(what, wanted: "a map from entity to file", &diagnostics) }
    var files: [PipelineSource.EntityFile] = []
    for entity in entries {
      guard let path = text(entity.value, "\(what).\(entity.key)") else { continue }
      files.append(.init(entity: entity.key, path: resolve(path), place: entity.value.place))
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
    let businesses = node["businesses"].map { readBusinesses($0) } ?? nil
    let without = node["without_business"].flatMap { node in
      word(node, "source.ghl.without_business", oneOf: PipelineKeywords.ghl.words(of: "without_business"))
    }
    let baseURL = node["base_url"].flatMap { readAddress($0) }
    let (token, fallback) = node["auth"].map { readAuth($0) } ?? (nil, nil)
    let percent = node["budget"].map { readBudget($0) } ?? nil
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
        node.reportWrongKind("source.ghl.businesses", wanted: "all, or a list of ids or names", &diagnostics)
      }
      return elements.compactMap { text($0, "a business's id or name") }
    }
    if let word = text(node, "source.ghl.businesses"), word != "all" {
      report(.unknownWord, at: node.place, "source.ghl.businesses cannot be '\(word)'", hint: "write all, or [\(word)]")
    }
    return nil
  }

  private mutating func readAddress(_ node: YAMLNode) -> String? {
    guard let address = text(node, "source.ghl.base_url") else { return nil }
    URLPassword.learn(from: address)
    do throws(ServerAddress.Failure) {
      return try ServerAddress(address).text
    } catch {
      // The address is not repeated: there may be a password in it.
      report(.badArgument, at: node.place, "source.ghl.base_url \(error.reason)", hint: error.hint)
      return nil
    }
  }

  private mutating func readBudget(_ node: YAMLNode) -> Double? {
    guard node.entries("source.ghl.budget", &diagnostics) != nil else { return nil }
    checkKeys(node, "source.ghl.budget", PipelineKeywords.budget)
    return node["daily_percent"].flatMap { percent($0, "source.ghl.budget.daily_percent") }
  }

  private mutating func readAuth(_ node: YAMLNode) -> (token: SecretReference?, fallback: SecretReference?) {
    if node.scalar != nil {
      reportLiteral(node, "source.ghl.auth", "{token: {env: GHL_TOKEN}}")
      return (nil, nil)
    }
    guard let entries = node.entries("source.ghl.auth", &diagnostics) else { return (nil, nil) }
    for entry in entries where !PipelineKeywords.auth.names.contains(entry.key) { learnLiterals(entry.value) }
    let hasOAuth = entries.contains { $0.key == "oauth" }
    checkKeys(node, "source.ghl.auth", PipelineKeywords.auth, required: hasOAuth ? [] : ["token"])
    return (
      node["token"].flatMap { readSecret($0, "source.ghl.auth.token", variable: "GHL_TOKEN") },
      node["fallback"].flatMap { readSecret($0, "source.ghl.auth.fallback", variable: "GHL_TOKEN_NEXT") }
    )
  }

  /// `{env: NAME}`, `{file: PATH}` or `{command: [...]}`.
  private mutating func readSecret(_ node: YAMLNode, _ what: String, variable: String) -> SecretReference? {
    if node.scalar != nil {
      reportLiteral(node, what, "{env: \(variable)}")
      return nil
    }
    guard let entries = node.entries(what, &diagnostics) else { return nil }
    checkKeys(node, what, PipelineKeywords.secret)
    learnLiterals(entries)
    var known = entries.filter { PipelineKeywords.secret.names.contains($0.key) }
    // Of a command, `env` names what it gets.
    let command = known.first { $0.key == "command" }
    let variables = command.flatMap { _ in known.first { $0.key == "env" && $0.value.elements != nil } }
    if command != nil, let variables { known.removeAll { $0.keyPlace == variables.keyPlace } }
    guard let entry = known.first else {
      if entries.isEmpty { node.reportWrongKind(what, wanted: "{env: NAME}, {file: PATH} or {command: [...]}", &diagnostics) }
      return nil
    }
    for other in known.dropFirst() {
      report(.wrongKind, at: other.keyPlace, "\(what) has one place; '\(entry.key)' stands there already")
    }
    switch entry.key {
    case "env":
      return variableName(entry.value, "\(what).env", hint: "write {env: \(variable)}").map { .environment($0) }
    case "file": return text(entry.value, "\(what).file").map { .file(resolve($0)) }
    default:
      guard let words = entry.value.elements("\(what).command", &diagnostics) else { return nil }
      if words.isEmpty { entry.value.reportWrongKind("\(what).command", wanted: "a program and its arguments", &diagnostics) }
      let texts = words.compactMap { text($0, "a word of \(what).command") }
      guard texts.count == words.count, !texts.isEmpty else { return nil }
      let nodes = variables?.value.elements ?? []
      if variables != nil, nodes.isEmpty {
        variables?.value.reportWrongKind("\(what).env", wanted: "a list of names of environment variables", &diagnostics)
      }
      let names = nodes.compactMap { variableName($0, "a name in \(what).env", hint: "write env: [VAULT_ADDR]") }
      return names.count == nodes.count ? .command(texts, folder: folder, variables: names) : nil
    }
  }

  /// The name of an environment variable; anything else may be the secret itself, put where its name belongs.
  private mutating func variableName(_ node: YAMLNode, _ what: String, hint: String) -> String? {
    guard let name = text(node, what) else { return nil }
    let isName = name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") } && name.first?.isNumber == false
    guard isName, name.uppercased() == name || !SecretShapes.looksRandom(name) else {
      Redactor.process.learn(name)
      report(.literalSecret, at: node.place, "\(what) must be the name of an environment variable", hint: hint)
      return nil
    }
    return name
  }

  /// What was typed under `auth` and is none of the places of a secret: no message repeats it.
  private func learnLiterals(_ entries: [YAMLEntry]) {
    for entry in entries where !PipelineKeywords.secret.names.contains(entry.key) { learnLiterals(entry.value) }
  }

  private func learnLiterals(_ node: YAMLNode) {
    if let scalar = node.scalar { Redactor.process.learn(scalar.text) }
    for element in node.elements ?? [] { learnLiterals(element) }
    for entry in node.entries ?? [] { learnLiterals(entry.value) }
  }

  /// The value is not repeated: it may be the secret.
  private mutating func reportLiteral(_ node: YAMLNode, _ what: String, _ fix: String) {
    learnLiterals(node)
    report(.literalSecret, at: node.place, "\(what) is a secret, which never stands in a file like this", hint: "write \(fix)")
  }
}
