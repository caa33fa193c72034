import Core
import Records

/// A request that has reached its operation.
struct AppCall: Sendable {
  let route: AppRoute
  /// The value of the path variable.
  let id: String
  let request: SandboxRequest
  let query: QueryItems
  let faults: AppFaults
  /// Milliseconds since 1970.
  let now: Int

  static let mergePatch = "application/merge-patch+json"
  static let json = "application/json"

  /// The body as JSON text, checked.
  func body(_ mediaType: String = json) throws(AppProblem) -> JSONSlice {
    let sent = request.header("content-type") ?? ""
    guard sent.prefix(while: { $0 != ";" }).trimmed.lowercased() == mediaType else {
      var problem = AppProblem(.unsupportedMediaType, "The body must be \(mediaType).")
      problem.headers = [(request.method == "PATCH" ? "Accept-Patch" : "Accept", mediaType)]
      throw problem
    }
    if let coding = request.header("content-encoding"), coding.lowercased() != "identity" {
      throw AppProblem(.unsupportedMediaType, "A compressed body is not supported.")
    }
    do throws(JSONSlicer.Failure) {
      return try JSONSlicer.slice(request.body)
    } catch {
      throw AppProblem(.invalidJSON, "Byte \(error.offset): \(error.message).")
    }
  }

  /// Refuses query parameters that the operation does not have: a misspelled filter would otherwise select every record.
  func allow(_ names: [String]) throws(AppProblem) {
    for item in query.items where !names.contains(where: { $0.isExactly(item.name) }) {
      throw AppProblem(.invalidParameter, "Unknown query parameter. Supported here: \(names.joined(separator: ", ")).")
    }
  }

  func flag(_ name: String) throws(AppProblem) -> Bool {
    switch query[name] {
    case nil, "false": false
    case "true": true
    default: throw AppProblem(.invalidParameter, "\(name) must be true or false.")
    }
  }

  func number(_ name: String, default usual: Int, _ range: ClosedRange<Int>) throws(AppProblem) -> Int {
    guard let text = query[name] else { return usual }
    guard let value = Int(text), range.contains(value) else {
      throw AppProblem(.invalidParameter, "\(name) must be a number from \(range.lowerBound) to \(range.upperBound).")
    }
    return value
  }

  /// Whether the header `Prefer` (RFC 7240) has this preference.
  func prefers(_ preference: String) -> Bool {
    (request.header("prefer") ?? "").split(separator: ",").contains { $0.trimmed.lowercased() == preference }
  }
}

extension StringProtocol {
  /// Without spaces and tabs at either end.
  var trimmed: String {
    String(drop { $0 == " " || $0 == "\t" }.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
  }
}
