package import Core

/// GHL's entities for the mapping compiler: the union of all official shapes (contact by id, search, list, by
/// business; API 2021-07-28 and v3) and of what was seen live.
package struct GHLCatalog: SourceCatalog {
  package let name = "ghl"
  package let entities = ["contact", "task", "note", "appointment", "business", "user"]
  private let definitions: [CustomFieldDefinition]?

  /// - Parameter customFields: nil if there are no definitions.
  package init(customFields: [CustomFieldDefinition]? = nil) { definitions = customFields }

  package func shape(of entity: String) -> ObjectShape? {
    switch entity {
    case "contact": Self.contact
    case "task": Self.task
    case "note": Self.note
    case "appointment": Self.appointment
    case "business": Self.business
    case "user": Self.user
    default: nil
    }
  }

  package func keyField(of entity: String) -> String? { entities.contains(entity) ? "id" : nil }

  /// Only contacts have custom fields that can be looked up by key.
  package func customFields(of entity: String) -> [CustomFieldDefinition]? { entity == "contact" ? definitions : [] }

  package func origin(of field: String, in entity: String) -> FieldOrigin {
    guard entity == "contact" else { return .list }
    return Self.listedContactFields.contains(field) || field == "custom" ? .list : .requestPerRecord
  }

  /// The fields of a contact in the by-business list (ContactsSearchSchema).
  package static let listedContactFields: Set<String> = [
    "id", "locationId", "email", "timezone", "country", "source", "dateAdded", "customFields", "tags", "businessId",
    "attributions", "followers",
  ]

  /// Fields that only lists return: a contact read by its ID lacks them.
  package static let listOnlyContactFields: Set<String> = ["attributions", "followers"]
}
