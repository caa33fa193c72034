import Core

/// The gateway between the client and the application, which sends responses of its own.
extension AppFaults {
  /// The response that the request gets instead of reaching the application.
  ///
  /// - Parameter target: path and query below the base path.
  /// - Parameter items: how many records a batch has; 1 for other requests.
  func gatewayAnswer(_ request: SandboxRequest, target: String, items: Int, now: Int) -> SandboxAnswer? {
    if has(.timeoutBefore) { return Self.nothing }
    if has(.redirect) || has(.redirectOutside) { return redirect(request, target) }
    if has(.tooManyRequests) { return refusal(.tooManyRequests, "Too many requests.", retryAfter: "1") }
    if has(.tooManyRequestsDate) {
      return refusal(.tooManyRequests, "Too many requests.", retryAfter: Instant.httpDate(now + 1000))
    }
    if has(.unavailable) { return refusal(.unavailable, "The service is being restarted.", retryAfter: "1") }
    if has(.unauthorized) { return YourApp.unauthorized("The access token has expired.").answer }
    if has(.forbidden) { return AppProblem(.forbidden, "The access token does not allow this.").answer }
    if has(.tooLarge), items > 1 {
      var problem = AppProblem(.batchTooLarge, "The batch is too large.")
      problem.limit = ("maxItems", items / 2)
      return problem.answer
    }
    guard has(.html) else { return nil }
    let page = "<!DOCTYPE html>\n<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>\n"
    var answer = SandboxAnswer(status: 502, body: Array(page.utf8))
    answer.contentType = "text/html"
    return answer
  }

  static var nothing: SandboxAnswer {
    var answer = SandboxAnswer(status: 200, body: [])
    answer.ending = .nothing
    return answer
  }

  private func refusal(_ code: AppProblem.Code, _ detail: String, retryAfter: String) -> SandboxAnswer {
    var problem = AppProblem(code, detail)
    problem.headers = [("Retry-After", retryAfter)]
    return problem.answer
  }

  private func redirect(_ request: SandboxRequest, _ target: String) -> SandboxAnswer {
    var draw = draw(1)
    var origin = ""
    if has(.redirectOutside) {
      let authority = request.header("host") ?? ""
      let port = authority.lastIndex(of: ":").map { String(authority[$0...]) } ?? ""
      // The same server under another name is another origin.
      origin = "http://" + (authority.hasPrefix("localhost") ? "127.0.0.1" : "localhost") + port
    }
    var answer = SandboxAnswer(status: draw.pick([307, 308]), body: [])
    let path = has(.redirectOutside) ? YourApp.outsidePath : YourApp.movedPath
    answer.headers = [("Location", origin + path + target)]
    answer.contentType = ""
    return answer
  }
}
