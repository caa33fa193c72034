/// The faults that hit one request. Which ones is drawn from the seed, the request and how often it was made: independent of the
/// order in which concurrent requests arrive, and different when one is repeated.
struct RequestFaults: Sendable {
  var hits: Set<FaultPlan.Fault>
  /// From 1.
  var attempt: Int
  let draw: Draw

  init(hits: Set<FaultPlan.Fault>, attempt: Int, draw: Draw) {
    self.hits = hits
    self.attempt = attempt
    self.draw = draw
  }

  /// - Parameter route: nil if the request has none.
  init(plan: FaultPlan, _ route: Route?, hash: UInt64, attempt: Int) {
    hits = []
    self.attempt = attempt
    for (number, fault) in FaultPlan.Fault.allCases.enumerated() where fault.applies(to: route) {
      guard let rate = plan.rates[fault] else { continue }
      var draw = Draw(seed: hash, stream: .fault, index: attempt, part: number)
      if draw.below(1_000_000) < Int(rate * 1_000_000) { hits.insert(fault) }
    }
    draw = Draw(seed: hash, stream: .fault, index: attempt, part: 1000)
  }

  func has(_ fault: FaultPlan.Fault) -> Bool { hits.contains(fault) }

  /// One too early or one too late; only while a page is read for the first time.
  var shift: Int {
    guard has(.moving), attempt == 1 else { return 0 }
    var draw = draw
    return draw.below(2) == 0 ? -1 : 1
  }

  /// Where a page begins that was asked for at `offset`.
  func start(_ offset: Int, pageSize: Int) -> Int {
    guard offset > 0 else { return 0 }
    return max(max(offset + shift, 0) - (has(.repeatedPage) ? pageSize : 0), 0)
  }

  /// A count that is wrong: none, too few or too many.
  func told(_ count: Int) -> Int {
    guard has(.countLies) else { return count }
    var draw = draw
    return draw.pick([0, count / 2, count * 2 + 7])
  }

  /// The answer that the request gets without reaching a route.
  var answerInstead: SandboxAnswer? {
    var draw = draw
    if has(.disconnect), draw.below(2) == 0 {
      var answer = SandboxAnswer(status: 200, body: [])
      answer.ending = .nothing
      return answer
    }
    if has(.tooManyRequests) {
      return SandboxAnswer(status: 429) {
        $0.number("statusCode", 429)
        $0.text("message", "Too Many Requests")
      }
    }
    if has(.serverError) { return Self.serverError(&draw) }
    guard has(.html) else { return nil }
    let page = "<!DOCTYPE html>\n<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>\n"
    var answer = SandboxAnswer(status: 502, body: Array(page.utf8))
    answer.contentType = "text/html"
    return answer
  }

  static func serverError(_ draw: inout Draw) -> SandboxAnswer {
    let (status, message) = draw.pick([
      (500, "Internal server error"), (502, "Bad Gateway"), (503, "Service Unavailable"), (504, "Gateway Timeout"),
    ])
    return SandboxAnswer(status: status) {
      $0.number("statusCode", status)
      $0.text("message", message)
    }
  }

  /// What happens to an answer on its way out.
  func spoil(_ answer: inout SandboxAnswer) {
    misreport(&answer)
    if has(.slow) { answer.delay = 2000 }
    guard answer.ending == .whole else { return }
    if has(.truncated) { answer.body.removeLast(answer.body.count - answer.body.count / 2) }
    if has(.disconnect) { answer.ending = .half }
  }
}
