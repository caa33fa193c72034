import Core

/// The source of the generated mappings: a field of every type that a source can declare, and custom fields of most kinds.
struct PropertySource: SourceCatalog {
  /// A declared type, as the generators and the oracle see it.
  indirect enum Kind: Equatable, Sendable {
    case text, integer, decimal, number, boolean, any
    case list(Kind)
    case object([(name: String, kind: Kind)])
    case either(Kind, Kind)

    static func == (left: Kind, right: Kind) -> Bool { "\(left)" == "\(right)" }
  }

  static let fields: [(name: String, kind: Kind)] = [
    ("id", .text), ("name", .text), ("email", .text), ("phone", .text), ("zip", .text), ("country", .text), ("type", .text),
    ("added", .text), ("site", .text), ("count", .integer), ("born", .integer), ("amount", .decimal), ("score", .number),
    ("dnd", .boolean), ("vip", .boolean), ("tags", .list(.text)), ("marks", .list(.integer)), ("rates", .list(.number)),
    ("place", .object([("city", .text), ("lat", .number), ("open", .boolean), ("lines", .list(.text))])),
    ("parts", .list(.object([("kind", .text), ("size", .integer)]))), ("mixed", .either(.number, .text)), ("free", .any),
    ("frees", .list(.any)),
  ]

  static let customs: [(definition: CustomFieldDefinition, kind: Kind)] = [
    (.init(id: "f1", key: "plan", name: "Plan", dataType: .singleOptions, options: ["Pro", "Free"]), .text),
    (.init(id: "f2", key: "ltv", name: "Lifetime value", dataType: .monetary), .either(.number, .text)),
    (.init(id: "f3", key: "since", name: "Since", dataType: .date), .either(.text, .integer)),
    (.init(id: "f4", key: "colours", name: "Colours", dataType: .checkbox, options: ["red", "blue"]), .list(.text)),
    (.init(id: "f5", key: "file", name: "File", dataType: .fileUpload), .object([])),
    (.init(id: "f6", key: "note", name: "Note", dataType: .largeText), .text),
  ]

  let name = "crm"
  var entities: [String] { ["contact"] }

  func shape(of entity: String) -> ObjectShape? {
    guard entity == "contact" else { return nil }
    return ObjectShape(
      Self.fields.map { FieldShape($0.name, Self.type($0.kind), isNullable: $0.name != "id") }
        + [FieldShape("customFields", .list(.object(ObjectShape([], others: .any))))])
  }

  func keyField(of entity: String) -> String? { entity == "contact" ? "id" : nil }
  func customFields(of entity: String) -> [CustomFieldDefinition]? { entity == "contact" ? Self.customs.map(\.definition) : nil }
  func origin(of field: String, in entity: String) -> FieldOrigin { .list }

  static func type(_ kind: Kind) -> ValueType {
    switch kind {
    case .text: .string
    case .integer: .integer
    case .decimal: .decimal
    case .number: .number
    case .boolean: .boolean
    case .any: .any
    case .list(let element): .list(type(element))
    case .object(let members):
      .object(ObjectShape(members.map { FieldShape($0.name, type($0.kind)) }, others: members.isEmpty ? .any : nil))
    case .either(let one, let other): .oneOf([type(one), type(other)])
    }
  }
}
