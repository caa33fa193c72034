/// Writes JSON text into bytes, with the commas.
///
/// Whether a comma is due is read from the last byte: an opened object or array, or a name, wants none.
struct JSONOutput {
  var bytes: [UInt8] = []

  mutating func object(_ name: String? = nil, _ members: (inout JSONOutput) -> Void) {
    begin(name)
    bytes.append(UInt8(ascii: "{"))
    members(&self)
    bytes.append(UInt8(ascii: "}"))
  }

  mutating func array(_ name: String? = nil, _ elements: (inout JSONOutput) -> Void) {
    begin(name)
    bytes.append(UInt8(ascii: "["))
    elements(&self)
    bytes.append(UInt8(ascii: "]"))
  }

  mutating func array(_ name: String? = nil, of texts: [String]) {
    array(name) { out in for text in texts { out.text(nil, text) } }
  }

  mutating func text(_ name: String?, _ value: String) {
    begin(name)
    quoted(value)
  }

  /// Writes nothing if there is no value, or `null` with `orNull`.
  mutating func text(_ name: String, optional value: String?, orNull: Bool = false) {
    if let value { text(name, value) } else if orNull { token(name, "null") }
  }

  mutating func bool(_ name: String?, _ value: Bool) { token(name, value ? "true" : "false") }

  mutating func number(_ name: String?, _ value: Int) { token(name, String(value)) }

  /// A token that is valid JSON already: a number's digits, `null`.
  mutating func token(_ name: String?, _ value: String) {
    begin(name)
    bytes.append(contentsOf: value.utf8)
  }

  /// A name alone; the value is written next, without one.
  mutating func name(_ name: String) { begin(name) }

  private mutating func begin(_ name: String?) {
    if let last = bytes.last, last != UInt8(ascii: "{"), last != UInt8(ascii: "["), last != UInt8(ascii: ":") {
      bytes.append(UInt8(ascii: ","))
    }
    guard let name else { return }
    quoted(name)
    bytes.append(UInt8(ascii: ":"))
  }

  private mutating func quoted(_ text: String) {
    var text = text
    bytes.append(UInt8(ascii: "\""))
    text.withUTF8 { utf8 in
      if utf8.allSatisfy({ $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }) {
        bytes.append(contentsOf: utf8)
      } else {
        for byte in utf8 { escape(byte) }
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }

  private mutating func escape(_ byte: UInt8) {
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"):
      bytes.append(UInt8(ascii: "\\"))
      bytes.append(byte)
    case UInt8(ascii: "\n"): bytes.append(contentsOf: "\\n".utf8)
    case UInt8(ascii: "\r"): bytes.append(contentsOf: "\\r".utf8)
    case UInt8(ascii: "\t"): bytes.append(contentsOf: "\\t".utf8)
    case 0..<0x20: bytes.append(contentsOf: ("\\u" + Hexadecimal.text(UInt64(byte), digits: 4)).utf8)
    default: bytes.append(byte)
    }
  }
}
