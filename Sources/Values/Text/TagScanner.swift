/// Recognizes HTML tags, comments and the elements whose content is not text. It does not repeat searches that failed, so
/// that hostile text costs no more than its length.
struct TagScanner {
  enum Kind: Hashable { case lineBreak, block, preformatted, cell, other }

  struct Tag {
    var kind: Kind
    var isClosing: Bool
    /// Behind the tag, the comment, or the element that has no text.
    var end: Int
  }

  private var hasTagEnds = true
  private var hasCommentEnds = true
  private var mindsQuotes = true
  /// Per element of `Raw`: its end tag may still come.
  private var hasRawEnds: InlineArray<3, Bool> = [true, true, true]

  /// The tag that begins at `index`, which has a `<`; nil: it is text.
  mutating func tag(in text: Span<UInt8>, at index: Int) -> Tag? {
    let count = text.count
    var position = index + 1
    guard position < count else { return nil }
    if text[position] == UInt8(ascii: "!") || text[position] == UInt8(ascii: "?") { return declaration(in: text, at: index) }
    let isClosing = text[position] == UInt8(ascii: "/")
    if isClosing { position += 1 }
    let nameStart = position
    guard position < count, Self.isLetter(text[position]) else { return nil }
    while position < count, Self.isNameByte(text[position]) { position += 1 }
    guard position < count else { return nil }
    let next = text[position]
    guard next == UInt8(ascii: ">") || next == UInt8(ascii: "/") || Whitespace.isASCIIWhite(next) else { return nil }
    let name = TagName(text.extracting(nameStart..<position))
    guard let end = tagEnd(in: text, from: position) else { return nil }
    if !isClosing, let raw = Raw(name), let rawEnd = endOfRaw(raw, in: text, from: end) {
      return Tag(kind: .other, isClosing: false, end: rawEnd)
    }
    return Tag(kind: Self.kind(of: name), isClosing: isClosing, end: end)
  }

  private mutating func declaration(in text: Span<UInt8>, at index: Int) -> Tag? {
    let count = text.count
    if index + 4 <= count, text[index + 1] == UInt8(ascii: "!"), text[index + 2] == UInt8(ascii: "-"),
      text[index + 3] == UInt8(ascii: "-")
    {
      guard hasCommentEnds else { return nil }
      var position = index + 2
      while position + 3 <= count {
        if text[position] == UInt8(ascii: "-"), text[position + 1] == UInt8(ascii: "-"),
          text[position + 2] == UInt8(ascii: ">")
        {
          return Tag(kind: .other, isClosing: false, end: position + 3)
        }
        position += 1
      }
      hasCommentEnds = false
      return nil
    }
    // `<!doctype html>`, `<?xml … ?>`, `<![CDATA[`: a letter or bracket must follow.
    guard index + 2 < count, Self.isLetter(text[index + 2]) || text[index + 2] == UInt8(ascii: "[") else { return nil }
    return plainEnd(in: text, from: index + 2).map { Tag(kind: .other, isClosing: false, end: $0) }
  }

  /// Behind the `>` of the tag; one inside quoted attribute values does not count.
  private mutating func tagEnd(in text: Span<UInt8>, from start: Int) -> Int? {
    guard hasTagEnds else { return nil }
    guard mindsQuotes else { return plainEnd(in: text, from: start) }
    var quote: UInt8 = 0
    var position = start
    while position < text.count {
      let byte = unsafe text[unchecked: position]
      if quote != 0 {
        if byte == quote { quote = 0 }
      } else if byte == UInt8(ascii: ">") {
        return position + 1
      } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
        quote = byte
      }
      position += 1
    }
    // An open quotation mark: from here on they mean nothing.
    mindsQuotes = false
    return plainEnd(in: text, from: start)
  }

  private mutating func plainEnd(in text: Span<UInt8>, from start: Int) -> Int? {
    guard hasTagEnds else { return nil }
    var position = start
    while position < text.count {
      if unsafe text[unchecked: position] == UInt8(ascii: ">") { return position + 1 }
      position += 1
    }
    hasTagEnds = false
    return nil
  }

  /// Elements whose content is not text for readers.
  private enum Raw: Int {
    case script, style, title

    init?(_ name: TagName) {
      switch name {
      case "script": self = .script
      case "style": self = .style
      case "title": self = .title
      default: return nil
      }
    }

    var name: TagName {
      switch self {
      case .script: "script"
      case .style: "style"
      case .title: "title"
      }
    }
  }

  /// The index after the end tag of `raw`; nil if there is none.
  private mutating func endOfRaw(_ raw: Raw, in text: Span<UInt8>, from start: Int) -> Int? {
    guard hasRawEnds[raw.rawValue] else { return nil }
    let length = raw.name.count
    var position = start
    while position + 2 + length <= text.count {
      if unsafe text[unchecked: position] == UInt8(ascii: "<"), unsafe text[unchecked: position + 1] == UInt8(ascii: "/"),
        TagName(text.extracting(position + 2..<position + 2 + length)) == raw.name
      {
        return plainEnd(in: text, from: position + 2 + length)
      }
      position += 1
    }
    hasRawEnds[raw.rawValue] = false
    return nil
  }

  private static func kind(of name: TagName) -> Kind {
    switch name {
    case "br": .lineBreak
    case "p", "div", "hr", "li", "ul", "ol", "dl", "dt", "dd", "tr", "table", "tbody", "thead", "tfoot", "h1", "h2", "h3",
      "h4", "h5", "h6", "form", "main", "nav", "header", "footer", "section", "article", "aside", "address", "figure", "caption",
      "fieldset", "legend", "center", "details", "summary", "body", "html", "head":
      .block
    case "pre": .preformatted
    case "td", "th", "option": .cell
    case "blockquote", "figcaption": .block
    default: .other
    }
  }

  private static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- UInt8(ascii: "a") < 26 }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    isLetter(byte) || byte &- UInt8(ascii: "0") < 10 || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ":")
  }
}

/// A tag's name in lower case, packed into sixteen bytes; longer ones equal none of the known.
struct TagName: Hashable, ExpressibleByStringLiteral {
  private var high: UInt64 = 0
  private var low: UInt64 = 0
  private(set) var count = 0

  init(_ name: Span<UInt8>) {
    count = name.count
    for index in 0..<min(name.count, 16) { append(name[index]) }
  }

  init(stringLiteral name: StaticString) {
    count = name.utf8CodeUnitCount
    for index in 0..<min(count, 16) { unsafe append(name.utf8Start[index]) }
  }

  private mutating func append(_ byte: UInt8) {
    let letter = byte &- UInt8(ascii: "A") < 26 ? byte | 0x20 : byte
    high = high << 8 | low >> 56
    low = low << 8 | UInt64(letter)
  }

  static func ~= (pattern: TagName, name: TagName) -> Bool { pattern == name }
}
