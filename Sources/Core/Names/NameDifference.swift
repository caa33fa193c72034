/// How two names differ that look the same, or the same apart from case. Uses code points, because on a terminal the two
/// are indistinguishable.
///
///     NameDifference(SeenName("cafe\u{301}"), SeenName("café"))?.text
///     // the same letters in another Unicode form: 'é' is U+0065 U+0301 here, U+00E9 there
///     NameDifference(SeenName("\u{421}ompany"), SeenName("Company"))?.text
///     // look-alike letters: U+0421 CYRILLIC CAPITAL LETTER ES here, U+0043 LATIN CAPITAL LETTER C there
struct NameDifference {
  /// Only the Unicode form differs.
  let isFormOnly: Bool
  /// "here" refers to the first of the two names, "there" to the second.
  let text: String

  /// Nil for names that do not look the same, and for identical ones.
  init?(_ left: SeenName, _ right: SeenName) {
    guard !left.name.isExactly(right.name), left.characters.count == right.characters.count else { return nil }
    var forms: [(left: Character, right: Character)] = []
    var isOtherCase = false
    for (one, other) in zip(left.characters, right.characters) {
      if one != other {
        guard one.lowercased() == other.lowercased() else { return nil }
        isOtherCase = true
        if !one.lowercased().isExactly(other.lowercased()) { forms.append((one, other)) }
      } else if !one.utf8.elementsEqual(other.utf8) {
        forms.append((one, other))
      }
    }
    var parts: [String] = []
    if !forms.isEmpty { parts.append(Self.form(forms)) }
    parts += Self.characters(left.marks, right.marks)
    if left.spaces != right.spaces {
      parts.append("spaces: \(left.spaces) here, \(right.spaces) there")
    }
    isFormOnly = parts.count == 1 && !forms.isEmpty && !isOtherCase
    if isOtherCase { parts.append(parts.isEmpty ? "differs only in case" : "different case") }
    text = parts.isEmpty ? "the same characters, with invisible ones in different places" : parts.joined(separator: "; ")
  }

  private static func form(_ pairs: [(left: Character, right: Character)]) -> String {
    let shown = pairs.prefix(2).map { "'\($0.right)' is \(codePoints($0.left)) here, \(codePoints($0.right)) there" }
    return "the same letters in another Unicode form: " + shown.joined(separator: "; ") + (pairs.count > 2 ? "; …" : "")
  }

  private static func codePoints(_ character: Character) -> String {
    character.unicodeScalars.map(CodePoint.number).joined(separator: " ")
  }

  /// The look-alike characters that only one of the names has.
  private static func characters(_ left: [SeenName.Mark], _ right: [SeenName.Mark]) -> [String] {
    func rest(_ marks: [SeenName.Mark], without others: [SeenName.Mark]) -> [SeenName.Mark] {
      var others = others
      return marks.filter { mark in
        guard let index = others.firstIndex(where: { $0.scalar == mark.scalar }) else { return true }
        others.remove(at: index)
        return false
      }
    }
    let here = rest(left, without: right)
    let there = rest(right, without: left)
    var parts: [String] = []
    for (kind, title) in [(LookAlikes.Kind.letter, "look-alike letters"), (.space, "a different space"), (.invisible, "")] {
      var items: [String] = []
      for (marks, place, other) in [(here, "here", "there"), (there, "there", "here")] {
        for mark in marks where mark.kind == kind {
          let name = CodePoint.name(mark.scalar)
          let item =
            kind == .invisible
            ? "an invisible character \(place): \(name)"
            : "\(name) \(place), \(mark.seenAs.unicodeScalars.map(CodePoint.name).joined(separator: " + ")) \(other)"
          if !items.contains(exactly: item) { items.append(item) }
        }
      }
      guard !items.isEmpty else { continue }
      let shown = items.prefix(2).joined(separator: "; ") + (items.count > 2 ? "; …" : "")
      parts.append(title.isEmpty ? shown : "\(title): \(shown)")
    }
    return parts
  }
}

/// A name as people see it: look-alikes replaced by what they resemble, invisible characters and spaces at the ends
/// removed.
struct SeenName {
  struct Mark {
    var kind: LookAlikes.Kind
    var scalar: Unicode.Scalar
    var seenAs: String
  }

  let name: String
  private(set) var characters: [Character] = []
  private(set) var marks: [Mark] = []
  /// Where the spaces are: `1 at the end`.
  private(set) var spaces = "none"

  init(_ name: String) {
    self.name = name
    var seen = String.UnicodeScalarView()
    for scalar in name.unicodeScalars {
      guard let (kind, text) = LookAlikes.meaning(of: scalar) else {
        seen.append(scalar)
        continue
      }
      marks.append(Mark(kind: kind, scalar: scalar, seenAs: text))
      seen.append(contentsOf: text.unicodeScalars)
    }
    let all = Array(seen)
    let start = all.firstIndex { $0 != " " } ?? all.count
    let end = all.lastIndex { $0 != " " }.map { $0 + 1 } ?? start
    var inner = String.UnicodeScalarView()
    var doubled = 0
    for index in start..<end {
      if all[index] == " ", all[index - 1] == " " { doubled += 1 } else { inner.append(all[index]) }
    }
    characters = Array(String(inner))
    var places: [String] = []
    if start > 0 { places.append("\(start) at the start") }
    if end < all.count { places.append("\(all.count - end) at the end") }
    if doubled > 0 { places.append("\(doubled) doubled") }
    if !places.isEmpty { spaces = places.joined(separator: " and ") }
  }

  /// The text with look-alikes replaced, for questions such as "is this column's name that of an e-mail address?".
  var text: String { String(characters) }
}

/// A code point in the notation of the Unicode charts.
enum CodePoint {
  /// `U+00E9`
  static func number(_ scalar: Unicode.Scalar) -> String {
    let digits = String(scalar.value, radix: 16, uppercase: true)
    return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }

  /// `U+200B ZERO WIDTH SPACE`
  static func name(_ scalar: Unicode.Scalar) -> String {
    let properties = scalar.properties
    let name = properties.name ?? properties.nameAlias ?? (scalar.value == 0x09 ? "TAB" : nil)
    return name.map { "\(number(scalar)) \($0)" } ?? number(scalar)
  }
}
