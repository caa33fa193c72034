/// Recognizes date patterns that other tools use, and translates them into the letters of UTS 35.
package struct ForeignDatePattern: Sendable, Hashable {
  /// What is wrong: `strftime patterns are not used here`.
  package let message: String
  /// The same pattern in letters that are used here; nil if it has something that they do not express.
  package let translation: String?

  /// Nil if the text is not a known pattern of another tool.
  package init?(_ text: String) {
    if let translation = Self.strftime(text) {
      message = "strftime patterns are not used here"
      self.translation = translation.isEmpty ? nil : translation
    } else if let translation = Self.moment(text) {
      message = "the year is yyyy and the day dd, in lowercase"
      self.translation = translation.isEmpty ? nil : translation
    } else if let translation = Self.referenceTime(text) {
      message = "Go layouts are not used here"
      self.translation = translation
    } else {
      return nil
    }
  }

  /// `%d/%m/%Y`. Empty: a pattern of strftime with a directive that has no counterpart. Nil: not such a pattern.
  private static func strftime(_ text: String) -> String? {
    guard text.contains("%") else { return nil }
    var pieces = Pieces()
    var rest = text[...]
    var isFound = false
    while let character = rest.popFirst() {
      guard character == "%" else {
        pieces.append(literal: String(character))
        continue
      }
      var directive = rest.popFirst().map(String.init) ?? ""
      if directive == "-" || directive == "#" || directive == ":" || directive == "E" || directive == "O" {
        let modifier = directive == "#" ? "-" : directive == "E" || directive == "O" ? "" : directive
        directive = modifier + (rest.popFirst().map(String.init) ?? "")
      }
      if directive == "%" {
        pieces.append(literal: "%")
        continue
      }
      guard let letters = strftimeLetters[directive] else { return isFound || directive.first?.isLetter == true ? "" : nil }
      isFound = true
      pieces.append(letters: letters)
    }
    return isFound ? pieces.text : nil
  }

  private static let strftimeLetters = [
    "Y": "yyyy", "y": "yy", "m": "MM", "-m": "M", "d": "dd", "-d": "d", "e": "d", "H": "HH", "-H": "H", "k": "H", "I": "hh",
    "-I": "h", "l": "h", "M": "mm", "-M": "m", "S": "ss", "-S": "s", "f": "SSSSSS", "L": "SSS", "N": "SSSSSSSSS", "p": "a",
    "P": "a",
    "b": "MMM", "h": "MMM", "B": "MMMM", "a": "EEE", "A": "EEEE", "z": "Z", ":z": "XXX", "T": "HH:mm:ss", "R": "HH:mm",
    "D": "MM/dd/yy", "F": "yyyy-MM-dd", "r": "hh:mm:ss a",
  ]

  /// `DD/MM/YYYY`, as moment.js and spreadsheets write it. A small `mm` beside days and years without hours is the month.
  private static func moment(_ text: String) -> String? {
    var runs: [(letters: String, isLiteral: Bool)] = []
    var rest = text[...]
    while let first = rest.first {
      if first == "[", let end = rest.firstIndex(of: "]") {
        runs.append((String(rest[rest.index(after: rest.startIndex)..<end]), true))
        rest = rest[rest.index(after: end)...]
        continue
      }
      let run = rest.prefix { $0 == first }
      rest = rest.dropFirst(run.count)
      runs.append((String(run), !(first.isASCII && first.isLetter)))
    }
    let words = runs.filter { !$0.isLiteral }.map(\.letters)
    // Y is the week-based year and D the day of the year, which hardly anyone means.
    guard words.contains(where: { $0.first == "Y" || $0.first == "D" }) else { return nil }
    let hasHours = words.contains { $0.first == "H" || $0.first == "h" }
    var pieces = Pieces()
    for run in runs {
      guard !run.isLiteral else {
        pieces.append(literal: run.letters)
        continue
      }
      switch run.letters {
      case "YYYY", "yyyy", "Y", "y": pieces.append(letters: "yyyy")
      case "YY", "yy": pieces.append(letters: "yy")
      case "D", "DD": pieces.append(letters: run.letters.lowercased())
      // The weekday in moment.js, which has no counterpart; without a D, the day is meant.
      case "d", "dd":
        guard !words.contains(where: { $0.first == "D" }) else { return "" }
        pieces.append(letters: run.letters)
      case "ddd", "dddd": pieces.append(letters: run.letters.replacing("d", with: "E"))
      case "m", "mm": pieces.append(letters: hasHours ? run.letters : run.letters.uppercased())
      case "A", "a": pieces.append(letters: "a")
      case "Z": pieces.append(letters: "XXX")
      case "ZZ": pieces.append(letters: "Z")
      case "T": pieces.append(literal: "T")
      case "M", "MM", "MMM", "MMMM", "H", "HH", "h", "hh", "s", "ss", "S", "SS", "SSS": pieces.append(letters: run.letters)
      default: return ""
      }
    }
    return pieces.text
  }

  /// Go's layouts show one certain moment: `2006-01-02 15:04:05`.
  private static func referenceTime(_ text: String) -> String? {
    guard text.contains("2006") else { return nil }
    var pieces = Pieces()
    var rest = text[...]
    while !rest.isEmpty {
      if let (word, letters) = referenceWords.first(where: { rest.hasPrefix($0.0) }) {
        pieces.append(letters: letters)
        rest = rest.dropFirst(word.count)
      } else {
        pieces.append(literal: String(rest.removeFirst()))
      }
    }
    return pieces.text
  }

  private static let referenceWords = [
    ("2006", "yyyy"), ("January", "MMMM"), ("Jan", "MMM"), ("Monday", "EEEE"), ("Mon", "EEE"), ("Z07:00", "XXX"),
    ("-07:00", "xxx"),
    ("-0700", "Z"), ("01", "MM"), ("02", "dd"), ("03", "hh"), ("04", "mm"), ("05", "ss"), ("15", "HH"), ("PM", "a"), ("1", "M"),
    ("2", "d"), ("3", "h"),
  ]

  /// A pattern under construction: literal text with letters stands between apostrophes.
  private struct Pieces {
    private var written = ""
    private var literal = ""

    mutating func append(letters: String) {
      written = text + letters
      literal = ""
    }

    mutating func append(literal more: String) { literal += more }

    var text: String {
      let escaped = literal.replacing("'", with: "''")
      return written + (literal.contains { $0.isASCII && $0.isLetter } ? "'\(escaped)'" : escaped)
    }
  }
}
