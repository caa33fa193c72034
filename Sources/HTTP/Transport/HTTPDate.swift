import Values

/// Dates in HTTP headers (RFC 9110, section 5.6.7), in all three forms:
///
///     Sun, 06 Nov 1994 08:49:37 GMT     Sunday, 06-Nov-94 08:49:37 GMT     Sun Nov  6 08:49:37 1994
package enum HTTPDate {
  private static let months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]

  /// Seconds since 1970; nil if the text is not such a date. The name of the weekday is not checked.
  package static func seconds(_ text: String) -> Int? {
    guard text.utf8.count <= 64 else { return nil }
    let words = text.split { $0 == " " || $0 == "," || $0 == "-" }.map { $0.lowercased() }
    let day: Substring.SubSequence, month: String, year: String, time: String
    switch words.count {
    // The zone is always GMT.
    case 6 where words[5] == "gmt" || words[5] == "utc": (day, month, year, time) = (words[1][...], words[2], words[3], words[4])
    case 5: (day, month, year, time) = (words[2][...], words[1], words[4], words[3])
    default: return nil
    }
    guard let number = digits(String(day), 1...2), let index = months.firstIndex(of: month), var full = digits(year, 2...4),
      year.utf8.count != 3
    else { return nil }
    // A two-digit year is at most 50 years ahead, relative to the current century.
    if year.utf8.count == 2 { full += full < 80 ? 2000 : 1900 }
    let parts = time.split(separator: ":", omittingEmptySubsequences: false).map { digits(String($0), 2...2) }
    guard parts.count == 3, let hour = parts[0], let minute = parts[1], let second = parts[2], hour < 24, minute < 60,
      second <= 60
    else { return nil }
    let date = CivilDate(year: full, month: index + 1, day: number)
    guard date.isValid else { return nil }
    return date.daysSinceEpoch * 86_400 + hour * 3_600 + minute * 60 + second
  }

  private static func digits(_ text: String, _ count: ClosedRange<Int>) -> Int? {
    guard count.contains(text.utf8.count), text.utf8.allSatisfy({ $0 &- UInt8(ascii: "0") < 10 }) else { return nil }
    return Int(text)
  }
}
