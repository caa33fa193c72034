import Core
import Files
import FoundationEssentials
import HTTP

/// The credentials of a destination: read when they are first needed, and once more when they are refused, because a file or a
/// command may have a new token by then.
actor Credentials {
  /// They cannot be read.
  struct Missing: Error { var underlying: OperationFailure }

  private let authorization: HTTPAuthorization?
  private let environment: [String: String]
  private var secret: Secret?

  init(_ authorization: HTTPAuthorization?, environment: [String: String]) {
    self.authorization = authorization
    self.environment = environment
  }

  /// - Throws: `Missing`, `CancellationError`.
  func apply(to headers: inout [(name: String, value: String)], target: inout String) async throws {
    guard let authorization else { return }
    let secret = try await current(authorization)
    switch authorization {
    case .bearer: headers.append(("authorization", "Bearer \(secret.value)"))
    case .basic(let user, _):
      let pair = Secret(Data("\(user):\(secret.value)".utf8).base64EncodedString())
      headers.append(("authorization", "Basic \(pair.value)"))
    case .header(let name, _): headers.append((name, secret.value))
    case .query(let name, _):
      target += (target.contains("?") ? "&" : "?") + name + "=" + PercentEncoding.encoded(secret.value)
    }
  }

  /// True: they are others than before.
  func renew() async -> Bool {
    guard let authorization, let old = secret else { return false }
    secret = nil
    guard let new = try? await current(authorization) else {
      secret = old
      return false
    }
    return new != old
  }

  private func current(_ authorization: HTTPAuthorization) async throws -> Secret {
    if let secret { return secret }
    let reference =
      switch authorization {
      case .bearer(let reference), .basic(_, let reference), .header(_, let reference), .query(_, let reference): reference
      }
    let environment = environment
    do {
      let found = try await BlockingWork.perform { try reference.resolve(environment: environment) }
      secret = found
      return found
    } catch let failure as OperationFailure {
      throw Missing(underlying: failure)
    }
  }
}
