import CLibCSV
import Core

/// When a CSV cell needs quotes, and how its own quotes are written (RFC 4180, section 2).
enum CSVQuoting {
  /// Copies a non-empty text, and returns whether it contains a comma, a quote or a line break.
  @inline(__always)
  static func copy(_ text: Text, to target: UnsafeMutablePointer<UInt8>) -> Bool {
    waybill_csv_copy(text.start, target, text.count)
  }

  /// The text with each quote doubled.
  static func append(_ text: Text, into out: inout ByteArena) {
    var start = 0
    for index in 0..<text.count where text.start[index] == UInt8(ascii: "\"") {
      out.append(text[start..<index + 1])
      start = index
    }
    out.append(text[start..<text.count])
  }

  /// Doubles the quotes in what was appended after `start`.
  static func doubleQuotes(from start: Int, in out: inout ByteArena) {
    var quotes = 0
    for index in start..<out.pendingCount where out[pending: index] == UInt8(ascii: "\"") { quotes += 1 }
    guard quotes > 0 else { return }
    var from = out.pendingCount - 1
    for _ in 0..<quotes { out.append(UInt8(ascii: "\"")) }
    var to = out.pendingCount - 1
    while from >= start, to > from {
      let byte = out[pending: from]
      out[pending: to] = byte
      to -= 1
      if byte == UInt8(ascii: "\"") {
        out[pending: to] = byte
        to -= 1
      }
      from -= 1
    }
  }
}
