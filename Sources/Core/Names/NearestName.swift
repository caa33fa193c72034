/// The one "did you mean" of the project.
package enum NearestName {
  /// The candidate closest to `name`: one that looks the same (another Unicode form, case, look-alike letters, invisible
  /// characters), otherwise by edit distance (insert, delete, replace, swap neighbors), ignoring case. Nil if none is close
  /// enough to be a plausible typo. Ties go to the first in `candidates`. A candidate with the same bytes is skipped.
  ///
  /// Costs the product of the lengths for each candidate of similar length, and next to nothing for the others.
  package static func find(_ name: String, in candidates: some Sequence<String>) -> String? {
    let lowered = name.lowercased()
    let wanted = Array(lowered.utf8)
    let letters = Array(lowered)
    let isASCII = name.isASCII
    let seen = SeenName(name)
    var best: String?
    let length = isASCII ? wanted.count : letters.count
    // Any two names of one letter are one edit apart.
    var limit = length < 2 ? 0 : max(1, length / 3)
    var isSame = false
    var rows = Rows(wanted.count)
    for candidate in candidates {
      guard !candidate.isExactly(name) else { continue }
      let distance: Int
      // In ASCII, that is in nearly all names, one byte is one character.
      if isASCII, candidate.isASCII, !Self.hasEdges(candidate), !Self.hasEdges(name) {
        guard !isSame, abs(candidate.utf8.count - wanted.count) <= limit else { continue }
        let other = candidate.utf8.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
        distance = rows.distance(of: other, to: wanted, atMost: limit)
      } else if let difference = NameDifference(seen, SeenName(candidate)) {
        // Nothing is closer than the same letters in another form.
        if difference.isFormOnly { return candidate }
        if isSame { continue }
        distance = 0
      } else {
        guard !isSame else { continue }
        distance = Self.distance(letters, Array(candidate.lowercased()), atMost: limit)
      }
      guard distance <= limit else { continue }
      best = candidate
      // From here on, only a closer name counts.
      isSame = distance == 0
      limit = max(0, distance - 1)
    }
    return best
  }

  /// `did you mean 'x'?`, with how the two differ if that cannot be seen; nil if no name is close.
  package static func hint(_ name: String, in candidates: some Sequence<String>) -> String? {
    find(name, in: candidates).map { question(name, $0) }
  }

  /// `did you mean 'x'?`, for a name that was found in another way.
  package static func question(_ name: String, _ found: String) -> String {
    "did you mean '\(found)'?" + (difference(name, found).map { " (\($0))" } ?? "")
  }

  /// How two names differ that look the same or differ only in case; nil for others. "Here" is the first one.
  package static func difference(_ name: String, _ other: String) -> String? {
    if name.isASCII, other.isASCII, !hasEdges(name), !hasEdges(other), name.utf8.count == other.utf8.count {
      return name.isExactly(other) || !name.isExactlyInAnyCase(other) ? nil : "differs only in case"
    }
    return NameDifference(SeenName(name), SeenName(other))?.text
  }

  /// The first of `names` that looks like `name` but differs from it in more than case.
  package static func lookAlike(of name: String, in names: [String]) -> (other: String, difference: String)? {
    guard !name.isASCII || hasEdges(name) || names.contains(where: { !$0.isASCII || hasEdges($0) }) else { return nil }
    let seen = SeenName(name)
    // Two ASCII names can look the same only if they differ in case or in spaces at their ends.
    for other in names where !(name.isASCII && other.isASCII) || hasEdges(other) || hasEdges(name) {
      let look = SeenName(other)
      if look.text == seen.text, let difference = NameDifference(seen, look) { return (other, difference.text) }
    }
    return nil
  }

  /// Names that look like an earlier one, each paired with it: another Unicode form, look-alike letters, invisible
  /// characters. Names that differ only in case do not count.
  package static func lookAlikes(in names: [String]) -> [(name: String, other: String, difference: String)] {
    guard names.contains(where: { !$0.isASCII || hasEdges($0) }) else { return [] }
    // Compares what is seen, for which `String`'s own equality is right.
    var seen: [String: String] = [:]
    var found: [(name: String, other: String, difference: String)] = []
    for name in names {
      let look = SeenName(name).text
      if let other = seen[look], let difference = difference(name, other) {
        found.append((name, other, difference))
      } else {
        seen[look] = name
      }
    }
    return found
  }

  /// The name as it is seen: look-alikes as what they are taken for, without invisible characters and spaces at the ends.
  package static func seen(_ name: String) -> String { SeenName(name).text }

  /// Whether there is a space or a control character at either end.
  private static func hasEdges(_ name: String) -> Bool { name.utf8.first ?? 0x21 <= 0x20 || name.utf8.last ?? 0x21 <= 0x20 }

  private static func distance(_ left: [Character], _ right: [Character], atMost limit: Int) -> Int {
    var numbers: [Character: Int] = [:]
    func number(_ character: Character) -> Int {
      if let known = numbers[character] { return known }
      numbers[character] = numbers.count
      return numbers.count - 1
    }
    var rows = Rows(right.count)
    return rows.distance(of: left.map(number), to: right.map(number), atMost: limit)
  }

  /// Three rows of the distance table, reused for the next pair.
  private struct Rows {
    private var beforeLast: [Int]
    private var last: [Int]
    private var row: [Int]

    init(_ count: Int) {
      beforeLast = Array(repeating: 0, count: count + 1)
      last = beforeLast
      row = beforeLast
    }

    /// Returns any value above `limit` if the two are further apart. `right` must have the length that the rows were made
    /// for.
    mutating func distance<Element: Equatable>(of left: [Element], to right: [Element], atMost limit: Int) -> Int {
      guard abs(left.count - right.count) <= limit else { return limit + 1 }
      guard !left.isEmpty, !right.isEmpty else { return max(left.count, right.count) }
      for index in 0...right.count { last[index] = index }
      for i in 1...left.count {
        row[0] = i
        var least = i
        for j in 1...right.count {
          let cost = left[i - 1] == right[j - 1] ? 0 : 1
          var value = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + cost)
          if i > 1, j > 1, left[i - 1] == right[j - 2], left[i - 2] == right[j - 1] { value = min(value, beforeLast[j - 2] + 1) }
          row[j] = value
          least = min(least, value)
        }
        // A swap looks back two rows, so the distance can still drop by one.
        if least > limit + 1 { return limit + 1 }
        (beforeLast, last, row) = (last, row, beforeLast)
      }
      return last[right.count]
    }
  }
}
