/// The formats that OpenAPI adds to those of JSON Schema.
enum OpenAPIFormat: String, Sendable, CaseIterable {
  case int32, int64
  /// Annotations: a JSON number has no such limits, and any text may be a password or stand for bytes.
  case float, double, password, binary
  /// A text of base64 (RFC 4648, section 4).
  case byte

  func isPart(of version: OpenAPIVersion) -> Bool {
    switch self {
    // 3.1 has `contentEncoding` instead.
    case .byte, .binary: version.isTranslated
    default: true
    }
  }

  /// The least and the greatest number.
  var range: (least: String, most: String)? {
    switch self {
    case .int32: (String(Int32.min), String(Int32.max))
    case .int64: (String(Int64.min), String(Int64.max))
    default: nil
    }
  }

  /// Base64 as a pattern.
  static let base64 = "^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$"
}
