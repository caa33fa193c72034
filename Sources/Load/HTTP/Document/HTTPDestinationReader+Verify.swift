import Control
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

  /// `5%`, in hundredths of a percent.
  private mutating func readShare(_ node: YAMLNode, _ what: String) -> Int? {
    guard let node = filled(node) else { return nil }
    // `5` is a number, and gets the same answer as other texts that are not percentages.
    let number = node.scalar.flatMap { Double($0.text) == nil ? nil : $0.text }
    guard let written = number ?? text(node, what) else { return nil }
    guard let share = Self.hundredths(written) else {
      report(
        .badArgument, at: node.place, "\(what) is not a percentage with at most two decimals", hint: "write it as 5% or 0.25%")
      return nil
    }
    guard 1...VerifySample.all ~= share else {
      report(
        .badArgument, at: node.place, "\(what) must be from 0.01% to 100%",
        hint: share == 0 ? "to read nothing back, remove it" : "100% reads every unchanged record in each run")
      return nil
    }
    return share
  }

  private static func hundredths(_ text: String) -> Int? {
    guard text.hasSuffix("%") else { return nil }
    let parts = text.dropLast().split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    func isNumber(_ part: Substring, atMost count: Int) -> Bool {
      1...count ~= part.utf8.count && part.utf8.allSatisfy { 0x30...0x39 ~= $0 }
    }
    guard let whole = parts.first, isNumber(whole, atMost: 6), let percent = Int(whole) else { return nil }
    guard parts.count > 1 else { return percent * 100 }
    guard isNumber(parts[1], atMost: 2), let decimals = Int(parts[1]) else { return nil }
    return percent * 100 + (parts[1].utf8.count == 1 ? decimals * 10 : decimals)
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
