import Core
import Foundation
import Records
import TestSupport
import Testing

@testable import GHL

@Suite struct GHLCatalogTests {
  static let documents: String = {
    var folder = URL(fileURLWithPath: #filePath)
    for _ in 0..<3 { folder.deleteLastPathComponent() }
    return folder.deletingLastPathComponent().appendingPathComponent("shared/ghl").path
  }()

  struct Shape: Sendable, CustomTestStringConvertible {
    var file: String
    var schema: String
    var entity: String
    var testDescription: String { "\(file) \(schema)" }
  }

  static let shapes: [Shape] = [
    .init(file: "v2/apps/contacts.json", schema: "GetContectByIdSchema", entity: "contact"),
    .init(file: "v2/apps/contacts.json", schema: "ContactsSearchSchema", entity: "contact"),
    .init(file: "v2/apps/contacts.json", schema: "CreateContactSchema", entity: "contact"),
    .init(file: "v3/apps/contacts-v3.json", schema: "GetContactByIdSchemaV3", entity: "contact"),
    .init(file: "v3/apps/contacts-v3.json", schema: "ContactsSearchSchema", entity: "contact"),
    .init(file: "v2/apps/contacts.json", schema: "TaskSchema", entity: "task"),
    .init(file: "v2/apps/contacts.json", schema: "GetNoteSchema", entity: "note"),
    .init(file: "v2/apps/contacts.json", schema: "GetEventSchema", entity: "appointment"),
    .init(file: "v3/apps/contacts-v3.json", schema: "GetEventSchema", entity: "appointment"),
    .init(file: "v2/apps/businesses.json", schema: "BusinessDto", entity: "business"),
    .init(file: "v2/apps/users.json", schema: "UserSchema", entity: "user"),
  ]

  @Test("the catalog has every field of the official documents, with its type", arguments: shapes)
  func documents(shape: Shape) throws {
    guard let data = FileManager.default.contents(atPath: "\(Self.documents)/\(shape.file)") else {
      print("not checked: documents not beside this checkout")
      return
    }
    let document = try JSONReader.read(Array(data))
    let schema = try #require(document["components"]?["schemas"]?[shape.schema])
    let members = try #require(schema["properties"]?.objectValue)
    let catalog = try #require(GHLCatalog().shape(of: shape.entity))
    for member in members {
      let field = try #require(catalog.field(named: member.name), "\(shape.entity).\(member.name)")
      guard let type = member.value["type"]?.stringValue else { continue }
      #expect(Self.admits(field.type, type), "\(shape.entity).\(member.name): \(type), here \(field.type.name)")
    }
  }

  static func admits(_ type: ValueType, _ declared: String) -> Bool {
    switch type {
    case .any: true
    case .oneOf(let types): types.contains { admits($0, declared) }
    case .string, .date, .datetime: declared == "string"
    case .boolean: declared == "boolean"
    case .integer, .decimal, .number: ["number", "integer"].contains(declared)
    case .list: declared == "array"
    case .object: declared == "object"
    }
  }

  @Test("the list gives what its schema has, the rest needs each contact by its id")
  func origins() throws {
    let catalog = GHLCatalog()
    for field in ["id", "email", "tags", "customFields", "custom"] { #expect(catalog.origin(of: field, in: "contact") == .list) }
    for field in ["firstName", "phone", "dndSettings", "dateUpdated"] {
      #expect(catalog.origin(of: field, in: "contact") == .requestPerRecord)
    }
    #expect(catalog.shape(of: "opportunity") == nil)
    #expect(catalog.keyField(of: "note") == "id")
    let dnd = try #require(catalog.shape(of: "contact")?.field(named: "dndSettings"))
    guard case .object(let shape) = dnd.type else {
      Issue.record("no object")
      return
    }
    #expect(shape.field(named: "sms") == shape.field(named: "SMS"))
  }

  @Test func `the catalog honors the contract of the seam`() {
    let definition = CustomFieldDefinition(id: "f1", key: "plan", name: "Plan", dataType: .text)
    for fields in [nil, [], [definition]] as [[CustomFieldDefinition]?] {
      #expect(SourceCatalogConformance(GHLCatalog(customFields: fields)).violations == [])
    }
  }

  @Test("personal fields are masked, the rest shows")
  func privacy() throws {
    let contact = try #require(GHLCatalog().shape(of: "contact"))
    for name in ["email", "phone", "firstName", "lastNameRaw", "address1", "dateOfBirth", "ssn", "customFields"] {
      #expect(contact.field(named: name)?.privacy == .mask)
    }
    for name in ["id", "type", "source", "dateAdded", "tags", "country"] { #expect(contact.field(named: name)?.privacy == .show) }
    #expect(GHLCatalog().shape(of: "note")?.field(named: "body")?.privacy == .mask)
  }

  @Test("definitions of custom fields are read, of contacts only")
  func definitions() throws {
    let json = try JSONReader.read(
      """
      [{"id":"a","name":"Plan","fieldKey":"contact.plan","dataType":"SINGLE_OPTIONS","picklistOptions":["x","y"],"model":"contact"},
       {"id":"b","name":"Odd","fieldKey":"contact.odd","dataType":"NEW_KIND"}, {"id":"c"},
       {"id":"d","name":"Deal","fieldKey":"opportunity.deal","dataType":"TEXT","model":"opportunity"}]
      """)
    let found = CustomFieldDefinition.read(json)
    #expect(found.map(\.key) == ["plan", "odd"])
    #expect(found.map(\.dataType) == [.singleOptions, .unknown])
    #expect(found.first?.options == ["x", "y"])
  }
}
