extension HTTPAnswer {
  /// A repeated header is one list (RFC 9110, section 5.3), except where the header has one value: the last one counts.
  ///
  /// - Parameter name: in lower case.
  static func add(_ name: String, _ value: String, to headers: inout [String: String]) {
    guard let earlier = headers.updateValue(value, forKey: name), !single.contains(name) else { return }
    headers[name] = "\(earlier), \(value)"
  }

  private static let single: Set<String> = [
    "age", "content-encoding", "content-length", "content-type", "date", "etag", "last-modified", "location", "retry-after",
  ]
}
