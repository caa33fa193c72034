import Control
import Core
import HTTP

/// Reads that an adapter makes for a lookup.
extension RecordLookup {
  /// Makes one request.
  ///
  /// - Parameter target: path and query below the base URL, encoded.
  /// - Returns: the body of the response; nil: what the request names does not exist, or not any more.
  /// - Throws: what the journal throws.
  func read(_ method: String = "GET", _ target: String, body: [UInt8]? = nil) async throws -> Swift.Result<JSONValue?, Trouble> {
    func failed(_ why: String, isAboutRecord: Bool = false) -> Swift.Result<JSONValue?, Trouble> {
      .failure(Trouble(result: .failed(.other, retryAfter: nil, why), isAboutRecord: isAboutRecord))
    }
    var call: HTTPCall
    do { call = try plan.own(method, target, body: body) } catch { return failed(error.text, isAboutRecord: true) }
    call.isOptional = isOptional
    switch try await engine.call(call) {
    case nil, .cancelled: return .failure(Trouble(result: .cancelled))
    case .stopped(let failure): return .failure(Trouble(result: .stopped(failure)))
    case .notSent(let why), .noResponse(let why): return failed(why)
    case .response(let response, let retryAfter, let credentials):
      switch response.kind {
      case .accepted:
        guard let body = response.body, body.objectValue != nil else {
          return failed("the response to a lookup is not a JSON object")
        }
        return .success(body)
      case .gone: return .success(nil)
      case .unauthorized: return .failure(Trouble(result: .unauthorized(response.detail, credentials: credentials)))
      case .forbidden: return .failure(Trouble(result: .failed(.forbidden, retryAfter: retryAfter, response.detail)))
      default:
        let why = response.detail.isEmpty ? "status \(response.status)" : response.detail
        return .failure(
          Trouble(result: .failed(.other, retryAfter: retryAfter, why), isAboutRecord: response.isAboutRecord))
      }
    }
  }
}
