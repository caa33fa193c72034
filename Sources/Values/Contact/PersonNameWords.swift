import Core

/// The words of a full name, and which part each belongs to. Held in place: nothing is allocated.
struct PersonNameWords {
  /// More words are taken for parts of the last one.
  static let limit = 48

  private var starts = InlineArray<48, Int>(repeating: 0)
  private var ends = InlineArray<48, Int>(repeating: 0)
  private(set) var count = 0
  /// The number of words before the first comma, before the second, and so on; -1: there is no such comma.
  private var commas = InlineArray<3, Int>(repeating: -1)
  private var commaCount = 0

  private(set) var prefix = 0..<0
  private(set) var given = 0..<0
  private(set) var middle = 0..<0
  private(set) var family = 0..<0
  private(set) var suffix = 0..<0
  /// Behind a comma, besides those at the beginning.
  private(set) var laterPrefix = 0..<0
  private(set) var laterSuffix = 0..<0

  func range(_ index: Int) -> Range<Int> { starts[index]..<ends[index] }

  /// Takes the text apart.
  init(_ text: Span<UInt8>) {
    var index = 0
    var start = -1
    while index <= text.count {
      let (value, length): (UInt32, Int) = index < text.count ? UTF8Scalar.read(text, at: index) : (0x20, 1)
      let isComma = value == 0x2C || value == 0xFF0C || value == 0x060C
      if isComma || Whitespace.isWhite(value) {
        if start >= 0 { append(start, index) }
        start = -1
        if isComma, count > 0, commaCount < 3 {
          commas[commaCount] = count
          commaCount += 1
        }
        index += length
        continue
      }
      if start < 0 {
        if let closing = Self.closing(of: value), let end = Self.end(of: closing, in: text, from: index + length) {
          index = end
          continue
        }
        start = index
      }
      index += length
    }
  }

  private mutating func append(_ start: Int, _ end: Int) {
    if count == Self.limit {
      ends[count - 1] = end
      return
    }
    starts[count] = start
    ends[count] = end
    count += 1
  }

  /// What ends a nickname that begins with this character.
  private static func closing(of value: UInt32) -> UInt32? {
    switch value {
    case 0x28: 0x29
    case 0x22: 0x22
    case 0x201C: 0x201D
    case 0x201E: 0x201C
    case 0xAB: 0xBB
    case 0xFF08: 0xFF09
    default: nil
    }
  }

  private static func end(of closing: UInt32, in text: Span<UInt8>, from start: Int) -> Int? {
    var index = start
    while index < text.count {
      let (value, length) = UTF8Scalar.read(text, at: index)
      index += length
      if value == closing { return index }
    }
    return nil
  }

  /// Gives each word its part.
  mutating func split(_ text: Span<UInt8>) {
    var first = 0
    while first < count - 1, isTitle(first, text), commaCount == 0 || first < commas[0] { first += 1 }
    if first == 0, count == 1, isTitle(0, text), text[range(0).upperBound - 1] == UInt8(ascii: ".") { first = 1 }
    prefix = 0..<first

    // Parts after commas that consist only of suffixes, from the last one.
    var end = count
    while commaCount > 0 {
      let start = commas[commaCount - 1]
      guard start < end else {
        commaCount -= 1
        continue
      }
      guard areSuffixes(start..<end, text), start > first else { break }
      laterSuffix = start..<count
      end = start
      commaCount -= 1
    }
    let familyEnd = commaCount > 0 ? commas[0] : end
    if commaCount > 0, familyEnd > first {
      splitFamilyFirst(first, familyEnd, end, text)
    } else {
      splitGivenFirst(first, end, text)
    }
  }

  /// `Family, Given Middle`, titles before the given name, suffixes after either.
  private mutating func splitFamilyFirst(_ first: Int, _ comma: Int, _ end: Int, _ text: Span<UInt8>) {
    var familyEnd = comma
    while familyEnd - 1 > first, isSuffix(familyEnd - 1, text) { familyEnd -= 1 }
    family = first..<familyEnd
    suffix = familyEnd..<comma
    var givenStart = comma
    while givenStart < end - 1, isTitle(givenStart, text) { givenStart += 1 }
    if prefix.isEmpty { prefix = comma..<givenStart } else { laterPrefix = comma..<givenStart }
    var givenEnd = end
    while givenEnd - 1 > givenStart, suffix.isEmpty, isSuffix(givenEnd - 1, text) { givenEnd -= 1 }
    if givenEnd < end { suffix = givenEnd..<end }
    given = givenStart..<min(givenStart + 1, givenEnd)
    middle = given.upperBound..<max(given.upperBound, givenEnd)
  }

  private mutating func splitGivenFirst(_ first: Int, _ limit: Int, _ text: Span<UInt8>) {
    var end = limit
    while end - 1 > first, isSuffix(end - 1, text) { end -= 1 }
    suffix = end..<limit
    guard end > first else { return }
    if end - first == 1 {
      if prefix.isEmpty { given = first..<end } else { family = first..<end }
      return
    }
    given = first..<first + 1
    var familyStart = end - 1
    var index = first + 1
    while index < end - 1 {
      if NameWords.isParticle(text.extracting(range(index))) {
        familyStart = index
        break
      }
      if index > first + 1, NameWords.isConjunction(text.extracting(range(index))) {
        familyStart = index - 1
        break
      }
      index += 1
    }
    middle = first + 1..<familyStart
    family = familyStart..<end
  }

  private func isTitle(_ index: Int, _ text: Span<UInt8>) -> Bool { NameWords.isTitle(text.extracting(range(index))) }
  private func isSuffix(_ index: Int, _ text: Span<UInt8>) -> Bool { NameWords.isSuffix(text.extracting(range(index))) }

  private func areSuffixes(_ words: Range<Int>, _ text: Span<UInt8>) -> Bool {
    for index in words where !isSuffix(index, text) { return false }
    return true
  }
}
