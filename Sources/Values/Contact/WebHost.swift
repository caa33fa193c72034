import Core

/// The host of a URL: an IPv4 address or a domain name, in lower case.
enum WebHost {
  /// `isBare`: no scheme stood before it, so that only a name with a dot can be meant.
  static func append(_ host: Span<UInt8>, isBare: Bool, into arena: inout ByteArena) -> URLRefusal? {
    guard host.count > 0 else { return isBare ? .bareWord : .host }
    for index in 0..<host.count where host[index] >= 0x80 { return appendInternational(host, isBare: isBare, into: &arena) }
    let mark = arena.pendingCount
    for index in 0..<host.count { arena.append(WebAddress.lowered(host[index])) }
    return check(host, isBare: isBare) ?? (arena.pendingCount - mark > 254 ? .host : nil)
  }

  /// Labels of letters, digits, hyphens and underscores, 63 at most, parted by dots; a dot at the end is the root's.
  private static func check(_ host: Span<UInt8>, isBare: Bool) -> URLRefusal? {
    var labelStart = 0
    var labels = 0
    var lastIsNumber = false
    var index = 0
    while index <= host.count {
      if index == host.count || host[index] == UInt8(ascii: ".") {
        let count = index - labelStart
        if count == 0 {
          guard index == host.count, labels > 0 else { return isBare ? .bareWord : .host }
          break
        }
        guard count <= 63, host[labelStart] != UInt8(ascii: "-"), host[index - 1] != UInt8(ascii: "-") else {
          return isBare && host.count == 1 ? .bareWord : .host
        }
        labels += 1
        lastIsNumber = true
        for position in labelStart..<index where host[position] &- UInt8(ascii: "0") >= 10 { lastIsNumber = false }
        labelStart = index + 1
      } else {
        let byte = host[index]
        let isLetter = (byte | 0x20) &- UInt8(ascii: "a") < 26 || byte &- UInt8(ascii: "0") < 10
        guard isLetter || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_") else { return .host }
      }
      index += 1
    }
    // No top-level domain is a number, so that an address cannot be mistaken for a name.
    if lastIsNumber { return IPAddress.isV4(host) ? nil : (isBare ? .bareWord : .host) }
    return isBare && labels < 2 ? .bareWord : nil
  }

  /// A name with letters beyond ASCII, as DNS has it (RFC 5890): mapped to lower case and form KC, its labels encoded
  /// by Punycode (RFC 3492).
  private static func appendInternational(_ host: Span<UInt8>, isBare: Bool, into arena: inout ByteArena) -> URLRefusal? {
    guard host.count <= 1024 else { return .host }
    var scratch = ByteArena(capacity: 4096)
    var mapped = unsafe host.withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) }
    for kernel in [Casing.lower, { Normalization.normalize($0, to: .nfkc, into: &$1) }, Casing.lower] {
      let bytes = Array(mapped.utf8)
      scratch.begin()
      if kernel(bytes.span, &scratch) { mapped = scratch.finish().string }
    }
    var encoded: [UInt8] = []
    for (index, label) in mapped.unicodeScalars.split(omittingEmptySubsequences: false, whereSeparator: isDot).enumerated() {
      if index > 0 { encoded.append(UInt8(ascii: ".")) }
      if label.allSatisfy(\.isASCII) {
        encoded += Array(String(label).utf8)
        continue
      }
      guard let first = label.first, !isMark(first), label.allSatisfy(isLabelScalar) else { return .host }
      encoded += Array("xn--".utf8) + Punycode.encoded(Array(label))
    }
    if let refusal = check(encoded.span, isBare: isBare) { return refusal }
    guard encoded.count <= 254 else { return .host }
    arena.append(encoded.span)
    return nil
  }

  /// The full stop and what IDNA equates with it.
  private static func isDot(_ scalar: Unicode.Scalar) -> Bool { [0x2E, 0x3002, 0xFF0E, 0xFF61].contains(scalar.value) }

  private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
    [.nonspacingMark, .spacingMark, .enclosingMark].contains(scalar.properties.generalCategory)
  }

  private static func isLabelScalar(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .lowercaseLetter, .otherLetter, .modifierLetter, .nonspacingMark, .spacingMark, .decimalNumber: true
    default: scalar == "-" || scalar.value == 0xB7 || scalar.value == 0x30FB || scalar.properties.isEmoji
    }
  }
}
