import Core
import TestSupport
import Testing

@testable import GHL

@Suite struct GHLBodyShapeTests {
  typealias Generation = GHLVersions.Generation

  struct Case: Sendable, CustomTestStringConvertible {
    var route: GHLRoute
    var generation = Generation.dated
    var body: String?
    var faults: [String]

    init(_ route: GHLRoute, _ body: String?, _ faults: String...) {
      self.route = route
      self.body = body
      self.faults = faults
    }

    init(_ route: GHLRoute, v3 body: String?, _ faults: String...) {
      self.route = route
      generation = .v3
      self.body = body
      self.faults = faults
    }

    var testDescription: String { "\(GHLRouteTests.title(route)) \(generation) \(body ?? "")" }
  }

  static let cases: [Case] = [
    // Accepted.
    .init(.createContact, #"{"locationId":"l"}"#),
    .init(.createContact, #"{"locationId":"l","firstName":null,"tags":[],"dnd":false,"gender":"female"}"#),
    .init(.updateContact, "{}"), .init(.addToCampaign, "{}"), .init(.addToCampaign, nil), .init(.addToWorkflow, nil),
    .init(.updateTask, #"{"completed":true}"#), .init(.deleteContact, nil),
    .init(.bulkBusiness, #"{"locationId":"l","ids":["a"],"businessId":null}"#),
    .init(.upsertContact, #"{"locationId":"l","createNewIfDuplicateAllowed":true}"#),
    .init(.updateContact, #"{"customFields":[{"id":"a","field_value":["x"]},{"id":"b","field_value":1.5}]}"#),
    .init(.updateContact, v3: #"{"customFields":[{"id":"a","fieldValue":{"f":{}}},{"id":"b","field_value":""}]}"#),
    .init(.updateContact, #"{"customFields":[{"key":"plan","field_value":"Pro"}]}"#),
    .init(.createContact, v3: #"{"locationId":"l","customFields":[{"key":"plan","fieldValue":"Pro"},{"id":"a","key":"b"}]}"#),
    .init(.updateContact, v3: #"{"dndSettings":{"call":{"status":"permanent"}}}"#),
    .init(.searchContacts, #"{"locationId":"l","pageLimit":1,"searchAfter":[1,"a"]}"#),
    // No body, or not an object.
    .init(.createTask, nil, "the body is missing: it needs 'title', 'dueDate', 'completed'"),
    .init(.removeTags, nil, "the body is missing: it needs 'tags'"), .init(.deleteContact, "{}", "this route takes no body"),
    .init(.createContact, "[]", "the body must be an object, but is an array"),
    .init(.updateContact, "null", "the body must be an object, but is null"),
    // Names.
    .init(.createContact, "{}", "'locationId' is missing"),
    .init(
      .createContact, #"{"locationid":"l"}"#,
      "GHL does not accept 'locationid': did you mean 'locationId'? (differs only in case)", "'locationId' is missing"),
    .init(.updateContact, #"{"frstName":"x"}"#, "GHL does not accept 'frstName': did you mean 'firstName'?"),
    .init(.updateContact, #"{"additionalEmails":[]}"#, "GHL does not accept 'additionalEmails'"),
    .init(.updateContact, #"{"gender":"x"}"#, "GHL does not accept 'gender'"),
    .init(.updateContact, #"{"businessId":"x"}"#, "GHL does not accept 'businessId'"),
    .init(.updateContact, #"{"email":"a","emial":"b"}"#, "GHL does not accept 'emial'"),
    .init(.updateContact, #"{"a\u001b[2Jb":1}"#, "GHL does not accept 'a\\u001b[2Jb'"),
    .init(
      .createContact, #"{"locationId":"l","createNewIfDuplicateAllowed":true}"#,
      "GHL does not accept 'createNewIfDuplicateAllowed'"),
    // Types.
    .init(.updateContact, #"{"dnd":"true"}"#, "'dnd' must be true or false, but is a string"),
    .init(.updateContact, #"{"phone":1}"#, "'phone' must be a string, but is a number"),
    .init(.updateContact, #"{"postalCode":null}"#, "'postalCode' cannot be null"),
    .init(.updateContact, #"{"tags":"a"}"#, "'tags' must be an array, but is a string"),
    .init(
      .updateContact, #"{"tags":["a",1,null]}"#, "'tags[1]' must be a string, but is a number",
      "'tags[2]' must be a string, but is null"),
    .init(
      .createTask, #"{"title":"a","dueDate":null,"completed":1}"#, "'dueDate' cannot be null",
      "'completed' must be true or false, but is a number"),
    .init(
      .searchContacts, #"{"locationId":"l","pageLimit":"1","page":1.5}"#, "'pageLimit' must be a whole number, but is a string",
      "'page' must be a whole number"),
    // Inside.
    .init(
      .updateContact, #"{"dndSettings":{"call":{"status":"active"}}}"#,
      "GHL does not accept 'dndSettings.call': did you mean 'Call'? (differs only in case)"),
    .init(
      .updateContact, v3: #"{"dndSettings":{"Call":{"status":"active"}}}"#,
      "GHL does not accept 'dndSettings.Call': did you mean 'call'? (differs only in case)"),
    .init(.updateContact, #"{"dndSettings":{"Call":{}}}"#, "'dndSettings.Call.status' is missing"),
    .init(
      .updateContact, #"{"dndSettings":{"Call":{"status":"on"}}}"#,
      "'dndSettings.Call.status' must be one of active, inactive, permanent"),
    .init(
      .updateContact, #"{"inboundDndSettings":{"all":{"status":"permanent"}}}"#,
      "'inboundDndSettings.all.status' must be one of active, inactive"),
    .init(
      .updateContact, #"{"customFields":[{"field_value":"Pro"},{"key":"plan"}]}"#,
      "'customFields[0].id' or 'customFields[0].key' is missing"),
    .init(.updateContact, #"{"customFields":[{"key":1}]}"#, "'customFields[0].key' must be a string, but is a number"),
    .init(.updateContact, v3: #"{"customFields":[{"id":null}]}"#, "'customFields[0].id' cannot be null"),
    .init(
      .updateContact, #"{"customFields":[{"id":"a","fieldValue":"x"}]}"#,
      "GHL does not accept 'customFields[0].fieldValue': did you mean 'field_value'?"),
    .init(
      .updateContact, #"{"customFields":[{"id":"a","field_value":true}]}"#,
      "'customFields[0].field_value' must be a string, a number, an array of strings or an object, but is a boolean"),
    .init(
      .updateContact, #"{"customFields":[{"id":"a","field_value":[1]}]}"#,
      "'customFields[0].field_value[0]' must be a string, but is a number"),
  ]

  @Test(arguments: cases) func `each place that GHL would refuse is named`(_ it: Case) throws {
    let body = try it.body.map { try JSONReader.read($0) }
    #expect(it.route.faults(in: body, it.generation) == it.faults)
  }

  @Test func `a call links at most 50 contacts to a business`() {
    func body(_ count: Int) -> JSONValue {
      .object([
        .init("locationId", .string("l")), .init("ids", .array(Array(repeating: .string("c"), count: count))),
        .init("businessId", .string("b")),
      ])
    }
    #expect(GHLRoute.bulkBusiness.faults(in: body(50), .v3) == [])
    #expect(GHLRoute.bulkBusiness.faults(in: body(51), .v3) == ["'ids' has 51 elements, but GHL accepts at most 50"])
  }

  @Test func `no value of the body is repeated`() throws {
    let body = try JSONReader.read(
      #"{"email":["SECRET"],"dndSettings":{"Call":{"status":"SECRET"}},"customFields":[{"id":"a","field_value":true}],"tags":[{"x":"SECRET"}]}"#
    )
    let faults = GHLRoute.updateContact.faults(in: body, .dated)
    #expect(faults.count == 4)
    #expect(!faults.joined().contains("SECRET"))
  }

  // MARK: The official documents

  /// Bodies that a shape accepts: with all members, with none but the required ones, and with each member alone in each of its
  /// forms. Of members of which one is enough, the first one counts as required, as in the documents.
  static func bodies(of shape: GHLBodyShape) -> [JSONValue] {
    let required = shape.members.filter { $0.isRequired || $0.name == shape.oneOf.first }
      .map { JSONValue.Member($0.name, values(of: $0)[0]) }
    let all = shape.members.map { JSONValue.Member($0.name, values(of: $0)[0]) }
    let variants = shape.members.flatMap { member in
      values(of: member).map { value in
        JSONValue.object(required.filter { $0.name != member.name } + [.init(member.name, value)])
      }
    }
    return [.object(required), .object(all)] + variants
  }

  static func values(of member: GHLBodyShape.Member) -> [JSONValue] {
    values(of: member.form) + (member.isNullable ? [.null] : [])
  }

  static func values(of form: GHLBodyShape.Form) -> [JSONValue] {
    switch form {
    case .string: [.string("a"), .string("")]
    case .boolean: [.bool(true), .bool(false)]
    case .integer: [.number(1)]
    case .word(let words): words.map { .string($0) }
    case .list(let form, _): [.array(values(of: form)), .array([])]
    case .object(let shape): bodies(of: shape)
    case .customFieldValue: [.string("a"), .number(1.5), .array([.string("a")]), .object([])]
    case .any: [.string("a"), .number(1), .object([])]
    }
  }

  @Test(arguments: Generation.allCases)
  func `the documents accept every body that a shape accepts`(generation: Generation) throws {
    let names = GHLRouteTests.whole + GHLRouteTests.partial
    guard let documents = GHLRouteTests.documents(names, generation) else { return }
    var count = 0
    for route in GHLRoute.all {
      guard let shape = route.body(in: generation), route.generations.contains(generation) else { continue }
      let title = GHLRouteTests.title(route)
      let (document, operation) = try #require(
        documents.lazy.compactMap { document in document.operations.first { $0.title == title }.map { (document, $0) } }.first)
      let schema = try #require(operation.body)
      for body in Self.bodies(of: shape) {
        count += 1
        #expect(shape.faults(in: body) == [], "\(title)")
        #expect(document.fault(body, in: schema) == nil, "\(title): \(body.text)")
      }
    }
    #expect(count > 150)
  }

  @Test(arguments: Generation.allCases)
  func `shapes have every member of the documents, as required and as nullable`(generation: Generation) throws {
    guard let documents = GHLRouteTests.documents(GHLRouteTests.whole + GHLRouteTests.partial, generation) else { return }
    for route in GHLRoute.all {
      guard let shape = route.body(in: generation), route.generations.contains(generation) else { continue }
      let title = GHLRouteTests.title(route)
      for document in documents {
        guard let schema = document.operations.first(where: { $0.title == title })?.body else { continue }
        #expect(Self.differences(shape, schema, document) == [], "\(title)")
      }
    }
  }

  static func differences(_ shape: GHLBodyShape, _ schema: JSONValue, _ document: OfficialRequests) -> [String] {
    let schema = document.resolved(schema)
    // The values of custom fields differ by data type, and nothing else does.
    let variants = schema["anyOf"]?.arrayValue?.map(document.resolved) ?? [schema]
    let properties = variants.flatMap { $0["properties"]?.objectValue ?? [] }
    // Nothing is documented about the search.
    guard !properties.isEmpty else { return [] }
    let required = Set(variants.flatMap { $0["required"]?.arrayValue ?? [] }.compactMap(\.stringValue))
    var found: [String] = []
    if Set(properties.map(\.name)) != Set(shape.members.map(\.name)) { found.append("\(properties.map(\.name))") }
    for member in shape.members {
      guard let property = properties.first(where: { $0.name == member.name }) else { continue }
      let inner = document.resolved(property.value)
      // The documents require the first of two members and describe them as alternatives.
      let isRequired = member.isRequired || member.name == shape.oneOf.first
      if required.contains(member.name) != isRequired { found.append("\(member.name) required") }
      if (inner["nullable"]?.boolValue ?? false) != member.isNullable { found.append("\(member.name) nullable") }
      switch member.form {
      case .object(let shape): found += differences(shape, inner, document)
      case .list(.object(let shape), _): found += differences(shape, inner["items"] ?? .null, document)
      case .word(let words): if inner["enum"]?.arrayValue != words.map({ .string($0) }) { found.append("\(member.name) words") }
      default: break
      }
    }
    return found
  }
}
