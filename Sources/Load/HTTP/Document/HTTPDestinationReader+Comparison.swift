import Core
import Mapping
import Settings

/// `read_back`: whether the stored record is read to be compared with the one that was sent.
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
}
