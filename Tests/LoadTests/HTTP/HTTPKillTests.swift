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
      let bench = try Self.bench(api, test)
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

  @Test(arguments: [false, true])
  func `an open batch is read as it was sent, however the pipeline has changed`(hasBatch: Bool) async throws {
    let api = FakeAPI(.init(refused: ["k2"]))
    let bench = try HTTPBench(api) { $0.batch = try HTTPBench.batch(size: 10) }
    try await bench.load(HTTPBench.people(9..<10))
    _ = try? await bench.load(HTTPBench.people(0..<4), by: DyingProcess(at: .beforeResponse, of: 1))
    var other = bench
    if hasBatch { other.document.resources[0].batch?.results = BatchResults() } else { other.document.resources[0].batch = nil }
    // The refused record is sent again. Without `results`, nothing shows that it is refused again.
    let result = try await other.load(HTTPBench.people(0..<4))
    let stored = hasBatch ? "unchanged" : "updated"
    #expect(result.words == [stored, stored, hasBatch ? "created" : "failed", stored])
    #expect(api.content["k2"] == nil && api.content["k3"]?.count == 1)
  }

  private static func bench(_ api: FakeAPI, _ test: Case) throws -> HTTPBench {
    try HTTPBench(api, hasIdempotencyKeys: test.hasKeys) {
      if !test.canFind { $0.find = nil }
      if let size = test.batch { $0.batch = try HTTPBench.batch(size: size) }
    }
  }

  /// For each record, the columns that the destination did not apply.
  private static func notApplied(_ result: HTTPBench.Result) -> [UInt64: [Int?]] {
    result.sink.problems.mapValues { $0.filter { $0.code == .notApplied }.map(\.column) }.filter { !$1.isEmpty }
  }

  @Test(.ends(withinMinutes: 10), arguments: cases)
  func `fields that the destination did not apply are reported by the next process, but only once`(test: Case) async throws {
    let people = HTTPBench.people(0..<20)
    for number in [1, 2, 5] {
      let api = FakeAPI(.init(hasUniqueKeys: false, hasIdempotencyKeys: test.hasKeys, ignored: ["age"]))
      let bench = try Self.bench(api, test)
      // If it makes fewer calls, it is not killed and reports them itself.
      let killed = try? await bench.load(people, isFirstLoad: true, by: DyingProcess(at: test.point, of: number))
      let next = try await bench.load(people, isFirstLoad: true, run: "run2")
      let reported = Self.notApplied(killed ?? next)
      for number in 0..<20 where next.words[number] != "pending" {
        #expect(reported[UInt64(number)] == [2], "k\(number), killed at \(number)")
      }
      #expect(Self.notApplied(try await bench.load(people, isFirstLoad: true, run: "run3")) == [:], "killed at \(number)")
    }
  }

  @Test(arguments: [nil, 4])
  func `fields that an open call did not apply are reported after its run has ended`(batch: Int?) async throws {
    let api = FakeAPI(.init(hasUniqueKeys: false, ignored: ["age"])) { $0.isWrite ? .lostAfter : nil }
    let bench = try Self.bench(api, Case(point: .beforeIntent, hasKeys: true, canFind: false, batch: batch))
    let people = HTTPBench.people(0..<20)
    let first = try await bench.load(people, isFirstLoad: true)
    #expect(Set(first.words) == ["pending"] && Self.notApplied(first) == [:])
    api.setScript { _ in nil }
    let next = try await bench.load(people, isFirstLoad: true, run: "run2")
    #expect(Set(next.words).isSubset(of: ["created", "unchanged"]))
    #expect(Self.notApplied(next) == Dictionary(uniqueKeysWithValues: (0..<20).map { ($0, [2]) }))
    #expect(Self.notApplied(try await bench.load(people, run: "run3")) == [:])
    // A resumed run has discarded what it wrote about the part.
    #expect(Self.notApplied(try await bench.load(people, run: "run3")).count == 20)
  }

  @Test func `warnings that did not become durable are repeated by the next load`() async throws {
    let bench = try HTTPBench(FakeAPI(.init(ignored: ["age"])))
    let people = HTTPBench.people(0..<3)
    #expect(Self.notApplied(try await bench.load(people, isReported: false)).count == 3)
    #expect(Self.notApplied(try await bench.load(people, run: "run2")).count == 3)
    #expect(Self.notApplied(try await bench.load(people, run: "run3")) == [:])
  }

  @Test func `a narrowed load leaves the warnings about other records to the next load`() async throws {
    let api = FakeAPI(.init(ignored: ["age"]))
    let bench = try HTTPBench(api)
    let killed = try? await bench.load(HTTPBench.people(0..<20), by: DyingProcess(at: .afterResult, of: 2))
    #expect(killed == nil)
    let narrowed = try await bench.load(HTTPBench.people(0..<3), run: "run2", isNarrowed: true)
    #expect(Self.notApplied(narrowed).count == 3)
    #expect(Self.notApplied(try await bench.load(HTTPBench.people(0..<20), run: "run3")).count == 20)
    #expect(Self.notApplied(try await bench.load(HTTPBench.people(0..<20), run: "run4")) == [:])
  }
}
