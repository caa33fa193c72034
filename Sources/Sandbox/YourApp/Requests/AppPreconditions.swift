import Core

/// `If-Match` and `If-None-Match` (RFC 9110, sections 13.1.1 and 13.1.2).
struct AppPreconditions: Sendable {
  enum Tags: Sendable, Hashable {
    case any
    /// With their quotes, and `W/` before weak ones.
    case list([String])
  }

  var ifMatch: Tags?
  var ifNoneMatch: Tags?

  init() {}

  init(_ request: SandboxRequest) throws(AppProblem) {
    ifMatch = try Self.tags(request, "if-match")
    ifNoneMatch = try Self.tags(request, "if-none-match")
  }

  /// Whether a record may be created although one with its key exists: the answer is then 409 instead of 412.
  var allowCreation: Bool { ifNoneMatch == nil }

  func check(_ record: AppRecord) throws(AppProblem) {
    if let ifMatch, !Self.contains(ifMatch, record.entityTag, weakly: false) {
      throw AppProblem(.preconditionFailed, "The record has changed: its entity tag is not the one in If-Match.")
    }
    if let ifNoneMatch, Self.contains(ifNoneMatch, record.entityTag, weakly: true) {
      throw AppProblem(.preconditionFailed, "The record exists, which If-None-Match excludes.")
    }
  }

  /// Whether a read is answered with 304.
  func isUnchanged(_ record: AppRecord) -> Bool {
    ifNoneMatch.map { Self.contains($0, record.entityTag, weakly: true) } ?? false
  }

  private static func contains(_ tags: Tags, _ tag: String, weakly: Bool) -> Bool {
    switch tags {
    case .any: true
    case .list(let list): list.contains { $0.isExactly(tag) || weakly && $0.isExactly("W/" + tag) }
    }
  }

  private static func tags(_ request: SandboxRequest, _ name: String) throws(AppProblem) -> Tags? {
    guard let text = request.header(name) else { return nil }
    if text == "*" { return .any }
    var tags: [String] = []
    var rest = Substring(text)
    while true {
      rest = rest.drop { $0 == " " || $0 == "," || $0 == "\t" }
      if rest.isEmpty { break }
      let prefix = rest.hasPrefix("W/") ? "W/" : ""
      rest = rest.dropFirst(prefix.count)
      guard rest.first == "\"", let end = rest.dropFirst().firstIndex(of: "\"") else {
        throw AppProblem(.malformedRequest, "The header \(name) is not a list of entity tags: \"…\", or *.")
      }
      tags.append(prefix + rest[...end])
      rest = rest[rest.index(after: end)...]
    }
    return .list(tags)
  }
}
