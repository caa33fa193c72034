package import Core
import Files

/// The outcomes of a fate log, by ordinal.
package struct Fates: Sendable {
  private var outcomes: [UInt8]
  private var codes: [UInt64: ProblemCode] = [:]

  /// Nothing has been reported.
  private static let none = UInt8.max

  /// - Parameter count: the number of staged records.
  /// - Throws: `OperationFailure` if the log is damaged.
  package init(path: String, count: Int) throws {
    outcomes = [UInt8](repeating: Self.none, count: count)
    var input = BufferedInput(try FileInput(path: path))
    while true {
      let bytes = try input.take(FateLog.entryBytes)
      if bytes.isEmpty { return }
      try add(bytes, path)
    }
  }

  private mutating func add(_ bytes: ArraySlice<UInt8>, _ path: String) throws {
    func number(_ offset: Int, _ count: Int) -> UInt64 {
      bytes[(bytes.startIndex + offset)...].prefix(count).reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
    guard bytes.count == FateLog.entryBytes, number(0, 8) < UInt64(outcomes.count),
      Outcome(storedCode: UInt8(number(8, 1))) != nil
    else { throw OperationFailure(.fault, "\(path) cannot be read back: run again") }
    outcomes[Int(number(0, 8))] = UInt8(number(8, 1))
    codes[number(0, 8)] = number(10, 2) == 0 ? nil : ProblemCode(rawValue: UInt16(number(10, 2) - 1))
  }

  /// Nil if nothing has been reported.
  package subscript(ordinal: Int) -> (outcome: Outcome, code: ProblemCode?)? {
    Outcome(storedCode: outcomes[ordinal]).map { ($0, codes[UInt64(ordinal)]) }
  }
}
