package import Control

/// How one location is read. The defaults are those of the documented API.
package struct GHLConfiguration: Sendable {
  package var baseURL: String
  /// The location's id.
  package var location: String
  package var token: Secret
  /// Tried where `token` is refused: the other one of a rotation.
  package var fallbackToken: Secret?
  package var versions: GHLVersions
  /// For one answer, from sending to its last byte.
  package var timeout: Duration
  package var connectTimeout: Duration
  package var maxAnswerBytes: Int
  package var maxInFlight: Int
  /// Records per page; the API allows 100.
  package var pageLimit: Int
  /// How far `skip` reaches before another way of paging is taken.
  package var skipWall: Int
  package var retry: RetryPolicy
  package var budget: RequestBudget
  /// Send the token over plain http to a host that is not this machine.
  package var allowsPlainHTTP: Bool

  package static let defaultBaseURL = "https://services.leadconnectorhq.com"

  package init(
    baseURL: String = GHLConfiguration.defaultBaseURL, location: String, token: Secret, fallbackToken: Secret? = nil,
    versions: GHLVersions = .init(), timeout: Duration = .seconds(30), connectTimeout: Duration = .seconds(10),
    maxAnswerBytes: Int = 64 << 20, maxInFlight: Int = 16, pageLimit: Int = 100, skipWall: Int = 10_000,
    retry: RetryPolicy = .init(), budget: RequestBudget = .init(), allowsPlainHTTP: Bool = false
  ) {
    self.baseURL = baseURL
    self.location = location
    self.token = token
    self.fallbackToken = fallbackToken
    self.versions = versions
    self.timeout = timeout
    self.connectTimeout = connectTimeout
    self.maxAnswerBytes = maxAnswerBytes
    self.maxInFlight = maxInFlight
    self.pageLimit = pageLimit
    self.skipWall = skipWall
    self.retry = retry
    self.budget = budget
    self.allowsPlainHTTP = allowsPlainHTTP
  }

  /// What is wrong with it, before anything is sent.
  func check() throws(GHLFailure) {
    let scheme = baseURL.split(separator: ":", maxSplits: 1).first?.lowercased()
    guard scheme == "https" || scheme == "http", let host = Self.host(of: baseURL), !host.isEmpty else {
      throw GHLFailure(.configuration, "base_url '\(baseURL)' is no http(s) address: write it as \(Self.defaultBaseURL)")
    }
    if scheme == "http", !allowsPlainHTTP, !Self.isLoopback(host) {
      throw GHLFailure(
        .configuration, "base_url '\(baseURL)' is plain http, and the token would be readable on the way: use https")
    }
    if token.isEmpty { throw GHLFailure(.configuration, "the token is empty: set what the source's `auth` names") }
    if location.isEmpty { throw GHLFailure(.configuration, "no location: set `source.ghl.location`") }
    // A line break in a header value would start another header.
    for secret in [token, fallbackToken].compactMap({ $0 }) where secret.value.utf8.contains(where: { $0 <= 0x20 || $0 >= 0x7F })
    {
      throw GHLFailure(.configuration, "the token holds a space, a line break or a character that is not ASCII: copy it again")
    }
  }

  /// The host of an address, without user, port and brackets; nil where there is none.
  static func host(of address: String) -> String? {
    guard let colon = address.firstIndex(of: ":"), address[colon...].hasPrefix("://") else { return nil }
    let authority = address[colon...].dropFirst(3).prefix { !"/?#\\".contains($0) }
    let afterUser = authority.split(separator: "@", omittingEmptySubsequences: false).last ?? ""
    if afterUser.hasPrefix("[") { return String(afterUser.dropFirst().prefix { $0 != "]" }) }
    return String(afterUser.prefix { $0 != ":" })
  }

  static func isLoopback(_ host: String) -> Bool {
    if host.lowercased() == "localhost" || host == "::1" { return true }
    let parts = host.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts.first == "127" && parts.allSatisfy { UInt8($0) != nil }
  }
}
