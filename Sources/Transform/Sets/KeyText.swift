package import Core
import Records
import Values

/// The canonical text of a key: JSON of the values, so that 1 and "1" differ, and 1, 1.0 and 10e-1 do not.
package enum KeyText {
  /// The digest of one value; none for null and for a missing value.
  package static func digest(of cell: Cell, _ scratch: inout ByteArena) -> KeyDigest {
    guard !cell.isAbsent else { return .none }
    scratch.reset()
    scratch.begin()
    append(cell, into: &scratch)
    return scratch.withPending { KeyDigest.of($0) }
  }

  /// The combined digest of several columns of a record; none if one of them is null or missing.
  static func digest(
    of columns: [Int], in cells: UnsafeMutableBufferPointer<Cell>, _ scratch: inout ByteArena
  ) -> KeyDigest {
    if columns.count == 1 { return digest(of: cells[columns[0]], &scratch) }
    scratch.reset()
    scratch.begin()
    for column in columns {
      guard !cells[column].isAbsent else { return .none }
      append(cells[column], into: &scratch)
      scratch.append(UInt8(ascii: ","))
    }
    return scratch.withPending { KeyDigest.of($0) }
  }

  private static func append(_ cell: Cell, into out: inout ByteArena) {
    switch cell.kind {
    case .integer, .decimal, .number: appendNumber(cell.text, into: &out)
    case .list:
      out.append(UInt8(ascii: "["))
      for element in cell.elements {
        append(element, into: &out)
        out.append(UInt8(ascii: ","))
      }
      out.append(UInt8(ascii: "]"))
    default: JSONRecordEncoder.encode(cell, into: &out)
    }
  }

  /// A JSON number as its significant digits and the exponent of the last one: `1200` and `1.2e3` are `12e2`.
  static func appendNumber(_ text: Text, into out: inout ByteArena) {
    var exponent = 0
    var end = text.count
    if let mark = text.buffer.firstIndex(where: { $0 | 0x20 == UInt8(ascii: "e") }) {
      end = mark
      exponent = self.exponent(text[mark + 1..<text.count])
    }
    let isNegative = text.count > 0 && text.start[0] == UInt8(ascii: "-")
    let mark = out.pendingCount
    if isNegative { out.append(UInt8(ascii: "-")) }
    let first = out.pendingCount
    var isFraction = false
    for byte in text.buffer[..<end] {
      if byte == UInt8(ascii: ".") { isFraction = true }
      guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { continue }
      if isFraction { exponent -= 1 }
      if byte != UInt8(ascii: "0") || out.pendingCount > first { out.append(byte) }
    }
    guard out.pendingCount > first else {
      out.removeLast(out.pendingCount - mark)
      return out.append(UInt8(ascii: "0"))
    }
    while out[pending: out.pendingCount - 1] == UInt8(ascii: "0") {
      out.removeLast(1)
      exponent += 1
    }
    out.append(UInt8(ascii: "e"))
    out.append(decimal: Int64(exponent))
  }

  /// Held at 10^15 in magnitude, beyond any number of digits.
  private static func exponent(_ text: Text) -> Int {
    var value = 0
    for byte in text.buffer where byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") {
      value = min(value * 10 + Int(byte - UInt8(ascii: "0")), 1_000_000_000_000_000)
    }
    return text.count > 0 && text.start[0] == UInt8(ascii: "-") ? -value : value
  }
}
