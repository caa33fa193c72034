package import Core

extension NumberForm {
  /// Appends the number of a text as JSON and `Numbers` write it, with a point and a leading minus: `(€ 1.234,50)` gives `-1234.50`.
  /// White space around the number and its symbols is skipped, but for the plain form, which has none.
  ///
  /// What was appended is unfinished where it fails. No heap allocation.
  package func read(_ text: Span<UInt8>, into arena: inout ByteArena) -> NumberRefusal? {
    var reader = NumberFormReader(form: self, text: text)
    return reader.read(into: &arena)
  }
}

/// Reads one text from both of its ends to the digits in the middle.
private struct NumberFormReader: ~Escapable {
  private let form: NumberForm
  private let text: Span<UInt8>
  /// What is left of the text.
  private var first: Int
  private var last: Int
  private var isNegative = false
  private var hasSign = false
  private var isOpen = false
  private var isClosed = false

  @_lifetime(copy text)
  init(form: NumberForm, text: Span<UInt8>) {
    self.form = form
    self.text = text
    first = 0
    last = text.count
  }

  mutating func read(into arena: inout ByteArena) -> NumberRefusal? {
    let trimmed = Whitespace.trimmed(text)
    if form.isPlain {
      guard trimmed.count == text.count else { return trimmed.isEmpty ? .notANumber : .spaces }
    }
    (first, last) = (trimmed.lowerBound, trimmed.upperBound)
    readFront()
    readBack()
    guard first < last, isOpen == isClosed else { return .notANumber }
    if isNegative { arena.append(UInt8(ascii: "-")) }
    return readDigits(into: &arena)
  }

  /// Sign, parenthesis and symbol before the number, in any order, each once.
  private mutating func readFront() {
    var hasSymbol = false
    while first < last {
      skipSpaces()
      if let length = minus(at: first), !hasSign {
        (hasSign, isNegative) = (true, true)
        first += length
      } else if first < last, text[first] == UInt8(ascii: "+"), !hasSign {
        hasSign = true
        first += 1
      } else if first < last, text[first] == UInt8(ascii: "("), !hasSign, form.negatives.contains(.parentheses) {
        (hasSign, isNegative, isOpen) = (true, true, true)
        first += 1
      } else if !hasSymbol, let length = symbol(after: first) {
        hasSymbol = true
        first += length
      } else {
        return
      }
    }
  }

  private mutating func readBack() {
    var hasSymbol = false
    while first < last {
      last = first + Whitespace.trimmed(text.extracting(first..<last)).upperBound
      if isOpen, !isClosed, last > first, text[last - 1] == UInt8(ascii: ")") {
        isClosed = true
        last -= 1
      } else if !hasSign, form.negatives.contains(.trailingMinus), let length = minus(before: last) {
        (hasSign, isNegative) = (true, true)
        last -= length
      } else if !hasSymbol, let length = symbol(before: last) {
        hasSymbol = true
        last -= length
      } else {
        return
      }
    }
  }

  private mutating func skipSpaces() {
    guard !form.isPlain else { return }
    first += Whitespace.trimmed(text.extracting(first..<last)).lowerBound
  }

  private mutating func readDigits(into arena: inout ByteArena) -> NumberRefusal? {
    var index = first
    var groups = 0
    var inGroup = 0
    var isFraction = false
    while index < last {
      if text[index] &- UInt8(ascii: "0") < 10 {
        arena.append(text[index])
        inGroup += 1
        index += 1
      } else if !isFraction, let length = form.decimalMark.length(in: text, at: index, before: last) {
        if groups > 0, inGroup != 3 { return .grouping }
        isFraction = true
        inGroup = 0
        arena.append(UInt8(ascii: "."))
        index += length
        if index == last { return .notANumber }
      } else if let length = form.groupMark?.length(in: text, at: index, before: last) {
        guard !isFraction, isGroup(inGroup, isFirst: groups == 0) else { return .grouping }
        groups += 1
        inGroup = 0
        index += length
        if index == last { return .grouping }
      } else {
        break
      }
    }
    if groups > 0, !isFraction, inGroup != 3 { return .grouping }
    if index == last { return first == last ? .notANumber : nil }
    return readRest(from: index, into: &arena)
  }

  /// A group that another one follows.
  private func isGroup(_ count: Int, isFirst: Bool) -> Bool {
    let most = form.grouping == .thousands ? 3 : 2
    return isFirst ? 1...most ~= count : count == most
  }

  /// Behind the last digit or mark that the form has: an exponent, or what does not belong to the number.
  private func readRest(from start: Int, into arena: inout ByteArena) -> NumberRefusal? {
    if start > first, isExponent(from: start) {
      guard form.allowsExponent else { return .exponent }
      arena.append(text.extracting(start..<last))
      return nil
    }
    return refusal(at: start)
  }

  private func isExponent(from start: Int) -> Bool {
    guard text[start] | 0x20 == UInt8(ascii: "e") else { return false }
    var index = start + 1
    if index < last, text[index] == UInt8(ascii: "+") || text[index] == UInt8(ascii: "-") { index += 1 }
    guard index < last else { return false }
    while index < last, isDigit(index) { index += 1 }
    return index == last
  }

  /// Why the text is not a number: what stands at `index`, which the form does not have.
  private func refusal(at index: Int) -> NumberRefusal {
    if ScientificNotation.isWritten(text) { return .exponent }
    let isInside = index > first && isDigit(last - 1)
    if isInside {
      let length = UTF8Scalar.read(text, at: index).length
      return isMark(index) && index + length < last && isDigit(index + length) ? .mark : .notANumber
    }
    if index > first, last - index == minus(before: last) { return hasSign ? .notANumber : .trailingMinus }
    if index == first, !hasSign, text[first] == UInt8(ascii: "("), text[last - 1] == UInt8(ascii: ")"), hasDigit {
      return .parentheses
    }
    return hasOneNumber ? .otherText : .notANumber
  }

  private var hasDigit: Bool {
    for index in first..<last where isDigit(index) { return true }
    return false
  }

  /// Digits and marks in one run, with words or symbols before or after it.
  private var hasOneNumber: Bool {
    var index = first
    while index < last, isWord(index) { index += 1 }
    guard index < last, isDigit(index) else { return false }
    while index < last, isDigit(index) || isMark(index) { index += UTF8Scalar.read(text, at: index).length }
    while index < last, isWord(index) { index += 1 }
    return index == last
  }

  /// Neither a digit nor what numbers, dates and times are written with.
  private func isWord(_ index: Int) -> Bool {
    switch text[index] {
    case UInt8(ascii: "0")...UInt8(ascii: ":"), UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "+"), UInt8(ascii: "-"),
      UInt8(ascii: "/"):
      false
    default: true
    }
  }

  private func isDigit(_ index: Int) -> Bool { text[index] &- UInt8(ascii: "0") < 10 }

  /// What separates digits in some country.
  private func isMark(_ index: Int) -> Bool {
    switch UTF8Scalar.read(text, at: index).value {
    case 0x20, 0x27, 0x2C, 0x2E, 0x5F, 0xA0, 0xB7, 0x066B, 0x066C, 0x2007, 0x2009, 0x2019, 0x202F: true
    default: false
    }
  }

  /// The length of a minus: that of ASCII, or U+2212.
  private func minus(at index: Int) -> Int? {
    guard index < last else { return nil }
    if text[index] == UInt8(ascii: "-") { return 1 }
    return last - index >= 3 && text[index] == 0xE2 && text[index + 1] == 0x88 && text[index + 2] == 0x92 ? 3 : nil
  }

  private func minus(before end: Int) -> Int? {
    guard end > first else { return nil }
    if text[end - 1] == UInt8(ascii: "-") { return 1 }
    return end - first >= 3 && minus(at: end - 3) == 3 ? 3 : nil
  }

  private func symbol(after start: Int) -> Int? {
    for symbol in form.symbolBytes where last - start >= symbol.count && isSymbol(symbol, at: start) { return symbol.count }
    return nil
  }

  private func symbol(before end: Int) -> Int? {
    for symbol in form.symbolBytes where end - first >= symbol.count && isSymbol(symbol, at: end - symbol.count) {
      return symbol.count
    }
    return nil
  }

  private func isSymbol(_ symbol: [UInt8], at start: Int) -> Bool {
    for index in symbol.indices {
      let byte = text[start + index]
      guard symbol[index] == byte || (0x41...0x5A).contains(byte) && symbol[index] == byte | 0x20 else { return false }
    }
    return true
  }
}

extension NumberMark {
  /// The bytes of the form that stands at `index`; nil if none does.
  fileprivate func length(in text: Span<UInt8>, at index: Int, before end: Int) -> Int? {
    for form in forms where form.count <= end - index {
      var isSame = true
      for offset in form.indices where form[offset] != text[index + offset] { isSame = false }
      if isSame { return form.count }
    }
    return nil
  }
}
