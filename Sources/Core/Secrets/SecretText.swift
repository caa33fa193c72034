/// A secret as text, in any encoding: each character plain, as a JSON escape or percent-encoded, in any mixture, and
/// escaped again if a message was quoted in a message. Letters match in both cases, because a server may change them.
struct SecretText: Sendable {
  private let scalars: [Unicode.Scalar]

  init(_ secret: String) {
    var scalars: [Unicode.Scalar] = []
    // A run of backslashes changes its length each time it is escaped.
    for scalar in secret.unicodeScalars where !(scalar == "\\" && scalars.last == "\\") { scalars.append(scalar) }
    self.scalars = scalars
  }

  /// The possible first two bytes if they are not an escape; an escape begins with one of the last two of `first`.
  var beginnings: (first: Set<UInt8>, second: Set<UInt8>) {
    let bytes = scalars.prefix(2).map { Array(String($0).utf8) }
    let escapes = [UInt8(ascii: "\\"), UInt8(ascii: "%")]
    var first = Set(Self.cases(bytes[0][0]) + escapes)
    var second = Set(escapes)
    if bytes[0].count > 1 { second.insert(bytes[0][1]) } else if bytes.count > 1 { second.formUnion(Self.cases(bytes[1][0])) }
    // A space may be encoded as `+`.
    if scalars[0] == " " { first.insert(UInt8(ascii: "+")) }
    if scalars.count > 1, scalars[1] == " " { second.insert(UInt8(ascii: "+")) }
    return (first, second)
  }

  private static func cases(_ byte: UInt8) -> [UInt8] { [folded(byte), raised(byte)] }

  /// The end of the secret that begins at `start`; nil if there is none.
  func end(in bytes: UnsafeBufferPointer<UInt8>, _ start: Int) -> Int? {
    var index = start
    for scalar in scalars {
      guard let next = unsafe Self.end(of: scalar, in: bytes, index) else { return nil }
      index = next
    }
    return index
  }

  private static func end(of scalar: Unicode.Scalar, in bytes: UnsafeBufferPointer<UInt8>, _ start: Int) -> Int? {
    guard start < bytes.count else { return nil }
    return unsafe encoded(scalar, in: bytes, start) ?? escaped(scalar, in: bytes, start) ?? plain(scalar, in: bytes, start)
  }

  private static func plain(_ scalar: Unicode.Scalar, in bytes: UnsafeBufferPointer<UInt8>, _ start: Int) -> Int? {
    var index = start
    for byte in UTF8.encode(scalar) ?? .init() {
      guard index < bytes.count, unsafe folded(bytes[index]) == folded(byte) else { return nil }
      index += 1
    }
    return index
  }

  /// `%2F`, `%2f`, and `%252F` if an address was quoted in an address.
  private static func encoded(_ scalar: Unicode.Scalar, in bytes: UnsafeBufferPointer<UInt8>, _ start: Int) -> Int? {
    if scalar == " ", unsafe bytes[start] == UInt8(ascii: "+") { return start + 1 }
    var index = start
    for byte in UTF8.encode(scalar) ?? .init() {
      guard index < bytes.count, unsafe bytes[index] == UInt8(ascii: "%") else { return nil }
      index += 1
      while unsafe hex(bytes, index) == 0x25, unsafe hex(bytes, index + 2) != nil { index += 2 }
      guard let value = unsafe hex(bytes, index), folded(value) == folded(byte) else { return nil }
      index += 2
    }
    return index
  }

  /// `\/`, `\"`, `\n`, `\u002F`, with more backslashes if the text was escaped again.
  private static func escaped(_ scalar: Unicode.Scalar, in bytes: UnsafeBufferPointer<UInt8>, _ start: Int) -> Int? {
    var index = start
    while index < bytes.count, unsafe bytes[index] == UInt8(ascii: "\\") { index += 1 }
    guard index > start else { return nil }
    if let (value, end) = unsafe unicode(bytes, index) {
      if fold(value) == fold(scalar.value) { return unsafe scalar == "\\" ? skippingBackslashes(bytes, end) : end }
      if scalar != "\\" { return nil }
    }
    if scalar == "\\" { return index }
    guard index < bytes.count else { return nil }
    if let control = unsafe controls[bytes[index]], control == scalar.value { return index + 1 }
    return unsafe plain(scalar, in: bytes, index)
  }

  private static let controls: [UInt8: UInt32] = [
    UInt8(ascii: "n"): 0x0A, UInt8(ascii: "r"): 0x0D, UInt8(ascii: "t"): 0x09, UInt8(ascii: "b"): 0x08, UInt8(ascii: "f"): 0x0C,
  ]

  private static func skippingBackslashes(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int) -> Int {
    var index = start
    while index < bytes.count, unsafe bytes[index] == UInt8(ascii: "\\"), unsafe unicode(bytes, index + 1)?.value == 0x5C {
      index += 6
    }
    return index
  }

  /// `u002F`, or two of them for code points beyond the Basic Multilingual Plane.
  private static func unicode(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int) -> (value: UInt32, end: Int)? {
    func unit(_ start: Int) -> UInt32? {
      guard start < bytes.count, unsafe bytes[start] == UInt8(ascii: "u"), let high = unsafe hex(bytes, start + 1),
        let low = unsafe hex(bytes, start + 3)
      else { return nil }
      return UInt32(high) << 8 | UInt32(low)
    }
    guard let first = unit(start) else { return nil }
    guard (0xD800..<0xDC00).contains(first) else { return (first, start + 5) }
    var index = start + 5
    while index < bytes.count, unsafe bytes[index] == UInt8(ascii: "\\") { index += 1 }
    guard let second = unit(index), (0xDC00..<0xE000).contains(second) else { return nil }
    return (0x10000 + (first - 0xD800) << 10 + (second - 0xDC00), index + 5)
  }

  /// The value of two hexadecimal digits.
  private static func hex(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int) -> UInt8? {
    func digit(_ index: Int) -> UInt8? {
      guard index >= 0, index < bytes.count else { return nil }
      switch unsafe bytes[index] {
      case 0x30...0x39: return unsafe bytes[index] - 0x30
      case 0x41...0x46: return unsafe bytes[index] - 0x41 + 10
      case 0x61...0x66: return unsafe bytes[index] - 0x61 + 10
      default: return nil
      }
    }
    guard let high = digit(start), let low = digit(start + 1) else { return nil }
    return high << 4 | low
  }

  private static func folded(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte | 0x20 : byte }
  private static func raised(_ byte: UInt8) -> UInt8 { (0x61...0x7A).contains(byte) ? byte & ~0x20 : byte }
  private static func fold(_ value: UInt32) -> UInt32 { (0x41...0x5A).contains(value) ? value | 0x20 : value }
}
