import Core

/// Where the responses of a resource have the record, its remote ID and its tag.
struct ResourceResponses {
  enum Place: Equatable {
    case body(String)
    case header(String)
  }

  /// Where a response has the record; nil: it is the whole body.
  private(set) var record: String?
  private(set) var remoteID: Place?
  /// Why the remote ID is a guess; nil if it is not one.
  private(set) var review: String?
  private(set) var tag: Place?
  /// Members of the record in a response; nil if nothing says what a response has.
  private(set) var members: APIObject?
  /// The ID in the item's path is the key, so none of the API's own is needed.
  private(set) var isAddressedByKey = false

  /// Names of members that have the tag of a record's version.
  static let tagNames = ["etag", "_etag", "entityTag", "@odata.etag"]

  /// Names of members that are around a record.
  private static let wrappers = ["data", "result", "record", "item", "payload", "response", "attributes", "body"]

  init(_ resource: APIResource, key path: String?, _ document: APIDocument) {
    let key = path?.split(separator: ".").last.map(String.init)
    let created = [resource.create, resource.read, resource.put, resource.patch].compactMap { $0?.success?.schema }
    for schema in created {
      let (path, object) = Self.record(schema, resource, document)
      guard let object else { continue }
      (record, members) = (path.isEmpty ? nil : path.joined(separator: "."), object)
      break
    }
    let parameter = resource.item?.path.last?.parameter
    if let key, let parameter, NameMatch.joined([parameter]) == NameMatch.joined([key]), Self.isOurs(key, resource) {
      isAddressedByKey = true
    }
    findID(resource, parameter: parameter, key: key)
    findTag(resource)
  }

  /// A key that requests give is the record's address where the path names it, and the API has no ID of its own.
  private static func isOurs(_ key: String, _ resource: APIResource) -> Bool {
    resource.create.method == "PUT" || resource.record[key]?.isRequired == true
      || !["id", "uid", "uuid", "guid"].contains(NameMatch.joined([key]))
        && NameMatch.joined([key]) != resource.noun.joined() + "id"
  }

  private static func record(
    _ schema: APIValue, _ resource: APIResource, _ document: APIDocument
  ) -> (path: [String], object: APIObject?) {
    guard let whole = document.object(schema) else { return ([], nil) }
    let wanted = Set(resource.record.members.map(\.name))
    let share = { (object: APIObject) in Set(object.members.map(\.name)).intersection(wanted).count }
    let names = [resource.under, resource.singular].compactMap(\.self) + wrappers
    for name in names {
      guard let member = whole.first(of: [name]), let inner = document.object(member.schema) else { continue }
      if share(inner) > share(whole) || share(whole) == 0 && inner.first(of: ["id"]) != nil { return ([member.name], inner) }
    }
    return ([], whole)
  }

  private mutating func findID(_ resource: APIResource, parameter: String?, key: String?) {
    let own = [resource.noun.joined() + "id", (resource.noun.last ?? "") + "id"]
    let prefix = record.map { $0 + "." } ?? ""
    if let members {
      let isKey = { (name: String) in key.map { NameMatch.joined([$0]) == NameMatch.joined([name]) } == true }
      let named = parameter.flatMap { members.first(of: [$0]) }
      let usual = members.members.first { member in
        let joined = NameMatch.joined([member.name])
        return !isKey(member.name) && (["id", "uuid", "uid", "guid"].contains(joined) || own.contains(joined))
      }
      // The name in the path, unless that is our key.
      let found = named.flatMap { isKey($0.name) && !isAddressedByKey ? nil : $0 } ?? usual ?? named
      if let found, !["object", "array"].contains(found.types.first ?? "") {
        remoteID = .body(prefix + found.name)
        if named == nil, parameter != nil, NameMatch.joined([found.name]) != "id" {
          review = "its name differs from {\(parameter ?? "")} in the path"
        }
        return
      }
    }
    let success = resource.create.responses.first { $0.isSuccess }
    if success?.headers.contains("location") == true {
      remoteID = .header("location")
      review = "the last part of the address in Location is assumed to be the ID"
    }
  }

  private mutating func findTag(_ resource: APIResource) {
    let responses = [resource.create, resource.put, resource.patch, resource.read].compactMap { $0?.success }
    if responses.contains(where: { $0.headers.contains("etag") }) {
      tag = .header("etag")
    } else if let member = members?.first(of: Self.tagNames) {
      tag = .body((record.map { $0 + "." } ?? "") + member.name)
    }
  }
}
