import Core

/// How well a source field's name fits a target's: from 0 (not at all) to 100 (the same).
enum NameMatch {
  struct Result: Hashable {
    var score: Double
    var reason: String
  }

  /// `firstName`, `first_name`, `First Name` -> first, name.
  static func words(_ name: String) -> [String] {
    var words: [String] = []
    var word = ""
    var last: Character?
    for character in name {
      let isUpper = character.isUppercase
      if !character.isLetter && !character.isNumber {
        if !word.isEmpty { words.append(word) }
        word = ""
      } else {
        if isUpper, last?.isLowercase == true || last?.isNumber == true, !word.isEmpty {
          words.append(word)
          word = ""
        }
        word += character.lowercased()
      }
      last = character
    }
    if !word.isEmpty { words.append(word) }
    return words
  }

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
      "signupdate", "signedup", "registered", "joined",
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
    ["notes", "note", "comment", "comments", "description", "body", "text", "remark", "remarks"],
    ["gender", "sex"], ["language", "lang", "locale"], ["timezone", "tz"], ["source", "leadsource", "origin"],
    ["amount", "value", "total", "price", "worth"], ["duedate", "due", "dueat", "deadline"],
    ["donotdisturb", "dnd", "optout", "unsubscribed", "donotcontact"],
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

  /// The usual name for what a name means; nil where it is not known.
  static func meaning(_ path: [String]) -> String? {
    let leaf = joined(path.suffix(1))
    return (places[joined(path)] ?? places[leaf]).map { groups[$0.group][0] }
  }

  /// `entity` is what both records are: `contactId` is the `id` of a contact.
  static func match(target: [String], source: [String], entity: String) -> Result? {
    guard let left = target.last, let right = source.last else { return nil }
    if target.isExactly(source) { return Result(score: 100, reason: "the same name") }
    let (all, allOther) = (joined(target), joined(source))
    if all == allOther { return Result(score: 95, reason: "the same name, written otherwise") }
    let (leaf, other) = (joined([left]), joined([right]))
    guard !leaf.isEmpty, !other.isEmpty else { return nil }
    if leaf == other { return Result(score: source.count == target.count ? 92 : 90, reason: "the same name, in another place") }
    let own = joined([entity])
    if !own.isEmpty, leaf == own + other || other == own + leaf {
      return Result(score: 88, reason: "the same name but for '\(entity)'")
    }
    if let one = places[all] ?? places[leaf], let two = places[allOther] ?? places[other], one.group == two.group {
      return Result(score: 80 - Double(max(one.rank, two.rank)) * 0.1, reason: "it means the same")
    }
    if leaf.count >= 5, other.count >= 5, abs(leaf.count - other.count) <= 2, NearestName.find(leaf, in: [other]) != nil {
      return Result(score: 60, reason: "nearly the same name")
    }
    if let last = words(right).last, last.count >= 3, let one = places[leaf], let two = places[last], one.group == two.group {
      return Result(score: 55, reason: "its last word means the same")
    }
    let (few, many) = (Set(words(left)), Set(words(right)))
    if !few.isDisjoint(with: many), few.isSubset(of: many) || many.isSubset(of: few), min(leaf.count, other.count) >= 4 {
      return Result(score: 50, reason: "the name has it in it")
    }
    return nil
  }

  /// A target's name for a source field: camel case of its words.
  static func camelCase(_ name: String) -> String? {
    let words = words(name)
    guard let first = words.first else { return nil }
    let text = first + words.dropFirst().map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    return text.first?.isNumber == true ? "field" + text : text
  }
}
