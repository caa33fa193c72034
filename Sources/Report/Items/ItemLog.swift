package import Core
import Files

/// How every item of a mapping ended, in the order of the input: two files in a run's staging folder, and the only account of
/// items that later steps read.
///
///     MAPPING.items   one entry of 40 bytes per item, little-endian:
///                     line u64, end of its staged bytes u64, end of its ledger lines u64, end of its key u64,
///                     element i32, code u16, outcome u8, kind u8
///     MAPPING.keys    the keys' bytes, one after the other
///
/// An end is a position in the file in question, so a part begins where that of the item before ends. Only whole batches are
/// in it: an entry is written after everything that it points to.
package enum ItemLog {
  package enum Kind: UInt8, Sendable, CaseIterable { case record = 0, element, departed }

  package struct Entry: Sendable, Hashable {
    /// The line number in the input, starting at 1.
    package var line: Int
    /// The end of its target record in the mapping's staged records.
    package var stagedEnd: Int
    /// The end of its lines in the run's ledger.
    package var ledgerEnd: Int
    package var keyEnd: Int
    /// Of `each`; -1: the record itself.
    package var element: Int
    /// The problem that rejected it.
    package var code: ProblemCode?
    package var outcome: Outcome
    package var kind: Kind

    package init(
      line: Int, stagedEnd: Int, ledgerEnd: Int, keyEnd: Int, element: Int, code: ProblemCode?, outcome: Outcome, kind: Kind
    ) {
      self.line = line
      self.stagedEnd = stagedEnd
      self.ledgerEnd = ledgerEnd
      self.keyEnd = keyEnd
      self.element = element
      self.code = code
      self.outcome = outcome
      self.kind = kind
    }
  }

  package static let entryBytes = 40

  package static func itemsPath(_ base: String) -> String { base + ".items" }
  package static func keysPath(_ base: String) -> String { base + ".keys" }
}

extension ItemLog.Entry {
  func append(to bytes: inout [UInt8]) {
    for number in [line, stagedEnd, ledgerEnd, keyEnd] { Self.append(UInt64(number), 8, &bytes) }
    Self.append(UInt64(UInt32(bitPattern: Int32(element))), 4, &bytes)
    // 0 stands for none.
    Self.append(UInt64(code.map { $0.rawValue + 1 } ?? 0), 2, &bytes)
    bytes.append(outcome.storedCode)
    bytes.append(kind.rawValue)
  }

  private static func append(_ number: UInt64, _ count: Int, _ bytes: inout [UInt8]) {
    for shift in 0..<count { bytes.append(UInt8(truncatingIfNeeded: number >> (UInt64(shift) * 8))) }
  }

  /// Nil where the bytes are not an entry.
  init?(_ bytes: ArraySlice<UInt8>) {
    guard bytes.count == ItemLog.entryBytes else { return nil }
    func number(_ offset: Int, _ count: Int) -> UInt64 {
      var number: UInt64 = 0
      for place in 0..<count { number |= UInt64(bytes[bytes.startIndex + offset + place]) << UInt64(place * 8) }
      return number
    }
    let code = UInt16(number(36, 2))
    let outcome = UInt8(number(38, 1))
    guard let kind = ItemLog.Kind(rawValue: UInt8(number(39, 1))), let outcome = Outcome(storedCode: outcome),
      let line = Int(exactly: number(0, 8)), let stagedEnd = Int(exactly: number(8, 8)),
      let ledgerEnd = Int(exactly: number(16, 8)), let keyEnd = Int(exactly: number(24, 8)),
      code == 0 || ProblemCode(rawValue: code - 1) != nil
    else { return nil }
    self.init(
      line: line, stagedEnd: stagedEnd, ledgerEnd: ledgerEnd, keyEnd: keyEnd,
      element: Int(Int32(bitPattern: UInt32(number(32, 4)))), code: code == 0 ? nil : ProblemCode(rawValue: code - 1),
      outcome: outcome, kind: kind)
  }
}
