import Core

/// A table from the values of a sample to the members of an enum, with only those that are the same word. A person writes
/// all other pairs; until then the lookup rejects those values.
struct ProposedLookup: Sendable {
  struct Pair: Sendable {
    var key: String
    var value: String
    /// The two differ in case, or in the Unicode form of their letters.
    var isFolded: Bool
  }

  var name: String
  let members: [String]
  var pairs: [Pair] = []
  /// Values that equal no member, with the number of times each occurs.
  var unknown: [(value: String, count: Int)] = []

  init(name: String, values: [(text: String, count: Int)], members: [String]) {
    self.name = name
    self.members = members
    var seen: Set<[UInt8]> = []
    for value in values {
      let key = value.text.trimmedASCII
      guard !key.isEmpty else { continue }
      guard seen.insert(Array(key.utf8)).inserted else {
        if let index = unknown.firstIndex(where: { $0.value.utf8.elementsEqual(key.utf8) }) {
          unknown[index].count += value.count
        }
        continue
      }
      if members.contains(where: { $0.utf8.elementsEqual(key.utf8) }) {
        pairs.append(Pair(key: key, value: key, isFolded: false))
      } else if let member = Self.folded(key, members) {
        pairs.append(Pair(key: key, value: member, isFolded: true))
      } else {
        unknown.append((key, value.count))
      }
    }
  }

  /// The one member that is the same except for case; nil if there are several.
  private static func folded(_ key: String, _ members: [String]) -> String? {
    let wanted = key.lowercased()
    let found = members.filter { $0.lowercased() == wanted }
    return found.count == 1 ? found[0] : nil
  }

  /// The lines under `lookups`.
  var lines: [String] {
    var lines = ["  \(YAMLText.scalar(name)):"]
    for pair in pairs {
      let mark = pair.isFolded ? "    # the same except for case" : ""
      lines.append("    \(YAMLText.scalar(pair.key)): \(YAMLText.scalar(pair.value))\(mark)")
    }
    if !unknown.isEmpty {
      lines.append(
        YAMLText.comment(
          "    # Not mapped: values in the sample that are not in the target's enum (\(members.prefix(20).joined(separator: ", "))\(members.count > 20 ? ", …" : ""))"
        ))
    }
    for (value, count) in unknown.prefix(40) {
      lines.append(
        YAMLText.comment("    # \(YAMLText.scalar(value)):    # \(count == 1 ? "once" : "\(count) times") in the sample"))
    }
    return lines
  }
}
