import Core
import Crypto

/// A digest of a set of records, whatever their order: the sum of the HMAC-SHA-256 of the records, modulo 2²⁵⁶.
///
/// A sum rather than an XOR, because a record that is there twice must not cancel itself out. With a key, because the digest of a
/// single record could otherwise be tried out against a list of values.
package struct SetDigest: Sendable {
  private let key: SymmetricKey
  /// The lowest word first.
  private var words: [UInt64] = [0, 0, 0, 0]

  package init(key: [UInt8]) { self.key = SymmetricKey(data: key) }

  /// The columns in an order that does not depend on that of the mapping's lines, with their labels.
  static func order(of columns: [LoadColumn]) -> (order: [Int], labels: [[UInt8]]) {
    let all = columns.map { JSONValue.array($0.path.map { .string($0) }).bytes }
    let order = columns.indices.sorted { all[$0].lexicographicallyPrecedes(all[$1]) }
    return (order, order.map { all[$0] })
  }

  /// A record as its bytes.
  package mutating func add(_ record: UnsafeBufferPointer<UInt8>) {
    var code = HMAC<SHA256>(key: key)
    code.update(data: UnsafeRawBufferPointer(record))
    add(Array(code.finalize()))
  }

  /// - Parameter values: by column, in canonical form; nil or null: none.
  mutating func add(_ key: Name, _ values: [JSONValue?], of labels: [[UInt8]]) {
    var bytes: [UInt8] = []
    Self.append(Array(key.text.utf8), to: &bytes)
    for (label, value) in zip(labels, values) {
      guard let value, value != .null else { continue }
      Self.append(label, to: &bytes)
      Self.append(value.bytes, to: &bytes)
    }
    add(Array(HMAC<SHA256>.authenticationCode(for: bytes, using: self.key)))
  }

  /// With its length before it, so that where one text ends is part of the digest.
  private static func append(_ text: [UInt8], to bytes: inout [UInt8]) {
    withUnsafeBytes(of: UInt64(text.count).littleEndian) { bytes += $0 }
    bytes += text
  }

  private mutating func add(_ digest: [UInt8]) {
    var carry: UInt64 = 0
    for index in 0..<4 {
      let word = digest[index * 8..<index * 8 + 8].reversed().reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
      let (sum, hasOverflown) = words[index].addingReportingOverflow(word)
      let (total, hasOverflownAgain) = sum.addingReportingOverflow(carry)
      words[index] = total
      carry = hasOverflown || hasOverflownAgain ? 1 : 0
    }
  }

  /// 64 hexadecimal digits.
  package var text: String {
    Hexadecimal.text(of: words.flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } })
  }
}
