import Control
import Core
import Files
import Foundation
import Records
import TestSupport
import Testing

@testable import Report

/// What is predicted now, compared with a dry run.
@Suite struct PlanComparisonTests {
  private let folder = TemporaryFolder()
  private let part = RunPart(mapping: "contacts", destination: "app")
  private var log: String { "\(folder.path)/contacts.changes" }

  private func write(_ entries: [(UInt64, Forecast)]) throws {
    let log = try ChangeLogWriter(path: log)
    for (ordinal, forecast) in entries {
      let code = forecast.problem.map { [JSONValue.Member("code", .string($0.code.slug))] } ?? []
      try log.append(ordinal, forecast.outcome, fingerprint: forecast.fingerprint, .object(code))
    }
    try log.commit()
  }

  private func failed(_ code: ProblemCode) -> Forecast {
    var forecast = Forecast("k1", .failed)
    forecast.problem = LoadProblem(code, record: "c1", line: 1)
    return forecast
  }

  @Test(arguments: [false, true]) func `the log need not be in the order of the records`(isCompressed: Bool) throws {
    try write([(2, Forecast("k2", .created)), (0, Forecast("k0", .unchanged)), (1, failed(.outstanding))])
    if isCompressed {
      try GzipFile.compress(log, to: log + ".gz")
      FileRemoval.file(log)
    }
    let plan = try PlanComparison(part, of: "r1", log: log, count: 3, comparesDestination: false)
    #expect((0..<4).map { plan.outcome(of: $0) } == [.unchanged, .failed, .created, nil])
    #expect(plan.problem(of: 1) == .outstanding && plan.problem(of: 2) == nil)
    #expect(plan.predicts(Forecast("k2", .created), of: 2) && !plan.predicts(Forecast("k3", .created), of: 2))
  }

  @Test func `a file is as the dry run found it, or as an earlier attempt left it`() throws {
    try write([(0, Forecast("k0", .written))])
    let (old, own, other) = (
      FileStamp(size: 1, modified: 1), FileStamp(size: 2, modified: 2), FileStamp(size: 3, modified: 3)
    )
    let planned = TargetVersion(digest: "a", stamp: old)
    for (earlier, found, isSame) in [
      (nil, planned, true), (nil, .init(digest: "a", stamp: other), true), (nil, .init(digest: "b", stamp: old), false),
      (nil, .init(digest: "b", stamp: own), false), (.init(stamps: [own]), planned, true),
      (.init(stamps: [own]), .init(digest: "b", stamp: own), true),
      (.init(stamps: [own]), .init(digest: "b", stamp: other), false),
      (.init(stamps: [own]), .init(digest: "", stamp: nil), false),
    ] as [(PlanComparison.Earlier?, TargetVersion, Bool)] {
      let plan = try PlanComparison(
        part, of: "r1", log: log, count: 1, comparesDestination: false, target: planned, after: earlier)
      plan.target(found)
      plan.forecast(0, Forecast("k0", .written))
      // Which records it loses is only known while its last run is kept.
      plan.removal("k7")
      #expect((plan.difference == nil) == isSame, "\(String(describing: earlier)) \(found)")
    }
  }

  @Test func `only what an earlier attempt has done may differ`() throws {
    var adopted = Forecast("k1", .updated)
    (adopted.isAdopted, adopted.basis) = (true, 7)
    var changed = Forecast("k1", .updated)
    changed.basis = 7
    for (planned, now, isFirst, isContinued) in [
      (Forecast("k1", .updated), Forecast("k1", .unchanged), false, true), (Forecast("k1", .updated), adopted, false, true),
      (Forecast("k1", .updated), changed, false, false), (Forecast("k1", .unchanged), Forecast("k1", .updated), false, false),
      (failed(.goneAtDestination), Forecast("k1", .created), false, true),
      (failed(.alreadyExists), Forecast("k1", .created), false, false),
      (Forecast("k1", .created), failed(.alreadyExists), false, false),
      (Forecast("k1", .created), Forecast("k1", .created), true, true),
    ] {
      try write([(0, planned)])
      for (earlier, isSame) in [(nil, isFirst), (.init(stamps: []), isContinued)] as [(PlanComparison.Earlier?, Bool)] {
        let plan = try PlanComparison(part, of: "r1", log: log, count: 1, comparesDestination: false, after: earlier)
        plan.forecast(0, now)
        #expect((plan.difference == nil) == isSame, "\(planned) \(now) \(isSame)")
      }
    }
  }
}
