import Core
import Testing

@testable import Control

/// The decisions of a page walk, without I/O.
@Suite struct PageWalkTests {
  typealias Script = PageWalkScript
  typealias Place = PageWalk.Place

  /// A list of `ids` in pages of two, by `skip`.
  private func list(_ ids: [Int], total: Int? = nil) -> (Place) -> PageWalkScript.Response {
    { place in
      guard case .skip(let skip) = place else { return .refused(.way) }
      return .page(Script.page(Array(ids.dropFirst(skip).prefix(2)), total: total))
    }
  }

  // MARK: Lists by skip

  @Test(arguments: [0, 1, 2, 5]) func `a list ends on an empty page, never on a short one`(count: Int) {
    let ids = Array(1..<count + 1)
    let trace = Script.run(.list) { place, _ in list(ids)(place) }
    #expect(trace.fresh == ids && trace.end == .end && !trace.isIncomplete)
    #expect(trace.requests == (Array(stride(from: 0, to: count, by: 2)) + [count]).map { .skip($0) })
  }

  /// A name, the pages by number of the request, and the expected result.
  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    var pages: [[Int]]
    var totals: [Int?] = []
    var requests: [Int]
    var fresh: [Int]
    var strays: [Int] = []
    var end = PageWalk.Action.end
    var isIncomplete = false
    var testDescription: String { name }
  }

  static let oddLists: [Case] = [
    Case(
      name: "a total that is too large: a second pass, then incomplete", pages: [[1, 2], [], [1, 2], []], totals: [9, 9, 9, 9],
      requests: [0, 2, 0, 2], fresh: [1, 2], isIncomplete: true),
    Case(
      name: "a total that grows: the second pass finds the rest", pages: [[1], [], [1, 2], []], totals: [1, 2, 2, 2],
      requests: [0, 1, 0, 2], fresh: [1, 2]),
    Case(
      name: "a total that shrinks below the number received", pages: [[1, 2], [3], []], totals: [9, 2, 2], requests: [0, 2, 3],
      fresh: [1, 2, 3]),
    Case(
      name: "a total on one page only is remembered", pages: [[1, 2], []], totals: [2, nil], requests: [0, 2], fresh: [1, 2]),
    Case(
      name: "an empty list with a total: nothing to walk again", pages: [[]], totals: [5], requests: [0], fresh: [],
      isIncomplete: true),
    Case(
      name: "a record twice on a page does not shift the next page", pages: [[1, 1, 2], [3], []], requests: [0, 2, 3],
      fresh: [1, 2, 3]),
    Case(
      name: "a record that moved: a second pass", pages: [[1, 2], [2, 3], [], [1, 2], [3, 4], []], requests: [0, 2, 4, 0, 2, 4],
      fresh: [1, 2, 3, 4]),
    Case(
      name: "a repeated page is requested again, and the second response is right", pages: [[1, 2], [1, 2], [3], []],
      requests: [0, 2, 2, 3], fresh: [1, 2, 3]),
    Case(
      name: "a page that stays the same fails", pages: [[1, 2], [1, 2], [1, 2], [1, 2]], requests: [0, 2, 2, 2], fresh: [1, 2],
      end: .fail(.repeatedPage)),
    Case(
      name: "pages in a circle fail", pages: [[1], [2], [1], [2], [1], [2]], requests: [0, 1, 2, 3, 4, 5], fresh: [1, 2],
      end: .fail(.stale(4))),
    Case(
      name: "a stray that is gone in the second response", pages: [[1, -7], [1, 2], []], requests: [0, 0, 2], fresh: [1, 2]),
    Case(
      name: "a stray that stays is delivered once, and is not a record of the list", pages: [[1, -7], [1, -7], [1, -7], []],
      requests: [0, 0, 0, 2], fresh: [1], strays: [7]),
    Case(
      name: "an empty response while a doubtful page is requested again is the end", pages: [[-7], []], requests: [0, 0],
      fresh: []),
    Case(
      name: "a response that was not accepted says nothing about the total", pages: [[1, -7], [1], []], totals: [9, nil, nil],
      requests: [0, 0, 1], fresh: [1]),
  ]

  @Test(arguments: oddLists) func `odd pages of a list`(odd: Case) {
    let trace = Script.run(.list) { _, number in
      .page(
        Script.page(
          number < odd.pages.count ? odd.pages[number] : [], total: number < odd.totals.count ? odd.totals[number] : nil))
    }
    #expect(trace.requests == odd.requests.map { .skip($0) })
    #expect(trace.fresh == odd.fresh && trace.strays == odd.strays)
    #expect(trace.end == odd.end && trace.isIncomplete == odd.isIncomplete)
  }

  @Test func `records without IDs are told apart by their content, and strays without IDs by their number on the page`() {
    func stray(_ content: Int) -> PageWalk.Record {
      .init(Script.mark(content), hasID: false, .stray(Script.mark(content), hasID: false))
    }
    let first = [stray(1), stray(1), stray(2)]
    let second = [stray(2), stray(1), stray(1), stray(1)]
    var walk = PageWalk(.list)
    var found: [[Int]] = []
    for page in [first, first, first, second, second, second] {
      if let delivery = walk.take(PageWalk.Page(page)) { found.append(delivery.strays) }
    }
    #expect(found == [[0, 1, 2], [3]])
    #expect(walk.count == 0)
  }

  // MARK: Search

  @Test func `a search follows the cursor of the last record to an empty page`() {
    let trace = Script.run(.search) { place, number in
      .page(number < 3 ? Script.page([number], total: 3, next: Script.cursor(number)) : Script.page([], total: 3))
    }
    #expect(trace.requests == [.cursor(nil), Script.cursor(0), Script.cursor(1), Script.cursor(2)])
    #expect(trace.fresh == [0, 1, 2] && trace.end == .end && trace.total == 3)
  }

  @Test func `an empty page is the end of a search, whatever cursor it has`() {
    let trace = Script.run(.search) { _, _ in .page(Script.page([], next: Script.cursor(1))) }
    #expect(trace.requests.count == 1 && trace.end == .end)
  }

  @Test func `a search whose total shows that records are missing is made once more`() {
    let pages = [[1], [], [1, 2], []]
    let trace = Script.run(.search) { _, number in
      .page(Script.page(number < 4 ? pages[number] : [], total: 3, next: Script.cursor(number)))
    }
    #expect(trace.requests == [.cursor(nil), Script.cursor(0), .cursor(nil), Script.cursor(2)])
    #expect(trace.fresh == [1, 2] && trace.end == .end && trace.isIncomplete)
  }

  @Test func `a search that does not advance fails, and so does one without a cursor`() {
    let standing = Script.run(.search) { _, _ in .page(Script.page([1], next: Script.cursor(7))) }
    #expect(standing.end == .fail(.repeatedPage) && standing.requests.count == 4 && standing.fresh == [1])
    let missing = Script.run(.search) { _, _ in .page(Script.page([1])) }
    #expect(missing.end == .fail(.missingCursor) && missing.requests.count == 1 && missing.fresh == [])
    let circle = Script.run(.search) { _, number in .page(Script.page([number % 2], next: Script.cursor(number))) }
    #expect(circle.end == .fail(.stale(4)))
  }

  // MARK: Links

  @Test func `links lead on until a page has none`() {
    let trace = Script.run(.links(from: "a")) { place, number in
      .page(Script.page([number], next: number < 2 ? .link("page \(number)") : nil))
    }
    #expect(trace.requests == [.link("a"), .link("page 0"), .link("page 1")] && trace.end == .end)
    #expect(trace.fresh == [0, 1, 2])
  }

  @Test func `links that do not advance, and pages that repeat, fail at once`() {
    let standing = Script.run(.links(from: "a")) { _, _ in .page(Script.page([1], next: .link("a"))) }
    #expect(standing.end == .fail(.standing) && standing.fresh == [1] && standing.requests.count == 1)
    let repeated = Script.run(.links(from: "a")) { _, number in .page(Script.page([1], next: .link("\(number)"))) }
    #expect(repeated.end == .fail(.repeatedPage) && repeated.requests.count == 2)
    let stale = Script.run(.links(from: "a")) { _, number in .page(Script.page([number % 2], next: .link("\(number)"))) }
    #expect(stale.end == .fail(.stale(4)))
    // Records of one ID and other content are another page.
    let changing = Script.run(.links(from: "a")) { _, number in
      let record = PageWalk.Record(Script.mark(1), content: Script.mark(number + 100))
      return .page(PageWalk.Page([record], next: .link("\(number)")))
    }
    #expect(changing.end == .fail(.stale(4)) && changing.requests.count == 5)
  }

  @Test func `a list without pages is one request, or three if a record does not belong there`() {
    #expect(Script.run(.single) { _, _ in .page(Script.page([1, 1])) }.requests.count == 1)
    let strays = Script.run(.single) { _, _ in .page(Script.page([1, -2])) }
    #expect(strays.requests.count == 3 && strays.strays == [2] && strays.end == .end)
  }
}
