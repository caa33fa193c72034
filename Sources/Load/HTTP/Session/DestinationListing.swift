import Control
import Core
import HTTP

/// Reads everything that the destination has, page by page, so that an empty journal knows it.
package struct DestinationListing: Sendable {
  let plan: PartPlan
  let engine: HTTPEngine

  package struct Counts: Sendable, Hashable {
    package var pages = 0
    package var records = 0
    /// Records without our key: they are not ours.
    package var withoutKey = 0
    /// Records whose key another one has as well.
    package var repeated = 0
  }

  /// A destination with more pages than this is assumed to page without end.
  private static let pagesAtMost = 1_000_000

  /// A record of the list.
  struct Entry: Sendable {
    /// Nil: it has no key of ours.
    var key: Name?
    var record: StoredRecord
    /// An earlier record has the same key: the destination has several, or the pages have moved meanwhile.
    var isRepeated = false
  }

  /// - Parameter take: the records of a page, each with its key; of several with the same key, the first one.
  /// - Throws: `OperationFailure`, `CancellationError`, what `take` throws.
  func read(_ list: ListDocument, _ take: ([(key: Name, record: StoredRecord)]) async throws -> Void) async throws -> Counts {
    try await readAll(list) { page in
      try await take(page.compactMap { entry in entry.isRepeated ? nil : entry.key.map { ($0, entry.record) } })
    }
  }

  /// - Parameter take: all records of a page.
  /// - Throws: as `read`.
  func readAll(_ list: ListDocument, _ take: ([Entry]) async throws -> Void) async throws -> Counts {
    var counts = Counts()
    var walk = ListWalk(seed: engine.seed)
    var lastPage: JSONValue?
    var call: HTTPCall? = try self.call(list, page: list.paging == .number ? "1" : "")
    while let request = call {
      let response = try await response(to: request)
      let content = response.body.flatMap { body in list.items.map { $0.value(in: body) } ?? body }
      guard let items = content?.arrayValue else {
        throw failure(
          "the response to \(request.method) \(request.target) has no list\(list.items.map { " at '\($0.text)'" } ?? "")")
      }
      if let content, content == lastPage, !items.isEmpty {
        throw failure("page \(counts.pages + 1) is the same as the one before")
      }
      lastPage = content
      counts.pages += 1
      guard counts.pages < Self.pagesAtMost else { throw failure("it has more than \(Self.pagesAtMost) pages") }
      let page = items.map { item in
        let key = plan.key(of: item)
        return Entry(key: key, record: plan.stored(item: item), isRepeated: key.map { !walk.isNew($0) } ?? false)
      }
      let withoutKey = page.count { $0.key == nil }
      let repeated = page.count(where: \.isRepeated)
      let new = page.count - withoutKey - repeated
      counts.withoutKey += withoutKey
      counts.repeated += repeated
      counts.records += new
      try await take(page)
      call = try next(list, after: response, isEmpty: items.isEmpty, pages: counts.pages, request)
      guard let next = call else { break }
      let shown = ListWalk.Page(records: items.count, new: new, withoutKey: withoutKey)
      switch walk.step(from: request.target, to: next.target, shown) {
      case .goOn: break
      case .end: call = nil
      case .circle: throw failure("page \(counts.pages) has no new records, and leads back to an earlier page")
      case .idle(let pages): throw failure("pages \(counts.pages - pages + 1) to \(counts.pages) have no new records")
      }
    }
    return counts
  }

  private func call(_ list: ListDocument, page: String) throws -> HTTPCall {
    do {
      var call = try plan.call(list.request, for: nil, known: nil, body: nil, page: page)
      // The first page has no cursor, and some destinations refuse an empty one.
      if page.isEmpty, let name = list.request.template.parameter(of: .cursor) {
        call.target = RequestTemplate.removing("\(name)=", from: call.target)
      }
      return call
    } catch {
      throw failure(error.text)
    }
  }

  private func next(
    _ list: ListDocument, after response: ReadResponse, isEmpty: Bool, pages: Int, _ last: HTTPCall
  ) throws -> HTTPCall? {
    switch list.paging {
    case .none: return nil
    case .number: return isEmpty ? nil : try call(list, page: String(pages + 1))
    case .cursor(let place):
      guard let cursor = place.text(headers: response.headers, body: response.body) else { return nil }
      return try call(list, page: cursor)
    case .link:
      guard let link = response.headers["link"].flatMap({ LinkHeader.next(in: $0) }) else { return nil }
      let base = engine.document.address.text
      guard let address = engine.document.address.sameOrigin(link, from: base + last.target), address.hasPrefix(base + "/") else {
        throw failure("the link to its next page leads to another address")
      }
      var call = last
      call.target = String(address.dropFirst(base.count))
      return call
    }
  }

  private func response(to call: HTTPCall) async throws -> ReadResponse {
    try await PatientCall(engine: engine).response(
      to: call, largeHint: "let `list` read it in pages, with {page} or {cursor}"
    ) { failure($0, $1) }
  }

  private func failure(_ why: String, _ code: OperationFailure.Code = .configuration) -> OperationFailure {
    OperationFailure(code, "'\(plan.destination)' cannot be listed for '\(plan.scope.mapping)': \(why)")
  }
}

/// The header `Link` (RFC 8288).
enum LinkHeader {
  /// The target with `rel="next"`.
  static func next(in header: String) -> String? {
    var rest = Substring(header)
    while let open = rest.firstIndex(of: "<"), let close = rest[open...].firstIndex(of: ">") {
      let target = rest[rest.index(after: open)..<close]
      rest = rest[rest.index(after: close)...]
      // The parameters end where the next target begins.
      let parameters = rest.prefix { $0 != "<" }
      for parameter in parameters.split(separator: ";") {
        let sides = parameter.split(separator: "=", maxSplits: 1).map { $0.filter { !" \t\",".contains($0) } }
        if sides.count == 2, sides[0].lowercased() == "rel", sides[1].lowercased() == "next" { return String(target) }
      }
    }
    return nil
  }
}
