import Core

/// Idempotency keys and the responses of their first requests (draft-ietf-httpapi-idempotency-key-header). Kept as long as the
/// sandbox runs.
struct IdempotencyKeys: Sendable {
  enum Outcome: Sendable {
    /// The key is new: handle the request, then call `finish`.
    case first
    /// The response of the first request, even if it was an error.
    case replay(SandboxAnswer)
    /// The first request is still in progress.
    case running
    /// The key was used with another request.
    case reused
  }

  private struct Entry: Sendable {
    var fingerprint: Int
    var answer: SandboxAnswer?
    /// The first request counts as being in progress until then, in milliseconds since 1970.
    var busyUntil = 0
  }

  private var entries: [Name: Entry] = [:]

  mutating func begin(_ key: Name, fingerprint: Int, now: Int) -> Outcome {
    guard let entry = entries[key] else {
      entries[key] = Entry(fingerprint: fingerprint)
      return .first
    }
    guard entry.fingerprint == fingerprint else { return .reused }
    guard let answer = entry.answer, now >= entry.busyUntil else { return .running }
    return .replay(answer)
  }

  mutating func finish(_ key: Name, _ answer: SandboxAnswer, busyUntil: Int) {
    entries[key]?.answer = answer
    entries[key]?.busyUntil = busyUntil
  }

  /// The key of a request: a structured header string, with or without its quotes.
  static func key(of request: SandboxRequest) throws(AppProblem) -> Name? {
    guard let text = request.header("idempotency-key")?.trimmed else { return nil }
    let isQuoted = text.utf8.count >= 2 && text.hasPrefix("\"") && text.hasSuffix("\"")
    let key = isQuoted ? String(text.dropFirst().dropLast()) : text
    guard (1...255).contains(key.utf8.count), key.utf8.allSatisfy({ (0x21..<0x7F).contains($0) && $0 != UInt8(ascii: "\"") })
    else {
      throw AppProblem(.malformedRequest, "Idempotency-Key must have from 1 to 255 visible ASCII characters.")
    }
    return Name(key)
  }

  /// A hash of what the key stands for: method, path, query and body.
  static func fingerprint(of request: SandboxRequest, target: String) -> Int {
    var hasher = Hasher()
    hasher.combine(request.method)
    hasher.combine(Name(target))
    hasher.combine(request.body)
    return hasher.finalize()
  }
}
