import Core
import Testing

@testable import Sandbox

/// Compares sample answers of every route with the official documents: each declared member's type, required members, and
/// members that are not declared. `Difference.all` lists what is otherwise on purpose, and nothing else may be.
@Suite struct DocumentTests {
  struct Finding: Hashable, CustomStringConvertible {
    var route: String
    var generation: Generation
    var kind: Difference.Kind
    var member: String
    var found: String
    var description: String { "\(route) (\(generation.rawValue)): \(kind.rawValue) at \(member): \(found)" }
  }

  @Test func answersAreOfTheDeclaredTypes() throws {
    guard let documents = OfficialDocuments() else {
      print("not checked: documents not beside this checkout")
      return
    }
    var findings: Set<Finding> = []
    for generation in Generation.allCases {
      let routes = Dictionary(grouping: Route.allCases) { $0.rawValue.drop { $0 != "/" }.dropFirst().prefix { $0 != "/" } }
      for (name, routes) in routes {
        let document = try documents.document(name, generation)
        for route in routes where route.generation ?? generation == generation {
          findings.formUnion(try check(route, generation, document))
        }
      }
    }
    var used: Set<Difference> = []
    for finding in findings {
      let allowing = Difference.all.filter {
        $0.allows(
          route: finding.route, generation: finding.generation, kind: finding.kind, member: finding.member, found: finding.found)
      }
      #expect(!allowing.isEmpty, "\(finding) is not a listed difference")
      used.formUnion(allowing)
    }
    for difference in Difference.all { #expect(used.contains(difference), "\(difference) does not occur: remove it") }
  }

  private func check(_ route: Route, _ generation: Generation, _ document: OfficialDocuments.Document) throws -> Set<Finding> {
    let asking = try Asking(version: generation == .v3 ? "v3" : "2021-07-28")
    guard let (status, schema) = document.answer(route) else {
      return [Finding(route: route.rawValue, generation: generation, kind: .noShape, member: "", found: "")]
    }
    var findings: Set<Finding> = []
    for answer in samples(route, asking) {
      try #require(answer.status == status, "\(route.rawValue): \(answer.text.prefix(200))")
      let value = try JSONReader.read(answer.body)
      compare(value, schema, "") { kind, member, found in
        findings.insert(Finding(route: route.rawValue, generation: generation, kind: kind, member: member, found: found))
      }
    }
    return findings
  }

  private func samples(_ route: Route, _ asking: Asking) -> [SandboxAnswer] {
    let data = asking.data
    let location = asking.location
    func each(_ under: String) -> [SandboxAnswer] {
      (0..<200).map { asking.raw("GET", "/contacts/" + data.contactID(at: $0) + under) }
    }
    switch route {
    case .contact: return each("")
    case .contactTasks: return each("/tasks")
    case .contactNotes: return each("/notes")
    case .contactAppointments: return each("/appointments")
    case .contactTask:
      return (0..<100).flatMap { data.tasks(of: $0) }.map { asking.raw("GET", "/contacts/\($0.contactID)/tasks/\($0.id)") }
    case .contactNote:
      return (0..<100).flatMap { data.notes(of: $0) }.map { asking.raw("GET", "/contacts/\($0.contactID)/notes/\($0.id)") }
    case .contactList:
      // Behind each of these contacts a page begins.
      return [299, 199, 99].map { rank in
        let before = data.contact(arrivedAs: rank)
        let cursor = "&startAfter=\(data.dateAdded(at: before))&startAfterId=\(data.contactID(at: before))"
        return asking.raw("GET", "/contacts/?locationId=\(location)&limit=100" + cursor)
      }
    case .contactSearch:
      return [asking.raw("POST", "/contacts/search", body: "{\"locationId\":\"\(location)\",\"pageLimit\":100}")]
    case .duplicateSearch: return [asking.raw("GET", "/contacts/search/duplicate?locationId=\(location)&email=x")]
    case .businessContacts:
      return (0..<4).map { asking.raw("GET", "/contacts/business/\(data.businessID(at: $0))?locationId=\(location)&limit=100") }
    case .businesses: return [asking.raw("GET", "/businesses/?locationId=\(location)")]
    case .business: return (0..<4).map { asking.raw("GET", "/businesses/" + data.businessID(at: $0)) }
    case .location: return [asking.raw("GET", "/locations/" + location)]
    case .customFields: return [asking.raw("GET", "/locations/\(location)/customFields")]
    case .tags: return [asking.raw("GET", "/locations/\(location)/tags")]
    case .taskSearch: return [asking.raw("POST", "/locations/\(location)/tasks/search", body: "{\"limit\":50}")]
    case .users: return [asking.raw("GET", "/users/search?companyId=" + data.companyID)]
    case .calendarEvents:
      return [
        asking.raw(
          "GET",
          "/calendars/events?locationId=\(location)&startTime=0&endTime=4000000000000&calendarId=\(data.calendarID(at: 0))")
      ]
    case .calendarEvent:
      return (0..<60).flatMap { data.appointments(of: $0) }.map { asking.raw("GET", "/calendars/events/appointments/" + $0.id) }
    default: return WriteSamples.answers(route, asking)
    }
  }

  private func compare(
    _ value: JSONValue, _ shape: OfficialDocuments.Shape, _ path: String, _ report: (Difference.Kind, String, String) -> Void
  ) {
    guard let type = shape.type else { return }
    if value == .null, shape.isNullable { return }
    guard value.typeName == type else {
      report(.type, path, value.typeName)
      return
    }
    if let allowed = shape.allowed, let text = value.stringValue, !allowed.contains(text) { report(.type, path, text) }
    if let elements = value.arrayValue, let items = shape.items {
      for element in elements { compare(element, items, path + "[]", report) }
    }
    guard let members = value.objectValue, let properties = shape.properties else { return }
    func place(_ name: String) -> String { path.isEmpty ? name : path + "." + name }
    let expected = path.isEmpty ? Array(properties.keys) : shape.required
    for name in expected where value[name] == nil { report(.missing, place(name), "") }
    for member in members {
      if let declared = properties[member.name] {
        compare(member.value, declared, place(member.name), report)
      } else {
        report(.undeclared, place(member.name), member.value.typeName)
      }
    }
  }
}

extension JSONValue {
  /// As the documents call it.
  var typeName: String {
    switch self {
    case .null: "null"
    case .bool: "boolean"
    case .number: "number"
    case .string: "string"
    case .array: "array"
    case .object: "object"
    }
  }
}
