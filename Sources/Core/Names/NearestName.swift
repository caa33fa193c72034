/// The one "did you mean" of the project.
package enum NearestName {
  /// The candidate closest to `name`: one that looks the same (another Unicode form, case, look-alike letters, invisible
  /// characters), else by edit distance (insert, delete, replace, swap neighbours), ignoring case; nil when none is close
  /// enough to be what was meant. Of equals, the first in `candidates`. A candidate with the same bytes is skipped.
  ///
  /// Costs the product of the lengths for each candidate of about the same length, and next to nothing for the others.
  package static func find(_ name: String, in candidates: some Sequence<String>) -> String? {
    let lowered = name.lowercased()
    let wanted = Array(lowered.utf8)
    let letters = Array(lowered)
    let isASCII = name.isASCII
    let seen = SeenName(name)
    var best: String?
    var limit = max(1, (isASCII ? wanted.count : letters.count) / 3)
    var isSame = false
    var rows = Rows(wanted.count)
    for candidate in candidates {
      guard !candidate.isExactly(name) else { continue }
      let distance: Int
      // One byte is one character: in ASCII, that is in nearly all names.
      if isASCII, candidate.isASCII, !Self.hasEdges(candidate), !Self.hasEdges(name) {
        guard !isSame, abs(candidate.utf8.count - wanted.count) <= limit else { continue }
        let other = candidate.utf8.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
        distance = rows.distance(of: other, to: wanted, atMost: limit)
      } else if let difference = NameDifference(seen, SeenName(candidate)) {
        // Nothing is nearer than the same letters in another form.
        if difference.isFormOnly { return candidate }
        if isSame { continue }
        distance = 0
      } else {
        guard !isSame else { continue }
        distance = Self.distance(letters, Array(candidate.lowercased()), atMost: limit)
      }
      guard distance <= limit else { continue }
      best = candidate
      // From now on, only a closer name counts.
      isSame = distance == 0
      limit = max(0, distance - 1)
    }
    return best
  }

  /// `did you mean 'x'?`, with how the two differ where that cannot be seen; nil when no name is near.
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

  /// The first of `names` that looks like `name` and is another one, in more than its case.
  package static func lookAlike(of name: String, in names: [String]) -> (other: String, difference: String)? {
    guard !name.isASCII || hasEdges(name) || names.contains(where: { !$0.isASCII || hasEdges($0) }) else { return nil }
    let seen = SeenName(name)
    // Two ASCII names look the same in nothing but their case and their ends.
    for other in names where !(name.isASCII && other.isASCII) || hasEdges(other) || hasEdges(name) {
      let look = SeenName(other)
      if look.text == seen.text, let difference = NameDifference(seen, look) { return (other, difference.text) }
    }
    return nil
  }

  /// Names that look like one before them, each with that one: another Unicode form, look-alike letters, invisible characters.
  /// Names that differ only in case are no such pair.
  package static func lookAlikes(in names: [String]) -> [(name: String, other: String, difference: String)] {
    guard names.contains(where: { !$0.isASCII || hasEdges($0) }) else { return [] }
    // By what is seen, where `String`'s own equality is the right one.
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

  /// A space or a control character at an end.
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

  /// Three rows of the table of distances, kept for the next pair.
  private struct Rows {
    private var beforeLast: [Int]
    private var last: [Int]
    private var row: [Int]

    init(_ count: Int) {
      beforeLast = Array(repeating: 0, count: count + 1)
      last = beforeLast
      row = beforeLast
    }

    /// Anything above `limit` where the two are further apart. `right` has the length that the rows are made for.
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
        // A swap looks back two rows, so that one more step can still be gained.
        if least > limit + 1 { return limit + 1 }
        (beforeLast, last, row) = (last, row, beforeLast)
      }
      return last[right.count]
    }
  }
}
