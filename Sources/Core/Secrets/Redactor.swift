/// Removes known secrets from texts, in whatever form they appear: plain, JSON-escaped, percent-encoded, or Base64.
///
/// It filters everything that Waybill prints or keeps about its work: the terminal, logs, ledgers, summaries, manifests.
/// Records and outputs never go through it: data that happens to contain a secret's text stays as it is.
///
/// There is one per process. A secret is a secret everywhere in the process, and a sink with a different redactor, or none,
/// would leak; so everything that discovers a secret (`Secret`, a literal found in a pipeline file) registers it here. Call
/// `redacted` before a text is truncated: half a secret is not recognized.
package final class Redactor: Sendable {
  /// The one in front of this process's sinks.
  package static let process = Redactor()

  /// What replaces a secret.
  package static let replacement = "<redacted>"
  /// Shorter ones occur in texts by chance and are not redacted.
  package static let shortest = 8

  private struct State {
    var known: Set<Name> = []
    var finder: SecretFinder?
  }

  private let state = Locked(State())

  package init() {}

  /// From now on, `secret` is redacted. Secrets of fewer than eight bytes are not learned.
  package func learn(_ secret: String) {
    guard secret.utf8.count >= Self.shortest else { return }
    state.withLock { state in
      guard state.known.insert(Name(secret)).inserted else { return }
      state.finder = SecretFinder(state.known)
    }
  }

  private var finder: SecretFinder? { state.withLock { $0.finder } }

  /// The text without secrets.
  package func redacted(_ text: String) -> String { finder.map { Self.redacted(text, $0) } ?? text }

  /// Redacts many texts in a row; nil if no secret is known.
  package var redaction: ((String) -> String)? { finder.map { finder in { Self.redacted($0, finder) } } }

  private static func redacted(_ text: String, _ finder: SecretFinder) -> String {
    var copy = text
    guard let bytes = copy.withUTF8({ unsafe finder.redacted($0) }) else { return text }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The bytes without secrets; nil if they contain none.
  package func redacted(_ bytes: UnsafeBufferPointer<UInt8>) -> [UInt8]? { unsafe finder?.redacted(bytes) }

  /// The value without secrets, in strings and in member names.
  package func redacted(_ value: JSONValue) -> JSONValue {
    guard let finder else { return value }
    return redacted(value, finder)
  }

  private func redacted(_ value: JSONValue, _ finder: SecretFinder) -> JSONValue {
    switch value {
    case .string(let string): return .string(Self.redacted(string, finder))
    case .array(let elements): return .array(elements.map { redacted($0, finder) })
    case .object(let members): return .object(members.map { .init(Self.redacted($0.name, finder), redacted($0.value, finder)) })
    case .null, .bool, .number: return value
    }
  }
}
