extension HTTPAnswer {
  /// The values of a repeated header form one list (RFC 9110, section 5.3). If the header takes one value, the last one wins.
  ///
  /// - Parameter name: in lowercase.
  static func add(_ name: String, _ value: String, to headers: inout [String: String]) {
    guard let earlier = headers.updateValue(value, forKey: name), !single.contains(name) else { return }
    headers[name] = "\(earlier), \(value)"
  }

  private static let single: Set<String> = [
    "age", "content-encoding", "content-length", "content-type", "date", "etag", "last-modified", "location", "retry-after",
  ]
}
