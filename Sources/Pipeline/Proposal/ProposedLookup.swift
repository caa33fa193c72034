import Core

/// A table from the values of a sample to the members of an enum, with the likely pairs.
struct ProposedLookup: Sendable {
  struct Pair: Sendable {
    var key: String
    var value: String
    var isGuess: Bool
  }

  var name: String
  var pairs: [Pair] = []
  /// Values for which no member is likely.
  var unknown: [String] = []
  /// The member that stands for everything else.
  var otherwise: String?

  private static let catchAlls = ["unknown", "other", "others", "none", "undefined", "unspecified"]

  /// Words that mean the same in enums that one meets.
  private static let groups: [[String]] = [
    ["active", "customer", "client", "won", "enabled", "current", "live"],
    ["prospect", "lead", "new", "potential", "open", "opportunity"],
    ["inactive", "disabled", "closed", "lost", "former", "churned", "archived"],
    ["supplier", "vendor"], ["done", "completed", "complete", "finished", "closed", "true", "yes"],
    ["open", "pending", "todo", "false", "no", "incomplete"], ["cancelled", "canceled"],
    ["female", "f", "woman", "w"], ["male", "m", "man"], ["high", "urgent"], ["low", "minor"], ["medium", "normal"],
  ]

  init(name: String, values: [String], members: [String]) {
    self.name = name
    otherwise = members.first { Self.catchAlls.contains($0.lowercased()) }
    for value in values {
      let key = value.trimmedASCII
      guard !key.isEmpty, !pairs.contains(where: { $0.key.isExactly(key) }) else { continue }
      if let (member, isGuess) = Self.member(for: key, in: members) {
        pairs.append(Pair(key: key, value: member, isGuess: isGuess))
      } else if !unknown.contains(exactly: key) {
        unknown.append(key)
      }
    }
  }

  private static func member(for value: String, in members: [String]) -> (String, isGuess: Bool)? {
    let wanted = NameMatch.joined([value])
    guard !wanted.isEmpty else { return nil }
    if let same = members.first(where: { $0.isExactly(value) }) { return (same, false) }
    if let same = members.first(where: { NameMatch.joined([$0]) == wanted }) { return (same, false) }
    for group in groups where group.contains(wanted) {
      if let known = group.first(where: { name in members.contains { NameMatch.joined([$0]) == name } }),
        let member = members.first(where: { NameMatch.joined([$0]) == known })
      {
        return (member, true)
      }
    }
    let words = Set(NameMatch.words(value))
    if let part = members.first(where: { !Set(NameMatch.words($0)).isDisjoint(with: words) }) { return (part, true) }
    return wanted.count >= 4 ? NearestName.find(value, in: members).map { ($0, true) } : nil
  }

  /// The lines under `lookups`.
  var lines: [String] {
    var lines = ["  \(name):"]
    for pair in pairs {
      lines.append("    \(YAMLText.scalar(pair.key)): \(YAMLText.scalar(pair.value))" + (pair.isGuess ? "    # guess" : ""))
    }
    for value in unknown.prefix(40) {
      lines.append(
        YAMLText.comment("    # \(YAMLText.scalar(value)):    in the sample; no member of the target's enum is like it"))
    }
    return lines
  }
}
