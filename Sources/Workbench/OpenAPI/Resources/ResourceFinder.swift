import Core

/// Finds the resources of an API: each path to which a record can be posted, and the operations that belong to it.
struct ResourceFinder {
  private let document: APIDocument
  private let operations: [APIOperation]
  private(set) var resources: [APIResource] = []
  private(set) var omissions: [APIOmission] = []

  static let batchWords: Set<String> = ["batch", "bulk", "batches", "multiple", "many"]
  private static let createWords: Set<String> = ["create", "add", "new"]
  /// What is posted there is not a record.
  private static let actions: Set<String> = [
    "login", "logout", "token", "oauth", "auth", "authenticate", "authorize", "session", "sessions", "search", "query", "lookup",
    "import", "export", "upload", "download", "send", "verify", "validate", "archive", "unarchive", "restore", "merge", "convert",
    "sync", "refresh", "reset", "preview", "cancel", "count", "upsert", "webhook", "webhooks", "subscribe", "unsubscribe",
    "revoke",
    "rotate", "callback", "graphql", "ping", "health", "copy", "clone", "move", "publish", "update", "delete", "remove", "find",
    "filter", "password", "register", "signup", "signin", "jobs", "me",
  ]

  init(_ document: APIDocument) {
    self.document = document
    operations = document.operations()
    find()
  }

  var isEmpty: Bool { operations.isEmpty }

  private mutating func find() {
    for operation in operations where operation.method == "POST" { consider(operation) }
    for operation in operations where operation.method == "PUT" { considerPut(operation) }
    keepOneEach()
    for index in resources.indices { complete(&resources[index]) }
    let used = Set(resources.flatMap(\.batches).map(\.path.text))
    for operation in operations where operation.method == "POST" && isBatch(operation) && !used.contains(operation.path.text) {
      omissions.append(
        APIOmission(operation: "POST \(operation.path.text)", reason: "it takes a list, and belongs to none of the resources"))
    }
  }

  // MARK: Creation

  private mutating func consider(_ operation: APIOperation) {
    guard case .literal(let last)? = operation.path.last else { return }
    let words = NameMatch.words(last)
    guard !isBatch(operation), !last.contains(":"), Set(words).isDisjoint(with: Self.batchWords) else { return }
    guard words.count != 1 || !Self.actions.contains(words[0]) else { return }
    if let verb = words.first, Self.actions.contains(verb), words.count > 1, verb != "webhook", verb != "me" { return }
    take(operation)
  }

  /// Records whose ID their creator chooses: `PUT /contacts/{contactId}`, where nothing can be posted.
  private mutating func considerPut(_ operation: APIOperation) {
    guard case .parameter(let name)? = operation.path.last, operation.path.segments.count > 1 else { return }
    let form = operation.path.prefix(operation.path.segments.count - 1).form
    guard !resources.contains(where: { Self.isSame(collection($0.create).form, form) }) else { return }
    guard !operations.contains(where: { $0.method == "POST" && Self.isSame(collection($0).form, form) }) else { return }
    let record = document.object(operation.body)
    let isCreation = operation.responses.contains { $0.status == "201" } || operation.words.contains("create")
    guard isCreation || record?.first(of: [name]).map({ !$0.isReadOnly }) == true else { return }
    take(operation)
  }

  private mutating func take(_ operation: APIOperation) {
    let what = "\(operation.method) \(operation.path.text)"
    func leave(_ reason: String) { omissions.append(APIOmission(operation: what, reason: reason)) }
    guard !operation.isDeprecated else { return leave("it is deprecated") }
    guard !operation.path.segments.contains(where: { $0.literal?.contains("{") == true }) else {
      return leave("a segment of its path mixes text and a parameter")
    }
    guard operation.bodyType != nil else {
      if let type = operation.mediaTypes.first {
        leave("it takes \(VisibleText.escaped(type)), and JSON is required")
      } else if let body = operation.value["requestBody"], document.resolve(body) == nil {
        leave("its body is a reference that leads nowhere")
      }
      return
    }
    guard let body = operation.body, document.resolve(body) != nil else {
      return leave("its body has no schema that can be read")
    }
    let (record, schema, under) = record(of: body)
    guard let record, !record.writable.isEmpty else {
      return leave(document.elements(body) == nil ? "its body is not an object with declared members" : "its body is a list")
    }
    let path = collection(operation)
    guard let name = path.lastLiteral else { return }
    var words = ResourceWords.words(name)
    if let verb = words.first, words.count > 1, Self.createWords.contains(verb) { words.removeFirst() }
    var resource = APIResource(
      name: Self.mappingName(path), noun: words, create: operation, record: record, recordSchema: schema, under: under)
    resource.parents = Self.parents(path)
    resources.append(resource)
  }

  /// The path of the list to which an operation adds: `/contacts` of `POST /contacts/create` and of `PUT /contacts/{id}`.
  private func collection(_ operation: APIOperation) -> APIPath {
    let path = operation.path
    let count = path.segments.count
    if operation.method == "PUT" { return path.prefix(count - 1) }
    guard count > 1, let last = path.last?.literal, Self.createWords.contains(last.lowercased()) else { return path }
    return path.prefix(count - 1)
  }

  /// The record in a body. A body with one member that is an object has the record there: `{"contact": {…}}`.
  private func record(of body: APIValue) -> (APIObject?, APIValue, String?) {
    let whole = document.object(body)
    guard let whole, whole.writable.count == 1, let only = whole.writable.first, only.types == ["object"],
      let inner = document.object(only.schema), !inner.writable.isEmpty
    else { return (whole, body, nil) }
    return (inner, only.schema, only.name)
  }

  static func mappingName(_ path: APIPath) -> String { plainName(path.lastLiteral ?? "records") }

  /// Letters, digits, `-` and `_`, beginning with a letter.
  static func plainName(_ text: String) -> String {
    let plain = String(text.map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") ? $0 : "-" })
    let name = plain.split(separator: "-").joined(separator: "-")
    guard let first = name.first else { return "records" }
    return first.isLetter ? name : "api-\(name)"
  }

  private static func parents(_ path: APIPath) -> [ParentSegment] {
    path.segments.indices.compactMap { index in
      guard case .parameter(let name) = path.segments[index], index > 0, let literal = path.segments[index - 1].literal else {
        return nil
      }
      return ParentSegment(
        index: index, form: path.prefix(index).form, noun: ResourceWords.words(literal), parameter: name)
    }
  }

  // MARK: One resource for each kind of record

  /// The same records may be created in several places: `/notes` and `/contacts/{id}/notes`. The shortest path counts, unless
  /// the schemas differ: then they are two resources.
  private mutating func keepOneEach() {
    var kept: [APIResource] = []
    for resource in resources {
      guard let index = kept.firstIndex(where: { $0.name == resource.name }) else {
        kept.append(resource)
        continue
      }
      let other = kept[index]
      let names = { (resource: APIResource) in Set(resource.record.writable.map(\.name)) }
      if names(other) == names(resource) || resource.create.path.form == other.create.path.form {
        let isShorter = resource.create.path.parameters.count < other.create.path.parameters.count
        let (used, left) = isShorter ? (resource, other) : (other, resource)
        kept[index] = used
        omissions.append(
          APIOmission(
            operation: "\(left.create.method) \(left.create.path.text)",
            reason: "\(used.create.method) \(used.create.path.text) creates the same records"))
      } else {
        var renamed = resource
        let parent = resource.parents.last?.noun.joined(separator: "-") ?? "other"
        renamed.name = Self.free("\(parent)-\(resource.name)", kept)
        kept.append(renamed)
      }
    }
    resources = kept
  }

  private static func free(_ base: String, _ taken: [APIResource]) -> String {
    var name = base
    var number = 2
    while taken.contains(where: { $0.name == name }) {
      name = "\(base)-\(number)"
      number += 1
    }
    return name
  }

  // MARK: The other operations

  private func complete(_ resource: inout APIResource) {
    let own = collection(resource.create).form
    let bases = [own] + (Self.topLevel(resource).map { [$0] } ?? [])
    func item(_ method: String) -> APIOperation? {
      for base in bases {
        if let found = operations.first(where: {
          $0.method == method && !$0.isDeprecated && $0.path.last?.parameter != nil && Self.isSame($0.path.form.dropLast(), base)
        }) {
          return found
        }
      }
      return nil
    }
    resource.read = item("GET")
    resource.put = item("PUT")
    resource.patch = item("PATCH")
    resource.delete = item("DELETE")
    resource.post = item("POST").flatMap { $0.bodyType == nil ? nil : $0 }
    for verbs in [["update", "edit"], ["delete", "remove"], ["get", "read"]] { takeVerb(verbs, own, &resource) }
    resource.lists = bases.reversed().flatMap { base in
      operations.filter { operation in
        guard operation.method == "GET", !operation.isDeprecated else { return false }
        return Self.isSame(operation.path.form, base) || Self.isSame(operation.path.form, base + ["list"])
          || Self.isSame(operation.path.form, base + ["search"])
      }
    }
    resource.lookups = operations.filter { operation in
      let form = operation.path.form
      return operation.method == "GET" && form.count == own.count + 2 && form.last == "{}" && form[form.count - 2] != "{}"
        && Self.isSame(Array(form.dropLast(2)), own)
    }
    resource.batches = operations.filter { operation in
      isBatch(operation) && bases.contains { Self.isBatchPath(operation.path.form, of: $0, resource.noun) }
    }
  }

  /// `POST /contacts/update/{id}`, `POST /contacts/{id}/update`.
  private func takeVerb(_ verbs: [String], _ base: [String], _ resource: inout APIResource) {
    let forms = verbs.flatMap { [base + [$0, "{}"], base + ["{}", $0]] }
    guard let found = operations.first(where: { forms.contains($0.path.form) && !$0.isDeprecated }) else { return }
    switch verbs[0] {
    case "update":
      guard resource.put == nil, resource.patch == nil, resource.post == nil else { return }
      switch found.method {
      case "PUT": resource.put = found
      case "PATCH": resource.patch = found
      case "POST": resource.post = found
      default: return
      }
    case "delete": resource.delete = resource.delete ?? (found.method == "GET" ? nil : found)
    default: resource.read = resource.read ?? (found.method == "GET" ? found : nil)
    }
  }

  /// `/notes` of `/contacts/{id}/notes`.
  private static func topLevel(_ resource: APIResource) -> [String]? {
    guard let parent = resource.parents.last, let last = resource.create.path.lastLiteral else { return nil }
    return Array(parent.form.dropLast()) + [last]
  }

  /// Equal but for the singular and the plural of the last name, and for case.
  static func isSame(_ one: some Collection<String>, _ other: some Collection<String>) -> Bool {
    guard one.count == other.count else { return false }
    let (mine, theirs) = (Array(one), Array(other))
    guard mine.dropLast().elementsEqual(theirs.dropLast()) else { return false }
    guard let last = mine.last, let wanted = theirs.last else { return true }
    return last == wanted || ResourceWords.singular(last.lowercased()) == ResourceWords.singular(wanted.lowercased())
  }

  // MARK: Batches

  /// The body is a list of records, or has one.
  private func isBatch(_ operation: APIOperation) -> Bool {
    guard ["POST", "PUT", "PATCH"].contains(operation.method), operation.bodyType != nil, let body = operation.body else {
      return false
    }
    let words = Set(operation.path.segments.suffix(2).compactMap(\.literal).flatMap { NameMatch.words($0) })
    return !words.isDisjoint(with: Self.batchWords) || document.elements(body) != nil
  }

  private static func isBatchPath(_ form: [String], of base: [String], _ noun: [String]) -> Bool {
    if isSame(form, base) { return true }
    if form.count == base.count + 1, let last = form.last {
      if isSame(Array(form.dropLast()), base) { return batchWords.contains(last.lowercased()) }
      let without = form.indices.dropLast().filter { batchWords.contains(form[$0].lowercased()) }
      if let index = without.first {
        var rest = form
        rest.remove(at: index)
        return isSame(rest, base)
      }
    }
    // `contacts:batchCreate`, `bulk-contacts`.
    guard form.count == base.count, form.dropLast().elementsEqual(base.dropLast()), let last = form.last else { return false }
    let words = NameMatch.words(last)
    return !Set(words).isDisjoint(with: batchWords) && words.map(ResourceWords.singular).contains(noun.last ?? "")
  }
}
