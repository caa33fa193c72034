import FoundationEssentials

extension HTTPAnswer {
  /// The pause that `Retry-After` asks for, in seconds or as a date (RFC 9110, section 10.2.3); nil if the header is missing or
  /// malformed. A moment that has passed is no pause.
  package var retryAfter: Duration? {
    guard let text = headers["retry-after"] else { return nil }
    if let seconds = HeaderNumber.count(text) { return .seconds(seconds) }
    guard let end = HTTPDate.seconds(text) else { return nil }
    return .seconds(max(0, end - serverTime))
  }

  /// Seconds since 1970 by the server's own clock, since clocks differ; by ours if the response has no valid `Date`.
  var serverTime: Int { headers["date"].flatMap { HTTPDate.seconds($0) } ?? Int(Date().timeIntervalSince1970) }
}
