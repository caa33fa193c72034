import Core
import Values

/// Counts which date formats read the values of a sample, using the same readers as a run.
///
/// A class, so that each format's readers are created once for the whole sample.
final class DateProbe {
  /// How many values of a field one format reads.
  struct Count: Sendable, Hashable {
    var dates = 0
    /// Moments with an offset, and those without one.
    var moments = 0
    var local = 0
  }

  private struct Readers {
    let date: DateReader
    let moment: DateTimeReader
    let local: DateTimeReader
  }

  private var readers: [String: Readers?] = [:]
  private var arena = ByteArena(capacity: 256)

  /// Adds a text to the counts, which are keyed by format as a mapping writes it.
  func add(_ text: String, to counts: inout [String: Count]) {
    let bytes = Array(text.utf8)
    for format in DateShape.formats(of: text) {
      guard let readers = readers(of: format) else { continue }
      var count = counts[format] ?? Count()
      arena.reset()
      arena.begin()
      if case .value = readers.date.read(bytes.span, into: &arena) { count.dates += 1 }
      if case .value = readers.moment.read(bytes.span, into: &arena) {
        count.moments += 1
      } else if case .value = readers.local.read(bytes.span, into: &arena) {
        count.local += 1
      }
      _ = arena.finish()
      if count != Count() { counts[format] = count }
    }
  }

  /// Adds a number, which counts as seconds or milliseconds since 1970 if that gives a year from 1979 to 2100; the two
  /// ranges do not overlap.
  func add(number digits: String, to counts: inout [String: Count]) {
    guard let format = DateShape.epoch(digits) else { return }
    counts[format, default: Count()].dates += 1
    counts[format, default: Count()].moments += 1
  }

  private func readers(of format: String) -> Readers? {
    if let known = readers[format] { return known }
    let made = Self.format(format).map { format in
      Readers(
        date: DateReader(formats: [format]), moment: DateTimeReader(formats: [format], zone: nil),
        local: DateTimeReader(formats: [format], zone: .utc))
    }
    readers[format] = .some(made)
    return made
  }

  private static func format(_ name: String) -> DateFormat? {
    switch name {
    case "iso": .iso
    case "epoch_s": .epochSeconds
    case "epoch_ms": .epochMilliseconds
    default: (try? DatePattern(name)).map { .pattern($0) }
    }
  }
}

/// The formats that a text may have, judging by its digits and the separators between them: all that are worth trying.
enum DateShape {
  private static let months: Set<String> = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec", "january", "february", "march", "april",
    "june", "july", "august", "september", "october", "november", "december",
  ]

  static func formats(of text: String) -> [String] {
    guard (6...40).contains(text.utf8.count), text.utf8.contains(where: { (0x30...0x39).contains($0) }) else { return [] }
    if text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
      return (text.utf8.count == 8 ? ["yyyyMMdd", "ddMMyyyy", "MMddyyyy"] : []) + (epoch(text).map { [$0] } ?? [])
    }
    let pieces = pieces(text)
    if isISO(pieces) { return ["iso"] }
    guard let (dates, length) = dates(pieces) else { return [] }
    guard let time = time(Array(pieces.dropFirst(length))) else { return [] }
    return dates.map { $0 + time }
  }

  /// `epoch_s` or `epoch_ms`, depending on which gives a year from 1979 to 2100.
  static func epoch(_ digits: String) -> String? {
    guard let number = Int64(digits) else { return nil }
    if (300_000_000...4_102_444_800).contains(number) { return "epoch_s" }
    return (300_000_000_000...4_102_444_800_000).contains(number) ? "epoch_ms" : nil
  }

  /// Runs of digits, runs of letters, and single signs.
  private static func pieces(_ text: String) -> [Substring] {
    var pieces: [Substring] = []
    var rest = text[...]
    func kind(_ character: Character) -> Int { character.isASCII && character.isNumber ? 0 : character.isLetter ? 1 : 2 }
    while let first = rest.first {
      let kind = kind(first)
      let piece = kind == 2 ? rest.prefix(1) : rest.prefix { Self.kind($0) == kind }
      pieces.append(piece)
      rest = rest[piece.endIndex...]
    }
    return pieces
  }

  private static func kind(_ character: Character) -> Int {
    character.isASCII && character.isNumber ? 0 : character.isLetter ? 1 : 2
  }

  private static func isNumber(_ piece: Substring?, _ counts: ClosedRange<Int>) -> Bool {
    guard let piece, let first = piece.first else { return false }
    return kind(first) == 0 && counts.contains(piece.count)
  }

  private static func isISO(_ pieces: [Substring]) -> Bool {
    guard pieces.count >= 5, isNumber(pieces[0], 4...4), pieces[1] == "-", isNumber(pieces[2], 2...2), pieces[3] == "-",
      isNumber(pieces[4], 2...2)
    else { return false }
    return pieces.count == 5 || ["T", "t", " "].contains(pieces[5])
  }

  /// Each possible reading of the date at the beginning, and the number of pieces it takes.
  private static func dates(_ pieces: [Substring]) -> (patterns: [String], length: Int)? {
    let isMonth = { (piece: Substring) in months.contains(piece.lowercased()) }
    guard pieces.count >= 5 else { return nil }
    let separator = String(pieces[1])
    if isNumber(pieces[0], 1...4), ["/", ".", "-"].contains(separator), pieces[3] == pieces[1], isNumber(pieces[2], 1...2) {
      let s = separator
      if isNumber(pieces[0], 4...4), isNumber(pieces[4], 1...2) { return (["yyyy\(s)M\(s)d", "yyyy\(s)d\(s)M"], 5) }
      guard isNumber(pieces[0], 1...2) else { return nil }
      if isNumber(pieces[4], 4...4) { return (["d\(s)M\(s)yyyy", "M\(s)d\(s)yyyy"], 5) }
      if isNumber(pieces[4], 2...2) { return (["d\(s)M\(s)yy", "M\(s)d\(s)yy", "yy\(s)M\(s)d"], 5) }
      return nil
    }
    // 10 Mar 2024, 10-March-2024
    if isNumber(pieces[0], 1...2), [" ", "-", "/", "."].contains(separator), isMonth(pieces[2]), pieces[3] == pieces[1],
      isNumber(pieces[4], 4...4)
    {
      return (["d\(separator)\(pieces[2].count == 3 ? "MMM" : "MMMM")\(separator)yyyy"], 5)
    }
    // Mar 10, 2024
    if isMonth(pieces[0]), separator == " ", isNumber(pieces[2], 1...2) {
      let month = pieces[0].count == 3 ? "MMM" : "MMMM"
      if pieces[3] == " ", isNumber(pieces[4], 4...4) { return (["\(month) d yyyy"], 5) }
      if pieces.count >= 6, pieces[3] == ",", pieces[4] == " ", isNumber(pieces[5], 4...4) { return (["\(month) d, yyyy"], 6) }
    }
    return nil
  }

  /// The pattern of what follows the date; nil if it is not a time.
  private static func time(_ pieces: [Substring]) -> String? {
    var rest = pieces[...]
    func take(_ wanted: String...) -> Bool {
      guard let first = rest.first, wanted.contains(String(first)) else { return false }
      rest.removeFirst()
      return true
    }
    func takeNumber(_ counts: ClosedRange<Int>) -> Int? {
      guard isNumber(rest.first, counts) else { return nil }
      return rest.removeFirst().count
    }
    if rest.isEmpty { return "" }
    var pattern = ""
    if take(",") { pattern += "," }
    if take(" ") { pattern += " " } else if take("T") { pattern += "'T'" } else { return nil }
    let start = pattern
    guard takeNumber(1...2) != nil, take(":"), takeNumber(2...2) != nil else { return nil }
    var clock = ":mm"
    if take(":") {
      guard takeNumber(2...2) != nil else { return nil }
      clock += ":ss"
      if take(".") {
        guard let count = takeNumber(1...9) else { return nil }
        clock += "." + String(repeating: "S", count: count)
      }
    }
    let beforePeriod = rest
    let hasSpace = take(" ")
    if take("AM", "PM", "am", "pm") {
      pattern = start + "h" + clock + (hasSpace ? " a" : "a")
    } else {
      rest = beforePeriod
      pattern = start + "H" + clock
    }
    if rest.isEmpty { return pattern }
    if take(" ") { pattern += " " }
    if take("Z") { return rest.isEmpty ? pattern + "XXX" : nil }
    guard take("+", "-"), let count = takeNumber(2...4) else { return nil }
    if count == 4 { return rest.isEmpty ? pattern + "XX" : nil }
    guard take(":"), takeNumber(2...2) != nil else { return nil }
    return rest.isEmpty ? pattern + "XXX" : nil
  }
}
