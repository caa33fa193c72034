import Core
import Testing

@testable import Control

/// The walk through the contacts of one business, past the wall of `skip`.
@Suite struct MemberWalkTests {
  typealias Script = PageWalkScript

  /// A business with these contacts, in pages of two.
  struct Business {
    var ids = Array(1...7)
    var total: Int? = 7
    /// How far `skip` reaches; beyond it, the source refuses or returns nothing.
    var wall = 100
    var hasEmptyWall = false
    var hasCursor = true
    /// Whether the search knows which business a contact belongs to.
    var searchNamesBusinesses = true

    func respond(_ place: PageWalk.Place) -> PageWalkScript.Response {
      switch place {
      case .skip(let skip) where skip >= wall:
        return hasEmptyWall ? .page(Script.page([], total: total)) : .refused(.request)
      case .skip(let skip): return .page(Script.page(Array(ids.dropFirst(skip).prefix(2)), total: total))
      case .after(let id, _):
        guard hasCursor else { return .refused(.request) }
        return .page(Script.page(Array(ids.drop { $0 <= Int(id) ?? 0 }.prefix(2)), total: total))
      case .cursor(let cursor):
        // Contacts of other businesses are between those of this one.
        let start = cursor?.arrayValue?.first?.intValue ?? 0
        let found = (1...20).filter { $0 > start }.prefix(4)
        let records = found.map { id in
          PageWalk.Record(
            Script.mark(id), !searchNamesBusinesses ? .unnamed : ids.contains(id) ? .own : id % 2 == 0 ? .elsewhere : .unnamed)
        }
        return .page(PageWalk.Page(records, total: 20, next: found.last.map { Script.cursor($0) }))
      case .link: return .refused(.way)
      }
    }

    func run(wall: Int = 100) -> PageWalkScript.Trace {
      Script.run(.members(wall: wall)) { place, _ in respond(place) }
    }
  }

  @Test func `before the wall it is a list like any other`() {
    let trace = Business().run()
    #expect(trace.fresh == Array(1...7) && trace.end == .end)
    #expect(trace.requests == [0, 2, 4, 6, 7].map { .skip($0) })
  }

  @Test func `at the wall it goes on by the last record and its name`() {
    let trace = Business().run(wall: 4)
    #expect(trace.fresh == Array(1...7) && trace.end == .end)
    let after = [4, 6, 7].map { PageWalk.Place.after(id: "\($0)", name: "name \($0)") }
    #expect(trace.requests == [.skip(0), .skip(2)] + after)
  }

  @Test func `where the source refuses to go on, the last record's name is not known`() {
    let trace = Business(wall: 4).run()
    #expect(trace.fresh == Array(1...7))
    #expect(trace.requests.prefix(4) == [.skip(0), .skip(2), .skip(4), .after(id: "4", name: nil)])
  }

  @Test func `a refusal of the first page is left to the caller`() {
    let trace = Business(wall: 0).run()
    #expect(trace.refusal == .request && trace.requests == [.skip(0)])
  }

  @Test func `an empty page before the total counts as a wall after a second pass`() {
    let trace = Business(wall: 4, hasEmptyWall: true).run()
    #expect(trace.fresh == Array(1...7) && trace.end == .end && !trace.isIncomplete)
    let expected: [PageWalk.Place] = [
      .skip(0), .skip(2), .skip(4), .skip(0), .skip(2), .skip(4), .after(id: "4", name: nil),
    ]
    #expect(Array(trace.requests.prefix(7)) == expected)
  }

  @Test func `without a cursor, a list that only seems to end early ends incomplete`() {
    let trace = Business(wall: 4, hasEmptyWall: true, hasCursor: false).run()
    #expect(trace.fresh == Array(1...4) && trace.end == .end && trace.isIncomplete)
    #expect(!trace.requests.contains(.cursor(nil)))
  }

  @Test func `without a cursor, the wall is passed by a search that keeps the business's contacts`() {
    let trace = Business(wall: 4, hasCursor: false).run()
    #expect(trace.fresh == Array(1...7) && trace.end == .end && trace.total == 7)
    #expect(trace.requests.contains(.cursor(nil)))
  }

  @Test func `a search that names no businesses cannot pass the wall`() {
    let trace = Business(wall: 4, hasCursor: false, searchNamesBusinesses: false).run()
    #expect(trace.end == .fail(.stuck) && trace.fresh == Array(1...4))
    // If nothing is missing according to the source, this is the end.
    let complete = Business(ids: Array(1...4), total: 4, wall: 4, hasCursor: false, searchNamesBusinesses: false).run()
    #expect(complete.end == .end && !complete.isIncomplete)
  }

  @Test(arguments: [
    (PageWalk.Refusal.request, true, true), (.way, true, true), (.other(endsRun: false), true, false),
    (.other(endsRun: true), true, false), (.request, false, true), (.way, false, true), (.other(endsRun: false), false, true),
    (.other(endsRun: true), false, false),
  ])
  func `what a refused cursor means depends on whether there is a wall`(
    refusal: PageWalk.Refusal, isPastWall: Bool, goesOn: Bool
  ) {
    let business = Business(wall: 4, hasEmptyWall: !isPastWall)
    let trace = Script.run(.members(wall: 100)) { place, _ in
      if case .after = place { return .refused(refusal) }
      return business.respond(place)
    }
    #expect((trace.refusal == nil) == goesOn)
    #expect(trace.requests.contains(.cursor(nil)) == (goesOn && isPastWall))
  }

  @Test func `a page of known contacts beyond the wall is requested again, and then the search takes over`() {
    let business = Business(wall: 4)
    let trace = Script.run(.members(wall: 100)) { place, _ in
      if case .after = place { return .page(Script.page([3, 4])) }
      return business.respond(place)
    }
    #expect(trace.requests.count { $0 == .after(id: "4", name: nil) } == 3)
    #expect(trace.fresh == Array(1...7) && trace.end == .end)
  }

  @Test func `a last record without an ID is delivered before the search takes over`() {
    let business = Business(wall: 4)
    let trace = Script.run(.members(wall: 100)) { place, _ in
      if case .after = place {
        return .page(PageWalk.Page(Script.records([5]) + [.init(Script.mark(99), hasID: false)], total: 8))
      }
      return business.respond(place)
    }
    #expect(trace.fresh == [1, 2, 3, 4, 5, 99, 6, 7])
  }

  @Test func `strays of a page that had nothing else wait for the next delivery`() {
    var walk = PageWalk(.members(wall: 2))
    #expect(walk.take(Script.page([1, 2], total: 9)) == .init(fresh: [0, 1]))
    #expect(walk.action == .request(.after(id: "2", name: "name 2")))
    for _ in 0..<2 { #expect(walk.take(Script.page([-5], total: 9)) == nil) }
    #expect(walk.take(Script.page([-5], total: 9)) == .init(strays: [0], isHeld: true))
    #expect(walk.action == .request(.cursor(nil)))
  }
}
