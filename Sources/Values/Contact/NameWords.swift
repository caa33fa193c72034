import Core

/// Words of names that are not names themselves.
enum NameWords {
  /// In any case, with or without full stops.
  static func isTitle(_ word: Span<UInt8>) -> Bool { contains(titles, word, ignoresCase: true) }

  /// In any case, with or without full stops; roman numbers and degrees that may be names only as they are usually written.
  static func isSuffix(_ word: Span<UInt8>) -> Bool {
    contains(suffixes, word, ignoresCase: true) || contains(exactSuffixes, word, ignoresCase: false)
  }

  /// Those that may also be given names, only in lower case.
  static func isParticle(_ word: Span<UInt8>) -> Bool {
    contains(particles, word, ignoresCase: true) || contains(lowerParticles, word, ignoresCase: false)
  }

  static func isConjunction(_ word: Span<UInt8>) -> Bool {
    word.count == 1 && (word[0] == UInt8(ascii: "y") || word[0] == UInt8(ascii: "e") || word[0] == UInt8(ascii: "i"))
  }

  private static let titles: StaticString = """
    mr mrs ms mx miss mister madam dr doctor prof professor sir dame lord lady rev reverend fr father hon honorable judge \
    capt captain col colonel gen general lt lieutenant maj major sgt sergeant cpl herr frau fräulein hr mme mlle monsieur \
    madame mademoiselle sr sra srta señor señora señorita sig signor signora dott dottssa ing dipl-ing \
    rabbi imam sheikh
    """
  private static let suffixes: StaticString = """
    jr jnr snr esq esquire phd dphil edd mba dds dmd jd llm lld cpa cfa obe mbe cbe kbe frs dvm pharmd psyd
    """
  private static let exactSuffixes: StaticString = "Sr sr SR II III IV VI VII VIII MD DO RN PE BA BSc MA MSc DC OD QC KC"
  private static let particles: StaticString = """
    van von vom zu zum zur der de del della delle dello degli dei da das dos di du des ter 't
    """
  private static let lowerParticles: StaticString =
    "al el la den ten te do auf af av le las los lo bin ibn bint ben abu st san santa"

  /// Whether one of the words of `list` is `word`, from which full stops are taken.
  private static func contains(_ list: StaticString, _ word: Span<UInt8>, ignoresCase: Bool) -> Bool {
    guard word.count <= 24 else { return false }
    let text = unsafe list.utf8Start
    let end = list.utf8CodeUnitCount
    var start = 0
    while start < end {
      var stop = start
      while stop < end, unsafe text[stop] != UInt8(ascii: " "), unsafe text[stop] != UInt8(ascii: "\n") { stop += 1 }
      if unsafe equals(text + start, stop - start, word, ignoresCase: ignoresCase) { return true }
      start = stop + 1
    }
    return false
  }

  private static func equals(_ start: UnsafePointer<UInt8>, _ count: Int, _ word: Span<UInt8>, ignoresCase: Bool) -> Bool {
    var matched = 0
    for index in 0..<word.count {
      var byte = word[index]
      if byte == UInt8(ascii: ".") { continue }
      if ignoresCase, byte &- UInt8(ascii: "A") < 26 { byte |= 0x20 }
      guard matched < count, unsafe start[matched] == byte else { return false }
      matched += 1
    }
    return matched == count
  }
}
