import Core

/// How a resource's records are written several at a time.
struct ResourceBatches {
  struct Batch {
    var operation: APIOperation
    /// The member of the body with the records; nil: the body is the list.
    var items: String?
    /// The most records in a request, if the document says it.
    var size: Int?
    /// Where the response has a result for each record: the list, and members of a result, by the pipeline's keys.
    var results: [(key: String, path: String)] = []
    /// Why it is not used; nil: it creates and updates by key.
    var refusal: String?
  }

  /// How a job that was accepted with 202 is polled.
  struct Job {
    var location: ResourceResponses.Place
    var state: String
    var running: [String]
    var status: String?
    var response: String?
  }

  private(set) var batch: Batch?
  private(set) var job: Job?

  init(_ resource: APIResource, key: String?, _ document: APIDocument) {
    let made = resource.batches.compactMap { Self.batch($0, resource, key, document) }
    batch = made.first { $0.refusal == nil } ?? made.first
    for operation in [resource.create] + (batch.flatMap { $0.refusal == nil ? [$0.operation] : nil } ?? []) where job == nil {
      job = operation.accepted.flatMap { Self.job($0, document) }
    }
  }

  private static func batch(
    _ operation: APIOperation, _ resource: APIResource, _ key: String?, _ document: APIDocument
  ) -> Batch? {
    guard let body = operation.body.flatMap(document.resolve) else { return nil }
    var found: Batch?
    if let element = document.elements(body), isRecord(element, resource, document) {
      found = Batch(operation: operation, size: body.value["maxItems"]?.intValue)
    } else if let object = document.object(body) {
      for member in object.writable {
        guard let element = document.elements(member.schema), isRecord(element, resource, document) else { continue }
        found = Batch(operation: operation, items: member.name, size: member.schema.value["maxItems"]?.intValue)
        break
      }
    }
    guard var batch = found else { return nil }
    batch.results = results(operation, key, document)
    batch.refusal = refusal(operation, key: key)
    return batch
  }

  /// Whether an element of a batch is a record as it is created.
  private static func isRecord(_ element: APIValue, _ resource: APIResource, _ document: APIDocument) -> Bool {
    guard let object = document.object(element) else { return false }
    let names = Set(object.writable.map(\.name))
    let wanted = resource.record.writable.map(\.name)
    return wanted.allSatisfy(names.contains) || wanted.count { names.contains($0) } * 10 >= wanted.count * 9
  }

  /// Records of a batch are both new and changed ones, so it must take both, told apart by the key.
  private static func refusal(_ operation: APIOperation, key: String?) -> String? {
    guard key != nil else { return "no key tells its records apart" }
    let text = operation.words
    let writesBoth = [
      "upsert", "create or update", "create or replace", "creates or updates", "creates or replaces", "insert or update",
      "add or update", "adds or updates", "create and update", "created or updated", "created or replaced", "create/update",
      "by their keys", "by their external", "updates existing", "update existing", "createorupdate", "createorreplace",
    ].contains { text.contains($0) }
    return writesBoth ? nil : "the document does not say that it also updates existing records"
  }

  private static func results(
    _ operation: APIOperation, _ key: String?, _ document: APIDocument
  ) -> [(key: String, path: String)] {
    let responses = operation.responses.filter { $0.isSuccess && $0.status != "202" }
    guard let schema = responses.lazy.compactMap(\.schema).first else { return [] }
    var path: String?
    var element = document.elements(schema)
    if element == nil, let object = document.object(schema) {
      let lists = object.members.filter { document.elements($0.schema).flatMap { document.object($0) } != nil }
      let preferred = object.first(of: ["results", "items", "data", "records", "responses"])
      guard
        let list = preferred.flatMap({ wanted in lists.first { $0.name == wanted.name } }) ?? (lists.count == 1 ? lists[0] : nil)
      else { return [] }
      (path, element) = (list.name, document.elements(list.schema))
    }
    guard let element, let object = document.object(element) else { return [] }
    var found: [(key: String, path: String)] = path.map { [("at", $0)] } ?? []
    let record = object.first(of: ["record", "data", "item", "resource", "body", "entity"]).flatMap { member in
      document.object(member.schema) != nil ? member : nil
    }
    func add(_ name: String, _ names: [String]) {
      if let member = object.first(of: names), member.types.isDisjoint(with: ["object", "array"]) {
        found.append((name, member.name))
      }
    }
    add("key", ["key"] + (key.map { [$0] } ?? []) + ["externalId", "reference"])
    if let status = object.first(of: ["status", "statusCode", "httpStatus", "code"]),
      !status.types.isDisjoint(with: ["integer", "number"])
    {
      found.append(("status", status.name))
    }
    add("remote_id", ["id", "remoteId", "recordId", "resourceId"])
    add("etag", ["etag", "eTag"])
    if let record { found.append(("record", record.name)) }
    if let error = object.first(of: ["error", "problem", "errors"]), !error.types.contains("array") {
      found.append(("body", error.name))
    }
    return found
  }

  // MARK: Jobs

  private static let runningWords: Set<String> = [
    "queued", "running", "pending", "processing", "inprogress", "accepted", "started", "scheduled", "waiting", "active", "new",
    "created", "submitted",
  ]

  private static func job(_ response: APIResponse, _ document: APIDocument) -> Job? {
    guard let object = document.object(response.schema),
      let state = object.first(of: ["status", "state", "jobStatus", "phase"]), let words = state.schema.value["enum"]?.arrayValue
    else { return nil }
    let running = words.compactMap(\.stringValue).filter { runningWords.contains(NameMatch.joined([$0])) }
    guard !running.isEmpty, running.count < words.count else { return nil }
    let location: ResourceResponses.Place
    if let header = ["location", "operation-location", "content-location"].first(where: response.headers.contains) {
      location = .header(header)
    } else if let member = object.first(of: ["href", "url", "statusUrl", "location", "self", "link"]), member.isText {
      location = .body(member.name)
    } else {
      return nil
    }
    var job = Job(location: location, state: state.name, running: running)
    if let outcome = object.first(of: ["response", "result", "outcome", "output"]), let inner = document.object(outcome.schema) {
      let status = inner.first(of: ["status", "statusCode", "httpStatus"])
      let body = inner.first(of: ["body", "data", "response", "content"])
      job.status = status.map { "\(outcome.name).\($0.name)" }
      job.response = body.map { "\(outcome.name).\($0.name)" } ?? (status == nil ? outcome.name : nil)
    }
    return job
  }
}
