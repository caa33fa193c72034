import Core

/// Common shapes of responses.
package enum ResponsePreset: String, Sendable, Hashable, CaseIterable {
  /// RFC 9457 (and RFC 7807 before it): `{"title": …, "detail": …, "errors": [{"pointer": …, "detail": …}]}`.
  case problem = "problem+json"
  /// JSON:API: `{"errors": [{"source": {"pointer": …}, "detail": …}]}`, and the ID in `data.id`.
  case jsonAPI = "jsonapi"
  /// A 2xx with `{"ok": false, "error": …}`, or with `"success": false`, is a refusal.
  case okFlag = "ok-flag"

  /// The preset that the media type of a response implies.
  init?(contentType: String?) {
    let type = contentType?.prefix { $0 != ";" }.lowercased().filter { $0 != " " }
    switch type {
    case "application/problem+json": self = .problem
    case "application/vnd.api+json": self = .jsonAPI
    default: return nil
    }
  }

  /// Where responses have field errors, if the pipeline does not say: the first place that has some.
  var errors: [FieldErrorPlaces] {
    switch self {
    case .problem:
      [
        FieldErrorPlaces(at: "errors", field: "pointer", message: "detail"),
        FieldErrorPlaces(at: "invalid-params", field: "name", message: "reason"),
      ]
    case .jsonAPI: [FieldErrorPlaces(at: "errors", field: "source.pointer", message: "detail")]
    case .okFlag: []
    }
  }

  /// Where a response has the destination's ID of the record, if the pipeline does not say.
  package var remoteID: ResponsePlace? { self == .jsonAPI ? .body(ResponsePath([.member("data"), .member("id")])) : nil }

  /// Whether a response with a status for success says that the call has failed.
  func isRefusal(_ body: JSONValue?) -> Bool {
    guard self == .okFlag else { return false }
    return body?["ok"]?.boolValue == false || body?["success"]?.boolValue == false
  }
}
