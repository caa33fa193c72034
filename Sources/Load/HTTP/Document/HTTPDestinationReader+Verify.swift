import Core
import Mapping
import Settings

/// `verify`: which unchanged records are read back.
extension HTTPDestinationReader {
  /// - Parameters:
  ///   - node: the keys of a mapping. Requests that have errors count as present.
  ///   - resource: what has been read of it.
  mutating func readVerify(_ node: YAMLNode, _ what: String, _ resource: ResourceDocument) -> VerifyDocument? {
    guard let entry = node.entry("verify") else { return nil }
    let own = entry.value
    var (share, then) = (Int?.none, VerifyDocument.Then.report)
    if own.isMapping {
      checkKeys(own, what, HTTPKeywords.verify)
      share = own["share"].flatMap { readShare($0, "\(what).share") }
    } else {
      share = readShare(own, what)
    }
    var isPossible = canRead(node, entry, what)
    if let policy = own["then"] {
      let words = HTTPKeywords.verify.words(of: "then")
      if let wanted = word(policy, "\(what).then", oneOf: words).flatMap(VerifyDocument.Then.init) { then = wanted }
      if then == .resend, !canResend(node, policy, what, resource) { isPossible = false }
    }
    guard isPossible, let share else { return nil }
    return VerifyDocument(share: share, then: then)
  }

  private mutating func canRead(_ node: YAMLNode, _ entry: YAMLEntry, _ what: String) -> Bool {
    guard node["find"] == nil, !node.misspells("find", among: HTTPKeywords.resource.names) else { return true }
    report(
      .badArgument, at: entry.keyPlace, "\(what) needs 'find', which reads the records",
      hint: "add find: \"GET /PATH?FIELD={key}\"")
    return false
  }

  private mutating func canResend(
    _ node: YAMLNode, _ policy: YAMLNode, _ what: String, _ resource: ResourceDocument
  ) -> Bool {
    let hasBatch = node["batch"] != nil && resource.batch?.updates != false
    if node["update"] == nil, !hasBatch, !node.misspells("update", among: HTTPKeywords.resource.names) {
      report(
        .badArgument, at: policy.place, "\(what).then: resend needs 'update', which sends a record again",
        hint: "add update: \"PUT /PATH/{remote_id}\", or write then: report")
      return false
    }
    return true
  }
}
