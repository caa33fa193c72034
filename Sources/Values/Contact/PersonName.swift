package import Core

/// The function `name`: one part of a person's full name.
///
/// Names follow no rule that holds everywhere, so this is one that can be told in a few sentences, and is the same for every
/// record:
///
/// - Text in parentheses or quotation marks (a nickname) is left out.
/// - Titles at the beginning (`Dr.`, `Mrs`) are the `prefix`; generations, degrees and honours at the end (`Jr.`, `III`, `PhD`)
///   the `suffix`.
/// - With a comma, the family name stands before it and given names behind: `van Gogh, Vincent`. A part behind a
///   comma that consists of suffixes alone is the suffix: `Ada Lovelace, PhD`.
/// - Otherwise the first word is the `given` name. The `family` name is the last word, or begins earlier: at the first
///   particle (`van`, `de la`, `bin`) after the first word, or at the word before `y`, `e` or `i`. The words between are the
///   `middle`.
/// - A single word is the given name; after a title it is the family name.
///
/// Words are kept as they are written, with one space between them.
package enum PersonName {
  package enum Part: String, Sendable, Hashable, CaseIterable, BitwiseCopyable {
    case given, middle, family, prefix, suffix
  }

  /// Appends the part; false: the name has none, and nothing was appended.
  package static func append(_ part: Part, of text: Span<UInt8>, into arena: inout ByteArena) -> Bool {
    var words = PersonNameWords(text)
    words.split(text)
    // Of `Smith Jr., Ada, PhD` both are suffixes, the later ones last.
    let (range, more): (Range<Int>, Range<Int>) =
      switch part {
      case .given: (words.given, 0..<0)
      case .middle: (words.middle, 0..<0)
      case .family: (words.family, 0..<0)
      case .prefix: (words.prefix, words.laterPrefix)
      case .suffix: (words.suffix, words.laterSuffix)
      }
    append(range, of: words, text, isFirst: true, into: &arena)
    append(more, of: words, text, isFirst: range.isEmpty, into: &arena)
    return !range.isEmpty || !more.isEmpty
  }

  private static func append(
    _ range: Range<Int>, of words: PersonNameWords, _ text: Span<UInt8>, isFirst: Bool, into arena: inout ByteArena
  ) {
    for index in range {
      if !isFirst || index > range.lowerBound { arena.append(UInt8(ascii: " ")) }
      arena.append(text.extracting(words.range(index)))
    }
  }
}
