package import Core
import Files
import HTTP
package import Mapping
package import Settings

/// Reads the block `http` of a destination, and reports all its errors at once. What only the mappings can tell is checked by
/// `HTTPDocument.check`.
package struct HTTPDestinationReader: SettingsReader {
  package let file: String
  package let folder: String
  package let environment: [String: String]
  package var diagnostics: Diagnostics
  package var environmentValues: [EnvironmentValue]
  /// `destinations.app.http`
  let what: String

  /// - Parameter what: the name of the block in messages: `destinations.app.http`.
  package init(_ what: String, continuing reader: some SettingsReader) {
    (file, folder, environment) = (reader.file, reader.folder, reader.environment)
    (diagnostics, environmentValues) = (reader.diagnostics, reader.environmentValues)
    self.what = what
  }

  /// Nil if a reported error makes it impossible to continue.
  package mutating func read(_ entry: YAMLEntry) -> HTTPDocument? {
    let node = entry.value
    guard node.entries(what, &diagnostics) != nil else { return nil }
    checkKeys(node, what, HTTPKeywords.document, at: entry.keyPlace)
    let address = node["base_url"].flatMap { secureAddress($0, "\(what).base_url") }
    let authorization = node["auth"].flatMap { readAuthorization($0) }
    let headers = node["headers"].map { readHeaders($0, "\(what).headers", of: nil) } ?? []
    let (perSecond, concurrent) = node["rate"].map { readRate($0) } ?? (nil, nil)
    let timeout = node["timeout"].flatMap { seconds($0, "\(what).timeout", in: 1...600) }
    let longestCall = node["longest_call"].flatMap { seconds($0, "\(what).longest_call", in: 1...3_600) }
    let certificates = node["ca_file"].flatMap { readCertificates($0, address) }
    let idempotency = node["idempotency"].flatMap { readIdempotency($0) }
    var rules = node["responses"].map { readResponses($0) } ?? ResponseRules()
    rules.errors = node["errors"].flatMap { readErrors($0) }
    let resources = node["mappings"].map { readResources($0, rules) } ?? []
    checkTwice(authorization, idempotency, at: node)
    guard let address else { return nil }
    var document = HTTPDocument(address: address, responses: rules)
    (document.authorization, document.headers, document.perSecond) = (authorization, headers, perSecond)
    document.concurrent = concurrent ?? document.concurrent
    document.timeout = timeout.map { .seconds($0) } ?? document.timeout
    document.longestCall = longestCall.map { .seconds($0) } ?? document.longestCall
    (document.certificates, document.idempotency, document.resources) = (certificates, idempotency, resources)
    return document
  }

  private mutating func readRate(_ node: YAMLNode) -> (perSecond: Double?, concurrent: Int?) {
    let what = "\(what).rate"
    guard node.entries(what, &diagnostics) != nil else { return (nil, nil) }
    checkKeys(node, what, HTTPKeywords.rate)
    return (
      node["per_second"].flatMap { number($0, "\(what).per_second", in: HTTPKeywords.perSecond) },
      node["concurrent"].flatMap { integer($0, "\(what).concurrent", in: HTTPKeywords.concurrent) }
    )
  }

  private mutating func readCertificates(_ node: YAMLNode, _ address: ServerAddress?) -> String? {
    let what = "\(what).ca_file"
    guard let written = text(node, what) else { return nil }
    let path = resolve(written)
    switch SmallFile.bytes(of: path, atMost: 4 << 20) {
    case .failure(let failure):
      report(.inputMissing, at: node.place, "\(what): '\(written)' \(failure)")
      return nil
    case .success(let bytes):
      guard bytes.firstRange(of: "-----BEGIN CERTIFICATE-----".utf8) != nil,
        bytes.firstRange(of: "-----END CERTIFICATE-----".utf8) != nil
      else {
        report(
          .badArgument, at: node.place, "\(what): '\(written)' has no certificate in PEM format",
          hint: "it must contain -----BEGIN CERTIFICATE-----; convert it: openssl x509 -inform der -in FILE -out ca.pem")
        return nil
      }
    }
    if address?.scheme == .http {
      report(.badArgument, at: node.place, "\(what) has no effect: base_url is plain http", hint: "remove it, or write https://")
    }
    return path
  }

  /// Headers with a meaning of their own, which a key would replace.
  private static let ownHeaders: Set<String> = [
    "accept", "authorization", "content-encoding", "content-type", "cookie", "if-match", "if-none-match", "prefer", "user-agent",
  ]

  private mutating func readIdempotency(_ node: YAMLNode) -> IdempotencyDocument? {
    let what = "\(what).idempotency"
    guard node.entries(what, &diagnostics) != nil else { return nil }
    checkKeys(node, what, HTTPKeywords.idempotency)
    let lifetime = node["lifetime"].flatMap { seconds($0, "\(what).lifetime", in: 60...2_592_000) }
    guard let header = node["header"].flatMap({ headerName($0, "\(what).header") }) else { return nil }
    if Self.ownHeaders.contains(header.lowercased()), let place = node["header"]?.place {
      report(
        .badArgument, at: place, "\(what).header: requests use \(header) for something else", hint: "write Idempotency-Key")
      return nil
    }
    return IdempotencyDocument(header: header, lifetime: .seconds(lifetime ?? 86_400))
  }

  private mutating func readErrors(_ node: YAMLNode) -> FieldErrorPlaces? {
    let what = "\(what).errors"
    guard node.entries(what, &diagnostics) != nil else { return nil }
    checkKeys(node, what, HTTPKeywords.errors)
    if let each = node.entry("each"), node["at"] != nil {
      report(.wrongKind, at: each.keyPlace, "\(what) has both 'at' and 'each', which mean the same thing", hint: "remove 'each'")
    }
    var places = FieldErrorPlaces()
    places.at = (node["at"] ?? node["each"]).flatMap { path($0, "\(what).at") }
    places.field = node["field"].flatMap { path($0, "\(what).field") }
    places.message = node["message"].flatMap { path($0, "\(what).message") }
    places.status = Set(node["status"].map { statuses($0, "\(what).status").map(\.status) } ?? [])
    return places
  }

  mutating func statuses(_ node: YAMLNode, _ what: String) -> [(status: Int, place: SourcePlace)] {
    guard let elements = node.elements(what, &diagnostics) else { return [] }
    if elements.isEmpty { reportEmpty(node, what, hint: "write statuses: [422]") }
    return elements.compactMap { element in
      integer(element, "a status in \(what)", in: HTTPKeywords.status).map { ($0, element.place) }
    }
  }
}
