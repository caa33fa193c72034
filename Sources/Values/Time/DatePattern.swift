/// A date format written in the letters of UTS 35 (Unicode's date field symbols), compiled.
///
/// Texts are read and written by the same letters; written names have a capital letter, `a` gives `AM` and `PM`.
///
/// | letters | read |
/// |---|---|
/// | `y` `yyyy` / `yy` | four digits / two: 00 to 68 are 2000 to 2068, 69 to 99 are 1969 to 1999 |
/// | `M` `d` `H` `h` `K` `k` `m` `s` / doubled | one or two digits / exactly two |
/// | `MMM` / `MMMM` | English name of the month, `Mar` / `March`, in any case |
/// | `E` `EE` `EEE` / `EEEE` | English weekday, `Sun` / `Sunday`, in any case; must be that of the date |
/// | `a` | `AM` or `PM`, in any case, with `h` (1 to 12) or `K` (0 to 11) |
/// | `S` to `SSSSSSSSS` | that many digits of a fraction of a second |
/// | `X` `XX` `XXX` / `x` `xx` `xxx` | offset `+05` or `+0530`, `+0530`, `+05:30`; with `X` also `Z` |
/// | `Z` `ZZ` `ZZZ` / `ZZZZZ` | offset `+0530` / `+05:30` or `Z` |
///
/// Text between apostrophes and everything that is not an ASCII letter is literal; `''` is an apostrophe.
/// `H` counts from 0 to 23, `k` from 1 to 24. What the pattern does not name is 0: a date alone is its midnight.
package struct DatePattern: Sendable, Hashable {
  /// As it was given.
  package let text: String
  /// Has year, month and day: the least that a date or a moment can be read from.
  package let hasDate: Bool
  /// Has an hour.
  package let hasTime: Bool
  /// Has an offset from UTC, so that what it reads is a complete timestamp.
  package let hasZone: Bool
  let operations: [Operation]

  enum Operation: Hashable {
    case literal(UInt8)
    case number(Part, minimumDigits: Int, maximumDigits: Int)
    case fraction(digits: Int)
    case monthName(isWide: Bool)
    case weekdayName(isWide: Bool)
    case dayPeriod
    case offset(OffsetForm, allowsZ: Bool)

    /// Reads all digits: the next field must not begin with one.
    fileprivate var isOpenNumber: Bool {
      if case .number(_, let minimum, let maximum) = self { minimum < maximum } else { false }
    }

    fileprivate var beginsWithDigit: Bool {
      switch self {
      case .number, .fraction: true
      case .literal(let byte): (0x30...0x39).contains(byte)
      default: false
      }
    }

    /// The part of a date or time that it gives; nil for literals. No part may occur twice.
    fileprivate var part: Part? {
      switch self {
      case .literal: nil
      case .number(let part, _, _): part == .shortYear ? .year : part.isHour ? .hour : part
      case .fraction: .fraction
      case .monthName: .month
      case .weekdayName: .weekday
      case .dayPeriod: .dayPeriod
      case .offset: .offset
      }
    }
  }

  enum Part: String, Hashable {
    case year, shortYear, month, day, weekday
    /// `H`, `k`, `h`, `K`.
    case hour, hourFrom1, halfDayHour, halfDayHourFrom0
    case dayPeriod = "AM or PM"
    case minute, second, fraction
    case offset = "UTC offset"

    var isHour: Bool {
      switch self {
      case .hour, .hourFrom1, .halfDayHour, .halfDayHourFrom0: true
      default: false
      }
    }
  }

  enum OffsetForm: Hashable {
    /// `+05` or `+0530`; `+0530`; `+05:30`.
    case short, basic, extended
  }

  /// `isWritten`: the pattern is for `format`, so that digits may follow one another (`yyyyMd`).
  package init(_ text: String, isWritten: Bool = false) throws(DatePatternFailure) {
    var compiler = DatePatternCompiler(text)
    let fields = try compiler.fields()
    try DatePatternCompiler.check(fields, isWritten: isWritten)
    self.text = text
    operations = fields.map(\.operation)
    let parts = Set(operations.compactMap(\.part))
    hasDate = parts.isSuperset(of: [.year, .month, .day])
    hasTime = parts.contains(.hour)
    hasZone = parts.contains(.offset)
  }
}

/// Takes a pattern apart into its letters' runs and literals.
private struct DatePatternCompiler {
  struct Field {
    var operation: DatePattern.Operation
    var letters: String
    var offset: Int
  }

  private let characters: [Character]
  private var index = 0

  init(_ text: String) { characters = Array(text) }

  mutating func fields() throws(DatePatternFailure) -> [Field] {
    guard !characters.isEmpty else {
      throw DatePatternFailure("the pattern is empty", at: 0, length: 0, hint: "write one such as yyyy-MM-dd")
    }
    var fields: [Field] = []
    while index < characters.count {
      let start = index
      let character = characters[index]
      if character == "'" {
        for byte in try quoted().utf8 { fields.append(Field(operation: .literal(byte), letters: "'", offset: start)) }
      } else if character.isASCII, character.isLetter {
        while index < characters.count, characters[index] == character { index += 1 }
        let operation = try operation(character, count: index - start, at: start)
        fields.append(Field(operation: operation, letters: String(characters[start..<index]), offset: start))
      } else {
        for byte in String(character).utf8 {
          fields.append(Field(operation: .literal(byte), letters: "", offset: start))
        }
        index += 1
      }
    }
    return fields
  }

  /// The text between apostrophes; `''` is an apostrophe, inside and outside of them.
  private mutating func quoted() throws(DatePatternFailure) -> String {
    let start = index
    index += 1
    if index < characters.count, characters[index] == "'" {
      index += 1
      return "'"
    }
    var text = ""
    while index < characters.count {
      let character = characters[index]
      index += 1
      guard character == "'" else {
        text.append(character)
        continue
      }
      guard index < characters.count, characters[index] == "'" else { return text }
      text.append("'")
      index += 1
    }
    throw DatePatternFailure(
      "the quoted text does not end", at: start, length: index - start, hint: "close it with an apostrophe")
  }

  private func operation(
    _ letter: Character, count: Int, at offset: Int
  ) throws(DatePatternFailure) -> DatePattern.Operation {
    switch (letter, count) {
    case ("y", 1), ("y", 4): return .number(.year, minimumDigits: 4, maximumDigits: 4)
    case ("y", 2): return .number(.shortYear, minimumDigits: 2, maximumDigits: 2)
    case ("M", 3), ("M", 4): return .monthName(isWide: count == 4)
    case ("M", 1...2): return .number(.month, minimumDigits: count, maximumDigits: 2)
    case ("d", 1...2): return .number(.day, minimumDigits: count, maximumDigits: 2)
    case ("E", 1...4): return .weekdayName(isWide: count == 4)
    case ("H", 1...2): return .number(.hour, minimumDigits: count, maximumDigits: 2)
    case ("k", 1...2): return .number(.hourFrom1, minimumDigits: count, maximumDigits: 2)
    case ("h", 1...2): return .number(.halfDayHour, minimumDigits: count, maximumDigits: 2)
    case ("K", 1...2): return .number(.halfDayHourFrom0, minimumDigits: count, maximumDigits: 2)
    case ("a", 1): return .dayPeriod
    case ("m", 1...2): return .number(.minute, minimumDigits: count, maximumDigits: 2)
    case ("s", 1...2): return .number(.second, minimumDigits: count, maximumDigits: 2)
    case ("S", 1...9): return .fraction(digits: count)
    case ("X", 1...3), ("x", 1...3):
      let form: DatePattern.OffsetForm = count == 1 ? .short : count == 2 ? .basic : .extended
      return .offset(form, allowsZ: letter == "X")
    case ("Z", 1...3): return .offset(.basic, allowsZ: false)
    case ("Z", 5): return .offset(.extended, allowsZ: true)
    default:
      let run = String(repeating: letter, count: count)
      let isKnown = "yMdEHkhKamsSXxZ".contains(letter)
      throw DatePatternFailure(
        isKnown ? "'\(run)' has too many or too few letters" : "the letter '\(letter)' is not supported in date patterns",
        at: offset, length: count, hint: Self.hint(for: letter))
    }
  }

  private static func hint(for letter: Character) -> String {
    switch letter {
    case "y": "years are y, yy or yyyy"
    case "M": "months are M, MM, MMM or MMMM"
    case "E": "weekdays are E, EE, EEE or EEEE"
    case "Y": "Y is the week-based year; the year is yyyy"
    case "D": "D is the day of the year; the day of the month is d or dd"
    case "L": "the month is M, MM, MMM or MMMM"
    case "z", "v", "V", "O": "names of zones cannot be read; offsets are X, XX, XXX, x, xx, xxx, Z or ZZZZZ"
    case "X", "x", "Z": "offsets are X, XX, XXX, x, xx, xxx, Z or ZZZZZ"
    case "S": "a fraction has at most nine digits"
    case "a": "AM or PM is a"
    case "d", "H", "k", "h", "K", "m", "s": "write it once or twice"
    default: "put literal text between apostrophes: 'T'"
    }
  }

  /// Rejects patterns that cannot read any text, or that are certainly unintended.
  static func check(_ fields: [Field], isWritten: Bool) throws(DatePatternFailure) {
    var seen: [DatePattern.Part: Field] = [:]
    for (index, field) in fields.enumerated() {
      if !isWritten, field.operation.isOpenNumber, index + 1 < fields.count, fields[index + 1].operation.beginsWithDigit {
        throw DatePatternFailure(
          "it is unclear where '\(field.letters)' ends", at: field.offset, length: field.letters.count,
          hint: "write '\(field.letters + field.letters)' where digits follow")
      }
      guard let part = field.operation.part else { continue }
      if seen.updateValue(field, forKey: part) != nil {
        throw DatePatternFailure(
          "the \(part.rawValue) stands twice", at: field.offset, length: field.letters.count,
          hint: part == .hour ? nil : "M is the month, m the minute; d is the day; s the second, S its fraction")
      }
    }

    func need(_ part: DatePattern.Part, of other: DatePattern.Part, hint: String) throws(DatePatternFailure) {
      guard let field = seen[part], seen[other] == nil else { return }
      throw DatePatternFailure(
        "'\(field.letters)' is the \(part.rawValue), but the pattern has no \(other.rawValue)", at: field.offset,
        length: field.letters.count, hint: hint)
    }
    try need(.minute, of: .hour, hint: "the month is M or MM; the hour is H or h")
    try need(.second, of: .minute, hint: "the minute is m or mm")
    try need(.fraction, of: .second, hint: "the second is s or ss")
    try need(.offset, of: .hour, hint: "the hour is H or h")
    try need(.dayPeriod, of: .hour, hint: "the hour is h or hh")
    if let hour = seen[.hour], case .number(let part, _, _) = hour.operation {
      let isHalfDay = part == .halfDayHour || part == .halfDayHourFrom0
      if isHalfDay, seen[.dayPeriod] == nil {
        throw DatePatternFailure(
          "'\(hour.letters)' is a 12-hour hour, but the pattern has no AM or PM", at: hour.offset,
          length: hour.letters.count, hint: "24-hour hours are H or HH; AM or PM is a")
      }
      if !isHalfDay, let period = seen[.dayPeriod] {
        throw DatePatternFailure(
          "AM or PM with '\(hour.letters)', a 24-hour hour", at: period.offset,
          hint: "hours with AM or PM are h or hh")
      }
    }
  }
}
