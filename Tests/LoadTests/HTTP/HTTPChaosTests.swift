import Core
import HTTP
import Load
import TestSupport
import Testing

/// Loads that fail and are interrupted at random, until an undisturbed one.
@Suite struct HTTPChaosTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var hasKeys: Bool
    var canFind: Bool
    var batch: Int?
    var isUnique: Bool
    var testDescription: String { "keys \(hasKeys), find \(canFind), batches of \(batch ?? 1), unique \(isUnique)" }
  }

  static let cases: [Case] = [true, false].flatMap { keys in
    [true, false].flatMap { find in
      [nil, 7].flatMap { batch in
        [true, false].map { Case(hasKeys: keys, canFind: find, batch: batch, isUnique: $0) }
      }
    }
  }

  private struct Dice {
    var state: UInt64
    mutating func roll(_ sides: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((state >> 33) % UInt64(sides))
    }
  }

  private static let faults: [FakeAPI.Fault] = [
    .unreachable, .lostBefore, .lostAfter, .respond(500), .respond(503, "{}", ["retry-after": "1"]), .respond(429), .failAfter,
    .respond(502, "<html></html>"), .short, .long, .shuffled, .withoutKeys,
  ]

  @Test(.ends(withinMinutes: 10), arguments: cases, 1...3)
  func `whatever happens, no key is there twice, and in the end each is there`(test: Case, seed: Int) async throws {
    let api = FakeAPI(.init(hasUniqueKeys: test.isUnique, hasIdempotencyKeys: test.hasKeys))
    let bench = try HTTPBench(api, hasIdempotencyKeys: test.hasKeys) {
      if !test.canFind { $0.find = nil }
      if let size = test.batch { $0.batch = try HTTPBench.batch(size: size) }
    }
    let dice = Locked(Dice(state: UInt64(seed)))
    let killAt = Locked(0)
    var people = HTTPBench.people(0..<40)
    for round in 0..<6 {
      people = HTTPBench.people(0..<40, name: round < 3 ? "Ann" : "Eva")
      let stop = dice.withLock { $0.roll(60) }
      let before = api.requests.count
      killAt.withLock { $0 = before + stop }
      let current = people
      let load = Locked<Task<Void, Never>?>(nil)
      api.setScript { request in
        if request.number > killAt.withLock({ $0 }) { load.withLock { $0?.cancel() } }
        return dice.withLock { $0.roll(5) == 0 ? Self.faults[$0.roll(Self.faults.count)] : nil }
      }
      let task = Task { _ = try? await bench.load(current, isFirstLoad: true) }
      load.withLock { $0 = task }
      await task.value
      #expect(api.content.values.allSatisfy { $0.count == 1 }, "round \(round)")
    }
    api.setScript { _ in nil }
    let result = try await bench.load(people, isFirstLoad: true)
    let later = try await bench.load(people, isFirstLoad: true)
    #expect(result.words.count == 40 && later.words.count == 40)
    #expect(api.content.values.allSatisfy { $0.count == 1 })
    for (number, word) in later.words.enumerated() {
      switch word {
      case "unchanged":
        #expect(api.content["k\(number)"]?.first?["name"] == .string("Eva \(number)"))
        #expect(api.content["k\(number)"]?.first?["age"] == .number(number))
      case "pending":
        #expect(!test.canFind, "k\(number) can be looked up")
      default: Issue.record("k\(number) is \(word): \(later.sink.problems[UInt64(number)] ?? [])")
      }
    }
    if test.canFind { #expect(api.content.count == 40) }
  }
}
