import Core
import HTTP

/// Open calls are resolved at the contacts that they name.
extension GHLPartContext {
  /// As `ResourceAdapter.parentIDs` says: the contact in the address, or those in the body of a call for several.
  func parentIDs(inCallTo target: String, _ body: JSONValue?, _ values: [[Name: Name]]) -> [Name: [Name: Accepted]] {
    guard let parent else { return [:] }
    let segments = target.split(separator: "/").map { PercentEncoding.decoded($0) ?? String($0) }
    guard segments.count > 1, segments[0] == "contacts" else { return [:] }
    // Each contact is there once, in the order of its first record.
    var keys: [Name] = []
    for key in values.compactMap({ $0[parent.field] }) where !keys.contains(key) { keys.append(key) }
    let several = (body?["contacts"] ?? body?["ids"])?.arrayValue?.compactMap(\.stringValue)
    let ids = segments[1] == "bulk" ? several ?? [] : [segments[1]]
    guard ids.count == keys.count else { return [:] }
    return [parent.mapping: Dictionary(uniqueKeysWithValues: zip(keys, ids.map { Accepted(remoteID: Name($0)) }))]
  }
}

extension GHLChildAdapter {
  func parentIDs(inCallTo target: String, _ body: JSONValue?, _ values: [[Name: Name]]) -> [Name: [Name: Accepted]] {
    context.parentIDs(inCallTo: target, body, values)
  }
}

extension GHLTagAdapter {
  func parentIDs(inCallTo target: String, _ body: JSONValue?, _ values: [[Name: Name]]) -> [Name: [Name: Accepted]] {
    context.parentIDs(inCallTo: target, body, values)
  }
}

extension GHLLinkAdapter {
  func parentIDs(inCallTo target: String, _ body: JSONValue?, _ values: [[Name: Name]]) -> [Name: [Name: Accepted]] {
    context.parentIDs(inCallTo: target, body, values)
  }
}
