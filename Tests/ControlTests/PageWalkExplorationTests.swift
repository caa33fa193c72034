import Core
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

  @Test(arguments: rules.indices) func `a walk ends, delivers each record once and loses none`(kind: Int) {
    let rules = Self.rules[kind]
    var walks = 0
    var failures: [String] = []
    var ends: Set<PageWalk.Action?> = []
    for length in 1...4 {
      var number = 0
      let count = (0..<length).reduce(1) { product, _ in product * Self.odd.count }
      while number < count {
        let sequence = (0..<length).map { place in
          number / (0..<place).reduce(1) { product, _ in product * Self.odd.count } % Self.odd.count
        }
        number += 1
        // Then nothing more, or the same again and again.
        for isCircle in [false, true] {
          let trace = Script.run(rules) { place, request in
            guard isCircle || request < length else { return .page(Script.page([])) }
            var response = Self.odd[sequence[request % length]](request)
            if case .link = place, case .page(var page) = response {
              // A list without pages leads nowhere.
              page.next = rules == .single ? nil : page.next.map { .link("\($0)") }
              response = .page(page)
            }
            return response
          }
          walks += 1
          ends.insert(trace.end)
          let name = "\(sequence)\(isCircle ? " in a circle" : "")"
          if Set(trace.fresh).count != trace.fresh.count { failures.append("\(name): twice in \(trace.fresh)") }
          if Set(trace.strays).count != trace.strays.count { failures.append("\(name): twice in \(trace.strays)") }
          if Set(trace.fresh) != Set(trace.accepted) { failures.append("\(name): \(trace.fresh) of \(trace.accepted)") }
          if case .request = trace.end { failures.append("\(name): no end after \(trace.requests.count) requests") }
        }
      }
    }
    #expect(failures == [])
    #expect(walks == 2 * (7 + 49 + 343 + 2_401))
    // The sequences reach every end that the kind of list can have.
    #expect(ends.contains(.end) && ends.contains(nil))
  }
}
