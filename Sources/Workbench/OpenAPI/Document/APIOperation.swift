import Core

/// A parameter of an operation, outside the body.
struct APIParameter {
  enum Place: String { case path, query, header, cookie }

  var name: String
  var place: Place
  var isRequired: Bool
  var schema: APIValue?
  var description: String

  /// The value that the document itself gives: the only member of its enum, or its default.
  var given: String? {
    guard let schema else { return nil }
    let members = schema.value["enum"]?.arrayValue ?? []
    let value = schema.value["const"] ?? (members.count == 1 ? members[0] : nil) ?? schema.value["default"]
    switch value {
    case .string(let text): return text
    case .number(let digits): return digits
    case .bool(let flag): return flag ? "true" : "false"
    default: return nil
    }
  }
}

struct APIResponse {
  /// `201`, `4XX`, `default`.
  var status: String
  var value: APIValue
  var mediaType: String?
  var schema: APIValue?
  /// Names in lower case.
  var headers: [String]

  var isSuccess: Bool { status.hasPrefix("2") }
}

/// One method of a path, with the parameters of the path and the parts of its body and responses resolved.
struct APIOperation {
  var method: String
  var path: APIPath
  var value: APIValue
  var parameters: [APIParameter]
  /// What the body may be written in.
  var mediaTypes: [String]
  /// The JSON among them, and its schema.
  var bodyType: String?
  var body: APIValue?
  var responses: [APIResponse]
  /// Of the operation, or else of the path.
  var servers: APIValue?

  /// What it says about itself, in lower case.
  var words: String {
    ["operationId", "summary", "description"].compactMap { value.text($0) }.joined(separator: " ").lowercased()
  }

  var isDeprecated: Bool { value.flag("deprecated") }
  var queries: [APIParameter] { parameters.filter { $0.place == .query } }

  /// A header parameter, in any case.
  func header(_ name: String) -> APIParameter? {
    parameters.first { $0.place == .header && $0.name.lowercased() == name }
  }

  /// The response to a call that was carried out at once.
  var success: APIResponse? {
    let done = responses.filter { $0.isSuccess && $0.status != "202" }
    return done.first { $0.schema != nil } ?? done.first
  }

  var accepted: APIResponse? { responses.first { $0.status == "202" } }
  /// Refusals: 4xx and `default`.
  var refusals: [APIResponse] { responses.filter { $0.status.hasPrefix("4") || $0.status == "default" } }
}

extension APIDocument {
  private static let methods = ["get", "post", "put", "patch", "delete"]

  /// All operations, in the order of the document.
  func operations() -> [APIOperation] {
    var found: [APIOperation] = []
    for (name, item) in root["paths"]?.members ?? [] where name.hasPrefix("/") {
      guard !RequestParts.leadsAway(name) else {
        warn(at: item, "the path \(VisibleText.escaped(name)) contains '.' or '..', which leads outside the API's base URL")
        continue
      }
      guard let item = resolve(item) else { continue }
      let path = APIPath(name)
      let shared = parameters(item)
      for method in Self.methods {
        guard let value = item[method], value.value.objectValue != nil else { continue }
        found.append(operation(method, path, value, shared, item["servers"]))
      }
    }
    return found
  }

  private func operation(
    _ method: String, _ path: APIPath, _ value: APIValue, _ shared: [APIValue], _ servers: APIValue?
  ) -> APIOperation {
    let own = parameters(value)
    let isOverridden = { (parameter: APIValue) in
      own.contains { $0.text("name") == parameter.text("name") && $0.text("in") == parameter.text("in") }
    }
    let all = shared.filter { !isOverridden($0) } + own
    let types = mediaTypes(value, all)
    let (bodyType, body) = body(value, all)
    return APIOperation(
      method: method.uppercased(), path: path, value: value, parameters: all.compactMap(parameter), mediaTypes: types,
      bodyType: bodyType, body: body, responses: responses(value), servers: value["servers"] ?? servers)
  }

  private func parameters(_ value: APIValue) -> [APIValue] { (value["parameters"]?.elements ?? []).compactMap(resolve) }

  private func parameter(_ value: APIValue) -> APIParameter? {
    guard let name = value.text("name"), let place = value.text("in").flatMap(APIParameter.Place.init(rawValue:)) else {
      return nil
    }
    guard place != .header || RequestParts.isHeaderName(name) else {
      warn(at: value, "'\(VisibleText.escaped(name))' is not a valid header name")
      return nil
    }
    // In Swagger 2.0 the parameter is its own schema.
    let schema = isSwagger ? value : value["schema"].flatMap(resolve) ?? value["content"]?.members.first?.value["schema"]
    return APIParameter(
      name: name, place: place, isRequired: value.flag("required"), schema: schema, description: value.text("description") ?? "")
  }

  private func mediaTypes(_ value: APIValue, _ parameters: [APIValue]) -> [String] {
    guard isSwagger else { return value["requestBody"].flatMap(resolve)?["content"]?.members.map(\.name) ?? [] }
    guard parameters.contains(where: { ["body", "formData"].contains($0.text("in")) }) else { return [] }
    let named = (value.value["consumes"] ?? root.value["consumes"])?.arrayValue?.compactMap(\.stringValue)
    return named ?? [parameters.contains { $0.text("in") == "body" } ? "application/json" : "multipart/form-data"]
  }

  private func body(_ value: APIValue, _ parameters: [APIValue]) -> (String?, APIValue?) {
    if isSwagger {
      let schema = parameters.first { $0.text("in") == "body" }?["schema"]
      return (mediaTypes(value, parameters).first(where: Self.isJSON), schema)
    }
    return json(value["requestBody"].flatMap(resolve)?["content"])
  }

  /// The JSON among media types, and its schema.
  private func json(_ content: APIValue?) -> (String?, APIValue?) {
    let types = content?.members ?? []
    let found = types.first { Self.plainType($0.name) == "application/json" } ?? types.first { Self.isJSON($0.name) }
    return (found.map { Self.plainType($0.name) }, found?.value["schema"])
  }

  private static func plainType(_ type: String) -> String { String(type.lowercased().prefix { $0 != ";" && $0 != " " }) }

  static func isJSON(_ type: String) -> Bool {
    let plain = plainType(type)
    // A JSON Patch is a list of changes, not a record.
    return (plain == "application/json" || plain.hasSuffix("+json") || plain == "*/*") && plain != "application/json-patch+json"
  }

  private func responses(_ operation: APIValue) -> [APIResponse] {
    (operation["responses"]?.members ?? []).compactMap { status, value in
      guard let value = resolve(value) else { return nil }
      let (type, schema): (String?, APIValue?)
      if isSwagger {
        let produced = (operation.value["produces"] ?? root.value["produces"])?.arrayValue?.compactMap(\.stringValue)
        (type, schema) = (produced?.first(where: Self.isJSON), value["schema"])
      } else {
        (type, schema) = json(value["content"])
      }
      return APIResponse(
        status: status.uppercased() == "DEFAULT" ? "default" : status.uppercased(), value: value, mediaType: type, schema: schema,
        headers: (value["headers"]?.members ?? []).map { $0.name.lowercased() }.filter(RequestParts.isHeaderName))
    }
  }
}
