package import Core

/// The shapes of CSV files from their headers: every column is a text that may be null.
package struct HeaderCatalog: SourceCatalog {
  package let name = "csv"
  package let entities: [String]
  package let headers: [Name: [String]]

  package init(entities: [String], headers: [Name: [String]]) {
    self.entities = entities
    self.headers = headers
  }

  /// An unreadable header has been reported: the file may contain anything.
  package func shape(of entity: String) -> ObjectShape? {
    guard entities.contains(exactly: entity) else { return nil }
    return headers[entity].map { ObjectShape($0.map { FieldShape($0, .string, privacy: DefaultPrivacy.policy(of: $0)) }) }
      ?? ObjectShape([], others: .any)
  }

  package func columns(of entity: String) -> [String]? { headers[entity] }
  package func keyField(of entity: String) -> String? { headers[entity]?.contains("id") == true ? "id" : nil }
  package func customFields(of entity: String) -> [CustomFieldDefinition]? { nil }
  package func origin(of field: String, in entity: String) -> FieldOrigin { .list }
}
