import Core

/// One operation in the OpenAPI document.
struct AppOperation {
  private let route: AppRoute
  private let resource: AppResource
  private let type: String

  init(_ route: AppRoute) {
    self.route = route
    resource = route.resource ?? .contacts
    type = resource.typeName
  }

  var document: JSONValue {
    var members: [JSONValue.Member] = [
      .init("operationId", .string(id)), .init("summary", .string(summary)),
      .init("tags", .array([.string(route.resource?.rawValue ?? "general")])),
    ]
    if !route.needsToken { members.append(.init("security", .array([]))) }
    if !parameters.isEmpty { members.append(.init("parameters", .array(parameters))) }
    if let body {
      members.append(
        .init(
          "requestBody",
          .object([
            .init("required", .bool(true)),
            .init("content", .object([.init(body.mediaType, .object([.init("schema", .reference("schemas", body.schema))]))])),
          ])))
    }
    members.append(.init("responses", .object(responses)))
    return .object(members)
  }

  private var id: String {
    switch route {
    case .list: "list\(type)s"
    case .create: "create\(type)"
    case .batch: "write\(type)s"
    case .read: "read\(type)"
    case .replace: "replace\(type)"
    case .merge: "merge\(type)"
    case .delete: "delete\(type)"
    case .listChildren: "list\(type)sOfContact"
    case .job: "readJob"
    case .document: "readDocument"
    }
  }

  private var summary: String {
    let one = resource.singular
    let article = one == "appointment" ? "an" : "a"
    return switch route {
    case .list: "List \(one)s, or find one by its key"
    case .create: resource.isChild ? "Create \(article) \(one) of a contact" : "Create \(article) \(one)"
    case .batch: "Create or replace up to \(AppBatch.mostItems) \(one)s, by their keys"
    case .read: "Read \(article) \(one)"
    case .replace: "Replace \(article) \(one): members that are left out are removed"
    case .merge: "Change members of \(article) \(one)"
    case .delete: resource.isChild ? "Delete \(article) \(one)" : "Delete a contact to which no other records belong"
    case .listChildren: "List the \(one)s of a contact"
    case .job: "Read a job: poll it until it is finished"
    case .document: "Read this document"
    }
  }

  // MARK: Requests

  private var parameters: [JSONValue] {
    func named(_ names: String...) -> [JSONValue] { names.map { .reference("parameters", $0) } }
    let filters = resource.filters.filter { filter in
      if case .listChildren = route { filter != AppResource.parentKey } else { true }
    }.map(Self.filter)
    return switch route {
    case .list: filters + named("Limit", "Page", "Cursor")
    case .listChildren: named("ContactId") + filters + named("Limit", "Page", "Cursor")
    case .create: (resource.isChild ? named("ContactId") : []) + named("IdempotencyKey", "IfNoneMatch")
    case .batch: named("Atomic", "IdempotencyKey", "Prefer")
    case .read: named("Id", "IfNoneMatch")
    case .replace, .merge, .delete: named("Id", "IdempotencyKey", "IfMatch")
    case .job: named("JobId")
    case .document: []
    }
  }

  private static func filter(_ name: String) -> JSONValue {
    .object([
      .init("name", .string(name)), .init("in", .string("query")),
      .init("description", .string("Only the records with this `\(name)`.")),
      .init("schema", .object([.init("type", .string("string"))])),
    ])
  }

  private var body: (schema: String, mediaType: String)? {
    switch route {
    case .create, .replace: (type + "Input", AppCall.json)
    case .merge: (type + "Patch", AppCall.mergePatch)
    case .batch: (type + "Batch", AppCall.json)
    default: nil
    }
  }

  // MARK: Responses

  private var responses: [JSONValue.Member] {
    successes
      + AppResponses.refusals.filter { refusalStatuses.contains($0.status) }.map {
        .init(String($0.status), .reference("responses", $0.name))
      }
  }

  /// The statuses that the document declares.
  var statuses: [Int] { successes.compactMap { Int($0.name) } + refusalStatuses }

  private var refusalStatuses: [Int] {
    let always = [400, 401, 403, 429, 500, 503]
    return switch route {
    case .list: always
    case .listChildren, .read: always + [404, 410]
    case .job: always + [404]
    case .create: always + [409, 412, 413, 415, 422] + (resource.isChild ? [404, 410] : [])
    case .batch: always + [409, 413, 415, 422]
    case .replace, .merge: always + [404, 409, 410, 412, 413, 415, 422]
    case .delete: always + [404, 409, 410, 412, 413, 422]
    case .document: []
    }
  }

  private var successes: [JSONValue.Member] {
    func response(_ status: Int, _ description: String, _ schema: String?, _ headers: String...) -> JSONValue.Member {
      let replayed = route.isWrite ? ["Idempotent-Replayed"] : []
      return .init(
        String(status),
        AppResponses.response(
          description, schema.map { .reference("schemas", $0) }, headers: headers + replayed + AppResponses.limits))
    }
    return switch route {
    case .list, .listChildren: [response(200, "A page of the list.", type + "Page", "Link", "X-Next-Cursor")]
    case .create: [response(201, "The record was created.", type, "Location", "ETag")]
    case .read:
      [response(200, "The record.", type, "ETag"), response(304, "The record has this entity tag still.", nil, "ETag")]
    case .replace, .merge: [response(200, "The record as it is stored.", type, "ETag")]
    case .delete: [response(204, "The record was deleted.", nil)]
    case .batch:
      [
        response(200, "All records were written.", type + "BatchResult"),
        response(
          202, "The batch was accepted as a job: poll the path in `Location`.", "Job", "Location", "Preference-Applied",
          "Retry-After"),
        response(207, "Some records were refused: see each result.", type + "BatchResult"),
      ]
    case .job: [response(200, "The job.", "Job", "Retry-After")]
    case .document:
      [
        .init(
          "200",
          AppResponses.response(
            "This document.", .object([.init("type", .string("object"))]), headers: []))
      ]
    }
  }
}
