package import Control
import Core
package import HTTP

/// How one location is read. The defaults are those of the documented API.
package struct GHLConfiguration: Sendable {
  package var baseURL: String
  /// The location's id.
  package var location: String
  package var token: Secret
  /// Used if `token` is refused: the other one of a rotation.
  package var fallbackToken: Secret?
  package var versions: GHLVersions
  /// For one response, from sending the request to the last byte.
  package var timeout: Duration
  package var connectTimeout: Duration
  package var maxAnswerBytes: Int
  package var maxInFlight: Int
  /// Records per page; the API allows 100.
  package var pageLimit: Int
  /// How far `skip` reaches before another way of paging is used.
  package var skipWall: Int
  package var retry: RetryPolicy
  package var budget: RequestBudget

  package static let defaultBaseURL = "https://services.leadconnectorhq.com"

  package init(
    baseURL: String = GHLConfiguration.defaultBaseURL, location: String, token: Secret, fallbackToken: Secret? = nil,
    versions: GHLVersions = .init(), timeout: Duration = .seconds(30), connectTimeout: Duration = .seconds(10),
    maxAnswerBytes: Int = 64 << 20, maxInFlight: Int = 16, pageLimit: Int = 100, skipWall: Int = 10_000,
    retry: RetryPolicy = .init(), budget: RequestBudget = .init()
  ) {
    URLPassword.learn(from: baseURL)
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
  }

  /// Validates the configuration before anything is sent.
  ///
  /// - Returns: the address in `baseURL`, which all requests go to.
  /// - Throws: `GHLFailure` of kind `configuration`.
  package func check() throws(GHLFailure) -> ServerAddress {
    let address: ServerAddress
    do throws(ServerAddress.Failure) {
      address = try ServerAddress(baseURL)
    } catch {
      // The address itself is not repeated: it may contain a password.
      throw GHLFailure(.configuration, "the address in base_url \(error.reason): \(error.hint)")
    }
    if address.scheme == .http, !address.isLoopback {
      throw GHLFailure(
        .configuration,
        "base_url '\(address.text)' is plain http, which would expose the token in transit: use https; "
          + "plain http is only allowed for this machine: 127.0.0.1, [::1] or localhost"
      )
    }
    if token.isEmpty { throw GHLFailure(.configuration, "the token is empty: set what the source's `auth` names") }
    if location.isEmpty { throw GHLFailure(.configuration, "no location: set `source.ghl.location`") }
    if Placeholder.matches(location) {
      throw GHLFailure(
        .configuration,
        "the location '\(location)' is only a placeholder: put the location's ID in `source.ghl.location`, or in the variable that it names"
      )
    }
    if Placeholder.matches(token.value) {
      throw GHLFailure(
        .configuration,
        "the token is only a placeholder: put the location's private integration token where the source's `auth` points")
    }
    // A line break in a header value would start another header.
    for secret in [token, fallbackToken].compactMap({ $0 }) where secret.value.utf8.contains(where: { $0 <= 0x20 || $0 >= 0x7F })
    {
      throw GHLFailure(.configuration, "the token contains a space, a line break or a non-ASCII character: copy it again")
    }
    return address
  }
}
