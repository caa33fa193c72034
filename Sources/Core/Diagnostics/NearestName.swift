/// The one "did you mean" of the project.
package enum NearestName {
  /// The candidate closest to `name` by edit distance (insert, delete, replace, swap neighbours), ignoring case;
  /// nil when none is close enough to be what was meant. Of equals, the first in `candidates`.
  ///
  /// Costs the product of the lengths for each candidate of about the same length, and next to nothing for the others.
  package static func find(_ name: String, in candidates: some Sequence<String>) -> String? {
    let lowered = name.lowercased()
    let wanted = Array(lowered.utf8)
    // One byte is one character: in ASCII, that is in nearly all names.
    guard wanted.allSatisfy({ $0 < 0x80 }) else { return findOther(lowered, name, in: candidates) }
    var best: (name: String, distance: Int)?
    var limit = max(1, wanted.count / 3)
    var rows = Rows(wanted.count)
    for candidate in candidates {
      let count = candidate.utf8.count
      guard abs(count - wanted.count) <= limit || !candidate.utf8.allSatisfy({ $0 < 0x80 }) else { continue }
      guard candidate != name else { continue }
      let distance: Int
      if candidate.utf8.allSatisfy({ $0 < 0x80 }) {
        let other = candidate.utf8.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
        distance = rows.distance(of: other, to: wanted, atMost: limit)
      } else {
        distance = Self.distance(Array(lowered), Array(candidate.lowercased()), atMost: limit)
      }
      guard distance <= limit else { continue }
      best = (candidate, distance)
      // Only what is closer counts from now on.
      if distance == 0 { break }
      limit = distance - 1
    }
    return best?.name
  }

  /// `did you mean 'x'?`, or nil.
  package static func hint(_ name: String, in candidates: some Sequence<String>) -> String? {
    find(name, in: candidates).map { "did you mean '\($0)'?" }
  }

  private static func findOther(_ lowered: String, _ name: String, in candidates: some Sequence<String>) -> String? {
    let wanted = Array(lowered)
    var best: (name: String, distance: Int)?
    var limit = max(1, wanted.count / 3)
    for candidate in candidates where candidate != name {
      let distance = distance(wanted, Array(candidate.lowercased()), atMost: limit)
      guard distance <= limit else { continue }
      best = (candidate, distance)
      if distance == 0 { break }
      limit = distance - 1
    }
    return best?.name
  }

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
