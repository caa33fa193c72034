/// A key of a page that scrolls, as in `less`.
enum PageKey: Equatable {
  case down, up, pageDown, pageUp, halfDown, halfUp, home, end, quit

  /// The keys in bytes that a terminal has sent; others are ignored.
  static func all(in bytes: [UInt8]) -> [PageKey] {
    var keys: [PageKey] = []
    var rest = bytes[...]
    while let byte = rest.popFirst() {
      if byte == 0x1B, let first = rest.first, first == UInt8(ascii: "[") || first == UInt8(ascii: "O") {
        rest.removeFirst()
        // A control sequence ends with a letter or `~`.
        let parameters = rest.prefix { !(0x40...0x7E).contains($0) }
        rest = rest.dropFirst(parameters.count)
        guard let last = rest.popFirst() else { break }
        if let key = sequence(String(decoding: parameters, as: UTF8.self), last) { keys.append(key) }
      } else if let key = plain(byte) {
        keys.append(key)
      }
    }
    return keys
  }

  private static func plain(_ byte: UInt8) -> PageKey? {
    switch byte {
    // Ctrl-C and Ctrl-D end it.
    case 0x03, 0x04: return .quit
    case 0x0A, 0x0D, 0x0E: return .down
    case 0x10: return .up
    case 0x06, 0x16: return .pageDown
    case 0x02: return .pageUp
    case 0x15: return .halfUp
    default: break
    }
    switch Character(UnicodeScalar(byte)) {
    case "q", "Q": return .quit
    case "j", "e": return .down
    case "k", "y": return .up
    case " ", "f", "z": return .pageDown
    case "b", "w": return .pageUp
    case "d": return .halfDown
    case "u": return .halfUp
    case "g", "<": return .home
    case "G", ">": return .end
    default: return nil
    }
  }

  private static func sequence(_ parameters: String, _ last: UInt8) -> PageKey? {
    switch (UnicodeScalar(last), parameters) {
    case ("A", _): .up
    case ("B", _): .down
    case ("H", _), ("~", "1"), ("~", "7"): .home
    case ("F", _), ("~", "4"), ("~", "8"): .end
    case ("~", "5"): .pageUp
    case ("~", "6"): .pageDown
    default: nil
    }
  }
}

/// Which part of a long text a page shows.
struct PageScroll: Equatable {
  /// The first line that is shown.
  private(set) var first = 0

  /// - Parameters:
  ///   - lines: of the whole text.
  ///   - room: lines of the page.
  mutating func apply(_ key: PageKey, lines: Int, room: Int) {
    let page = max(1, room - 1)
    switch key {
    case .down: first += 1
    case .up: first -= 1
    case .pageDown: first += page
    case .pageUp: first -= page
    case .halfDown: first += max(1, room / 2)
    case .halfUp: first -= max(1, room / 2)
    case .home: first = 0
    case .end: first = lines
    case .quit: break
    }
    clamp(lines: lines, room: room)
  }

  /// The end of the text is never above the end of the page.
  mutating func clamp(lines: Int, room: Int) { first = max(0, min(first, lines - room)) }

  mutating func reset() { first = 0 }
}
