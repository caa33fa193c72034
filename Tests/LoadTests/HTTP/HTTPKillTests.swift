import Core
import HTTP
import Load
import TestSupport
import Testing

/// A process that is killed at each point around a request, and what the next one makes of it.
@Suite struct HTTPKillTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var point: KillPoint
    var hasKeys: Bool
    var canFind: Bool
    var batch: Int?
    var testDescription: String { "\(point), keys \(hasKeys), find \(canFind), batches of \(batch ?? 1)" }
  }

  static let cases: [Case] = KillPoint.allCases.flatMap { point in
    [(true, true), (true, false), (false, true), (false, false)].flatMap { keys, find in
      [nil, 4].map { Case(point: point, hasKeys: keys, canFind: find, batch: $0) }
    }
  }

  @Test(.ends(withinMinutes: 10), arguments: cases)
  func `the next process loads what the killed one has not`(test: Case) async throws {
    for number in [1, 2, 5] {
      let api = FakeAPI(.init(hasUniqueKeys: false, hasIdempotencyKeys: test.hasKeys))
      let bench = try HTTPBench(api, hasIdempotencyKeys: test.hasKeys) {
        if !test.canFind { $0.find = nil }
        if let size = test.batch { $0.batch = try HTTPBench.batch(size: size) }
      }
      let people = HTTPBench.people(0..<20)
      let process = DyingProcess(at: test.point, of: number)
      _ = try? await bench.load(people, isFirstLoad: true, by: process)
      // The mapping has changed meanwhile.
      let changed = HTTPBench.people(0..<20, name: "Eva")
      let result = try await bench.load(changed, isFirstLoad: true)
      #expect(result.words.count == 20)
      #expect(api.content.values.allSatisfy { $0.count == 1 }, "killed at \(number)")
      let pending = result.words.enumerated().filter { $1 == "pending" }.map(\.offset)
      if test.hasKeys || test.canFind {
        #expect(pending == [], "killed at \(number)")
        #expect(api.content.count == 20)
        #expect(api.content.values.allSatisfy { $0[0]["name"]?.stringValue?.hasPrefix("Eva") == true })
      } else {
        #expect(result.sink.problems.values.joined().allSatisfy { $0.code == .resultUnknown })
        for number in 0..<20 where !pending.contains(number) {
          #expect(api.content["k\(number)"]?.first?["name"] == .string("Eva \(number)"))
        }
      }
    }
  }
}
