package import Core
import Crypto

extension IdentityMark {
  /// Of an ID or of a whole record: bytes 0 to 7 and 8 to 15 of their SHA-256 digest, most significant first.
  package init(of bytes: some Sequence<UInt8>) {
    let words = SHA256.hash(data: Array(bytes)).prefix(16)
    func number(_ part: some Sequence<UInt8>) -> UInt64 { part.reduce(0) { $0 << 8 | UInt64($1) } }
    self.init(high: number(words.prefix(8)), low: number(words.dropFirst(8)))
  }

  package init(of text: String) { self.init(of: text.utf8) }
}

extension IdentitySet {
  /// True if the ID is new.
  package mutating func insert(_ id: String) -> Bool { insert(IdentityMark(of: id)) }

  package func contains(_ id: String) -> Bool { contains(IdentityMark(of: id)) }
}
