import Values

/// The formats of JSON Schema 2020-12 (validation, section 7.3), all asserted, each as strictly as the RFC that the
/// specification names. A format concerns strings only; other values pass.
///
/// The checks work on bytes that are valid UTF-8. None of them allocates, but for `regex` and for host names and mail
/// domains that are not ASCII.
package enum StringFormat: UInt8, Sendable, CaseIterable, Hashable {
  case dateTime, date, time, duration
  case email, idnEmail, hostname, idnHostname, ipv4, ipv6
  case uri, uriReference, iri, iriReference, uriTemplate
  case uuid, jsonPointer, relativeJSONPointer, regex

  /// As the keyword `format` spells it.
  package var name: String {
    switch self {
    case .dateTime: "date-time"
    case .date: "date"
    case .time: "time"
    case .duration: "duration"
    case .email: "email"
    case .idnEmail: "idn-email"
    case .hostname: "hostname"
    case .idnHostname: "idn-hostname"
    case .ipv4: "ipv4"
    case .ipv6: "ipv6"
    case .uri: "uri"
    case .uriReference: "uri-reference"
    case .iri: "iri"
    case .iriReference: "iri-reference"
    case .uriTemplate: "uri-template"
    case .uuid: "uuid"
    case .jsonPointer: "json-pointer"
    case .relativeJSONPointer: "relative-json-pointer"
    case .regex: "regex"
    }
  }

  /// Nil for a name that the specification does not have.
  package init?(name: String) {
    guard let format = Self.allCases.first(where: { $0.name == name }) else { return nil }
    self = format
  }

  /// Draft-07 has no such format.
  var isNewerThanDraft7: Bool { self == .duration || self == .uuid }

  package func matches(_ text: Span<UInt8>) -> Bool {
    switch self {
    case .dateTime: DateTimeSyntax.isDateTime(text)
    case .date: DateTimeSyntax.isDate(text)
    case .time: DateTimeSyntax.isTime(text)
    case .duration: DateTimeSyntax.isDuration(text)
    case .email: EmailSyntax.matches(text, international: false)
    case .idnEmail: EmailSyntax.matches(text, international: true)
    case .hostname: HostSyntax.isHostname(text, in: 0..<text.count)
    case .idnHostname: InternationalHostname.matches(text, in: 0..<text.count)
    case .ipv4: IPAddress.isV4(text)
    case .ipv6: IPAddress.isV6(text)
    case .uri: URISyntax.matches(text, relative: false, international: false)
    case .uriReference: URISyntax.matches(text, relative: true, international: false)
    case .iri: URISyntax.matches(text, relative: false, international: true)
    case .iriReference: URISyntax.matches(text, relative: true, international: true)
    case .uriTemplate: TemplateSyntax.matches(text)
    case .uuid: PointerSyntax.isUUID(text)
    case .jsonPointer: PointerSyntax.isPointer(text)
    case .relativeJSONPointer: PointerSyntax.isRelativePointer(text)
    case .regex: Self.isExpression(text)
    }
  }

  private static func isExpression(_ text: Span<UInt8>) -> Bool {
    let pattern = text.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
    do throws(PatternError) {
      _ = try Pattern(pattern)
      return true
    } catch {
      return error.isLimit
    }
  }
}
