import Core

/// How well a source field's name fits a target's: from 0 (not at all) to 100 (the same).
enum NameMatch {
  struct Result: Hashable {
    var score: Double
    /// Matches of the same tier are equally good: only a person can choose between them.
    var tier: Int
    var reason: String
    /// The names are the same, byte for byte.
    var isExact = false

    /// The names are only similar.
    var isApproximate: Bool { (5...7).contains(tier) }
  }

  static func words(_ name: String) -> [String] { NameWords.words(name) }

  static func joined(_ path: [String]) -> String { path.flatMap(words).joined() }

  /// Names that mean the same, the most usual first.
  private static let groups: [[String]] = [
    ["firstname", "givenname", "forename", "fname", "first", "vorname", "prenom"],
    ["lastname", "familyname", "surname", "lname", "last", "nachname", "nom"],
    ["name", "fullname", "displayname", "contactname", "personname"],
    ["email", "mail", "emailaddress", "mailaddress", "primaryemail", "emailaddr"],
    ["phone", "phonenumber", "telephone", "tel", "mobile", "mobilephone", "cell", "cellphone", "mobilenumber", "primaryphone"],
    ["postalcode", "zip", "zipcode", "postcode", "plz", "postal"],
    ["street", "address1", "addressline1", "streetaddress", "addr1", "line1", "address"],
    ["street2", "address2", "addressline2", "addr2", "line2"],
    ["city", "town", "locality", "ort"],
    ["state", "region", "province", "stateprovince", "county"],
    ["country", "countrycode", "land"],
    [
      "createdat", "created", "dateadded", "createdon", "creationdate", "datecreated", "createdate", "added", "addedat",
      "signupdate", "signedup", "registered", "joined", "joinedat",
    ],
    [
      "updatedat", "updated", "dateupdated", "modified", "modifiedat", "lastmodified", "updatedon", "lastupdated", "changed",
      "changedat",
    ],
    ["birthdate", "dateofbirth", "birthday", "dob", "born"],
    ["company", "companyname", "organization", "organisation", "employer", "org", "business", "businessname"],
    ["jobtitle", "title", "position", "role"],
    ["website", "url", "homepage", "web", "site"],
    ["status", "stage", "type", "lifecyclestage", "contacttype"],
    ["owner", "assignedto", "ownerid", "assignee", "assigned", "salesrep"],
    ["tags", "labels", "keywords"],
    ["notes", "note", "comment", "comments", "description", "body", "text", "content", "remark", "remarks"],
    ["gender", "sex"], ["language", "lang", "locale"], ["timezone", "tz"], ["source", "leadsource", "origin"],
    ["amount", "value", "total", "price", "worth"], ["duedate", "due", "dueat", "deadline"],
    ["donotdisturb", "dnd", "donotcontact"], ["unsubscribed", "optout", "optedout"],
    ["lastactivityat", "lastactivity", "lastseen", "lastseenat"],
    ["starttime", "start", "startsat", "begin"], ["endtime", "end", "endsat", "finish"], ["completed", "done", "iscompleted"],
    ["id", "uid", "uuid", "guid", "recordid", "externalid", "key"],
  ]

  private static let places: [String: (group: Int, rank: Int)] = {
    var places: [String: (group: Int, rank: Int)] = [:]
    for (group, names) in groups.enumerated() {
      for (rank, name) in names.enumerated() where places[name] == nil { places[name] = (group, rank) }
    }
    return places
  }()

  /// Words that tell two fields apart: a name with one of them and a name with the other are never the same field.
  private static let contrasts: [(Set<String>, Set<String>)] = [
    (["billing", "invoice"], ["shipping", "delivery"]), (["home", "private", "personal"], ["work", "business", "office"]),
    (["first", "given"], ["last", "family", "surname"]), (["start", "begin", "starts"], ["end", "finish", "ends", "stop"]),
    (["created", "added", "creation"], ["updated", "modified", "changed", "deleted"]), (["from", "source"], ["to", "target"]),
    (["min", "minimum", "lowest"], ["max", "maximum", "highest"]), (["before", "previous", "old"], ["after", "next", "new"]),
    (["parent"], ["child"]), (["sender", "sent"], ["receiver", "recipient", "received"]),
    (["buyer", "customer"], ["seller", "vendor"]),
    (["inbound", "incoming"], ["outbound", "outgoing"]), (["debit"], ["credit"]), (["won", "wins"], ["lost", "losses"]),
    (["mother"], ["father"]), (["origin", "departure"], ["destination", "arrival"]),
    (["primary", "main"], ["secondary", "other"]),
    (["fax"], ["phone", "mobile", "telephone", "cell"]), (["gross"], ["net"]), (["birth", "born"], ["death", "died"]),
    (["latitude", "lat"], ["longitude", "lng", "lon"]), (["width"], ["height"]), (["male"], ["female"]),
    (["login"], ["logout"]), (["buy"], ["sell"]), (["income", "revenue"], ["expense", "expenses", "cost"]),
    (["success"], ["failure", "error"]), (["day"], ["month", "year"]), (["open"], ["close", "closed"]),
    (["import", "imported", "imports"], ["export", "exported", "exports"]), (["internal"], ["external"]),
    (["upload", "uploaded"], ["download", "downloaded"]), (["increase", "increased"], ["decrease", "decreased"]),
    (["yes", "on"], ["no", "off"]), (["employer"], ["employee"]),
  ]

  /// The usual name with the same meaning; nil if it is unknown.
  static func meaning(_ path: [String]) -> String? { meaning(NameWords(path)) }

  static func meaning(_ name: NameWords) -> String? {
    (places[name.joined] ?? places[name.joinedLeaf]).map { groups[$0.group][0] }
  }

  /// `entity` is what both records are: `contactId` is the `id` of a contact. Names of opposite meaning never match: see
  /// `NamePolarity` and `NameDenials`. `entity` is a single word, as in `joined`.
  static func match(target: NameWords, source: NameWords, entity: String) -> Result? {
    if hasSameBytes(target.path, source.path) { return Result(score: 100, tier: 0, reason: "the same name", isExact: true) }
    guard target.agreement(with: source) == .same, !target.differsByDenial(from: source), !contrasts(target, source) else {
      return nil
    }
    return likeness(target: target, source: source, entity: entity)
  }

  /// How similar the names are, ignoring opposites. `entity` is a single word, as in `joined`.
  static func likeness(target: NameWords, source: NameWords, entity: String) -> Result? {
    if target.path == source.path { return Result(score: 97, tier: 1, reason: "the same letters in another Unicode form") }
    let (leaf, other) = (target.joinedLeaf, source.joinedLeaf)
    guard !leaf.isEmpty, !other.isEmpty else { return nil }
    if target.joined == source.joined { return Result(score: 95, tier: 1, reason: "the same name, written differently") }
    if leaf == other {
      let isLevel = source.path.count == target.path.count
      return Result(score: isLevel ? 92 : 90, tier: 2, reason: "the same name in another place")
    }
    let own = entity
    if !own.isEmpty, leaf == own + other || other == own + leaf {
      return Result(score: 88, tier: 3, reason: "the same name except for '\(entity)'")
    }
    if let one = places[target.joined] ?? places[leaf], let two = places[source.joined] ?? places[other], one.group == two.group {
      return Result(score: 80 - Double(max(one.rank, two.rank)) * 0.1, tier: 4, reason: "another name with the same meaning")
    }
    if leaf.count >= 5, other.count >= 5, abs(leaf.count - other.count) <= 2, NearestName.find(leaf, in: [other]) != nil {
      return Result(score: 60, tier: 5, reason: "a similar name")
    }
    if let last = source.leaf.last, last.count >= 3, let one = places[leaf], let two = places[last], one.group == two.group {
      return Result(score: 55, tier: 6, reason: "its last word has the same meaning")
    }
    let (few, many) = (Set(target.leaf), Set(source.leaf))
    if !few.isDisjoint(with: many), few.isSubset(of: many) || many.isSubset(of: few), min(leaf.count, other.count) >= 4 {
      return Result(score: 50, tier: 7, reason: "one name contains the other")
    }
    return nil
  }

  static func hasSameBytes(_ one: [String], _ other: [String]) -> Bool {
    one.count == other.count && zip(one, other).allSatisfy { $0.utf8.elementsEqual($1.utf8) }
  }

  /// Which side of each contrast these words are on: one bit per contrast.
  static func sides(of words: [String]) -> (left: UInt64, right: UInt64) {
    var sides: (left: UInt64, right: UInt64) = (0, 0)
    for (index, (left, right)) in contrasts.enumerated() {
      let bit: UInt64 = 1 << UInt64(index)
      if !left.isDisjoint(with: words) { sides.left |= bit }
      if !right.isDisjoint(with: words) { sides.right |= bit }
    }
    return sides
  }

  private static func contrasts(_ one: NameWords, _ other: NameWords) -> Bool {
    let (mine, theirs) = (one.sides, other.sides)
    let isLeftAgainstRight = mine.left & ~mine.right & theirs.right & ~theirs.left
    let isRightAgainstLeft = mine.right & ~mine.left & theirs.left & ~theirs.right
    return isLeftAgainstRight != 0 || isRightAgainstLeft != 0
  }

  /// A target's name for a source field: camel case of its words.
  static func camelCase(_ name: String) -> String? {
    let words = words(name)
    guard let first = words.first else { return nil }
    let text = first + words.dropFirst().map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    return text.first?.isNumber == true ? "field" + text : text
  }
}
