import Core

@testable import Control

/// A source for page walks: a closure instead of an API, and a record of what was requested.
struct PageWalkScript {
  enum Response {
    case page(PageWalk.Page)
    case refused(PageWalk.Refusal)
  }

  /// The result of a walk.
  struct Trace: Equatable {
    var requests: [PageWalk.Place] = []
    /// IDs, in the order in which they were delivered.
    var fresh: [Int] = []
    var strays: [Int] = []
    /// The refusal that the walk left to its caller.
    var refusal: PageWalk.Refusal?
    var end: PageWalk.Action?
    var total: Int?
    var isIncomplete = false
    /// Own records of accepted pages, in their order; those of a search for a business only if they are its own.
    var accepted: [Int] = []
  }

  /// - Parameters:
  ///   - between: the walk that goes on with a request, given the one that decided on it.
  ///   - respond: the place that is requested, and the number of earlier requests.
  static func run(
    _ rules: PageWalk.Rules, atMost: Int = 200, between: (PageWalk) -> PageWalk = { $0 },
    _ respond: (PageWalk.Place, Int) -> Response
  ) -> Trace {
    var walk = PageWalk(rules)
    var trace = Trace()
    while case .request(let place) = walk.action, trace.requests.count < atMost {
      walk = between(walk)
      let response = respond(place, trace.requests.count)
      trace.requests.append(place)
      switch response {
      case .page(let page):
        guard let delivery = walk.take(page) else { continue }
        func ids(_ places: [Int]) -> [Int] { places.map { Int(page.records[$0].mark.low) } }
        trace.fresh += ids(delivery.fresh)
        trace.strays += ids(delivery.strays)
        trace.accepted += ids(page.records.indices.filter { page.records[$0].membership == .own })
      case .refused(let refusal):
        guard !walk.refuse(refusal) else { continue }
        trace.refusal = refusal
        return trace
      }
    }
    trace.end = walk.action
    trace.total = walk.total
    trace.isIncomplete = walk.isIncomplete
    return trace
  }

  static func mark(_ id: Int) -> IdentityMark { IdentityMark(high: 0, low: UInt64(id)) }

  /// Records with these IDs; negative ones are strays.
  static func records(_ ids: [Int]) -> [PageWalk.Record] {
    ids.map { id in
      id < 0 ? PageWalk.Record(mark(-id), .stray(mark(-id), hasID: true)) : PageWalk.Record(mark(id))
    }
  }

  static func page(_ ids: [Int], total: Int? = nil, next: PageWalk.Place? = nil) -> PageWalk.Page {
    PageWalk.Page(records(ids), total: total, next: next, last: ids.last.map { .init(id: "\(abs($0))", name: "name \(abs($0))") })
  }

  /// A cursor, as a search has it.
  static func cursor(_ number: Int) -> PageWalk.Place { .cursor(.array([.number(number)])) }
}
