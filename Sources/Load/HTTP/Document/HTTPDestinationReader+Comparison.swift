import Core
import Mapping
import Settings

/// `normalizes` and `read_back`: how the stored record is compared with the one that was sent.
extension HTTPDestinationReader {
  /// - Parameter resource: the keys of a mapping.
  mutating func readReadBack(_ resource: YAMLNode, _ what: String) -> Bool {
    guard let node = resource["read_back"], boolean(node, what) == true else { return false }
    guard resource["find"] == nil, !resource.misspells("find", among: HTTPKeywords.resource.names) else { return true }
    report(
      .badArgument, at: node.place, "\(what) needs 'find', which reads the record",
      hint: "add find: \"GET /PATH?FIELD={key}\"")
    return false
  }

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
