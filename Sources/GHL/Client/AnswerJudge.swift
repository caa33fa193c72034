import Control
package import HTTP
package import Records

/// Turns an answer into a usable value, or a failure with its kind. No I/O; every sequence of bytes ends in one of the two.
package enum AnswerJudge {
  /// - Parameters:
  ///   - location: the location whose records are requested.
  ///   - check: finds what is wrong with the JSON of a read request's answer; nil if it can be used.
  package static func judge(
    _ answer: HTTPAnswer, of request: GHLRequest, location: String, _ check: ((JSONSlice) -> AnswerFault?)? = nil
  ) -> Result<GHLAnswer, GHLFailure> {
    func fault(_ kind: GHLFailure.Kind, _ detail: String) -> Result<GHLAnswer, GHLFailure> {
      .failure(
        GHLFailure(
          kind, detail, request: request.title, endpoint: request.endpoint, status: answer.status, traceId: answer.traceId))
    }
    var good = GHLAnswer(status: answer.status, body: answer.body, traceId: answer.traceId, lease: answer.lease)
    guard (200..<300).contains(answer.status) else {
      guard
        var failure = AnswerClassifier.failure(
          status: answer.status, body: answer.body, request: request, dailyRemaining: answer.limits.dailyRemaining)
      else { return .success(good) }
      failure.retryAfter = answer.limits.retryAfter
      return .failure(failure)
    }
    guard answer.status != 206 else { return fault(.malformedAnswer, "a partial response") }
    if answer.body.isEmpty {
      // 204, or a route that returns no body. A read request must have a body; without one, the answer was cut off.
      let isEnough = check == nil && (answer.status != 200 || !request.isRepeatable || request.endpoint == .other)
      return isEnough ? .success(good) : fault(.malformedAnswer, "a response without a body")
    }
    do throws(JSONSlicer.Failure) {
      let root = try JSONSlicer.slice(answer.body)
      good.root = root
      if request.isRepeatable, let wrong = AnswerIdentity.fault(of: root, request, location) ?? check?(root) {
        return fault(wrong.kind, wrong.detail)
      }
      return .success(good)
    } catch {
      let isPage = answer.body.first { $0 > 0x20 } == UInt8(ascii: "<")
      let isCompressed = answer.headers["content-encoding"].map { !["", "identity"].contains($0.lowercased()) } ?? false
      return fault(
        .malformedAnswer,
        isCompressed
          ? "it is compressed, which was not requested" : isPage ? "an HTML page" : "byte \(error.offset + 1): \(error.message)")
    }
  }
}
