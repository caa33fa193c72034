import Core

/// The destination's block in the pipeline file. What was assumed is a comment that begins with `review:`.
struct DestinationText {
  private var lines: [String] = []
  private var mappings: [String] = []
  private let name: String

  private static let width = 100

  init(name: String, server: APIServer) {
    self.name = name
    add("base_url: \(server.address.contains("{") ? YAMLText.sentence(server.address) : server.address)", server.remarks)
  }

  var text: String {
    let inner = lines + ["mappings:"] + mappings.map { $0.isEmpty ? "" : "  " + $0 }
    let all = ["  \(name):", "    http:"] + inner.map { "      " + $0 }
    return all.map { $0 + "\n" }.joined()
  }

  private mutating func add(_ line: String, _ remarks: [String] = []) {
    for remark in remarks { lines += ResourceText.wrapped("# review: \(YAMLText.comment(remark))", width: Self.width) }
    lines.append(line)
  }

  mutating func add(_ access: APIAccess) {
    if let auth = access.auth {
      add("auth: \(auth)", access.remarks)
    } else {
      let remarks = access.remarks.isEmpty ? ["the document does not say that requests must be authorized"] : access.remarks
      for remark in remarks { lines += ResourceText.wrapped("# review: \(YAMLText.comment(remark))", width: Self.width) }
    }
  }

  /// Headers that requests must have, and the one that makes them repeatable.
  mutating func addHeaders(_ resources: [APIResource], _ requests: inout APIRequests) {
    let operations = resources.flatMap { [$0.create, $0.put, $0.patch, $0.post].compactMap(\.self) }
    let known = RequestParts.ownHeaders.union(["accept", "content-type", "authorization", "if-match", "if-none-match", "prefer"])
    var headers: [(name: String, value: String)] = []
    for parameter in operations.flatMap(\.parameters) where parameter.place == .header && parameter.isRequired {
      let name = parameter.name.lowercased()
      guard !known.contains(name), !name.contains("idempoten"), !Self.isCredential(parameter.name) else { continue }
      guard !headers.contains(where: { $0.name.lowercased() == name }) else { continue }
      headers.append((parameter.name, requests.value(of: parameter)))
    }
    if !headers.isEmpty {
      lines.append("headers:")
      for header in headers { lines.append("  \(YAMLText.scalar(header.name)): \(YAMLText.sentence(header.value))") }
    }
    let all = operations.compactMap { operation in
      operation.parameters.first { $0.place == .header && $0.name.lowercased().contains("idempoten") }
    }
    guard let first = all.first else { return }
    var remarks = ["the document does not say how long keys are remembered"]
    if all.count < operations.count { remarks.append("only \(all.count) of \(operations.count) write requests have it") }
    add("idempotency: {header: \(YAMLText.scalar(first.name)), lifetime: 24h}", remarks)
  }

  private static func isCredential(_ name: String) -> Bool {
    let words = NameMatch.words(name)
    return words.suffix(2) == ["api", "key"] || words.contains("token") || words.last == "apikey"
  }

  mutating func add(_ refusals: APIRefusals) {
    if let preset = refusals.preset { lines.append("responses: {preset: \(preset)}") }
    if let ok = refusals.ok { lines += ["responses:", "  ok: \(YAMLText.sentence(ok))"] }
    if let fields = refusals.fields {
      let message = fields.message.map { ", message: \(YAMLText.scalar($0))" } ?? ""
      let field = fields.field.map { ", field: \(YAMLText.scalar($0))" } ?? ""
      lines.append("errors: {at: \(YAMLText.scalar(fields.at))\(field)\(message)}")
    } else {
      lines.append("# errors: the document does not say where a refusal names fields")
    }
  }

  mutating func add(_ mapping: String, _ block: ResourceText) {
    mappings.append("\(mapping):")
    mappings += block.lines.map { "  " + $0 }
  }

  mutating func add(_ omissions: [(what: String, reason: String)]) {
    guard !omissions.isEmpty else { return }
    mappings.append("# Not proposed:")
    for omission in omissions.prefix(60) {
      mappings += ResourceText.wrapped("#   \(YAMLText.comment("\(omission.what): \(omission.reason)"))", width: Self.width)
    }
    if omissions.count > 60 { mappings.append("#   and \(omissions.count - 60) more") }
  }
}
