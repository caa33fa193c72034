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
  /// Incremented when the secret is replaced.
  private(set) var generation = 0
  /// Under way.
  private var renewal: Task<Bool, Never>?

  init(_ authorization: HTTPAuthorization?, environment: [String: String]) {
    self.authorization = authorization
    self.environment = environment
  }

  /// - Returns: their generation.
  /// - Throws: `Missing`, `CancellationError`.
  func apply(to headers: inout [(name: String, value: String)], target: inout String) async throws -> Int {
    guard let authorization else { return generation }
    let secret = try await current(authorization)
    func set(_ name: String, _ value: String) {
      headers.removeAll { $0.name.lowercased() == name.lowercased() }
      headers.append((name, value))
    }
    switch authorization {
    case .bearer: set("authorization", "Bearer \(secret.value)")
    case .basic(let user, _):
      let pair = Secret(Data("\(user):\(secret.value)".utf8).base64EncodedString())
      set("authorization", "Basic \(pair.value)")
    case .header(let name, _): set(name, secret.value)
    case .query(let name, _):
      target += (target.contains("?") ? "&" : "?") + name + "=" + PercentEncoding.encoded(secret.value)
    }
    return generation
  }

  /// - Parameter generation: of the credentials that were refused.
  /// - Returns: whether there are others now.
  func renew(after generation: Int) async -> Bool {
    guard let authorization else { return false }
    if generation != self.generation { return true }
    if let renewal { return await renewal.value }
    let task = Task { await self.renewed(authorization) }
    renewal = task
    let isOther = await task.value
    renewal = nil
    return isOther
  }

  private func renewed(_ authorization: HTTPAuthorization) async -> Bool {
    guard let new = try? await read(authorization), new != secret else { return false }
    secret = new
    generation += 1
    return true
  }

  private func current(_ authorization: HTTPAuthorization) async throws -> Secret {
    if let secret { return secret }
    let found = try await read(authorization)
    // Another task may have read it meanwhile, and renewed it.
    if let secret { return secret }
    secret = found
    return found
  }

  private func read(_ authorization: HTTPAuthorization) async throws -> Secret {
    let reference =
      switch authorization {
      case .bearer(let reference), .basic(_, let reference), .header(_, let reference), .query(_, let reference): reference
      }
    let environment = environment
    do {
      return try await BlockingWork.perform { try reference.resolve(environment: environment) }
    } catch let failure as OperationFailure {
      throw Missing(underlying: failure)
    }
  }
}
