import Core

/// How a resource's records are found by their key, and listed.
struct ResourceLists {
  struct Find {
    var operation: APIOperation
    /// The parameter that takes the key; nil: the path's last one does.
    var parameter: String?
    /// Where the response has the list; nil: it is the list. With `isRecord`, it is the record.
    var items: String?
    var isRecord = false
  }

  enum Paging: Equatable {
    case number(String)
    case cursor(String, ResourceResponses.Place)
    case link
    case none
  }

  struct List {
    var operation: APIOperation
    var items: String?
    var paging: Paging
    /// The parameter with the size of a page, and the largest that the document allows.
    var size: (name: String, most: String)?
    var review: String?
  }

  private(set) var find: Find?
  private(set) var list: List?
  /// Members of a record in a list.
  private(set) var members: APIObject?
  /// Why there is no list although the API has one.
  private(set) var remark: String?

  private static let pages = ["page", "pageNumber", "pageNo", "currentPage", "p", "page[number]"]
  private static let cursors = [
    "cursor", "pageToken", "nextToken", "nextPageToken", "continuationToken", "continuation", "after", "startingAfter",
    "startAfter",
    "pageCursor", "nextCursor", "marker", "bookmark", "page[cursor]", "page[after]", "scrollId", "token",
  ]
  private static let offsets = ["offset", "skip", "start", "startAt", "from", "page[offset]", "startIndex"]
  private static let sizes = [
    "limit", "perPage", "pageSize", "size", "count", "top", "take", "maxResults", "page[size]", "page[limit]", "maxPageSize",
  ]
  private static let nextNames = [
    "nextCursor", "nextPageToken", "nextToken", "continuationToken", "cursor", "next", "after", "endCursor", "nextPage", "marker",
    "startAfter", "lastKey", "scrollId",
  ]
  private static let nextHolders = ["meta", "paging", "pagination", "page", "pageInfo", "cursors", "metadata", "links", "next"]
  private static let itemNames = ["items", "data", "results", "records", "list", "values", "content", "entries", "rows", "value"]

  /// - Parameter parents: what stands before parameters that name a record of another mapping.
  init(_ resource: APIResource, key: String?, parents: [[String]], _ document: APIDocument) {
    if let key { chooseFind(resource, key, document) }
    for operation in resource.lists where members == nil {
      guard let path = Self.items(operation, resource, document) else { continue }
      members = Self.element(operation.success?.schema, path, document)
    }
    // A list of one parent's records shows none of the others.
    let whole = resource.lists.filter { operation in
      !operation.path.segments.indices.contains { index in
        operation.path.segments[index].parameter != nil && parents.contains(operation.path.prefix(index).form)
      }
    }
    for operation in whole {
      guard let items = Self.items(operation, resource, document) else { continue }
      if let made = Self.list(operation, items.isEmpty ? nil : items, document) {
        list = made
        return
      }
    }
    if let first = whole.first {
      remark = "GET \(first.path.text): \(Self.refusal(first))"
    } else if let first = resource.lists.first {
      remark = "GET \(first.path.text) lists the records of one parent only"
    }
  }

  private mutating func chooseFind(_ resource: APIResource, _ key: String, _ document: APIDocument) {
    let wanted = NameMatch.joined([key.split(separator: ".").last.map(String.init) ?? key])
    for operation in resource.lists {
      let parameter = operation.queries.first { parameter in
        let name = NameMatch.joined([parameter.name])
        return name == wanted || name == "filter" + wanted || name == wanted + "eq" || name == "filter" + wanted + "eq"
      }
      guard let parameter, let items = Self.items(operation, resource, document) else { continue }
      find = Find(operation: operation, parameter: parameter.name, items: items.isEmpty ? nil : items)
      return
    }
    for operation in resource.lookups {
      guard let parameter = operation.path.last?.parameter,
        NameMatch.joined([parameter]).hasSuffix(wanted)
          || wanted.hasSuffix(
            NameMatch.joined([parameter])),
        NameMatch.words(operation.path.segments.dropLast().last?.literal ?? "").contains(where: wanted.contains)
      else { continue }
      find = Find(operation: operation, items: nil, isRecord: true)
      return
    }
  }

  /// Where a response has its list; empty: it is the list. Nil: nothing in it is one.
  private static func items(_ operation: APIOperation, _ resource: APIResource, _ document: APIDocument) -> String? {
    guard let schema = operation.success?.schema else { return nil }
    if document.elements(schema) != nil { return "" }
    guard let object = document.object(schema) else { return nil }
    let wanted = Set(resource.record.members.map(\.name))
    func share(_ member: APIObject.Member) -> Int? {
      guard let element = document.elements(member.schema) else { return nil }
      guard let inner = document.object(element) else { return document.types(element).isSubset(of: ["object"]) ? 0 : nil }
      return Set(inner.members.map(\.name)).intersection(wanted).count
    }
    func best(_ object: APIObject) -> (name: String, share: Int)? {
      let lists = object.members.compactMap { member in share(member).map { (member.name, $0) } }
      let usual = [resource.name, resource.create.path.lastLiteral ?? ""] + itemNames
      return lists.max { one, other in
        let (left, right) = (rank(one.0, usual), rank(other.0, usual))
        return (one.1, -left) < (other.1, -right)
      }.map { ($0.0, $0.1) }
    }
    if let found = best(object) { return found.name }
    for name in itemNames + ["_embedded", "response", "result"] {
      guard let member = object.first(of: [name]), let inner = document.object(member.schema), let found = best(inner) else {
        continue
      }
      return "\(member.name).\(found.name)"
    }
    return nil
  }

  private static func element(_ schema: APIValue?, _ path: String, _ document: APIDocument) -> APIObject? {
    var schema = schema
    for name in path.split(separator: ".") { schema = document.object(schema)?[String(name)]?.schema }
    return document.object(document.elements(schema))
  }

  private static func rank(_ name: String, _ names: [String]) -> Int {
    names.firstIndex { NameMatch.joined([$0]) == NameMatch.joined([name]) } ?? names.count
  }

  private static func query(_ operation: APIOperation, _ names: [String]) -> APIParameter? {
    for name in names {
      if let found = operation.queries.first(where: { NameMatch.joined([$0.name]) == NameMatch.joined([name]) }) { return found }
    }
    return nil
  }

  /// Nil: its pages cannot be read in order.
  private static func list(_ operation: APIOperation, _ items: String?, _ document: APIDocument) -> List? {
    let size = query(operation, sizes).map { ($0.name, number(of: $0)) }.flatMap { name, most in most.map { (name, $0) } }
    func made(_ paging: Paging, _ review: String? = nil) -> List {
      List(operation: operation, items: items, paging: paging, size: size, review: review)
    }
    if let page = query(operation, pages), isCountedFromOne(page) {
      return made(
        .number(page.name),
        page.schema?.value["minimum"] == nil && !page.description.contains("1")
          ? "pages are assumed to be counted from 1" : nil)
    }
    if let cursor = query(operation, cursors), let place = next(operation, cursor, document) {
      return made(.cursor(cursor.name, place))
    }
    if operation.success?.headers.contains("link") == true { return made(.link) }
    let isPaged = [pages, cursors, offsets].contains { query(operation, $0) != nil }
    guard !isPaged, next(operation, nil, document) == nil else { return nil }
    // With a limit and no way to the next page, the list is cut off.
    guard query(operation, sizes) == nil else { return nil }
    return made(.none, "it has no parameters for pages, so it is assumed to return everything")
  }

  private static func refusal(_ operation: APIOperation) -> String {
    if query(operation, offsets) != nil { return "pages by offset are not supported" }
    if let page = query(operation, pages), !isCountedFromOne(page) { return "pages that are counted from 0 are not supported" }
    if query(operation, cursors) != nil { return "the response has no member or header with the next cursor" }
    if query(operation, sizes) != nil { return "it has a limit, but no parameter for the next page" }
    return "the document describes no list in the response"
  }

  private static func isCountedFromOne(_ page: APIParameter) -> Bool {
    let types = page.schema?.value["type"]?.stringValue
    guard types == nil || types == "integer" || types == "number" || types == "string" else { return false }
    guard page.schema?.value["minimum"]?.intValue != 0, page.schema?.value["default"]?.intValue != 0 else { return false }
    let text = page.description.lowercased()
    return !["zero-based", "0-based", "starting at 0", "starts at 0", "starting from 0", "from 0"].contains { text.contains($0) }
  }

  /// The largest page.
  private static func number(of parameter: APIParameter) -> String? {
    guard let schema = parameter.schema else { return nil }
    if case .number(let digits)? = schema.value["maximum"], Int(digits) != nil { return digits }
    return nil
  }

  private static func next(_ operation: APIOperation, _ cursor: APIParameter?, _ document: APIDocument) -> ResourceResponses
    .Place?
  {
    guard let success = operation.success else { return nil }
    let object = document.object(success.schema)
    let names = (cursor.map { ["next" + $0.name.capitalizedWord, $0.name] } ?? []) + nextNames
    if let object {
      if let member = object.first(of: names), isCursor(member) { return .body(member.name) }
      for holder in nextHolders {
        guard let outer = object.first(of: [holder]), let inner = document.object(outer.schema) else { continue }
        if let member = inner.first(of: names), isCursor(member) { return .body("\(outer.name).\(member.name)") }
        for second in nextHolders {
          guard let middle = inner.first(of: [second]), let innermost = document.object(middle.schema),
            let member = innermost.first(of: names), isCursor(member)
          else { continue }
          return .body("\(outer.name).\(middle.name).\(member.name)")
        }
      }
    }
    let header = success.headers.first { header in
      let words = NameMatch.words(header)
      return words.contains("cursor") || words.contains("next") || words.contains("continuation")
    }
    return header.map { .header($0) }
  }

  /// An address is not a cursor.
  private static func isCursor(_ member: APIObject.Member) -> Bool {
    guard member.isText || !member.types.isDisjoint(with: ["integer", "number"]) else { return false }
    return !["uri", "url", "uri-reference"].contains(member.format ?? "")
      && !["url", "link"].contains { NameMatch.words(member.name).contains($0) }
  }
}
