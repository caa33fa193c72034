import Core
import Foundation
import TestSupport
import Testing

@testable import Report

/// What became of staged records, in a file.
@Suite struct FateLogTests {
  private let folder = TemporaryFolder()
  private var path: String { "\(folder.path)/contacts.fates" }

  private func write(_ reports: [(UInt64, LoadOutcome)]) throws {
    let log = try FateLogWriter(path: path)
    for (ordinal, outcome) in reports { try log.append(ordinal, outcome) }
    try log.commit()
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

  @Test func `a damaged log is refused`() throws {
    try write([(0, LoadOutcome(.written)), (1, LoadOutcome(.written))])
    let bytes = try Data(contentsOf: URL(filePath: path))
    #expect(bytes.count == 2 * FateLog.entryBytes)
    var wrongOutcome = bytes
    wrongOutcome[8] = 200
    for (damaged, count) in [(bytes.dropLast(), 2), (wrongOutcome, 2), (bytes, 1)] {
      try Data(damaged).write(to: URL(filePath: path))
      #expect(throws: OperationFailure.self) { _ = try Fates(path: path, count: count) }
    }
    #expect(throws: OperationFailure.self) { _ = try Fates(path: "\(folder.path)/none", count: 1) }
  }
}
