import Core
import HTTP
import TestSupport
import Testing

@testable import Load

/// Loads with `before: save`, and undos, that are killed at each point around a request. `beforeIntent` is after what was there has
/// been saved, and `beforeResult` after what is there now has been.
@Suite struct UndoKillTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var point: KillPoint
    var hasKeys: Bool
    var batch: Int?
    var testDescription: String { "\(point), keys \(hasKeys), batches of \(batch ?? 1)" }
  }

  static let cases: [Case] = KillPoint.allCases.flatMap { point in
    [true, false].flatMap { keys in [nil, 4].map { Case(point: point, hasKeys: keys, batch: $0) } }
  }

  /// Twelve of the records are there before, with a member that the run erases. All of them have versions.
  ///
  /// - Parameter omitsVersions: a call that an earlier process made has no response, so nobody knows who raised a version.
  private static func bench(_ test: Case, omitsVersions: Bool = false) throws -> (FakeAPI, HTTPBench) {
    let api = FakeAPI(.init(hasIdempotencyKeys: test.hasKeys, showsVersions: true))
    for number in 0..<12 {
      let record = JSONValue.object([
        .init("id", .string("k\(number)")), .init("name", .string("Old")), .init("note", .string("\(number)")),
      ])
      api.state.withLock { $0.rows.append(.init(id: "x\(number)", record: record)) }
    }
    var bench = try HTTPBench(api, hasIdempotencyKeys: test.hasKeys) {
      if let size = test.batch { $0.batch = try HTTPBench.batch(size: size) }
    }.saving()
    if omitsVersions {
      bench.document.resources[0].before?.omit = [.init(name: "version", place: HTTPBench.place)]
    }
    return (api, bench)
  }

  @Test(.ends(withinMinutes: 10), arguments: cases, [true, false])
  func `a run that was killed is undone as if it had not been`(test: Case, isResumed: Bool) async throws {
    for number in [1, 2, 5] {
      let (api, bench) = try Self.bench(test, omitsVersions: true)
      let before = api.text
      let people = HTTPBench.people(0..<20, name: "Eva")
      _ = try? await bench.load(people, by: DyingProcess(at: test.point, of: number))
      let result = try await bench.load(people, run: isResumed ? "run1" : "run2")
      #expect(!result.words.contains("pending"), "killed at \(number)")
      // The first one may have done everything.
      if bench.logs.names().contains("run2") { try await bench.undo("run2") }
      let undone = try await bench.undo("run1")
      let open = undone.records.values.filter { $0.outcome == .left || $0.outcome == .failed }
      #expect(open.isEmpty, "killed at \(number): \(open)")
      #expect(api.text == before, "killed at \(number)")
    }
  }

  @Test(.ends(withinMinutes: 10), arguments: cases)
  func `an undo that was killed is finished by the next one`(test: Case) async throws {
    for number in [1, 2, 5, 9] {
      let (api, bench) = try Self.bench(test)
      let before = api.text
      try await bench.load(HTTPBench.people(0..<20, name: "Eva"))
      _ = try? await bench.undo(by: DyingProcess(at: test.point, of: number))
      let undone = try await bench.undo()
      let open = undone.records.values.filter { $0.outcome == .left || $0.outcome == .failed }
      #expect(open.isEmpty, "killed at \(number): \(open)")
      #expect(api.text == before, "killed at \(number)")
      #expect(api.state.withLock { $0.deleted } == 8)
      // A load that follows sends everything, and nothing is blocked.
      let words = try await bench.load(HTTPBench.people(0..<20, name: "Eva"), run: "run2").words
      #expect(Set(words) == ["updated", "created"], "killed at \(number)")
    }
  }

  @Test(.ends(withinMinutes: 10), arguments: cases)
  func `a load resolves the calls that a killed undo has left open`(test: Case) async throws {
    for number in [1, 5, 9] {
      let (api, bench) = try Self.bench(test)
      try await bench.load(HTTPBench.people(0..<20, name: "Eva"))
      _ = try? await bench.undo(by: DyingProcess(at: test.point, of: number))
      let words = try await bench.load(HTTPBench.people(0..<20, name: "Ina"), run: "run2").words
      #expect(Set(words).isSubset(of: ["updated", "created"]), "killed at \(number)")
      #expect(api.content.count == 20 && api.content.values.allSatisfy { $0.count == 1 })
      #expect(api.content.values.allSatisfy { $0[0]["name"]?.stringValue?.hasPrefix("Ina") == true })
    }
  }
}
