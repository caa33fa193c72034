import Core
import Mapping
import Settings

/// `mappings`: the requests of each mapping.
extension HTTPDestinationReader {
  mutating func readResources(_ node: YAMLNode, _ rules: ResponseRules) -> [ResourceDocument] {
    let what = "\(what).mappings"
    guard let entries = node.entries(what, &diagnostics) else { return [] }
    if entries.isEmpty { reportEmpty(node, what, hint: "name a mapping and its requests: contacts: {create: POST /contacts}") }
    return entries.compactMap { readResource($0, "\(what).\($0.key)", rules) }
  }

  private mutating func readResource(_ entry: YAMLEntry, _ what: String, _ rules: ResponseRules) -> ResourceDocument? {
    let node = entry.value
    guard node.entries(what, &diagnostics) != nil else { return nil }
    checkKeys(node, what, HTTPKeywords.resource, at: entry.keyPlace)
    var resource = ResourceDocument(mapping: entry.key, place: entry.keyPlace)
    for (role, path) in [(RequestRole.create, \ResourceDocument.create), (.update, \.update), (.delete, \.delete)] {
      guard let node = node[role.rawValue] else { continue }
      resource[keyPath: path] = readRequest(node, "\(what).\(role.rawValue)", role, HTTPKeywords.ownRequest)
    }
    resource.find = node["find"].flatMap { readFind($0, "\(what).find") }
    resource.list = node["list"].flatMap { readList($0, "\(what).list") }
    resource.batch = node["batch"].flatMap { readBatch($0, "\(what).batch") }
    resource.job = node["job"].flatMap { readJob($0, "\(what).job") }
    resource.key = node["key"].flatMap { path($0, "\(what).key") }
    resource.remoteID = node["remote_id"].map { place($0, "\(what).remote_id") } ?? rules.preset?.remoteID
    resource.entityTag = node["etag"].flatMap { place($0, "\(what).etag") }
    resource.record = node["record"].flatMap { path($0, "\(what).record") }
    resource.readsBack = readReadBack(node, "\(what).read_back")
    resource.normalizes = node["normalizes"].map { readNormalizes($0, "\(what).normalizes") } ?? []
    resource.body = node["body"].map { readBody($0, "\(what).body") } ?? BodyDocument()
    if let node = node["body"]?.entry("envelope"), let batch = resource.batch { checkEnvelope(node, what, resource.body, batch) }
    if node["create"] == nil, node["batch"] == nil,
      !["create", "batch"].contains(where: { node.misspells($0, among: HTTPKeywords.resource.names) })
    {
      report(
        .missingKeyword, at: entry.keyPlace, "\(what) needs 'create' or 'batch': nothing says how a new record is sent",
        hint: "write create: POST /PATH")
    }
    readUpdateStyle(node, what, &resource)
    resource.conflict = readConflict(node, "\(what).conflict")
    resource.before = readBefore(of: node, "\(what).before")
    resource.verify = readVerify(node, "\(what).verify", resource)
    return resource
  }

  private mutating func readUpdateStyle(_ node: YAMLNode, _ what: String, _ resource: inout ResourceDocument) {
    let method = (resource.update ?? resource.batch?.request)?.template.method
    resource.updateStyle = method == nil || method == "PUT" ? .replace : .merge
    guard let style = node["update_style"] else { return }
    let words = HTTPKeywords.resource.words(of: "update_style")
    guard let word = word(style, "\(what).update_style", oneOf: words), let wanted = UpdateStyle(rawValue: word) else { return }
    (resource.updateStyle, resource.statesUpdateStyle) = (wanted, true)
    if node["update"] == nil, node["batch"] == nil {
      report(.badArgument, at: style.place, "\(what).update_style has no effect: there is no 'update'", hint: "remove it")
    } else if wanted == .readMergePut, node["find"] == nil {
      report(
        .badArgument, at: style.place, "\(what).update_style: read-merge-put needs 'find', which reads the record",
        hint: "add find: \"GET /PATH?FIELD={key}\"")
    } else if wanted == .readMergePut, node["update"] == nil {
      report(
        .badArgument, at: style.place, "\(what).update_style: read-merge-put needs 'update', which sends the record back",
        hint: "add update: \"PUT /PATH/{remote_id}\"")
    }
  }

  private mutating func readFind(_ node: YAMLNode, _ what: String) -> FindDocument? {
    let items = node["items"].flatMap { path($0, "\(what).items") }
    guard let request = readRequest(node, what, .find, HTTPKeywords.find) else { return nil }
    let names = request.template.target.placeholders.contains { placeholder in
      switch placeholder {
      case .key, .field: true
      default: false
      }
    }
    guard names else {
      report(
        .badArgument, at: request.place, "\(what) does not say which record is meant", hint: "use {key} or {field(NAME)} in it")
      return nil
    }
    return FindDocument(request, items: items)
  }

  private mutating func readList(_ node: YAMLNode, _ what: String) -> ListDocument? {
    let items = node["items"].flatMap { path($0, "\(what).items") }
    let cursor = node["cursor"].flatMap { place($0, "\(what).cursor") }
    let hasLink = node["link"].flatMap { boolean($0, "\(what).link") } ?? false
    guard let request = readRequest(node, what, .list, HTTPKeywords.list) else { return nil }
    let texts = [request.template.target] + request.headers.map(\.value)
    let placeholders = texts.flatMap(\.placeholders)
    let (takesPage, takesCursor) = (placeholders.contains(.page), placeholders.contains(.cursor))
    var ways: [String] = []
    if takesPage { ways.append("{page}") }
    if takesCursor || node["cursor"] != nil { ways.append("'cursor'") }
    if hasLink { ways.append("'link'") }
    if ways.count > 1 {
      report(
        .wrongKind, at: node.entry("link")?.keyPlace ?? node.entry("cursor")?.keyPlace ?? request.place,
        "\(what) has more than one way to get the next page: \(ways.joined(separator: " and "))", hint: "keep one of them")
      return nil
    }
    if takesCursor, node["cursor"] == nil {
      report(
        .badArgument, at: request.place, "\(what) has {cursor}, but nothing says where a page has the next cursor",
        hint: "add cursor: {body: next}, or cursor: {header: X-Next-Cursor}")
      return nil
    }
    if let entry = node.entry("cursor"), !takesCursor {
      report(
        .badArgument, at: entry.keyPlace, "\(what).cursor has no effect: the request has no {cursor}",
        hint: "add it to the request: ?cursor={cursor}")
      return nil
    }
    let paging: ListDocument.Paging = takesPage ? .number : cursor.map { .cursor($0) } ?? (hasLink ? .link : .none)
    return ListDocument(request, items: items, paging: paging)
  }

  private mutating func readBatch(_ node: YAMLNode, _ what: String) -> BatchDocument? {
    let request = readRequest(node, what, .batch, HTTPKeywords.batch)
    let size = node["size"].flatMap { integer($0, "\(what).size", in: HTTPKeywords.batchSize) }
    let bytes = node["bytes"].flatMap { integer($0, "\(what).bytes", in: HTTPKeywords.batchBytes) }
    let items = node["items"].flatMap { text($0, "\(what).items") }
    let updates = node["updates"].flatMap { boolean($0, "\(what).updates") }
    let isAtomic = node["atomic"].flatMap { boolean($0, "\(what).atomic") }
    let results = node["results"].map { readResults($0, "\(what).results") } ?? BatchResults()
    return request.map {
      BatchDocument(
        $0, size: size ?? 100, bytes: bytes ?? 1 << 20, items: items, isAtomic: isAtomic ?? false, updates: updates ?? false,
        results: results)
    }
  }

  private mutating func readResults(_ node: YAMLNode, _ what: String) -> BatchResults {
    var results = BatchResults()
    guard node.isMapping else {
      results.list = path(node, what)
      return results
    }
    checkKeys(node, what, HTTPKeywords.results)
    // With nothing but places in a result, the response is the list.
    results.list = node["at"].map { path($0, "\(what).at") } ?? ResponsePath([])
    for (name, path) in [
      ("key", \BatchResults.key), ("status", \.status), ("remote_id", \.remoteID), ("etag", \.entityTag), ("record", \.record),
      ("body", \.body),
    ] {
      results[keyPath: path] = node[name].flatMap { self.path($0, "\(what).\(name)") }
    }
    return results
  }

  private mutating func readJob(_ node: YAMLNode, _ what: String) -> JobDocument? {
    guard node.entries(what, &diagnostics) != nil else { return nil }
    checkKeys(node, what, HTTPKeywords.job)
    let location = node["location"].map { place($0, "\(what).location") } ?? .header("location")
    let state = node["state"].flatMap { path($0, "\(what).state") }
    let status = node["status"].flatMap { path($0, "\(what).status") }
    let response = node["response"].flatMap { path($0, "\(what).response") }
    let longest = node["longest"].flatMap { seconds($0, "\(what).longest", in: 1...86_400) }
    let words = node["running"].flatMap { $0.elements("\(what).running", &diagnostics) } ?? []
    if let node = node["running"], node.elements?.isEmpty == true {
      reportEmpty(node, "\(what).running", hint: "write the states of a job that is not finished: [queued, running]")
    }
    let running = words.compactMap { text($0, "a state in \(what).running") }
    guard let location, let state, !running.isEmpty else { return nil }
    return JobDocument(
      location: location, state: state, running: running, status: status, response: response,
      longest: .seconds(longest ?? 3_600))
  }

  private mutating func readBody(_ node: YAMLNode, _ what: String) -> BodyDocument {
    var body = BodyDocument()
    guard node.entries(what, &diagnostics) != nil else { return body }
    checkKeys(node, what, HTTPKeywords.body)
    if let under = node["under"], let path = path(under, "\(what).under") {
      let names = path.steps.compactMap { if case .member(let name) = $0 { name } else { nil } }
      body.under = names
      if names.count < path.steps.count {
        report(
          .badPath, at: under.place, "\(what).under leads to the element of a list", hint: "write names with dots between them")
      }
    }
    let words = HTTPKeywords.body.words(of: "nulls")
    let nulls = node["nulls"].flatMap { word($0, "\(what).nulls", oneOf: words) }.flatMap(BodyDocument.Nulls.init)
    body.nulls = nulls ?? body.nulls
    if let node = node["envelope"] { body.envelope = readEnvelope(node, "\(what).envelope", under: body.under) }
    return body
  }

  private mutating func readEnvelope(_ node: YAMLNode, _ what: String, under: [Name]) -> [JSONValue.Member] {
    guard let entries = node.entries(what, &diagnostics) else { return [] }
    if entries.isEmpty { reportEmpty(node, what, hint: "remove it") }
    guard !hasSecret(node, what) else { return [] }
    let members = entries.compactMap { entry in
      filledTree(entry.value)?.literal("\(what).\(entry.key)", &diagnostics).map { JSONValue.Member(entry.key, $0) }
    }
    // On the way to the record there must be objects, and none where it belongs.
    var inner = members
    for (depth, name) in under.enumerated() {
      guard let member = inner.last(where: { $0.name.isExactly(name.text) }) else { break }
      guard depth < under.count - 1, let next = member.value.objectValue else {
        report(.badArgument, at: node.place, "\(what) has a value where body.under has the record: '\(name)'", hint: "remove it")
        break
      }
      inner = next
    }
    return members
  }

  /// The envelope of a batch stands beside its records.
  private mutating func checkEnvelope(_ entry: YAMLEntry, _ what: String, _ body: BodyDocument, _ batch: BatchDocument) {
    guard !body.envelope.isEmpty else { return }
    guard let items = batch.items else {
      return report(
        .badArgument, at: entry.keyPlace, "\(what).body.envelope has no place in a batch whose body is a list",
        hint: "name the member of the body that has the records: batch.items")
    }
    if body.envelope.contains(where: { $0.name.isExactly(items) }) {
      report(
        .badArgument, at: entry.keyPlace, "\(what).body.envelope has a value where a batch has its records: '\(items)'",
        hint: "remove it")
    }
  }

  private mutating func hasSecret(_ node: YAMLNode, _ what: String) -> Bool {
    var found = false
    for entry in node.entries ?? [] {
      let own = "\(what).\(entry.key)"
      if entry.value.scalar == nil ? hasSecret(entry.value, own) : isLiteralSecret(entry.value, named: entry.key, own) {
        found = true
      }
    }
    for element in node.elements ?? [] where hasSecret(element, what) { found = true }
    return found
  }

  /// The tree with its variables filled in; nil if one is missing.
  private mutating func filledTree(_ node: YAMLNode) -> YAMLNode? {
    if let elements = node.elements {
      let filled = elements.compactMap { filledTree($0) }
      return filled.count == elements.count ? YAMLNode(.sequence(filled), at: node.place) : nil
    }
    guard let entries = node.entries else { return filled(node) }
    var copies: [YAMLEntry] = []
    for var entry in entries {
      guard let value = filledTree(entry.value) else { return nil }
      entry.value = value
      copies.append(entry)
    }
    return YAMLNode(.mapping(copies), at: node.place)
  }

  /// - Parameter resource: the keys of a mapping. Requests that have errors count as present.
  private mutating func readConflict(_ resource: YAMLNode, _ what: String) -> ConflictDocument {
    var conflict = ConflictDocument()
    let names = HTTPKeywords.resource.names
    let (canUpdate, canFind) = (resource["update"] != nil, resource["find"] != nil)
    // Whether the record in the way is ours is known only by a lookup.
    conflict.then = canUpdate && canFind ? .update : .reject
    guard let node = resource["conflict"], node.entries(what, &diagnostics) != nil else { return conflict }
    checkKeys(node, what, HTTPKeywords.conflict)
    let words = HTTPKeywords.conflict.words(of: "then")
    if let then = node["then"], let word = word(then, "\(what).then", oneOf: words),
      let wanted = ConflictDocument.Then(rawValue: word)
    {
      (conflict.then, conflict.isStated) = (wanted, true)
      if wanted == .update || wanted == .reread, !canUpdate {
        guard !resource.misspells("update", among: names) else { return conflict }
        report(
          .badArgument, at: then.place, "\(what).then: \(word) needs 'update'",
          hint: "add update: \"PUT /PATH/{remote_id}\", or write then: reject")
      } else if wanted != .reject, !canFind, !resource.misspells("find", among: names) {
        report(
          .badArgument, at: then.place, "\(what).then: \(word) needs 'find', which tells whether it is the same record",
          hint: "add find: \"GET /PATH?FIELD={key}\", or write then: reject")
      }
    }
    conflict.remoteID = node["remote_id"].flatMap { path($0, "\(what).remote_id") }
    if let status = node["status"] {
      for (other, place) in statuses(status, "\(what).status") where ![409, 412].contains(other) {
        report(
          .badArgument, at: place, "\(what).status: \(other) is not a conflict in itself",
          hint: "say when it is: responses: {conflict: response.status == \(other)}")
      }
    }
    return conflict
  }
}
