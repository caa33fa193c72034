import Core
import Mapping
import Settings

/// Reports headers that are set in two places.
extension HTTPDestinationReader {
  /// A header that a key of the destination sets.
  private struct OwnedHeader {
    var name: String
    /// `auth` or `idempotency`.
    var key: String
    /// Only write requests have it.
    var isOfWrites = false
  }

  /// - Parameter node: the keys of the destination.
  mutating func checkTwice(_ authorization: HTTPAuthorization?, _ idempotency: IdempotencyDocument?, at node: YAMLNode) {
    var owners: [OwnedHeader] = []
    switch authorization {
    case .bearer?, .basic?: owners.append(OwnedHeader(name: "Authorization", key: "auth"))
    case .header(let name, _)?: owners.append(OwnedHeader(name: name, key: "auth"))
    case .query?, nil: break
    }
    if let idempotency {
      if let owner = owners.first(where: { $0.name.isExactlyInAnyCase(idempotency.header) }),
        let place = node["idempotency"]?["header"]?.place
      {
        report(.duplicateKey, at: place, "the header \(owner.name) is already set by \(what).auth", hint: "write Idempotency-Key")
      }
      owners.append(OwnedHeader(name: idempotency.header, key: "idempotency", isOfWrites: true))
    }
    check(node["headers"], owners)
    for mapping in node["mappings"]?.entries ?? [] {
      for role in RequestRole.allCases {
        let isWrite = role != .find && role != .list
        check(mapping.value[role.rawValue]?["headers"], owners.filter { isWrite || !$0.isOfWrites })
      }
    }
  }

  private mutating func check(_ headers: YAMLNode?, _ owners: [OwnedHeader]) {
    for entry in headers?.entries ?? [] {
      guard let owner = owners.first(where: { $0.name.isExactlyInAnyCase(entry.key) }) else { continue }
      report(
        .duplicateKey, at: entry.keyPlace, "the header \(VisibleText.escaped(entry.key)) is already set by \(what).\(owner.key)",
        hint: "remove it here")
    }
  }
}
