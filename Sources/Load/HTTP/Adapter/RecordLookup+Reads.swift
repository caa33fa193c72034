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
    let call: HTTPCall
    do { call = try plan.own(method, target, body: body) } catch { return failed(error.text, isAboutRecord: true) }
    return try await response(to: call).flatMap { response in
      if response.kind == .gone { return .success(nil) }
      guard let body = response.body, body.objectValue != nil else {
        return failed("the response to a lookup is not a JSON object")
      }
      return .success(body)
    }
  }
}
