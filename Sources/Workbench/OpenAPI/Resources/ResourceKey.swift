import Core

/// Which member of a record identifies it: one that we give, and that the API keeps unique.
///
/// An ID that the API gives does not qualify: it is not known before the record is created. Without a member that we give, a lost
/// response leaves open whether the record exists.
struct ResourceKey {
  struct Candidate {
    /// The path of the member, with dots: `attributes.externalId`.
    var name: String
    var score: Int
    /// Why it can be the key, as the end of a sentence that begins with its name.
    var reason: String
  }

  /// Best first.
  let candidates: [Candidate]

  var chosen: Candidate? { candidates.first }
  var others: [Candidate] { Array(candidates.dropFirst()) }

  /// Names of what another system calls a record, the most telling first.
  private static let outside = [
    "externalId", "externalKey", "externalReference", "externalRef", "externalIdentifier", "extId", "sourceId", "sourceRecordId",
    "clientId", "clientReference", "clientReferenceId", "foreignId", "customId", "importId", "originId", "integrationId", "xref",
    "referenceId", "reference", "refId", "ref", "correlationId",
  ]
  private static let codes = ["key", "code", "slug", "number", "sku", "handle", "username"]

  /// Members that hold the fields of a record beside its type and the like.
  private static let holders: Set<String> = ["attributes", "properties", "fields"]

  init(_ resource: APIResource, _ document: APIDocument) {
    var writable: [(prefix: String, member: APIObject.Member)] = []
    for member in resource.record.writable {
      if Self.holders.contains(member.name), let inner = document.object(member.schema) {
        writable += inner.writable.filter(Self.canHold).map { ("\(member.name).", $0) }
      } else if Self.canHold(member), !member.name.contains(".") {
        writable.append(("", member))
      }
    }
    let queries = resource.lists.flatMap(\.queries).map { NameMatch.joined([$0.name]) }
    let item = resource.item?.path.last?.parameter.map { NameMatch.joined([$0]) }
    let owners = Set(
      resource.parents.flatMap { [NameMatch.joined([$0.parameter]), $0.noun.joined() + "id", ($0.noun.last ?? "") + "id"] })
    var found: [Candidate] = []
    for (index, (prefix, member)) in writable.enumerated() {
      let joined = NameMatch.joined([member.name])
      guard var candidate = Self.candidate(member, joined, resource, item) else { continue }
      // Of a parent, it is not unique.
      guard !owners.contains(joined) || joined == resource.noun.joined() + "id" else { continue }
      if queries.contains(joined) {
        candidate.score += 15
        candidate.reason += "; lists can be filtered by it"
      }
      if member.isRequired { candidate.score += 5 }
      // GHL's IDs are neither UUIDs nor numbers.
      if member.format == "uuid" {
        candidate.score -= 60
        candidate.reason += ", but it must be a UUID"
      }
      guard candidate.score > 0 else { continue }
      candidate.score = candidate.score * 1000 - index
      candidate.name = prefix + member.name
      found.append(candidate)
    }
    candidates = found.sorted { $0.score > $1.score }
  }

  /// GHL's IDs are texts.
  private static func canHold(_ member: APIObject.Member) -> Bool {
    member.isText && member.types.isDisjoint(with: ["object", "array"])
  }

  private static func candidate(
    _ member: APIObject.Member, _ joined: String, _ resource: APIResource, _ item: String?
  ) -> Candidate? {
    func made(_ score: Int, _ reason: String) -> Candidate { Candidate(name: member.name, score: score, reason: reason) }
    let description = (member.schema.text("description") ?? "").lowercased()
    if member.schema.flag("x-unique") { return made(100, "the document says that it is unique (x-unique)") }
    if let rank = outside.firstIndex(where: { NameMatch.joined([$0]) == joined }) {
      return made(80 - rank, "it is named like another system's ID")
    }
    let own = [resource.noun.joined(), resource.noun.last ?? ""].filter { !$0.isEmpty }
    let isNamedAfter = own.contains { joined == $0 + "id" || joined == $0 + "key" || joined == $0 + "reference" }
    let isPlainID = ["id", "uid", "uuid", "guid"].contains(joined)
    if isNamedAfter || isPlainID {
      // The same name in the path can be the ID that the API gives, in a schema that is used for both directions.
      let isGivenByUs =
        member.isRequired || resource.create.method == "PUT" || (item != joined && isNamedAfter) || Self.says(description)
      return isGivenByUs
        ? made(isNamedAfter ? 70 : 60, "requests contain it, and it is named like the record's ID")
        : made(25, "it is named like the record's ID, but the API may assign it")
    }
    if Self.says(description) { return made(50, "its description says that it identifies the record") }
    if codes.contains(joined) || own.contains(where: { name in codes.contains { joined == name + $0 } }) {
      return made(30, "it is named like a code of the record")
    }
    if ["email", "emailaddress", "primaryemail", "mail"].contains(joined) || member.format == "email" && joined.hasPrefix("email")
    {
      return made(10, "nothing else identifies a record; people can share an address, or change it")
    }
    return nil
  }

  private static func says(_ description: String) -> Bool {
    ["unique", "external id", "external system", "your own id", "your id", "your system", "your identifier", "third-party id"]
      .contains { description.contains($0) }
      && !description.contains("not unique") && !description.contains("need not be unique")
  }
}
