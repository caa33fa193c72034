import Core
import Testing

@testable import Sandbox

/// The sandbox's table of bodies against the official documents: the same members, required and nullable alike.
@Suite struct StrictBodyDocumentTests {
  @Test(arguments: Generation.allCases)
  func `each body is that of the documents`(generation: Generation) throws {
    guard let documents = OfficialDocuments() else {
      print("not checked: documents not beside this checkout")
      return
    }
    var compared = 0
    for route in Route.allCases where route.scope.hasSuffix(".write") && route.generation ?? generation == generation {
      let document = try documents.document(route.rawValue.drop { $0 != "/" }.dropFirst().prefix { $0 != "/" }, generation)
      #expect(document.has(route), "\(route.rawValue)")
      let body = StrictBody(route, generation)
      // A shape without members is a body that nobody reads.
      guard let shape = document.body(route), let properties = shape.properties else {
        #expect(body == nil, "\(route.rawValue)")
        continue
      }
      let members = try #require(body?.members, "\(route.rawValue)")
      compare(members, properties, shape.required, route.rawValue)
      compared += 1
    }
    #expect(compared > 1)
  }

  private func compare(
    _ members: [StrictBody.Member], _ properties: [String: OfficialDocuments.Shape], _ required: [String], _ place: String
  ) {
    #expect(Set(members.map(\.name)) == Set(properties.keys), "\(place)")
    for member in members {
      guard let shape = properties[member.name] else { continue }
      let place = place + " " + member.name
      #expect(member.isRequired == required.contains(member.name), "\(place)")
      #expect(member.isNullable == shape.isNullable, "\(place)")
      compare(member.kind, shape, place)
    }
  }

  private func compare(_ kind: StrictBody.Kind, _ shape: OfficialDocuments.Shape, _ place: String) {
    switch kind {
    case .text, .country, .time: #expect(shape.type == "string" && shape.allowed == nil, "\(place)")
    case .flag: #expect(shape.type == "boolean", "\(place)")
    case .word(let words): #expect(shape.allowed == Set(words), "\(place)")
    case .texts: #expect(shape.type == "array" && shape.items?.type == "string", "\(place)")
    // The documents declare an object and show a text.
    case .day: #expect(shape.type == "object" && shape.properties == nil, "\(place)")
    case .object(let members): compare(members, shape.properties ?? [:], shape.required, place)
    case .customFields(let values):
      let names = Set(shape.items?.alternatives.flatMap { $0.properties?.keys.map(\.self) ?? [] } ?? [])
      #expect(names == Set(["id", "key"] + values), "\(place)")
    }
  }
}
