import Core

/// The block of one mapping under `http: mappings:`, as lines of YAML without indentation. What was assumed is a comment that
/// begins with `review:`.
struct ResourceText {
  private(set) var lines: [String] = []
  /// What the API can do, in words of the block: `create`, `update`.
  private(set) var abilities: [String] = []
  /// What a person must look at.
  private(set) var remarks: [String] = []

  private let resource: APIResource
  private let responses: ResourceResponses
  private let key: String?
  private var requests: APIRequests

  var variables: [(name: String, meaning: String)] { requests.variables }

  init(_ resource: APIResource, key: String?, requests: APIRequests, existing: String?, _ document: APIDocument) {
    self.resource = resource
    self.key = key
    self.requests = requests
    responses = ResourceResponses(resource, key: key, document)
    let lists = ResourceLists(resource, key: key, parents: requests.parents.map(\.form), document)
    let batches = ResourceBatches(resource, key: key, document)
    writeCreate()
    writeUpdate()
    writeFind(lists)
    writeList(lists)
    writeDelete()
    writePlaces(lists)
    if let under = resource.under { add("body: {under: \(YAMLText.scalar(under))}") }
    if let existing, Set(["find", "update"]).isSubset(of: abilities) {
      add("conflict: {then: update, remote_id: \(YAMLText.scalar(existing))}")
    }
    writeBatch(batches.batch)
    writeJob(batches.job)
  }

  // MARK: Lines

  private mutating func add(_ line: String, review: String? = nil) {
    lines.append(YAMLText.comment(line))
    if let review { comment("review: \(review)", after: true) }
  }

  /// A comment above what follows, or after the line that was added last.
  private mutating func comment(_ text: String, after: Bool = false) {
    let text = "# \(YAMLText.comment(text))"
    if after, let last = lines.popLast() {
      if last.count + text.count + 4 <= 108 {
        lines.append("\(last)    \(text)")
      } else {
        lines += Self.wrapped(text)
        lines.append(last)
      }
    } else {
      lines += Self.wrapped(text)
    }
  }

  static func wrapped(_ text: String, width: Int = 108) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ") {
      if !line.isEmpty, line.count + 1 + word.count > width {
        lines.append(line)
        line = "#  "
      }
      line += (line.isEmpty ? "" : " ") + word
    }
    return lines + [line]
  }

  private mutating func unsupported(_ text: String) {
    comment(text)
    remarks.append(text)
  }

  /// A request, on several lines if it is long.
  private mutating func add(_ key: String, _ text: String, _ headers: [(name: String, value: String)]) {
    let line = "\(key): \(request(text, headers))"
    guard line.count > 100, !headers.isEmpty else { return add(line) }
    lines += ["\(key):", "  request: \(request(text, []))", "  headers:"]
    lines += headers.map { "    \(YAMLText.scalar($0.name)): \(YAMLText.sentence($0.value))" }
  }

  /// A request on its own, or with headers.
  private func request(_ text: String, _ headers: [(name: String, value: String)]) -> String {
    guard !headers.isEmpty else { return text.contains("{") || text.contains(": ") ? YAMLText.sentence(text) : text }
    let pairs = headers.map { "\(YAMLText.scalar($0.name)): \(YAMLText.sentence($0.value))" }
    return "{request: \(YAMLText.sentence(text)), headers: {\(pairs.joined(separator: ", "))}}"
  }

  private func contentType(_ operation: APIOperation) -> [(name: String, value: String)] {
    guard let type = operation.bodyType, type != "application/json", type != "*/*" else { return [] }
    return [("Content-Type", type)]
  }

  // MARK: Requests

  private mutating func writeCreate() {
    let operation = resource.create
    var headers = contentType(operation)
    let statuses = Set(operation.responses.map(\.status))
    // Where only a condition tells a second creation from the first.
    if operation.method == "PUT" || statuses.contains("412") && !statuses.contains("409"),
      operation.header("if-none-match") != nil
    {
      headers.append(("If-None-Match", "*"))
    }
    let text = requests.text(operation, item: operation.method == "PUT" ? "{key}" : nil)
    add("create", text, headers)
    abilities.append("create")
  }

  /// What names the record in the path of an item; nil: nothing known does.
  private var itemPlaceholder: String? {
    if responses.isAddressedByKey { return "{key}" }
    return responses.remoteID == nil ? nil : "{remote_id}"
  }

  private mutating func writeUpdate() {
    guard let operation = resource.put ?? resource.patch ?? resource.post else {
      unsupported("update: the document has no request that changes a record: changed records will fail")
      return
    }
    guard operation.bodyType != nil else {
      unsupported("update: \(operation.method) \(operation.path.text) does not take a record as JSON")
      return
    }
    guard let item = itemPlaceholder else {
      unsupported("update: \(operation.method) \(operation.path.text) needs an ID that no known response contains")
      return
    }
    let text = requests.text(operation, item: item)
    var headers = contentType(operation)
    let condition = operation.header("if-match")
    if let condition, condition.isRequired, responses.tag != nil { headers.append(("If-Match", "{etag}")) }
    add("update", text, headers)
    abilities.append("update")
    if let condition, !condition.isRequired, responses.tag != nil {
      comment("to avoid overwriting changes made by others: headers: {If-Match: \"{etag}\"}")
    }
    switch operation.method {
    case "PUT":
      let isMerge = operation.words.contains("partial") || operation.words.contains("only the")
      add(
        "update_style: \(isMerge ? "merge" : "replace")",
        review: isMerge ? "the description says that it keeps other fields" : nil)
      if let patch = resource.patch, patch.bodyType != nil {
        let other = requests.text(patch, item: item)
        comment("or, to keep fields that the mapping does not write, update_style: merge with")
        lines.append("#   update: \(request(other, contentType(patch)))")
      }
    case "POST": add("update_style: merge", review: "fields that the request leaves out are assumed to be kept")
    default: add("update_style: merge")
    }
  }

  private mutating func writeFind(_ lists: ResourceLists) {
    if let find = lists.find {
      let text: String
      if let parameter = find.parameter {
        let isPattern =
          NameMatch.words(parameter).contains("filter") && !parameter.contains("[") && NameMatch.words(parameter).count == 1
        text = requests.text(find.operation, item: nil, queries: [(parameter, isPattern ? "{key}" : "{key}")])
      } else {
        text = requests.text(find.operation, item: "{key}")
      }
      add("find: " + braces([("request", text)], find.items))
      abilities.append("find")
    } else if responses.isAddressedByKey, let read = resource.read {
      add("find: " + braces([("request", requests.text(read, item: "{key}"))], nil))
      abilities.append("find")
    } else {
      let what =
        key.map { "the document has no request that finds records by '\($0)'" } ?? "without a key nothing can be looked up"
      unsupported("find: \(what)")
    }
  }

  /// `{request: "GET /contacts?contactId={key}", items: items}`.
  private func braces(_ pairs: [(String, String)], _ items: String?) -> String {
    let all = pairs.map { "\($0.0): \(YAMLText.sentence($0.1))" } + (items.map { ["items: \(YAMLText.scalar($0))"] } ?? [])
    return "{\(all.joined(separator: ", "))}"
  }

  private mutating func writeList(_ lists: ResourceLists) {
    guard let list = lists.list else {
      unsupported("list: \(lists.remark ?? "the document has no request that lists all records")")
      return
    }
    var queries: [(name: String, value: String)] = []
    var more = ""
    switch list.paging {
    case .number(let name): queries.append((name, "{page}"))
    case .cursor(let name, let place):
      queries.append((name, "{cursor}"))
      more = ", cursor: \(Self.place(place))"
    case .link: more = ", link: true"
    case .none: break
    }
    if let size = list.size { queries.append((size.name, size.most)) }
    let text = braces([("request", requests.text(list.operation, item: nil, queries: queries))], list.items)
    add("list: \(text.dropLast())\(more)}", review: list.review)
    abilities.append("list")
  }

  private mutating func writeDelete() {
    guard let operation = resource.delete else { return }
    guard let item = itemPlaceholder else {
      unsupported("delete: \(operation.method) \(operation.path.text) needs an ID that no known response contains")
      return
    }
    let needsTag = operation.header("if-match")?.isRequired == true && responses.tag != nil
    add("delete", requests.text(operation, item: item), needsTag ? [("If-Match", "{etag}")] : [])
    abilities.append("delete")
  }

  // MARK: Places

  private static func place(_ place: ResourceResponses.Place) -> String {
    switch place {
    case .body(let path): "{body: \(YAMLText.scalar(path))}"
    case .header(let name): "{header: \(YAMLText.scalar(name))}"
    }
  }

  private mutating func writePlaces(_ lists: ResourceLists) {
    switch responses.remoteID {
    case .body(let path)?: add("remote_id: \(YAMLText.scalar(path))", review: responses.review)
    case .header?: add("remote_id: {header: location}", review: responses.review)
    case nil: if !responses.isAddressedByKey { unsupported("remote_id: no known response contains the API's ID of a record") }
    }
    if let tag = responses.tag {
      // The records of a list have no headers.
      let listed = lists.members?.first(of: ResourceResponses.tagNames).map { ", body: \(YAMLText.scalar($0.name))" } ?? ""
      if case .body(let path) = tag { add("etag: \(YAMLText.scalar(path))") } else { add("etag: {header: etag\(listed)}") }
    }
    if let record = responses.record { add("record: \(YAMLText.scalar(record))") }
    if let key, !key.contains("."), let members = lists.members ?? responses.members, members[key] == nil {
      if let other = members.first(of: [key]) {
        add("key: \(YAMLText.scalar(other.name))")
      } else {
        unsupported("key: no known response contains '\(key)', so records found by it cannot be compared")
      }
    }
  }

  // MARK: Batches and jobs

  private mutating func writeBatch(_ batch: ResourceBatches.Batch?) {
    guard let batch else { return }
    var parts = ["request: \(request(requests.text(batch.operation, item: nil), []))"]
    parts.append("size: \(min(batch.size ?? 100, 10_000))")
    if let items = batch.items { parts.append("items: \(YAMLText.scalar(items))") }
    if !batch.results.isEmpty {
      parts.append("results: {\(batch.results.map { "\($0.key): \(YAMLText.scalar($0.path))" }.joined(separator: ", "))}")
    }
    if let refusal = batch.refusal {
      comment("batch: \(refusal). If it does:")
      lines.append("# batch: {\(parts.joined(separator: ", "))}")
      return
    }
    lines.append("batch:")
    lines += parts.map { "  \($0)" }
    if batch.size == nil { lines.append("  # review: the document does not say how many records a batch can have") }
    abilities.append("batch")
  }

  private mutating func writeJob(_ job: ResourceBatches.Job?) {
    guard let job else { return }
    lines.append("job:")
    lines.append("  location: \(Self.place(job.location))")
    lines.append("  state: \(YAMLText.scalar(job.state))")
    lines.append("  running: [\(job.running.map(YAMLText.scalar).joined(separator: ", "))]")
    if let status = job.status { lines.append("  status: \(YAMLText.scalar(status))") }
    if let response = job.response { lines.append("  response: \(YAMLText.scalar(response))") }
    abilities.append("job")
  }
}
