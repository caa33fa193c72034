package import Core
import Records

/// The outcomes of a fate log, by ordinal. The log may have been compressed since it was written.
package struct Fates: Sendable {
  package struct Fate: Sendable, Hashable {
    package var outcome: Outcome
    /// Why it failed.
    package var code: ProblemCode?
    /// Where the line that explains it begins in the run's ledger.
    package var place: Int?
  }

  private var outcomes: [UInt8]
  /// Plus 1; empty if no record has a code. The same for the places.
  private var codes: [UInt16] = []
  private var places: [UInt64] = []

  /// Nothing has been reported.
  private static let none = UInt8.max

  /// - Parameter count: the number of staged records.
  /// - Throws: `OperationFailure` if the log is damaged.
  package init(path: String, count: Int) throws {
    outcomes = [UInt8](repeating: Self.none, count: count)
    var input = BufferedInput(try KeptFile.input(path))
    var entryBytes = FateLog.entryBytes
    if try Array(input.take(FateLog.header.count)) != FateLog.header {
      entryBytes = FateLog.entryBytesOfVersion1
      input = BufferedInput(try KeptFile.input(path))
    }
    while true {
      let bytes = try input.take(entryBytes)
      if bytes.isEmpty { return }
      guard bytes.count == entryBytes else { throw Self.damaged(path) }
      try add(bytes, path)
    }
  }

  private mutating func add(_ bytes: ArraySlice<UInt8>, _ path: String) throws {
    func number(_ offset: Int, _ count: Int) -> UInt64 {
      bytes[(bytes.startIndex + offset)...].prefix(count).reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
    guard let ordinal = Int(exactly: number(0, 8)), ordinal < outcomes.count, Outcome(storedCode: UInt8(number(8, 1))) != nil
    else { throw Self.damaged(path) }
    outcomes[ordinal] = UInt8(number(8, 1))
    Self.set(UInt16(number(10, 2)), at: ordinal, in: &codes, count: outcomes.count)
    let place = bytes.count == FateLog.entryBytes ? number(16, 8) : 0
    Self.set(place, at: ordinal, in: &places, count: outcomes.count)
  }

  /// Most logs have no codes and no places.
  private static func set<Number: FixedWidthInteger>(_ number: Number, at index: Int, in numbers: inout [Number], count: Int) {
    if numbers.isEmpty {
      if number == 0 { return }
      numbers = [Number](repeating: 0, count: count)
    }
    numbers[index] = number
  }

  private static func damaged(_ path: String) -> OperationFailure {
    OperationFailure(.fault, "\(path) cannot be read back: run again")
  }

  /// Nil if nothing has been reported.
  package subscript(ordinal: Int) -> Fate? {
    guard let outcome = Outcome(storedCode: outcomes[ordinal]) else { return nil }
    let code = codes.isEmpty || codes[ordinal] == 0 ? nil : ProblemCode(rawValue: codes[ordinal] - 1)
    let place = places.isEmpty || places[ordinal] == 0 ? nil : Int(exactly: places[ordinal] - 1)
    return Fate(outcome: outcome, code: code, place: place)
  }
}
