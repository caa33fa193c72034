import ArgumentParser
import Core
import GHL

extension GHLVersions.Generation: ExpressibleByArgument {}

/// `waybill ghl --routes`.
extension GHLCommand {
  func listRoutes(on console: Console) throws {
    if output.json { return try console.print(Self.routesJSON) }
    var table = TextTable([.sentence("ROUTE"), .init("SCOPE"), .init("VERSIONS"), .sentence("BODY")])
    for route in GHLRoute.all {
      let versions = route.generations.map { route.version(in: $0) }.joined(separator: ", ")
      table.add(["\(route.method.rawValue) \(route.template)", route.scope, versions, Self.body(of: route)])
    }
    try console.writeOutput(table.text(fitting: console.lineWidth))
    console.note("Members with * are required. --json also lists types and nested members.")
  }

  /// The members have the same names in all generations that have the route; the names of nested members differ.
  private static func body(of route: GHLRoute) -> String {
    let members = route.generations.first.flatMap { route.body(in: $0) }?.members ?? []
    return members.map { $0.name + ($0.isRequired ? "*" : "") }.joined(separator: ", ")
  }

  static var routesJSON: JSONValue {
    .array(
      GHLRoute.all.map { route in
        func perGeneration(_ value: (GHLVersions.Generation) -> JSONValue) -> JSONValue {
          .object(route.generations.map { .init($0.rawValue, value($0)) })
        }
        return .object([
          .init("method", .string(route.method.rawValue)), .init("path", .string(route.template)),
          .init("scope", .string(route.scope)), .init("writes", .bool(!route.isRead)),
          .init("versions", perGeneration { .string(route.version(in: $0)) }),
          .init("body", perGeneration { route.body(in: $0).map(json) ?? .null }),
        ])
      })
  }

  private static func json(of shape: GHLBodyShape) -> JSONValue {
    .array(
      shape.members.map { member in
        var members: [JSONValue.Member] = [
          .init("name", .string(member.name)), .init("type", .string(member.form.title)),
          .init("required", .bool(member.isRequired)), .init("nullable", .bool(member.isNullable)),
        ]
        switch member.form {
        case .object(let shape), .list(.object(let shape), _):
          members.append(.init("members", json(of: shape)))
          if !shape.oneOf.isEmpty { members.append(.init("one_of", .array(shape.oneOf.map { .string($0) }))) }
        default: break
        }
        return .object(members)
      })
  }
}
