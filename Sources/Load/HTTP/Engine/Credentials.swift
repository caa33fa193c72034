import Core
import Files
import FoundationEssentials
import HTTP

/// The credentials of a destination: read when they are first needed, and once more when they are refused, because a file or a
/// command may have a new token by then. Safe to use from many tasks.
final class Credentials: Sendable {
  /// They cannot be read.
  struct Missing: Error { var underlying: OperationFailure }

  private struct State {
    var secret: Secret?
    /// Incremented when the secret is replaced.
    var generation = 0
    /// The fallback is in use, and stays in use.
    var isFallback = false
    /// Why the fallback could not be read when it was needed.
    var fallbackTrouble: OperationFailure?
    /// The generation that was read again without getting a new secret: other calls refused with it need not read it again.
    var lastUnrenewed: Int?
    /// The first read and the renewal, while they are in progress.
    var reading: Task<Secret, any Error>?
    var renewal: Task<Bool, Never>?
  }

  private let authorization: HTTPAuthorization?
  private let fallback: SecretReference?
  private let environment: [String: String]
  private let onFallback: @Sendable () -> Void
  private let state = Locked(State())

  /// - Parameter onFallback: called once, when the fallback comes into use.
  init(
    _ authorization: HTTPAuthorization?, fallback: SecretReference? = nil, environment: [String: String],
    onFallback: @escaping @Sendable () -> Void = {}
  ) {
    self.authorization = authorization
    self.fallback = fallback
    self.environment = environment
    self.onFallback = onFallback
  }

  /// - Returns: their generation.
  /// - Throws: `Missing`, `CancellationError`.
  func apply(to headers: inout [(name: String, value: String)], target: inout String) async throws -> Int {
    guard let authorization else { return 0 }
    let (secret, generation) = try await current(authorization)
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
    enum Turn {
      case done(Bool)
      case wait(Task<Bool, Never>)
    }
    let turn = state.withLock { state -> Turn in
      if generation != state.generation { return .done(true) }
      if generation == state.lastUnrenewed { return .done(false) }
      let task = state.renewal ?? Task { await self.renewed(authorization) }
      state.renewal = task
      return .wait(task)
    }
    switch turn {
    case .done(let isRenewed): return isRenewed
    case .wait(let task): return await task.value
    }
  }

  private func renewed(_ authorization: HTTPAuthorization) async -> Bool {
    let (old, isFallback) = state.withLock { ($0.secret, $0.isFallback) }
    var new = try? await read(isFallback ? fallback ?? authorization.secret : authorization.secret)
    var takesFallback = false
    var trouble: OperationFailure?
    if new == nil || new == old, !isFallback, let fallback {
      do { new = try await read(fallback) } catch { (new, trouble) = (nil, (error as? Missing)?.underlying) }
      takesFallback = true
    }
    let isRenewed = state.withLock { state in
      state.renewal = nil
      state.fallbackTrouble = trouble
      guard let new, new != state.secret else {
        state.lastUnrenewed = state.generation
        return false
      }
      state.secret = new
      state.generation += 1
      if takesFallback { state.isFallback = true }
      return true
    }
    if isRenewed, takesFallback { onFallback() }
    return isRenewed
  }

  // MARK: The fallback

  /// Why the fallback could not be read when it was needed; nil: it could, there is none, or it has not been needed.
  var fallbackTrouble: OperationFailure? { state.withLock { $0.fallbackTrouble } }

  /// Why the fallback cannot be read; nil: it can, or there is none. A command is run only when its secret is needed.
  func checkFallback() -> OperationFailure? {
    guard let fallback else { return nil }
    if case .command = fallback { return nil }
    do throws(OperationFailure) {
      _ = try fallback.resolve(environment: environment)
      return nil
    } catch {
      return error
    }
  }

  // MARK: Reading

  private func current(_ authorization: HTTPAuthorization) async throws -> (Secret, Int) {
    let (known, reading) = state.withLock { state -> ((Secret, Int)?, Task<Secret, any Error>?) in
      if let secret = state.secret { return ((secret, state.generation), nil) }
      // All calls share one read: a command may issue a new token each time, which invalidates the earlier ones.
      let task = state.reading ?? Task { try await self.read(authorization.secret) }
      state.reading = task
      return (nil, task)
    }
    if let known { return known }
    let found = await reading?.result
    return try state.withLock { state in
      state.reading = nil
      // Another task may have renewed it in the meantime.
      guard let secret = try state.secret ?? found?.get() else { throw CancellationError() }
      state.secret = secret
      return (secret, state.generation)
    }
  }

  private func read(_ reference: SecretReference) async throws -> Secret {
    let environment = environment
    do {
      return try await BlockingWork.perform { try reference.resolve(environment: environment) }
    } catch let failure as OperationFailure {
      throw Missing(underlying: failure)
    }
  }
}
