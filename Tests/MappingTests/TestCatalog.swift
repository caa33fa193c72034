import Core

/// A source for the compiler's tests: a small CRM with one field of each kind.
struct TestCatalog: SourceCatalog {
  let name = "ghl"
  var entities: [String] { ["contact", "task", "user"] }
  var definitions: [CustomFieldDefinition]? = Self.fields
  /// The columns of a CSV file, from which contacts are then read.
  var header: [String]?

  static let fields = [
    CustomFieldDefinition(id: "f1", key: "plan_tier", name: "Plan tier", dataType: .singleOptions, options: ["Pro", "Free"]),
    CustomFieldDefinition(id: "f2", key: "ltv", name: "Lifetime value", dataType: .monetary),
    CustomFieldDefinition(id: "f3", key: "2nd phone", name: "Second phone", dataType: .phone),
  ]

  static let contact = ObjectShape([
    FieldShape("id", .string, isNullable: false),
    FieldShape("firstName", .string, privacy: .mask),
    FieldShape("lastName", .string, privacy: .mask),
    FieldShape("email", .string, privacy: .mask),
    FieldShape("phone", .string, privacy: .mask),
    FieldShape("type", .string),
    FieldShape("dnd", .boolean),
    FieldShape("score", .number),
    FieldShape("visits", .integer, isNullable: false),
    FieldShape("city", .string, privacy: .mask),
    FieldShape("country", .string),
    FieldShape("tags", .list(.string)),
    FieldShape("dateAdded", .string),
    FieldShape("assignedTo", .string),
    FieldShape(
      "dndSettings",
      .object(
        ObjectShape(
          [FieldShape("Email", .object(ObjectShape([FieldShape("status", .string)])))], isCaseInsensitive: true))),
    FieldShape(
      "addresses", .list(.object(ObjectShape([FieldShape("kind", .string), FieldShape("street", .string, privacy: .mask)])))),
  ])

  func shape(of entity: String) -> ObjectShape? {
    switch entity {
    case "contact": header.map { ObjectShape($0.map { FieldShape($0, .string) }) } ?? Self.contact
    case "task": ObjectShape([FieldShape("id", .string, isNullable: false), FieldShape("title", .string)])
    case "user": Self.user
    default: nil
    }
  }

  static let user = ObjectShape([
    FieldShape("id", .string, isNullable: false),
    FieldShape("name", .string, privacy: .mask),
    FieldShape("email", .string, isNullable: false, privacy: .mask),
    FieldShape("seats", .integer),
    FieldShape("roles", .object(ObjectShape([FieldShape("type", .string), FieldShape("locationIds", .list(.string))]))),
  ])

  func columns(of entity: String) -> [String]? { entity == "contact" ? header : nil }
  func keyField(of entity: String) -> String? { shape(of: entity)?.field(named: "id")?.name }
  func customFields(of entity: String) -> [CustomFieldDefinition]? { entities.contains(entity) ? definitions : nil }
  func origin(of field: String, in entity: String) -> FieldOrigin {
    entity == "contact" && ["dndSettings", "addresses"].contains(field) ? .requestPerRecord : .list
  }
}
