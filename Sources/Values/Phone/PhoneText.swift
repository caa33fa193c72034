import CPhoneTables

/// The characters of an input, one byte each: a *kind*, which is the character itself for ASCII, and for others one of the few
/// kinds that no parsing rule distinguishes.
///
/// Parts are cut off by moving `start` and `count`; the memory is the workspace's.
@safe struct PhoneText {
  private(set) var start: UnsafeMutablePointer<UInt8>
  private(set) var count: Int
  /// Part of the text was dropped: a second number after a slash and an `x`, a subaddress (`;isub=`), or anything after
  /// `;phone-context=` in an RFC 3966 text.
  private(set) var isCut = false

  init(start: UnsafeMutablePointer<UInt8>, count: Int) {
    unsafe self.start = unsafe start
    self.count = count
  }

  /// More characters are not read.
  private static let maximumCount = 250

  /// Fills the text from valid UTF-8. False if there are too many characters.
  mutating func decode(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let source = bytes.baseAddress else { return true }
    let end = bytes.count
    var read = 0
    var written = 0
    while read < end {
      guard written < Self.maximumCount else { return false }
      let byte = unsafe source[read]
      if byte < 0x80 {
        unsafe start[written] = byte
        read &+= 1
      } else {
        let width = byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4
        guard read &+ width <= end else { break }
        var scalar = Int(byte) & (0x7F >> width)
        for offset in 1..<width { scalar = unsafe scalar << 6 | Int(source[read &+ offset] & 0x3F) }
        unsafe start[written] = Self.kind(of: scalar)
        read &+= width
      }
      written &+= 1
    }
    count = written
    return true
  }

  private static func kind(of scalar: Int) -> UInt8 {
    // Four bytes of invalid UTF-8 could exceed Unicode's last code point.
    let known = min(scalar, 0x10FFFF)
    let page = unsafe Int(waybill_phone_kind_page()[known >> 8])
    return unsafe waybill_phone_kind_row()[page << 8 | known & 0xFF]
  }

  // Columns of a kind's properties.
  private static let classColumn = 0
  private static let digitColumn = 1
  private static let keypadColumn = 2
  private static let flagsColumn = 3
  private static let startFlag: UInt8 = 1
  private static let trailingFlag: UInt8 = 2
  private static let letterFlag: UInt8 = 4
  private static let noDigit: UInt8 = 0xFF

  @inline(__always)
  private func property(_ column: Int, at index: Int) -> UInt8 {
    unsafe waybill_phone_kind()[Int(start[index]) &* 4 &+ column]
  }

  /// Cuts the text to what may be a number: libphonenumber's `buildNationalNumberForParsing`. False for an RFC 3966 context
  /// that is none.
  mutating func extractNumber(composingIn composed: UnsafeMutablePointer<UInt8>) -> Bool {
    let hasParameters = contains(UInt8(ascii: ";"))
    if hasParameters, let place = firstIndex(of: Self.phoneContext) {
      guard unsafe applyContext(at: place, composingIn: composed) else { return false }
    } else {
      cutToNumber()
    }
    if hasParameters, let place = firstIndex(of: Self.subaddress), place > 0 {
      count = place
      isCut = true
    }
    return true
  }

  private static let phoneContext: StaticString = ";phone-context="
  private static let telephone: StaticString = "tel:"
  private static let subaddress: StaticString = ";isub="

  /// The number of an RFC 3966 text: its context, if that begins with a plus sign, and what is before the context.
  private mutating func applyContext(at place: Int, composingIn composed: UnsafeMutablePointer<UInt8>) -> Bool {
    let contextStart = place + Self.phoneContext.utf8CodeUnitCount
    var contextEnd = contextStart
    while contextEnd < count, unsafe start[contextEnd] != UInt8(ascii: ";") { contextEnd += 1 }
    let context = unsafe PhoneText(start: start + contextStart, count: contextEnd - contextStart)
    guard context.isPhoneContext else { return false }
    var written = 0
    if unsafe context.start[0] == UInt8(ascii: "+") {
      unsafe composed.update(from: context.start, count: context.count)
      written = context.count
    }
    let numberStart = firstIndex(of: Self.telephone).map { $0 + Self.telephone.utf8CodeUnitCount } ?? 0
    if numberStart < place {
      unsafe (composed + written).update(from: start + numberStart, count: place - numberStart)
      written += place - numberStart
    }
    // An extension after the context is not read.
    isCut = contextEnd < count
    unsafe start = unsafe composed
    count = written
    return true
  }

  /// Drops the text before the first plus sign or digit, what is neither letter nor digit at the end, and a second number.
  private mutating func cutToNumber() {
    var first = 0
    while first < count, property(Self.flagsColumn, at: first) & Self.startFlag == 0 { first &+= 1 }
    unsafe start += first
    count -= first
    while count > 0, property(Self.flagsColumn, at: count &- 1) & Self.trailingFlag != 0 { count &-= 1 }
    for place in 0..<count where unsafe start[place] == UInt8(ascii: "/") || start[place] == UInt8(ascii: "\\") {
      var next = place + 1
      while next < count, unsafe start[next] == UInt8(ascii: " ") { next += 1 }
      if next < count, unsafe start[next] == UInt8(ascii: "x") {
        count = place
        isCut = true
        return
      }
    }
  }

  /// Whether it could be a number, with or without an extension.
  var isViable: Bool {
    let table = unsafe waybill_phone_viable()
    var state = 1
    var index = 0
    while index < count, state != 0 {
      state = unsafe Int(table[state &* Self.classCount &+ Int(property(Self.classColumn, at: index))])
      index &+= 1
    }
    return unsafe count >= 2 && waybill_phone_viable_accepts()[state] != 0
  }

  private var isPhoneContext: Bool {
    let table = unsafe waybill_phone_phone_context()
    var state = 1
    for index in 0..<count {
      state = unsafe Int(table[state * Self.classCount + Int(property(Self.classColumn, at: index))])
    }
    return unsafe waybill_phone_phone_context_accepts()[state] != 0
  }

  private static var classCount: Int { Int(WAYBILL_PHONE_CLASSES) }

  /// Cuts off the longest extension, if what is before it is viable, and copies its digits to `memory`.
  mutating func removeExtension(copyingTo memory: UnsafeMutablePointer<UInt8>) -> PhoneDigits {
    let table = unsafe waybill_phone_extension_backwards()
    let accepts = unsafe waybill_phone_extension_backwards_accepts()
    var state = 1
    var index = count
    var longest: Int?
    while index > 0 {
      index &-= 1
      state = unsafe Int(table[state &* Self.classCount &+ Int(property(Self.classColumn, at: index))])
      if state == 0 { break }
      if unsafe accepts[state] != 0 { longest = index }
    }
    guard let longest, unsafe PhoneText(start: start, count: longest).isViable else {
      return unsafe PhoneDigits(start: UnsafePointer(memory), count: 0)
    }
    // Its words and signs have no digits.
    var written = 0
    for index in longest..<count {
      let digit = property(Self.digitColumn, at: index)
      guard digit != Self.noDigit else { continue }
      precondition(written < PhoneWorkspace.extensionRoom)
      unsafe memory[written] = digit
      written += 1
    }
    count = longest
    return unsafe PhoneDigits(start: UnsafePointer(memory), count: written)
  }

  /// Plus signs, ASCII or full-width, at the start. A plus sign is the only character other than a digit that may start a number.
  var leadingPlusCount: Int {
    var index = 0
    while index < count, property(Self.flagsColumn, at: index) & Self.startFlag != 0,
      property(Self.digitColumn, at: index) == Self.noDigit
    {
      index += 1
    }
    return index
  }

  /// The digits; with three or more ASCII letters, the keypad's digits of letters and ASCII digits only.
  func digits(in memory: UnsafeMutablePointer<UInt8>) -> PhoneDigits {
    var letters = 0
    for index in 0..<count where property(Self.flagsColumn, at: index) & Self.letterFlag != 0 { letters &+= 1 }
    let column = letters >= 3 ? Self.keypadColumn : Self.digitColumn
    var written = 0
    for index in 0..<count {
      let digit = property(column, at: index)
      unsafe memory[written] = digit
      written &+= digit == Self.noDigit ? 0 : 1
    }
    return unsafe PhoneDigits(start: UnsafePointer(memory), count: written)
  }

  private func contains(_ byte: UInt8) -> Bool {
    for index in 0..<count where unsafe start[index] == byte { return true }
    return false
  }

  private func firstIndex(of word: StaticString) -> Int? {
    let width = word.utf8CodeUnitCount
    var place = 0
    while place + width <= count {
      var matched = 0
      while matched < width, unsafe start[place + matched] == word.utf8Start[matched] { matched += 1 }
      if matched == width { return place }
      place += 1
    }
    return nil
  }
}
