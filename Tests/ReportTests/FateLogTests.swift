import Core
import Foundation
import Records
import TestSupport
import Testing

@testable import Report

/// What became of staged records, in a file.
@Suite struct FateLogTests {
  private let folder = TemporaryFolder()
  private var path: String { "\(folder.path)/contacts.fates" }

  private func write(_ reports: [(UInt64, LoadOutcome)], places: [Int?] = []) throws {
    let log = try FateLogWriter(path: path)
    for (index, report) in reports.enumerated() {
      try log.append(report.0, report.1, place: index < places.count ? places[index] : nil)
    }
    try log.commit()
  }

  @Test func `places in the ledger are kept, also the first one`() throws {
    let outcome = LoadOutcome(.failed, code: .destinationRefused)
    try write([(1, outcome), (3, outcome), (0, LoadOutcome(.created)), (4, outcome)], places: [0, 1 << 40, nil, 7])
    let fates = try Fates(path: path, count: 5)
    #expect((0..<5).map { fates[$0]?.place } == [nil, 0, nil, 1 << 40, 7])
    #expect((0..<5).map { fates[$0]?.code } == [nil, .destinationRefused, nil, .destinationRefused, .destinationRefused])
  }

  @Test func `a log of an earlier version is read, without places`() throws {
    func entry(_ ordinal: UInt8, _ outcome: UInt8, code: UInt16) -> [UInt8] {
      [ordinal, 0, 0, 0, 0, 0, 0, 0, outcome, 0, UInt8(code & 0xFF), UInt8(code >> 8), 1, 0, 0, 0]
    }
    try Data(entry(0, 0, code: 0) + entry(2, 8, code: 1) + entry(1, 9, code: 0)).write(to: URL(filePath: path))
    let fates = try Fates(path: path, count: 3)
    #expect((0..<3).map { fates[$0]?.outcome } == [.written, .pending, .failed])
    #expect((0..<3).map { fates[$0]?.code } == [nil, nil, .invalidJSON] && (0..<3).allSatisfy { fates[$0]?.place == nil })
    try Data().write(to: URL(filePath: path))
    #expect(try Fates(path: path, count: 1)[0] == nil)
  }

  @Test func `reports in any order are read back, and the last one of a record counts`() throws {
    try write([
      (2, LoadOutcome(.failed, code: .notUnique, attempt: 1)), (0, LoadOutcome(.created)), (2, LoadOutcome(.updated, attempt: 2)),
      (3, LoadOutcome(.failed, code: .invalidJSON)),
    ])
    let fates = try Fates(path: path, count: 5)
    #expect((0..<5).map { fates[$0]?.outcome } == [.created, nil, .updated, .failed, nil])
    // `invalidJSON` is the first code: 0 in memory, which must not be taken for none.
    #expect((0..<5).map { fates[$0]?.code } == [nil, nil, nil, .invalidJSON, nil])
  }

  @Test(arguments: Outcome.allCases) func `every outcome and code survives`(_ outcome: Outcome) throws {
    let codes = ProblemCode.allCases
    try write(codes.enumerated().map { (UInt64($0), LoadOutcome(outcome, code: $1)) })
    let fates = try Fates(path: path, count: codes.count)
    #expect(codes.indices.allSatisfy { fates[$0]?.outcome == outcome && fates[$0]?.code == codes[$0] })
  }

  @Test func `a log that was compressed at the end of its run reads the same`() throws {
    try write((0..<9_000).map { (UInt64($0), LoadOutcome($0 % 3 == 0 ? .created : .unchanged)) })
    try GzipFile.compress(path, to: path + ".gz")
    try FileManager.default.removeItem(atPath: path)
    let fates = try Fates(path: path, count: 9_000)
    #expect((0..<9_000).allSatisfy { fates[$0]?.outcome == ($0 % 3 == 0 ? .created : .unchanged) })
    #expect(throws: OperationFailure.self) { _ = try Fates(path: path, count: 8_999) }
  }

  @Test func `a damaged log is refused`() throws {
    try write([(0, LoadOutcome(.written)), (1, LoadOutcome(.written))])
    let bytes = try Data(contentsOf: URL(filePath: path))
    #expect(bytes.count == FateLog.header.count + 2 * FateLog.entryBytes)
    var wrongOutcome = bytes
    wrongOutcome[FateLog.header.count + 8] = 200
    for (damaged, count) in [(bytes.dropLast(), 2), (wrongOutcome, 2), (bytes, 1)] {
      try Data(damaged).write(to: URL(filePath: path))
      #expect(throws: OperationFailure.self) { _ = try Fates(path: path, count: count) }
    }
    #expect(throws: OperationFailure.self) { _ = try Fates(path: "\(folder.path)/none", count: 1) }
  }
}
