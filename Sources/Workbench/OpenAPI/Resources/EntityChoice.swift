import Core
import Extract

/// Which entity of GHL a resource's records come from, by what the resource is called.
struct EntityChoice {
  var entity: String
  /// Why it is a guess; nil: the names are the same.
  var review: String?
  /// The lower, the better.
  var rank: Int

  /// The entities whose records a pipeline reads, with other names of the same thing, the most usual first.
  private static let names: [(entity: String, names: [String])] = [
    (
      "contact",
      [
        "contact", "person", "customer", "lead", "client", "prospect", "subscriber", "individual", "consumer", "patient",
        "student",
        "guest", "attendee", "donor", "constituent", "participant", "candidate", "applicant", "member", "user", "party",
        "profile",
      ]
    ),
    ("task", ["task", "todo", "reminder", "actionitem", "activity", "assignment"]),
    ("note", ["note", "comment", "memo", "remark", "annotation"]),
    ("appointment", ["appointment", "meeting", "booking", "event", "calendarevent", "calendarentry", "visit", "reservation"]),
    ("business", ["business", "company", "organization", "organisation", "firm", "account"]),
  ]

  static let entities = names.map(\.entity)

  static func plural(_ entity: String) -> String { entity + (entity.hasSuffix("s") ? "es" : "s") }

  /// Nil: nothing in its name or its members says.
  static func of(_ resource: APIResource) -> EntityChoice? {
    let whole = resource.noun.joined()
    let last = resource.noun.last ?? ""
    for word in [whole, last] {
      for (entity, words) in names {
        guard let rank = words.firstIndex(of: word) else { continue }
        let isSame = rank == 0 && word == whole
        return EntityChoice(
          entity: entity, review: isSame ? nil : "the resource '\(resource.name)' is assumed to be GHL's \(plural(entity))",
          rank: rank + (word == whole ? 0 : 40))
      }
    }
    let meanings = Set(resource.record.writable.compactMap { NameMatch.meaning([$0.name]) })
    guard
      meanings.contains("email") && !meanings.isDisjoint(with: ["firstname", "lastname", "phone"])
        || meanings.isSuperset(of: ["firstname", "lastname"])
    else { return nil }
    return EntityChoice(
      entity: "contact", review: "the resource '\(resource.name)' has names and addresses like GHL's contacts", rank: 90)
  }

  /// The best resource for each entity; the others are returned with the reason.
  static func choose(_ resources: [APIResource]) -> (chosen: [Int: EntityChoice], left: [(index: Int, reason: String)]) {
    var chosen: [Int: EntityChoice] = [:]
    var left: [(index: Int, reason: String)] = []
    var best: [String: Int] = [:]
    for (index, resource) in resources.enumerated() {
      guard let choice = of(resource) else {
        left.append((index, "no GHL entity resembles it"))
        continue
      }
      guard let other = best[choice.entity], let rival = chosen[other] else {
        (best[choice.entity], chosen[index]) = (index, choice)
        continue
      }
      let isBetter = choice.rank < rival.rank
      let loser = isBetter ? other : index
      left.append((loser, "GHL's \(plural(choice.entity)) go to \(resources[isBetter ? index : other].name)"))
      if isBetter {
        chosen[other] = nil
        (best[choice.entity], chosen[index]) = (index, choice)
      }
    }
    return (chosen, left.sorted { $0.index < $1.index })
  }
}
