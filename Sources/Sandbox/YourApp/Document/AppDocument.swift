import Core

/// The OpenAPI 3.1 document of Your App, made from `AppRoute` and the schemas of the records.
///
/// Parameters, headers and common schemas are in `Resources/your-app.components.json`.
enum AppDocument {
  /// - Parameter origin: where the server is: `http://127.0.0.1:49152`.
  static func make(origin: String) -> JSONValue {
    var paths: [JSONValue.Member] = []
    for route in AppRoute.all {
      let operation = JSONValue.Member(route.method.lowercased(), AppOperation(route).document)
      if let index = paths.firstIndex(where: { $0.name.isExactly(route.template) }) {
        paths[index].value.append(operation)
      } else {
        paths.append(.init(route.template, .object([operation])))
      }
    }
    return .object([
      .init("openapi", .string("3.1.0")),
      .init(
        "info",
        .object([
          .init("title", .string("Your App")), .init("version", .string("1.0.0")),
          .init(
            "description",
            .string(
              "Contacts, and the tasks, notes and appointments that belong to them. The sandbox of Waybill serves this API.")),
        ])),
      .init("servers", .array([.object([.init("url", .string(origin + YourApp.basePath))])])),
      .init("security", .array([.object([.init("token", .array([]))])])),
      .init("paths", .object(paths)),
      .init("components", components),
    ])
  }

  private static var components: JSONValue {
    let bytes = PackageResources.your_app_components_json
    // A part of the program, which its tests read.
    guard case .object(var members)? = try? JSONReader.read(bytes),
      let index = members.firstIndex(where: { $0.name == "schemas" })
    else { preconditionFailure("the components are not a JSON object with schemas") }
    for resource in AppResource.allCases {
      for schema in AppDocumentSchemas(resource).all { members[index].value.append(schema) }
    }
    members.append(.init("responses", .object(AppResponses.common)))
    return .object(members)
  }
}

extension JSONValue {
  /// Adds a member to an object.
  mutating func append(_ member: Member) {
    guard case .object(var members) = self else { return }
    members.append(member)
    self = .object(members)
  }

  static func reference(_ kind: String, _ name: String) -> JSONValue {
    .object([.init("$ref", .string("#/components/\(kind)/\(name)"))])
  }
}
