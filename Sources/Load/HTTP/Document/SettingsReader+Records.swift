import Control
import Core
import HTTP
import Mapping
import Settings

/// What the destinations that are APIs have in common: how records are compared and read again, and what is kept of them.
extension SettingsReader {
  mutating func reportEmpty(_ node: YAMLNode, _ what: String, hint: String) {
    report(.wrongKind, at: node.place, "\(what) is empty", hint: hint)
  }

  /// Https, or this machine.
  mutating func secureAddress(_ node: YAMLNode, _ what: String) -> ServerAddress? {
    guard let address = address(node, what) else { return nil }
    guard address.scheme == .https || address.isLoopback else {
      report(
        .badArgument, at: node.place, "\(what) is plain http, which would expose records and credentials in transit",
        hint: "write https://; plain http is only allowed for this machine: 127.0.0.1, [::1] or localhost")
      return nil
    }
    return address
  }

  // MARK: What is kept

  /// `save`, or `{omit: [version]}`. Nil: it is neither.
  mutating func readBefore(_ node: YAMLNode, _ what: String) -> BeforeDocument? {
    var before = BeforeDocument()
    if node.isMapping {
      checkKeys(node, what, HTTPKeywords.before)
      if let names = node["omit"] { before.omit = readOmitted(names, "\(what).omit") }
    } else {
      guard word(node, what, oneOf: [HTTPKeywords.save]) != nil else { return nil }
    }
    return before
  }

  private mutating func readOmitted(_ node: YAMLNode, _ what: String) -> [BeforeDocument.Member] {
    guard let elements = node.elements(what, &diagnostics) else { return [] }
    if elements.isEmpty { reportEmpty(node, what, hint: "name members of the destination's records: [version, modifiedAt]") }
    return elements.compactMap { element in
      text(element, "a member in \(what)").map { BeforeDocument.Member(name: Name($0), place: element.place) }
    }
  }

  // MARK: Shares

  /// `5%`, in hundredths of a percent.
  mutating func readShare(_ node: YAMLNode, _ what: String) -> Int? {
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

  // MARK: Normalizers

  mutating func readNormalizes(_ node: YAMLNode, _ what: String) -> [NormalizedField] {
    guard let entries = node.entries(what, &diagnostics) else { return [] }
    if entries.isEmpty { reportEmpty(node, what, hint: "name a field and what the destination does with it: {email: lower}") }
    return entries.compactMap { entry in
      let own = "\(what).\(VisibleText.escaped(entry.key))"
      let normalizers = readNormalizers(entry.value, own)
      guard let path = names(in: entry.key) else {
        report(
          .badPath, at: entry.keyPlace, "\(what): '\(VisibleText.escaped(entry.key))' is not the path of a field",
          hint: "separate names with dots, as in address.city; for a field of each list element, omit the index")
        return nil
      }
      return NormalizedField(path, normalizers, place: entry.keyPlace)
    }
  }

  private func names(in text: String) -> [Name]? {
    guard let path = ResponsePath(text) else { return nil }
    let names = path.steps.compactMap { step in if case .member(let name) = step { name } else { nil } }
    return names.count == path.steps.count ? names : nil
  }

  /// A single normalizer or a list of at least one.
  private mutating func readNormalizers(_ node: YAMLNode, _ what: String) -> Set<FieldNormalizer> {
    let nodes = node.elements ?? [node]
    if nodes.isEmpty { reportEmpty(node, what, hint: "write one of: \(FieldNormalizer.names.joined(separator: ", "))") }
    var found: Set<FieldNormalizer> = []
    for node in nodes {
      guard let word = word(node, what, oneOf: FieldNormalizer.names), let normalizer = FieldNormalizer(rawValue: word) else {
        continue
      }
      found.insert(normalizer)
    }
    return found
  }
}
