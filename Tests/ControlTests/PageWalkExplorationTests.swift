import Core
import Foundation
import Testing

@testable import Control

/// Every sequence of odd pages up to a length, for every kind of list: whatever a source returns, a walk ends, delivers each
/// record once, and loses none of a page that it accepted.
@Suite struct PageWalkExplorationTests {
  typealias Script = PageWalkScript

  /// What a source may return, whatever was requested.
  static let odd: [@Sendable (_ number: Int) -> PageWalkScript.Response] = [
    { .page(Script.page([1, 2], total: 3, next: Script.cursor($0))) },
    { .page(Script.page([2, 3], next: Script.cursor($0))) },
    // The same cursor each time, a record twice, and a total that grows.
    { .page(Script.page([4, 4], total: 4 + $0, next: Script.cursor(-1))) },
    // No cursor.
    { _ in .page(Script.page([5], total: 1)) },
    { .page(Script.page([1, -9], next: Script.cursor($0))) },
    // An empty page with a cursor.
    { .page(Script.page([], total: 2, next: Script.cursor($0))) },
    { _ in .refused(.request) },
  ]

  static let rules: [PageWalk.Rules] = [.list, .search, .members(wall: 4), .members(wall: 40), .links(from: "x"), .single]

  /// All sequences of odd pages of this length, by their places in `odd`.
  private static func sequences(ofLength length: Int) -> [[Int]] {
    (0..<length).reduce([[]]) { sequences, _ in sequences.flatMap { start in odd.indices.map { start + [$0] } } }
  }

  /// The responses of one sequence; then nothing more, or the same again and again.
  private static func respond(
    _ sequence: [Int], isCircle: Bool, _ rules: PageWalk.Rules
  ) -> (PageWalk.Place, Int) -> Script.Response {
    { place, request in
      guard isCircle || request < sequence.count else { return .page(Script.page([])) }
      let response = odd[sequence[request % sequence.count]](request)
      guard case .link = place, case .page(var page) = response else { return response }
      // A list without pages leads nowhere.
      page.next = rules == .single ? nil : page.next.map { .link("\($0)") }
      return .page(page)
    }
  }

  @Test(arguments: rules.indices) func `a walk ends, delivers each record once and loses none`(kind: Int) {
    let rules = Self.rules[kind]
    var walks = 0
    var failures: [String] = []
    var ends: Set<PageWalk.Action?> = []
    for sequence in (1...4).flatMap(Self.sequences) {
      for isCircle in [false, true] {
        let trace = Script.run(rules, Self.respond(sequence, isCircle: isCircle, rules))
        walks += 1
        ends.insert(trace.end)
        let name = "\(sequence)\(isCircle ? " in a circle" : "")"
        if Set(trace.fresh).count != trace.fresh.count { failures.append("\(name): twice in \(trace.fresh)") }
        if Set(trace.strays).count != trace.strays.count { failures.append("\(name): twice in \(trace.strays)") }
        if Set(trace.fresh) != Set(trace.accepted) { failures.append("\(name): \(trace.fresh) of \(trace.accepted)") }
        if case .request = trace.end { failures.append("\(name): no end after \(trace.requests.count) requests") }
      }
    }
    #expect(failures == [])
    #expect(walks == 2 * (7 + 49 + 343 + 2_401))
    // The sequences reach every end that the kind of list can have.
    #expect(ends.contains(.end) && ends.contains(nil))
  }

  /// A request is made after the walk was written down and read again, as another process would.
  @Test(arguments: rules.indices) func `a walk that is stored before each request goes on as if it had not been`(kind: Int) {
    let rules = Self.rules[kind]
    var stored = 0
    for sequence in (1...2).flatMap(Self.sequences) {
      for isCircle in [false, true] {
        let respond = Self.respond(sequence, isCircle: isCircle, rules)
        let restored = Script.run(
          rules,
          between: {
            stored += 1; return Self.readAgain($0)
          }, respond)
        #expect(restored == Script.run(rules, respond), "\(sequence)\(isCircle ? " in a circle" : "")")
      }
    }
    #expect(stored > 2 * (7 + 49))
  }

  /// An empty walk, which no test takes for another one, if it cannot be read.
  private static func readAgain(_ walk: PageWalk) -> PageWalk {
    do {
      let again = try JSONDecoder().decode(PageWalk.self, from: try JSONEncoder().encode(walk))
      #expect(again == walk)
      return again
    } catch {
      Issue.record(error)
      return PageWalk(.single)
    }
  }
}
